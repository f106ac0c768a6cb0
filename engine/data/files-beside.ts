import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { corpusName, splitOfFileName } from '../document/split-names.ts';
import type { DataPreview } from '../protocol/data.ts';

/** Files beside a training file that are named like it, but for validation or test. For the user to take: none is used unasked. */
export async function filesBeside(path: string): Promise<DataPreview['beside']> {
  const file = basename(path);
  if (splitOfFileName(file) !== 'train') return [];
  const corpus = corpusName(file);
  const names = await readdir(dirname(path)).catch(() => []);
  const found: DataPreview['beside'] = [];
  for (const name of names.sort()) {
    const split = splitOfFileName(name);
    if (split === null || split === 'train' || corpusName(name) !== corpus) continue;
    const beside = join(dirname(path), name);
    const isFile = await stat(beside).then(
      (facts) => facts.isFile(),
      () => false,
    );
    if (isFile) found.push({ path: beside, split });
  }
  return found;
}
