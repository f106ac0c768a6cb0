import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../files/error-code.ts';
import { readWholeFile } from '../files/open-file.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../files/safetensors.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';
import { trainingState } from '../protocol/training-state.ts';
import type { Checkpoint } from './checkpoint.ts';
import { stepFileName, stepsIn } from './step-files.ts';
import { checksum, readWeights, type SavedWeights, saveWeights } from './weights-file.ts';

/** Newest checkpoints kept: one, and one to fall back on. */
const kept = 2;

const folderOf = (run: string): string => join(run, 'checkpoints');
const bestPath = (run: string): string => join(run, 'best', 'model.safetensors');

/**
 * Saves a checkpoint as one file, so that it is there whole or not at all: tensors as safetensors, the training state as JSON in
 * its metadata, with a checksum of both.
 */
export async function saveCheckpoint(run: string, { state, tensors }: Checkpoint): Promise<void> {
  const text = figuresToJson(state);
  const bytes = encodeSafetensors(tensors, { state: text, sha256: checksum(text, tensors) });
  await writeAtomically(join(folderOf(run), stepFileName(state.step)), bytes);
  const steps = await checkpointSteps(run);
  for (const step of steps.slice(kept)) await rm(join(folderOf(run), stepFileName(step)), { force: true });
}

export interface LoadedCheckpoint {
  /** The newest that is whole; `null` when there is none. */
  readonly checkpoint: Checkpoint | null;
  /** Names of the files after it that are damaged, newest first. */
  readonly damaged: readonly string[];
}

/** The newest checkpoint that is whole: a damaged file falls back to the one before it. */
export async function loadCheckpoint(run: string): Promise<LoadedCheckpoint> {
  for (;;) {
    const steps = await checkpointSteps(run);
    const damaged: string[] = [];
    for (const step of steps) {
      const checkpoint = await checkpointAt(run, step);
      if (checkpoint) return { checkpoint, damaged };
      damaged.push(stepFileName(step));
    }
    // While it trains, newer ones may have taken their place since they were listed.
    if ((await checkpointSteps(run)).join() === steps.join()) return { checkpoint: null, damaged };
  }
}

/** Of which steps there are checkpoints, newest first. */
export const checkpointSteps = (run: string): Promise<number[]> => stepsIn(folderOf(run)).catch(() => []);

/** `null` where there is none, or it is damaged. */
export const checkpointAt = (run: string, step: number): Promise<Checkpoint | null> =>
  readCheckpoint(join(folderOf(run), stepFileName(step)));

async function readCheckpoint(path: string): Promise<Checkpoint | null> {
  try {
    const { tensors, metadata } = decodeSafetensors(await readWholeFile(path));
    const text = metadata['state'] ?? '';
    if (metadata['sha256'] !== checksum(text, tensors)) return null;
    return { state: trainingState.parse(JSON.parse(text)), tensors };
  } catch {
    return null;
  }
}

/** Saves the weights that did best so far. */
export const saveBest = (run: string, weights: ReadonlyMap<string, NamedTensor>, step: number): Promise<void> =>
  saveWeights(bestPath(run), weights, step);

/**
 * The weights that did best, with the step they are from; `null` when there are none.
 *
 * @throws UserError `best-damaged`
 */
export const loadBest = (run: string): Promise<SavedWeights | null> =>
  readWeights(bestPath(run)).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return null;
    throw bestDamaged(run, error);
  });

const bestDamaged = (run: string, cause: unknown): UserError =>
  new UserError(
    {
      code: 'best-damaged',
      message: `The best weights of this run are damaged: ${bestPath(run)} is not as it was written.`,
      hint: `Put it back from a backup, or take the weights of its last checkpoint instead: unroll restore ${run}`,
    },
    { cause },
  );
