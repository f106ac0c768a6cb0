import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

/** One file inside a zip archive. */
export interface ZipMember {
  readonly name: string;
  readonly compression: number;
  readonly checksum: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly headerOffset: number;
}

const endRecord = 0x06054b50;
const centralRecord = 0x02014b50;
const localRecord = 0x04034b50;

/** Lists a zip archive from its central directory. Wheels are zip files, and only a few of their 15,000 members are wanted. */
export async function listZip(file: FileHandle): Promise<ZipMember[]> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== endRecord) at--;
  if (at < 0) throw new Error('not a complete zip file: its end record is missing');
  const count = tail.readUInt16LE(at + 10);
  const bytes = tail.readUInt32LE(at + 12);
  const directory = await readAt(file, tail.readUInt32LE(at + 16), bytes);
  const members: ZipMember[] = [];
  let offset = 0;
  for (let index = 0; index < count; index++) {
    if (directory.readUInt32LE(offset) !== centralRecord) throw new Error('damaged zip file: bad directory entry');
    const nameLength = directory.readUInt16LE(offset + 28);
    members.push({
      name: directory.toString('utf8', offset + 46, offset + 46 + nameLength),
      compression: directory.readUInt16LE(offset + 10),
      checksum: directory.readUInt32LE(offset + 16),
      compressedBytes: directory.readUInt32LE(offset + 20),
      bytes: directory.readUInt32LE(offset + 24),
      headerOffset: directory.readUInt32LE(offset + 42),
    });
    offset += 46 + nameLength + directory.readUInt16LE(offset + 30) + directory.readUInt16LE(offset + 32);
  }
  return members;
}

/** Unpacks the members that are wanted under a folder, checking each one's checksum. */
export async function unzip(
  path: string,
  folder: string,
  wanted: (name: string) => boolean,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (fraction: number) => void } = {},
): Promise<string[]> {
  const file = await open(path, 'r');
  try {
    const members = (await listZip(file)).filter(({ name }) => !name.endsWith('/') && wanted(name));
    const total = members.reduce((sum, { bytes }) => sum + bytes, 0);
    let done = 0;
    for (const member of members) {
      const before = done;
      await unpack(file, member, folder, options.signal, (bytes) => options.onProgress?.((before + bytes) / total));
      done += member.bytes;
    }
    return members.map(({ name }) => name);
  } finally {
    await file.close();
  }
}

async function unpack(
  file: FileHandle,
  member: ZipMember,
  folder: string,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const target = join(folder, normalize(member.name));
  if (!target.startsWith(folder + sep)) throw new Error(`zip member ${member.name} points outside its folder`);
  await mkdir(dirname(target), { recursive: true });
  const header = await readAt(file, member.headerOffset, 30);
  if (header.readUInt32LE(0) !== localRecord) throw new Error(`damaged zip file: bad header of ${member.name}`);
  const start = member.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  let checksum = 0;
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, next): void {
      checksum = crc32(chunk, checksum);
      bytes += chunk.length;
      onBytes(bytes);
      next(null, chunk);
    },
  });
  const source = Readable.from(slices(file, start, member.compressedBytes));
  const sink = createWriteStream(target);
  const cancel = signal === undefined ? {} : { signal };
  if (member.compression === 8) await pipeline(source, createInflateRaw({ chunkSize: 1 << 20 }), count, sink, cancel);
  else if (member.compression === 0) await pipeline(source, count, sink, cancel);
  else throw new Error(`zip member ${member.name}: unknown compression ${member.compression}`);
  if (bytes !== member.bytes || checksum !== member.checksum) throw new Error(`zip member ${member.name} is damaged`);
}

async function* slices(file: FileHandle, start: number, bytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; ) {
    const slice = await readAt(file, start + at, Math.min(1 << 20, bytes - at));
    yield slice;
    at += slice.length;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error('damaged zip file: it ends too early');
  return buffer;
}
