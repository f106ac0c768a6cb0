import { createHash } from 'node:crypto';
import { describeFileError } from '../files/describe-file-error.ts';
import { openFile } from '../files/open-file.ts';
import type { SentFile } from '../files/sent-file.ts';
import { pieceBytes } from '../protocol/transfer.ts';
import type { Machines } from './machines.ts';

interface Sending {
  readonly signal: AbortSignal;
  progress(name: string, fraction: number): void;
}

/** Files on their way at the same time: each waits for answers. */
const atOnce = 8;

/**
 * Sends files of this machine to the one that the windows are on, all into one folder there, in which they lie to each other as here.
 * What was sent before and has not changed since is not sent again.
 *
 * @returns their paths there
 * @throws UserError `file-changed`, `cancelled`, and what either side's disk says
 */
export async function sendFiles(
  machines: Machines,
  files: readonly SentFile[],
  { signal, progress }: Sending,
): Promise<string[]> {
  const batch = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  const total = Math.max(
    1,
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  let done = 0;
  const sent: string[] = [];
  const waiting = files.entries();
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const sendInTurn = async (): Promise<void> => {
    for (const [i, file] of waiting) {
      const { name, bytes } = file;
      either.throwIfAborted();
      const begun = await machines.call('transfer.begin', { batch, name, bytes });
      sent[i] = begun.path ?? (await send(file, begun.id));
      if (begun.path !== null) done += bytes;
      progress(name, Math.min(1, done / total));
    }
  };
  const send = async ({ path, name }: SentFile, id: string): Promise<string> => {
    try {
      const { file } = await openFile(path).catch((error: unknown) => {
        throw describeFileError(error, path);
      });
      try {
        const piece = Buffer.alloc(pieceBytes);
        for (;;) {
          either.throwIfAborted();
          const { bytesRead } = await file.read(piece, 0, piece.length);
          if (bytesRead === 0) break;
          await machines.call('transfer.write', { id, data: piece.toString('base64', 0, bytesRead) });
          done += bytesRead;
          progress(name, Math.min(1, done / total));
        }
      } finally {
        await file.close();
      }
      return (await machines.call('transfer.end', { id })).path;
    } catch (error) {
      await machines.call('transfer.cancel', { id }).catch(() => undefined);
      throw error;
    }
  };
  await Promise.all(
    Array.from({ length: atOnce }, () =>
      sendInTurn().catch((error: unknown) => {
        failed.abort(error);
        throw error;
      }),
    ),
  );
  return sent;
}

/** An export of the engine there, file by file. */
export async function bringExport(
  machines: Machines,
  run: string,
  format: 'pytorch' | 'onnx',
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { id, files } = await machines.call('transfer.export', { run, format });
  const brought = new Map<string, Uint8Array>();
  for (const { name, bytes } of files) {
    const pieces: Buffer[] = [];
    for (let offset = 0; offset < bytes; ) {
      const { data } = await machines.call('transfer.read', { id, name, offset });
      const piece = Buffer.from(data, 'base64');
      if (piece.length === 0) throw new Error(`${name} ended after ${offset} of ${bytes} bytes`);
      pieces.push(piece);
      offset += piece.length;
    }
    brought.set(name, Buffer.concat(pieces));
  }
  return brought;
}
