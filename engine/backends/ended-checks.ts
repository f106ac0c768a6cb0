import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processLives } from '../files/process-lives.ts';
import type { CudnnPrecision } from '../kernels/cudnn/precision.ts';

const prefixes: Readonly<Record<CudnnPrecision, string>> = { float32: 'cudnn-check-', float16: 'cudnn-float16-check-' };
const all: readonly CudnnPrecision[] = ['float32', 'float16'];

/** Runs a check that may end the process: a file in `folder`, named after the process, lasts as long as the check. */
export async function marked<T>(folder: string, checked: CudnnPrecision, check: () => Promise<T>): Promise<T> {
  const mark = join(folder, `${prefixes[checked]}${process.pid}`);
  writeFileSync(mark, '');
  try {
    return await check();
  } finally {
    rmSync(mark, { force: true });
  }
}

/** Files of checks that have ended their process. */
const endedChecks = (folder: string, checked: readonly CudnnPrecision[]): string[] =>
  readdirSync(folder).filter((name) =>
    checked.some((one) => name.startsWith(prefixes[one]) && !processLives(Number(name.slice(prefixes[one].length)))),
  );

/** Runs something that makes checks in processes of its own; once more, without the check, when one has ended its process. */
export async function againWithoutCheck<T>(folder: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!all.some((checked) => hasEndedChecks(folder, checked))) throw error;
    return run();
  }
}

/** Whether an earlier check of this type has ended its process. */
export const hasEndedChecks = (folder: string, checked: CudnnPrecision): boolean => endedChecks(folder, [checked]).length > 0;

/** Lets a check be made again in a folder where one has ended its process. */
export function forgetEndedChecks(folder: string): void {
  for (const name of endedChecks(folder, all)) rmSync(join(folder, name), { force: true });
}
