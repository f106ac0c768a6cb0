import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const prefix = 'cudnn-check-';

/** Runs a check that may end the process: a file in `folder`, named after the process, lasts as long as the check. */
export async function marked<T>(folder: string, check: () => Promise<T>): Promise<T> {
  const mark = join(folder, `${prefix}${process.pid}`);
  writeFileSync(mark, '');
  try {
    return await check();
  } finally {
    rmSync(mark, { force: true });
  }
}

/** Files of checks that have ended their process. */
const endedChecks = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length))));

/** Runs something that makes checks in processes of its own; once more, without the check, when one has ended its process. */
export async function againWithoutCheck<T>(folder: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!hasEndedChecks(folder)) throw error;
    return run();
  }
}

/** Whether an earlier check has ended its process. */
export const hasEndedChecks = (folder: string): boolean => endedChecks(folder).length > 0;

/** Lets a check be made again in a folder where one has ended its process. */
export function forgetEndedChecks(folder: string): void {
  for (const name of endedChecks(folder)) rmSync(join(folder, name), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
