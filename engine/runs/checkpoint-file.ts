import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../files/error-code.ts';
import { readWholeFile } from '../files/open-file.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../files/safetensors.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';
import { trainingState } from '../protocol/training-state.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Newest checkpoints kept: one, and one to fall back on. */
const kept = 2;

const folderOf = (run: string): string => join(run, 'checkpoints');
const fileName = (step: number): string => `step-${String(step).padStart(9, '0')}.safetensors`;
const filePattern = /^step-\d{9,}\.safetensors$/;
/** By number: from a thousand million steps on, names are longer. */
const stepOf = (name: string): number => Number(/\d+/.exec(name)?.[0]);
const bestPath = (run: string): string => join(run, 'best', 'model.safetensors');

/**
 * Saves a checkpoint as one file, so that it is there whole or not at all: tensors as safetensors, the training state as JSON in
 * its metadata, with a checksum of both.
 */
export async function saveCheckpoint(run: string, { state, tensors }: Checkpoint): Promise<void> {
  const text = figuresToJson(state);
  const bytes = encodeSafetensors(tensors, { state: text, sha256: checksum(text, tensors) });
  await writeAtomically(join(folderOf(run), fileName(state.step)), bytes);
  const names = await checkpointNames(run);
  for (const name of names.slice(kept)) await rm(join(folderOf(run), name), { force: true });
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
    const names = await checkpointNames(run);
    const damaged: string[] = [];
    for (const name of names) {
      const checkpoint = await readCheckpoint(join(folderOf(run), name));
      if (checkpoint) return { checkpoint, damaged };
      damaged.push(name);
    }
    // While it trains, newer ones may have taken their place since they were listed.
    if ((await checkpointNames(run)).join() === names.join()) return { checkpoint: null, damaged };
  }
}

/** Newest first. */
async function checkpointNames(run: string): Promise<string[]> {
  const names = await readdir(folderOf(run)).catch(() => []);
  return names.filter((name) => filePattern.test(name)).sort((a, b) => stepOf(b) - stepOf(a));
}

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
export async function saveBest(run: string, weights: ReadonlyMap<string, NamedTensor>, step: number): Promise<void> {
  const text = String(step);
  await writeAtomically(bestPath(run), encodeSafetensors(weights, { step: text, sha256: checksum(text, weights) }));
}

/**
 * The weights that did best, with the step they are from; `null` when there are none.
 *
 * @throws UserError `best-damaged`
 */
export async function loadBest(run: string): Promise<{ step: number; weights: Map<string, NamedTensor> } | null> {
  const bytes = await readWholeFile(bestPath(run)).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return null;
    throw bestDamaged(run, error);
  });
  if (bytes === null) return null;
  try {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const text = metadata['step'] ?? '';
    if (metadata['sha256'] === checksum(text, tensors)) return { step: Number(text), weights: tensors };
  } catch (error) {
    throw bestDamaged(run, error);
  }
  throw bestDamaged(run);
}

const bestDamaged = (run: string, cause?: unknown): UserError =>
  new UserError(
    {
      code: 'best-damaged',
      message: `The best weights of this run are damaged: ${bestPath(run)} is not as it was written.`,
      hint: `Put it back from a backup, or take the weights of its last checkpoint instead: unroll restore ${run}`,
    },
    { cause },
  );

function checksum(text: string, tensors: ReadonlyMap<string, NamedTensor>): string {
  const hash = createHash('sha256').update(text);
  for (const [name, { data }] of tensors) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
