import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../files/error-code.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { UserError } from '../protocol/envelope.ts';
import { mostMoments } from './film.ts';
import { stepFileName, stepsIn } from './step-files.ts';
import { readWeights, type SavedWeights, saveWeights } from './weights-file.ts';

const folderOf = (run: string): string => join(run, 'moments');
const pathOf = (run: string, step: number): string => join(folderOf(run), stepFileName(step));

/** Steps whose weights a run has kept for its film, oldest first. */
export const momentSteps = async (run: string): Promise<number[]> => (await stepsIn(folderOf(run))).reverse();

/** What became of a moment, and of others for its sake. */
export interface Kept {
  readonly kept: boolean;
  /** Moments that were let go of, itself among them. */
  readonly dropped: number;
}

/**
 * Keeps the weights of a validation. Where there are as many as there may be (`mostMoments`), it is kept only when it is as far from the last
 * as any of them from the next, so that in a long training ever fewer are written; another one is let go of then.
 */
export async function saveMoment(run: string, weights: ReadonlyMap<string, NamedTensor>, step: number): Promise<Kept> {
  const numbers = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  const most = mostMoments(numbers);
  const steps = await momentSteps(run);
  // The end of a run saves its last validation twice.
  if (steps.includes(step)) return { kept: true, dropped: 0 };
  if (steps.length >= most && step - (steps.at(-1) ?? 0) < smallestGap(steps)) return { kept: false, dropped: 1 };
  await saveWeights(pathOf(run, step), weights, step);
  let kept = [...steps, step].sort((a, b) => a - b);
  while (kept.length > most) {
    const spared = leastMissed(kept);
    await rm(pathOf(run, spared), { force: true });
    kept = kept.filter((one) => one !== spared);
  }
  return { kept: true, dropped: steps.length + 1 - kept.length };
}

const smallestGap = (steps: readonly number[]): number =>
  steps.slice(1).reduce((least, step, place) => Math.min(least, step - (steps[place] ?? 0)), Number.POSITIVE_INFINITY);

/**
 * Of steps in order, the one whose going leaves the smallest gap: those that stay are spread evenly over the training, however long it is.
 * The first and the last stay.
 */
export function leastMissed(steps: readonly number[]): number {
  const gap = (place: number): number => (steps[place + 1] ?? Number.POSITIVE_INFINITY) - (steps[place - 1] ?? 0);
  let least = 1;
  for (let place = 2; place < steps.length - 1; place++) if (gap(place) < gap(least)) least = place;
  return steps[steps.length > 2 ? least : 0] ?? 0;
}

/** Lets go of what came after a step: training goes on from there, and keeps it again. */
export async function rewindMoments(run: string, step: number): Promise<void> {
  for (const later of (await momentSteps(run)).filter((one) => one > step)) await rm(pathOf(run, later), { force: true });
}

/** `null` where there is none of this step. @throws UserError `moment-damaged` */
export const loadMoment = (run: string, step: number): Promise<SavedWeights | null> =>
  readWeights(pathOf(run, step)).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return null;
    throw new UserError(
      {
        code: 'moment-damaged',
        message: `The weights of step ${step} are damaged: ${pathOf(run, step)} is not as it was written.`,
        hint: 'Look at another moment, or delete the file.',
      },
      { cause: error },
    );
  });

export const noMoment = (step: number, kept: readonly number[]): UserError =>
  new UserError({
    code: 'no-moment',
    message: `The weights of step ${step} are not kept.`,
    hint: kept.length === 0 ? 'None are yet.' : `Those of these steps are: ${kept.join(', ')}.`,
  });
