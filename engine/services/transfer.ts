import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeFileError } from '../files/describe-file-error.ts';
import { UserError } from '../protocol/envelope.ts';
import type { ExportFormat } from '../protocol/export.ts';
import { pieceBytes } from '../protocol/transfer.ts';
import type { EngineContext, Service } from './context.ts';
import { clearSent, partName } from './sent-folder.ts';

interface Coming {
  readonly handle: FileHandle;
  readonly temporary: string;
  readonly path: string;
  readonly bytes: number;
  written: number;
}

/** Files that come at once. */
const mostComing = 16;

/**
 * Files that the engine of another machine sends, and exports that it fetches. Sent files lie in a folder of Unroll's home, one for each
 * batch; nothing is written anywhere else, or over anything.
 *
 * @param makeExport the files of an export
 * @param usedByRuns paths of files that runs and sweeps here name
 */
export function transferService(
  { home }: Pick<EngineContext, 'home'>,
  makeExport: (run: string, format: ExportFormat) => Promise<ReadonlyMap<string, Uint8Array | string>>,
  usedByRuns: () => Promise<readonly string[]>,
): Service<'transfer'> {
  const coming = new Map<string, Coming>();
  let ready: { readonly id: string; readonly files: ReadonlyMap<string, Buffer> } | null = null;

  const told = async <T>(path: string, work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw describeFileError(error, path);
    });
  const take = (id: string): Coming => {
    const found = coming.get(id);
    if (found === undefined) throw unknown;
    return found;
  };
  const drop = async (id: string): Promise<void> => {
    const found = coming.get(id);
    if (found === undefined) return;
    coming.delete(id);
    await found.handle.close().catch(() => undefined);
    await rm(found.temporary, { force: true });
  };
  return {
    'transfer.begin': async ({ batch, name, bytes }) => {
      const folder = join(home.sent, batch);
      const path = join(folder, ...name.split('/'));
      const id = randomBytes(9).toString('base64url');
      const there = await stat(path).catch(() => null);
      if (there?.isFile() && there.size === bytes) {
        // Used now: it is not to be removed as one that nothing uses.
        await told(folder, utimes(folder, new Date(), new Date()));
        return { id, path };
      }
      const [oldest] = coming.keys();
      if (coming.size >= mostComing && oldest !== undefined) await drop(oldest);
      await told(folder, mkdir(dirname(path), { recursive: true, mode: 0o700 }));
      const temporary = join(folder, partName(id));
      const handle = await told(temporary, open(temporary, 'wx', 0o600));
      coming.set(id, { handle, temporary, path, bytes, written: 0 });
      return { id, path: null };
    },
    'transfer.write': async ({ id, data }) => {
      const file = take(id);
      const piece = Buffer.from(data, 'base64');
      const at = file.written;
      file.written += piece.length;
      if (file.written > file.bytes) throw grown(file);
      await told(file.path, file.handle.write(piece, 0, piece.length, at));
      return {};
    },
    'transfer.end': async ({ id }) => {
      const file = take(id);
      if (file.written !== file.bytes) {
        await drop(id);
        throw grown(file);
      }
      coming.delete(id);
      await told(file.path, file.handle.sync());
      await file.handle.close();
      await told(file.path, rename(file.temporary, file.path));
      return { path: file.path };
    },
    'transfer.cancel': async ({ id }) => {
      await drop(id);
      return {};
    },
    'transfer.keep': async ({ paths }) => ({ removed: await clearSent(home.sent, paths, usedByRuns) }),
    'transfer.export': async ({ run, format }) => {
      const made = await makeExport(run, format);
      const files = new Map([...made].map(([name, content]) => [name, Buffer.from(content as string)]));
      ready = { id: randomBytes(9).toString('base64url'), files };
      return { id: ready.id, files: [...files].map(([name, { length }]) => ({ name, bytes: length })) };
    },
    'transfer.read': async ({ id, name, offset }) => {
      const file = ready?.id === id ? ready.files.get(name) : undefined;
      if (file === undefined) throw unknown;
      return { data: file.toString('base64', offset, offset + pieceBytes) };
    },
  };
}

const grown = ({ path }: Coming): UserError =>
  new UserError({
    code: 'file-changed',
    message: `${path} was not sent whole: the file has changed meanwhile.`,
    hint: 'Send it again when nothing writes to it.',
  });

const unknown = new UserError({
  code: 'transfer-gone',
  message: 'The file is not being sent any more.',
  hint: 'Begin again.',
});
