import { compilePlan } from '../compile/compile-plan.ts';
import type { Plan } from '../compile/plan.ts';
import type { DataEncoding } from '../data/dataset.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { UserError } from '../protocol/envelope.ts';
import { type Checkpoint, weightsOf } from '../runs/checkpoint.ts';
import type { RunFolder } from '../runs/run-folder.ts';

/** A run as trained: everything that predicting, evaluating, exporting and training on need. */
export interface TrainedRun {
  readonly document: UnrollDocument;
  readonly plan: Plan;
  readonly encoding: DataEncoding;
  readonly weights: ReadonlyMap<string, NamedTensor>;
  /** The step that the weights are from. */
  readonly step: number;
}

/** `last`: those of the last checkpoint, also where others are better. Of a step: where they are kept. */
type WhichWeights = 'best' | 'last' | { readonly step: number };

/**
 * The run's best weights from disk, or others that are kept.
 *
 * @throws UserError `run-not-found`, `best-damaged`, `no-weights` before the first checkpoint, or as `RunFolder.weightsAt`
 */
export async function loadTrainedRun(folder: RunFolder, which: WhichWeights = 'best'): Promise<TrainedRun> {
  const { document, facts } = await folder.read();
  const compiled = compilePlan(document, facts);
  if (!compiled.ok) throw new Error(`the run's graph does not compile: ${compiled.problems[0]?.message ?? ''}`);
  return { document, plan: compiled.plan, encoding: await folder.encoding(), ...(await weightsOfRun(folder, which)) };
}

async function weightsOfRun(folder: RunFolder, which: WhichWeights): Promise<Pick<TrainedRun, 'weights' | 'step'>> {
  if (typeof which === 'object') return { weights: await folder.weightsAt(which.step), step: which.step };
  let checkpoint: Checkpoint | null = null;
  const readBest = (): ReturnType<RunFolder['best']> =>
    folder.best().catch(async (damaged: unknown) => {
      checkpoint = await folder.checkpoint();
      // The same weights: the best were those of the last checkpoint.
      if (checkpoint?.state.best?.step === checkpoint?.state.step) return null;
      throw damaged;
    });
  const best = which === 'best' ? await readBest() : null;
  if (!best) checkpoint ??= await folder.checkpoint();
  const weights = best?.weights ?? (checkpoint && weightsOf(checkpoint));
  const step = best?.step ?? checkpoint?.state.step;
  if (!weights || step === undefined) {
    throw new UserError({
      code: 'no-weights',
      message: 'This run has no saved weights yet.',
      hint: 'Let it train until its first validation.',
    });
  }
  return { weights, step };
}
