import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Holds a folder for one process. Ends with `release`; a holder that died does not block the next one. */
export interface FolderLock {
  release(): Promise<void>;
}

/** @returns the lock, or the process id of the living process that has it. */
export async function lockFolder(folder: string): Promise<FolderLock | { readonly heldBy: number }> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, '.lock');
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid} ${hostname()}\n`);
      await file.close();
      return { release: () => rm(path, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = await livingHolder(path);
    if (holder !== null) return { heldBy: holder };
    await rm(path, { force: true });
  }
}

async function livingHolder(path: string): Promise<number | null> {
  const [pid, host] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
  const id = Number(pid);
  if (!Number.isInteger(id) || id <= 0) return null;
  if (host !== hostname()) return id;
  try {
    process.kill(id, 0);
    return id;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? id : null;
  }
}
