import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { errorCode } from '../files/error-code.ts';

/** Milliseconds that sent files are kept after they were last known to be used. */
const keptFor = 90 * 24 * 3600 * 1000;

/** Names of the folders that sendings make. */
const batchName = /^[a-z0-9]{8,64}$/;

/**
 * Removes sent files that nothing has used for three months; a folder's own time says when something last did.
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
  const ages = await Promise.all(batches.map(async (name) => ({ name, age: now - (await stat(join(root, name))).mtimeMs })));
  const old = ages.filter(({ age }) => age > keptFor);
  if (old.length === 0) return 0;
  const used = inBatches(await usedByRuns());
  await mark(used);
  const unused = old.filter(({ name }) => !used.has(name));
  for (const { name } of unused) await rm(join(root, name), { recursive: true, force: true });
  return unused.length;
}

function noneThere(error: unknown): string[] {
  if (errorCode(error) === 'ENOENT') return [];
  throw error;
}
