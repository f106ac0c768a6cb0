import type { Hash } from 'node:crypto';
import type { ReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { openFile } from '../../files/open-file.ts';
import { UserError } from '../../protocol/envelope.ts';
import { notReadable } from './not-readable.ts';

/** Some bytes of a file, unpacked where it is packed. */
export interface Piece {
  readonly piece: Buffer;
  /** Bytes of the file read so far, packed ones where it is packed. */
  readonly read: number;
}

const pieceBytes = 256 * 1024;
/** Tables of numbers that repeat are packed to a hundredth; what unpacks to more than this many times its size was made to fill memory. */
const mostTimes = 500;
/** So much may come of any file. */
const alwaysUnpacked = 256e6;

/** How a gzip file begins (RFC 1952). No text in any encoding does. */
const gzipMark = Buffer.of(0x1f, 0x8b);

/** Whether a file is packed by gzip, by its first bytes: a name is only a name. */
export async function isPacked(file: FileHandle): Promise<boolean> {
  const start = Buffer.alloc(gzipMark.length);
  await file.read(start, 0, start.length, 0);
  return start.equals(gzipMark);
}

/**
 * Streams a file's bytes, a piece at a time; those of a gzip file unpacked, of all its members, each checked by its checksum.
 *
 * @param hash gets every byte, unpacked, for the fingerprint
 * @throws UserError `file-not-found`, `not-a-file`, `file-not-readable`; `packed-damaged`, `packed-too-much`
 */
export async function* readPieces(
  path: string,
  options: { readonly signal?: AbortSignal | undefined; readonly hash?: Hash } = {},
): AsyncGenerator<Piece> {
  const { file, bytes } = await openFile(path).catch((error: unknown) => {
    throw notReadable(path, error);
  });
  try {
    const packed = await isPacked(file);
    const stream = file.createReadStream({ highWaterMark: pieceBytes, start: 0 });
    for await (const next of packed ? unpacked(stream, path, bytes) : asTheyAre(stream)) {
      options.signal?.throwIfAborted();
      options.hash?.update(next.piece);
      yield next;
    }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw notReadable(path, error);
    throw error;
  } finally {
    await file.close();
  }
}

async function* asTheyAre(stream: ReadStream): AsyncGenerator<Piece> {
  let read = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    read += piece.length;
    yield { piece, read };
  }
}

async function* unpacked(stream: ReadStream, path: string, bytes: number): AsyncGenerator<Piece> {
  // What is wrong with either is thrown to the one who reads.
  const gunzip = pipeline(stream, createGunzip({ chunkSize: pieceBytes }), () => undefined);
  let length = 0;
  try {
    for await (const piece of gunzip as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > Math.max(alwaysUnpacked, mostTimes * bytes)) throw tooMuch(path);
      yield { piece, read: Math.min(bytes, gunzip.bytesWritten) };
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code.startsWith('Z_') ? damaged(path, code, error) : error;
  }
}

const damaged = (path: string, code: string, cause: unknown): UserError =>
  new UserError(
    {
      code: 'packed-damaged',
      message:
        code === 'Z_BUF_ERROR'
          ? `“${path}” ends in the middle of what is packed in it: a part of the file is missing`
          : `“${path}” cannot be unpacked: it is packed by gzip, and damaged`,
      hint: 'Download or copy it again; gzip -t FILE tells whether it is whole.',
    },
    { cause },
  );

const tooMuch = (path: string): UserError =>
  new UserError({
    code: 'packed-too-much',
    message: `“${path}” unpacks to more than ${mostTimes} times its size: it is not read further`,
    hint: 'If it holds data all the same, unpack it first: gzip -dk FILE.',
  });
