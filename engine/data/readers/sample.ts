import { stat } from 'node:fs/promises';
import { openFile } from '../../files/open-file.ts';
import { UserError } from '../../protocol/envelope.ts';

/** Parts of a file that decide how it is read; the whole file is never held. */
export interface FileSample {
  readonly path: string;
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
 * @throws UserError `file-not-found`, `not-a-file`, `file-not-readable`, `file-empty`
 */
export async function readSample(path: string, headBytes = usualHead): Promise<FileSample> {
  const { file, bytes } = await openFile(path).catch((error: unknown) => {
    throw notReadable(path, error);
  });
  if (bytes === 0) {
    await file.close();
    throw new UserError({
      code: 'file-empty',
      message: `“${path}” is empty: expected rows, found 0 bytes`,
      hint: 'Choose a file with at least a few examples.',
    });
  }
  try {
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

export function notReadable(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UserError(
      {
        code: 'file-not-found',
        message: `“${path}” does not exist`,
        hint: 'Was it moved or renamed? Choose it again in the Data panel.',
      },
      { cause: error },
    );
  }
  return new UserError(
    {
      code: 'file-not-readable',
      message: `“${path}” cannot be read (${code || String(error)})`,
      hint: 'Check the permissions of the file.',
    },
    { cause: error },
  );
}
