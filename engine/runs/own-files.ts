import { lstat, readdir, realpath, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../files/error-code.ts';
import { ownStepFile } from './step-files.ts';

/**
 * What a run writes into its folder, and nothing else is ever replaced or deleted there. A write that a crash cut off leaves a
 * temporary file beside it (`writeAtomically`).
 */
const ownFiles =
  /^\.?(run\.json|encoding\.json|ray\.json|metrics\.jsonl|evaluation(-[a-z]+)?\.json|film\.json|lock(\.[0-9a-f]{12})*)(\.[0-9a-z]+\.tmp)?$/;
const ownFolders: Readonly<Record<string, RegExp>> = {
  checkpoints: ownStepFile,
  moments: ownStepFile,
  best: /^\.?model\.safetensors(\.[0-9a-z]+\.tmp)?$/,
};

/** Names in a folder that a run would write over: the folder of somebody else's files is no place for a run. `[]` where there is none. */
export async function inTheWayOfRun(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => ownFiles.test(name) || Object.hasOwn(ownFolders, name));
}

/**
 * Deletes what is a run's own in its folder, its `run.json` first: from then on nobody reads it as a run. Links are taken away and
 * never followed.
 *
 * @returns what is not the run's own and stays, as paths relative to the folder; where nothing does, the folder is gone too
 */
export async function deleteOwnFiles(folder: string): Promise<string[]> {
  // The folder itself may be reached by a link; what lies in it must not be.
  const real = await realpath(folder);
  await rm(join(real, 'run.json'), { force: true });
  const kept: string[] = [];
  for (const name of await readdir(real)) {
    const path = join(real, name);
    const isFolder = (await lstat(path)).isDirectory();
    const own = ownFolders[name];
    if (isFolder && own !== undefined) kept.push(...(await deleteWithin(path, own)).map((inner) => `${name}/${inner}`));
    else if (!isFolder && (ownFiles.test(name) || own !== undefined)) await rm(path, { force: true });
    else kept.push(name);
  }
  if (kept.length > 0) return kept;
  await rmdir(real);
  if ((await lstat(folder).catch(() => null))?.isSymbolicLink()) await rm(folder);
  return [];
}

async function deleteWithin(folder: string, own: RegExp): Promise<string[]> {
  const kept: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (own.test(name) && !(await lstat(path)).isDirectory()) await rm(path, { force: true });
    else kept.push(name);
  }
  if (kept.length === 0) await rmdir(folder);
  return kept;
}
