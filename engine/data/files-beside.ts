import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { byParts, corpusName, shardOf, splitOfFileName } from '../document/split-names.ts';
import type { DataPreview } from '../protocol/data.ts';

/**
 * Files beside a training file that are named like it, but for validation or test, and the other parts of one that was written in
 * several. For the user to take: none is used unasked.
 */
export async function filesBeside(path: string): Promise<DataPreview['beside']> {
  const file = basename(path);
  const own = splitOfFileName(file);
  const part = shardOf(file);
  if (own !== 'train' && (own !== null || part === null)) return [];
  const corpus = corpusName(file);
  const names = await readdir(dirname(path)).catch(() => []);
  const found: DataPreview['beside'] = [];
  for (const name of names.sort()) {
    const split = splitOfFileName(name);
    if (name === file || corpusName(name) !== corpus) continue;
    const isPart = split === own && part !== null && shardOf(name)?.count === part.count;
    if (!isPart && (own === null || split === null || split === 'train')) continue;
    const beside = join(dirname(path), name);
    const isFile = await stat(beside).then(
      (facts) => facts.isFile(),
      () => false,
    );
    if (isFile) found.push({ path: beside, split: isPart ? 'train' : (split ?? 'train') });
  }
  const [parts, others] = [found.filter(({ split }) => split === 'train'), found.filter(({ split }) => split !== 'train')];
  return [...others, ...parts.sort((a, b) => byParts(a.path, b.path))];
}
