import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { UserError } from '../protocol/envelope.ts';

/**
 * The only way in which the engine opens a file to read it (`open-file.test.ts` keeps it so). A path that a person, a document or a
 * table gives may name anything: a pipe would be waited on for ever, `/dev/zero` never ends. What it names is looked at before it is
 * opened, opened without waiting, and looked at once more, for it may have been replaced in between.
 */
export interface OpenedFile {
  readonly file: FileHandle;
  readonly bytes: number;
}

/** Windows has no such flag, and no pipes among its files. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Whoever opens closes `file`.
 *
 * @throws UserError `not-a-file` for a folder, pipe, socket or device, or a path with a NUL; the file system's own error otherwise
 */
export async function openFile(path: string): Promise<OpenedFile> {
  refuseUnwritablePath(path);
  refuseOthers(await stat(path), path);
  const file = await open(path, flags);
  try {
    const facts = await file.stat();
    refuseOthers(facts, path);
    return { file, bytes: facts.size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Node reads no more than this in one piece. */
const mostInOnePiece = 2 ** 31 - 1;

/**
 * A whole file of at most `most` bytes.
 *
 * @throws as `openFile`; `tooLarge(bytes)` when it is larger, or grows while it is read; by default UserError `file-too-large`
 */
export async function readWholeFile(
  path: string,
  most = mostInOnePiece,
  tooLarge: (bytes: number) => Error = (bytes) => largerThan(path, bytes, most),
): Promise<Buffer> {
  const { file, bytes } = await openFile(path);
  try {
    if (bytes > most) throw tooLarge(bytes);
    const content = Buffer.allocUnsafe(bytes);
    let filled = 0;
    while (filled < bytes) {
      const { bytesRead } = await file.read(content, filled, bytes - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return content.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** A whole text file in UTF-8. @throws as `readWholeFile` */
export const readTextFile = async (path: string): Promise<string> => (await readWholeFile(path)).toString('utf8');

/** As `readWholeFile`, for a thread whose only work is the file. */
export function readWholeFileSync(path: string, most: number): Buffer {
  refuseUnwritablePath(path);
  refuseOthers(statSync(path), path);
  const file = openSync(path, flags);
  try {
    const facts = fstatSync(file);
    refuseOthers(facts, path);
    if (facts.size > most) throw largerThan(path, facts.size, most);
    const content = Buffer.allocUnsafe(facts.size);
    let filled = 0;
    while (filled < content.length) {
      const count = readSync(file, content, filled, content.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return content.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}

function refuseUnwritablePath(path: string): void {
  if (!path.includes('\0')) return;
  throw new UserError({
    code: 'not-a-file',
    message: `“${path.replaceAll('\0', '␀')}” is no path: it has a NUL character in it.`,
    hint: 'Correct the path.',
  });
}

function refuseOthers(facts: Stats, path: string): void {
  if (facts.isFile()) return;
  throw new UserError({
    code: 'not-a-file',
    message: `${path} is ${kindOf(facts)}: expected a regular file.`,
    hint: 'Choose a file.',
  });
}

function kindOf(facts: Stats): string {
  if (facts.isDirectory()) return 'a folder';
  if (facts.isFIFO()) return 'a pipe';
  return facts.isSocket() ? 'a socket' : 'a device';
}

const megabytes = (bytes: number): string => (bytes / 1e6).toLocaleString('en', { maximumSignificantDigits: 3 });

const largerThan = (path: string, bytes: number, most: number): UserError =>
  new UserError({
    code: 'file-too-large',
    message: `${path} has ${megabytes(bytes)} MB; at most ${megabytes(most)} MB are read.`,
    hint: 'Choose a smaller file.',
  });
