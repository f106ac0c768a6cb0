import { access } from 'node:fs/promises';
import { z } from 'zod';
import { readTextFile } from '../files/open-file.ts';
import { writeAtomically } from '../files/write-atomically.ts';

const maximum = 12;
const list = z.array(z.string().max(4096)).max(100);

/** Documents opened or saved lately, newest first; those that were moved or deleted are left out. */
export async function recentFiles(store: string): Promise<string[]> {
  const paths = await readList(store);
  const present = await Promise.all(paths.map((path) => exists(path)));
  return paths.filter((_, index) => present[index]);
}

/** Whether it is among them, there or not. */
export const isRecent = async (store: string, path: string): Promise<boolean> => (await readList(store)).includes(path);

export async function rememberFile(store: string, path: string): Promise<void> {
  const paths = [path, ...(await readList(store)).filter((other) => other !== path)].slice(0, maximum);
  await writeAtomically(store, `${JSON.stringify(paths, null, 2)}\n`);
}

/** A missing or damaged list is an empty one: it is a convenience, not the user's work. */
async function readList(store: string): Promise<string[]> {
  try {
    const parsed = list.safeParse(JSON.parse(await readTextFile(store)));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
