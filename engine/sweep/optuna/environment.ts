import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { acquireLock } from '../../files/lock.ts';
import { UserError } from '../../protocol/envelope.ts';
import { cacheFolder } from '../../toolchain/cache-folder.ts';
import { environmentPython, environmentVersions, makeEnvironment, type PythonNeeds } from '../../toolchain/python-environment.ts';

/** scikit-learn has the forest of fANOVA. */
const needs: PythonNeeds = { title: 'Optuna', requirements: ['optuna', 'scikit-learn'], modules: ['optuna', 'sklearn'] };
/** What pip downloads and unpacks, for the person who waits. */
export const optunaSize = 'about 350 MB';

const optunaFolder = (): string => join(cacheFolder(), 'optuna-python');

/** A Python with Optuna: the one that `UNROLL_OPTUNA_PYTHON` names, or that of our own; `null` where none is prepared. */
export async function findOptuna(): Promise<string | null> {
  const named = process.env['UNROLL_OPTUNA_PYTHON'];
  if (named !== undefined && named !== '') return (await hasOptuna(named)) ? named : null;
  const folder = optunaFolder();
  return environmentVersions(folder) === null ? null : environmentPython(folder);
}

const hasOptuna = (python: string): Promise<boolean> =>
  promisify(execFile)(python, ['-c', 'import optuna, sklearn']).then(
    () => true,
    () => false,
  );

/**
 * A Python with Optuna, made in the user's cache where there is none.
 *
 * @param onStep what is done now
 * @throws UserError `optuna-not-there` with why it could not be made, and what can be done without it
 */
export async function prepareOptuna(onStep: (step: string) => void, signal?: AbortSignal): Promise<string> {
  const found = await findOptuna();
  if (found !== null) return found;
  const folder = optunaFolder();
  try {
    const release = await alone(folder, onStep);
    try {
      const meanwhile = await findOptuna();
      if (meanwhile !== null) return meanwhile;
      onStep(`Preparing Optuna (${optunaSize}, once)`);
      await makeEnvironment(folder, needs, (line) => onStep(`Preparing Optuna · ${line}`), signal);
      return environmentPython(folder);
    } finally {
      await release();
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      {
        code: 'optuna-not-there',
        message: `Optuna is not there and could not be prepared: ${error.message}`,
        hint: `${error.failure.hint ?? ''} Or choose grid or random, which need nothing.`.trim(),
      },
      { cause: error },
    );
  }
}

const pause = 500;

/** One process prepares it, others wait for that. */
async function alone(folder: string, onStep: (step: string) => void): Promise<() => Promise<void>> {
  await mkdir(cacheFolder(), { recursive: true });
  for (;;) {
    const lock = await acquireLock(`${folder}.lock`);
    if (!('heldBy' in lock)) return () => lock.release();
    onStep('Another process prepares Optuna');
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
