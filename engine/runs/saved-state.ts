import type { NamedTensor } from '../files/safetensors.ts';
import { UserError } from '../protocol/envelope.ts';
import { type Checkpoint, weightsOf } from './checkpoint.ts';
import type { RunFolder } from './run-folder.ts';

/** What training goes on from. */
export interface SavedState {
  /** `null` before the first checkpoint. */
  readonly checkpoint: Checkpoint | null;
  readonly best: ReadonlyMap<string, NamedTensor> | null;
  /** What was found damaged, and what was done about it. */
  readonly notes: readonly string[];
}

/**
 * The newest whole checkpoint with the best weights; what was logged after it is dropped. The run is locked by this process.
 *
 * @throws UserError `checkpoints-damaged` where there are some, and none is whole
 */
export async function savedState(folder: RunFolder): Promise<SavedState> {
  const { checkpoint, damaged } = await folder.checkpoints();
  if (checkpoint === null && damaged.length > 0) throw await checkpointsDamaged(folder, damaged);
  const notes = damaged.map((name) => `The checkpoint ${name} is damaged: training goes on from step ${checkpoint?.state.step}.`);
  const lost = await folder.rewind(checkpoint?.state.step ?? -1);
  if (lost > 0)
    notes.push(`${lost === 1 ? '1 line' : `${lost} lines`} of metrics.jsonl could not be read: the curves have a gap.`);
  if (checkpoint === null || checkpoint.state.best === null) return { checkpoint, best: null, notes };
  const { state } = checkpoint;
  const best = await folder.best().catch(() => null);
  if (best !== null) return { checkpoint, best: best.weights, notes };
  const { step } = checkpoint.state.best;
  if (step === state.step) {
    const weights = weightsOf(checkpoint);
    await folder.saveBest(weights, step);
    return {
      checkpoint,
      best: weights,
      notes: [...notes, `The best weights were damaged: they are again those of step ${step}.`],
    };
  }
  const anew = `The best weights, of step ${step}, are damaged: from step ${state.step} on the best are chosen anew.`;
  return { checkpoint: { ...checkpoint, state: { ...state, best: null } }, best: null, notes: [...notes, anew] };
}

/** Why a run that has ended early cannot be resumed, in the user's words: all of its checkpoints are damaged. `null` where one is whole. */
export async function whyNotResumable(folder: RunFolder): Promise<string | null> {
  const { checkpoint, damaged } = await folder.checkpoints();
  if (checkpoint !== null || damaged.length === 0) return null;
  const { message, hint } = (await checkpointsDamaged(folder, damaged)).failure;
  return [message, hint].join(' ');
}

async function checkpointsDamaged(folder: RunFolder, damaged: readonly string[]): Promise<UserError> {
  const best = await folder.best().catch(() => null);
  const all = damaged.length === 1 ? 'The only checkpoint' : `All ${damaged.length} checkpoints`;
  return new UserError({
    code: 'checkpoints-damaged',
    message: `${all} of this run are damaged (${damaged.join(', ')} in ${folder.path}): it cannot go on.`.replace(
      'checkpoint of this run are',
      'checkpoint of this run is',
    ),
    hint: best
      ? `Its best weights, of step ${best.step}, are whole: it can be used as it is, and a new run can train on from them.`
      : 'Put them back from a backup, or start again.',
  });
}
