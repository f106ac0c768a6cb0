import type { FileHandle } from 'node:fs/promises';
import { errorCode } from '../files/error-code.ts';
import { openFile } from '../files/open-file.ts';
import type { MetricsPiece, MetricsPlace } from '../protocol/metric-columns.ts';

/** Bytes that are read at once, of lines that are not longer. */
const pieceBytes = 4 * 1024 * 1024;

/** Whole lines of a file. */
export interface FilePiece extends Pick<MetricsPiece, 'from' | 'next' | 'bytes'> {
  readonly text: string;
}

/**
 * The next lines of a file that only grows, or is replaced by another. One that is missing has none.
 *
 * @param after what was read before; where that was of another file, this one is read from its beginning
 * @throws as `openFile`
 */
export async function readPiece(path: string, after?: MetricsPlace): Promise<FilePiece> {
  const opened = await openFile(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (opened === null) return { text: '', from: 0, next: null, bytes: 0 };
  const { file, bytes } = opened;
  try {
    // More digits than a double has on some file systems.
    const { ino } = await file.stat({ bigint: true });
    const from = after?.file === String(ino) && after.byte <= bytes ? after.byte : 0;
    const { lines, atEnd } = await readLines(file, from, bytes);
    return {
      text: lines.toString('utf8'),
      from,
      next: atEnd ? null : { file: String(ino), byte: from + lines.length },
      bytes,
    };
  } finally {
    await file.close();
  }
}

/** Whole lines from a place on; where one is longer than a piece, the piece is longer. */
async function readLines(file: FileHandle, from: number, bytes: number): Promise<{ lines: Buffer; atEnd: boolean }> {
  for (let size = pieceBytes; ; size *= 2) {
    const content = Buffer.allocUnsafe(Math.min(size, bytes - from));
    let filled = 0;
    while (filled < content.length) {
      const { bytesRead } = await file.read(content, filled, content.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    const lines = content.subarray(0, content.subarray(0, filled).lastIndexOf('\n') + 1);
    const atEnd = filled < content.length || from + filled >= bytes;
    if (atEnd || lines.length > 0) return { lines, atEnd };
  }
}
