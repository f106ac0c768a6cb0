import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { describeFileError } from '../files/describe-file-error.ts';
import { openFile } from '../files/open-file.ts';
import { UserError } from '../protocol/envelope.ts';
import { pieceBytes } from '../protocol/transfer.ts';
import type { Machines } from './machines.ts';

interface Sending {
  readonly signal: AbortSignal;
  progress(name: string, fraction: number): void;
}

/**
 * Sends files of this machine to the one that the windows are on, all into one folder there. What was sent before and has not changed
 * since is not sent again.
 *
 * @returns their paths there
 * @throws UserError `not-a-file`, `same-name`, `cancelled`, and what either side's disk says
 */
export async function sendFiles(machines: Machines, paths: readonly string[], { signal, progress }: Sending): Promise<string[]> {
  const files = await Promise.all(paths.map((path) => describe(resolve(path))));
  const names = files.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UserError({
      code: 'same-name',
      message: `Two of the files are named ${twice}.`,
      hint: 'Files that are sent together lie in one folder there: rename one.',
    });
  const batch = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  const total = Math.max(
    1,
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  let done = 0;
  const sent: string[] = [];
  for (const { path, name, bytes } of files) {
    signal.throwIfAborted();
    const begun = await machines.call('transfer.begin', { batch, name, bytes });
    sent.push(begun.path ?? (await send(path, begun.id)));
    if (begun.path !== null) done += bytes;
    progress(name, done / total);

    async function send(from: string, id: string): Promise<string> {
      const { file: handle } = await openFile(from);
      try {
        const piece = Buffer.alloc(pieceBytes);
        for (;;) {
          signal.throwIfAborted();
          const { bytesRead } = await handle.read(piece, 0, piece.length);
          if (bytesRead === 0) break;
          await machines.call('transfer.write', { id, data: piece.toString('base64', 0, bytesRead) });
          done += bytesRead;
          progress(name, Math.min(1, done / total));
        }
        return (await machines.call('transfer.end', { id })).path;
      } catch (error) {
        await machines.call('transfer.cancel', { id }).catch(() => undefined);
        throw error;
      } finally {
        await handle.close();
      }
    }
  }
  return sent;
}

async function describe(path: string): Promise<{ path: string; name: string; bytes: number; modified: number }> {
  const facts = await stat(path).catch((error: unknown) => {
    throw describeFileError(error, path);
  });
  if (!facts.isFile())
    throw new UserError({ code: 'not-a-file', message: `${path} is no file.`, hint: 'Choose the files that are to be sent.' });
  return { path, name: basename(path), bytes: facts.size, modified: facts.mtimeMs };
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
