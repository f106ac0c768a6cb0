import { randomBytes } from 'node:crypto';
import { mkdir, readdir, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { describeFileError } from '../files/describe-file-error.ts';
import { writeDurably } from '../files/write-durably.ts';
import { UserError } from '../protocol/envelope.ts';

export interface WrittenFolder {
  /** Absolute. */
  readonly directory: string;
  readonly files: { readonly name: string; readonly bytes: number }[];
}

/**
 * Writes an export so that a crash leaves no half-made folder: everything goes into a temporary folder beside it first, which is then
 * renamed. A folder that holds something is refused unless `overwrite`, which replaces files of the same name and leaves the others.
 *
 * @throws UserError `folder-not-empty`, `not-a-folder`, `no-permission`, `disk-full` …
 */
export async function writeFolder(
  path: string,
  files: ReadonlyMap<string, Uint8Array | string>,
  { overwrite }: { readonly overwrite: boolean },
): Promise<WrittenFolder> {
  for (const name of files.keys()) if (!/^[a-z_A-Z]+\.[a-z]+$/.test(name)) throw new Error(`not a plain file name: ${name}`);
  try {
    const target = await existingFolder(resolve(path));
    const kept = target === null ? [] : await readdir(target);
    if (kept.length > 0 && !overwrite) throw notEmpty(path);
    const directory = target ?? resolve(path);
    await mkdir(dirname(directory), { recursive: true });
    const temporary = join(dirname(directory), `.${basename(directory)}.${randomBytes(6).toString('hex')}.tmp`);
    await mkdir(temporary);
    try {
      for (const [name, content] of files) await writeDurably(join(temporary, name), content);
      if (kept.length === 0) {
        if (target !== null) await rmdir(target);
        await rename(temporary, directory);
      } else {
        for (const name of files.keys()) await rename(join(temporary, name), join(directory, name));
      }
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    const sizes = [...files].map(([name, content]) => ({ name, bytes: Buffer.byteLength(content) }));
    return { directory, files: sizes };
  } catch (error) {
    throw describeFileError(error, path);
  }
}

/** The folder at a path, links followed; `null` where there is nothing yet. */
async function existingFolder(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return await realpath(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  throw new UserError({ code: 'not-a-folder', message: `${path} is a file, not a folder.`, hint: 'Choose another name.' });
}

const notEmpty = (path: string): UserError =>
  new UserError({
    code: 'folder-not-empty',
    message: `${path} is not empty.`,
    hint: 'Choose a new folder, or allow overwriting: files of the same name are then replaced.',
  });
