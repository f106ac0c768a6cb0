import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/**
 * Unpacks the members that are wanted under a folder, checking each one's size and checksum. Wheels are zip files, and only a few of
 * their 15,000 members are wanted.
 *
 * @returns their names
 * @throws Error for an archive that is cut or damaged, or whose members lead out of the folder
 */
export async function unzip(
  path: string,
  folder: string,
  wanted: (name: string) => boolean,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (fraction: number) => void } = {},
): Promise<string[]> {
  const archive = await openPromise(path, { autoClose: false });
  try {
    const members: Entry[] = [];
    for await (const entry of archive.eachEntry())
      if (!entry.fileName.endsWith('/') && wanted(entry.fileName)) members.push(entry);
    const total = members.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
    let done = 0;
    for (const member of members) {
      await unpack(archive, member, join(folder, member.fileName), options.signal, (bytes) => {
        done += bytes;
        options.onProgress?.(done / total);
      });
    }
    return members.map(({ fileName }) => fileName);
  } finally {
    archive.close();
  }
}

async function unpack(
  archive: ZipFile,
  member: Entry,
  target: string,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  let checksum = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, next): void {
      checksum = crc32(chunk, checksum);
      onBytes(chunk.length);
      next(null, chunk);
    },
  });
  await pipeline(await archive.openReadStreamPromise(member), check, createWriteStream(target), signal ? { signal } : {});
  if (checksum !== member.crc32) throw new Error(`zip member ${member.fileName} is damaged`);
}
