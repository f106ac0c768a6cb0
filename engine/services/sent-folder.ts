import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { errorCode } from '../files/error-code.ts';

/** Milliseconds that sent files are kept after they were last known to be used. */
const keptFor = 90 * 24 * 3600 * 1000;

/** Milliseconds after which a file that has not come whole is not coming any more. */
const cutOffAfter = 24 * 3600 * 1000;

/** A file of a sending that is not whole yet. @param id of its transfer */
export const partName = (id: string): string => `.${id}.tmp`;
const part = /^\.[\w-]{12}\.tmp$/;

/** Names of the folders that sendings make. */
const batchName = /^[a-z0-9]{8,64}$/;

/**
 * Removes sent files that nothing has used for three months, and what connections that were lost have left of files; a folder's own time
 * says when something last used it.
 *
 * @param root the folder of all sendings, one folder each
 * @param named paths that documents name, wherever these are
 * @param usedByRuns paths that runs and sweeps here name; asked only where something may be removed
 * @returns how many sendings were removed
 */
export async function clearSent(
  root: string,
  named: readonly string[],
  usedByRuns: () => Promise<readonly string[]>,
  now = Date.now(),
): Promise<number> {
  const batches = (await readdir(root).catch(noneThere)).filter((name) => batchName.test(name));
  const mark = (used: ReadonlySet<string>): Promise<unknown> =>
    Promise.all(batches.filter((name) => used.has(name)).map((name) => utimes(join(root, name), now / 1000, now / 1000)));
  const inBatches = (paths: readonly string[]): Set<string> =>
    new Set(paths.map((path) => relative(root, path).split(sep)[0] ?? ''));
  await mark(inBatches(named));
  await Promise.all(batches.map((name) => clearParts(join(root, name), now)));
  const isOld = async (name: string): Promise<boolean> => now - (await stat(join(root, name))).mtimeMs > keptFor;
  const ages = await Promise.all(batches.map(async (name) => ({ name, old: await isOld(name) })));
  const old = ages.filter((one) => one.old).map(({ name }) => name);
  if (old.length === 0) return 0;
  const used = inBatches(await usedByRuns());
  await mark(used);
  let removed = 0;
  for (const name of old) {
    // Meanwhile it may have been sent again.
    if (!(await isOld(name))) continue;
    await rm(join(root, name), { recursive: true, force: true });
    removed++;
  }
  return removed;
}

/** The folder's own time stays. */
async function clearParts(folder: string, now: number): Promise<void> {
  const { atime, mtime } = await stat(folder);
  const parts = (await readdir(folder)).filter((name) => part.test(name)).map((name) => join(folder, name));
  const times = await Promise.all(parts.map(async (path) => ({ path, age: now - (await stat(path)).mtimeMs })));
  const left = times.filter(({ age }) => age > cutOffAfter);
  if (left.length === 0) return;
  for (const { path } of left) await rm(path, { force: true });
  await utimes(folder, atime, mtime);
}

function noneThere(error: unknown): string[] {
  if (errorCode(error) === 'ENOENT') return [];
  throw error;
}
