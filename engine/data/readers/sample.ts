import { stat } from 'node:fs/promises';
import { openFile } from '../../files/open-file.ts';
import { UserError } from '../../protocol/envelope.ts';
import { notReadable } from './not-readable.ts';
import { isPacked, readPieces } from './pieces.ts';

/** Parts of a file that decide how it is read; the whole file is never held. */
export interface FileSample {
  readonly path: string;
  /** Of the file as it lies there, packed or not. */
  readonly bytes: number;
  readonly head: Buffer;
  /** Pieces from further on, for what the head does not show (an accent on page 300). Not aligned to characters. */
  readonly pieces: readonly Buffer[];
  /** Whether `head` is the whole file. */
  readonly complete: boolean;
}

const usualHead = 512 * 1024;
const pieceBytes = 64 * 1024;
const pieceCount = 6;

/**
 * @param headBytes most bytes of its head
 * @throws UserError `file-empty`; as `readPieces`
 */
export async function readSample(path: string, headBytes = usualHead): Promise<FileSample> {
  const { file, bytes } = await openFile(path).catch((error: unknown) => {
    throw notReadable(path, error);
  });
  try {
    if (bytes === 0) throw empty(path, 'is');
    if (await isPacked(file)) return await packedSample(path, bytes, headBytes);
    const piece = async (at: number, length: number): Promise<Buffer> => {
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await file.read(buffer, 0, length, at);
      return buffer.subarray(0, bytesRead);
    };
    const head = await piece(0, Math.min(bytes, headBytes));
    const pieces: Buffer[] = [];
    const rest = bytes - head.length;
    for (let i = 1; rest > 0 && i <= pieceCount; i++) {
      const at = head.length + Math.floor(((rest - pieceBytes) * i) / pieceCount);
      // An even start keeps UTF-16 pieces on their code units.
      if (at >= head.length) pieces.push(await piece(at - (at % 2), pieceBytes));
    }
    return { path, bytes, head, pieces, complete: rest === 0 };
  } finally {
    await file.close();
  }
}

/** What is looked at of a packed file beyond its head: to get further, all before it would have to be unpacked. */
const packedReach = 8 * usualHead;

async function packedSample(path: string, bytes: number, headBytes: number): Promise<FileSample> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const { piece } of readPieces(path)) {
    parts.push(piece);
    length += piece.length;
    if (length > headBytes + packedReach) break;
  }
  if (length === 0) throw empty(path, 'unpacked is');
  const all = Buffer.concat(parts);
  const rest = all.subarray(headBytes);
  const pieces = Array.from({ length: rest.length > 0 ? pieceCount : 0 }, (_unused, i) => {
    const at = Math.max(0, Math.floor(((rest.length - pieceBytes) * (i + 1)) / pieceCount));
    return rest.subarray(at - (at % 2), at + pieceBytes);
  });
  return { path, bytes, head: all.subarray(0, headBytes), pieces, complete: rest.length === 0 };
}

const empty = (path: string, is: string): UserError =>
  new UserError({
    code: 'file-empty',
    message: `“${path}” ${is} empty: expected rows, found 0 bytes`,
    hint: 'Choose a file with at least a few examples.',
  });

/** Size and identity of a data file. Identity changes when the file does, without reading it. */
export async function statFile(path: string): Promise<{ readonly bytes: number; readonly identity: string }> {
  const found = await stat(path).catch((error: unknown) => {
    throw notReadable(path, error);
  });
  if (!found.isFile()) {
    throw new UserError({
      code: 'not-a-file',
      message: `“${path}” is ${found.isDirectory() ? 'a folder' : 'not a regular file'}: expected a data file`,
      hint: 'Choose a CSV, TSV, JSONL, CoNLL or text file.',
    });
  }
  return { bytes: found.size, identity: `${found.ino}:${found.size}:${found.mtimeMs}` };
}
