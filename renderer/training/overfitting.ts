import type { RunSummary } from '../../engine/protocol/runs.ts';
import { lowerBound } from './decimation.ts';
import type { Curve, RunCurves } from './run-curves.ts';

/** Evaluations after the best one that make it a trend. */
const enough = 3;

export interface Overfitting {
  /** Epoch of the lowest validation loss. */
  readonly since: number;
  /** Validation loss there, and at the last evaluation. */
  readonly best: number;
  readonly last: number;
}

/** Whether a run was ended by early stopping: it is done before its last step. */
export const stoppedEarly = ({ status, step, totalSteps }: Pick<RunSummary, 'status' | 'step' | 'totalSteps'>): boolean =>
  status === 'done' && step < totalSteps;

/** The first index of the lowest loss of those that are judged; −1 where there is none. */
export function lowestLoss({ value }: Curve): number {
  let at = value.length === 0 ? -1 : 0;
  for (let i = 1; i < value.length; i++) if ((value[i] ?? Number.NaN) < (value[at] ?? Number.NaN)) at = i;
  return at;
}

/**
 * Whether a run learns its training split by heart: the loss on the validation split has been above its lowest for three evaluations, by
 * 2 % at the last, while the training split's mean loss between evaluations went on falling. `null` where it does not, or where no
 * evaluation tells.
 */
export function overfitting(curves: RunCurves): Overfitting | null {
  const validation = curves.get('loss', 'validation');
  const train = curves.get('loss', 'train');
  if (!validation || !train) return null;
  const { value, step, epoch } = validation;
  const at = lowestLoss(validation);
  const [best, last] = [value[at], value.at(-1)];
  if (best === undefined || last === undefined || value.length - 1 - at < enough || !(last > best * 1.02)) return null;
  const between = (index: number): number => {
    const [from, to] = [index === 0 ? 0 : (step[index - 1] ?? 0), step[index] ?? 0];
    const inside = train.value.slice(lowerBound(train.step, from + 1), lowerBound(train.step, to + 1));
    return inside.reduce((sum, loss) => sum + loss, 0) / inside.length;
  };
  return between(value.length - 1) < between(at) ? { since: epoch[at] ?? 0, best, last } : null;
}
