import { chooseLoss, headKind } from '../compile/loss-kind.ts';
import { classCount, logProbabilities } from '../decode/log-probabilities.ts';
import type { Example } from './example.ts';
import type { Subject } from './subject.ts';

/** Loss of one example, and of each of its steps where the target has one a step; not weighed by class. `null` where no target is known. */
export function lossesOf(
  { model: { plan }, encoding, training }: Subject,
  { batch, known }: Example,
  logits: ArrayLike<number>,
): { readonly loss: number | null; readonly losses: readonly number[] | null } {
  if (batch.numberTargets) {
    const squares = Array.from(batch.numberTargets, (target, k) => ((logits[k] ?? 0) - target) ** 2);
    const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    return { loss: chooseLoss(plan, training.loss) === 'rmse' ? Math.sqrt(mean) : mean, losses: null };
  }
  const head = headKind(plan);
  const width = head === 'dense-sigmoid' ? 1 : (encoding.classes?.length ?? 1);
  const scratch = new Float64Array(classCount(head, width));
  const surprise = (target: number, row: number): number => -(logProbabilities(head, logits, row, scratch)[target] ?? 0);
  if (batch.classTargets) return { loss: surprise(batch.classTargets[0] ?? 0, 0), losses: null };
  if (batch.tagTargets === null || known === 0) return { loss: null, losses: null };
  const losses = Array.from(batch.tagTargets.subarray(0, known), surprise);
  const sum = losses.reduce((all, loss) => all + loss, 0);
  return { loss: training.timeReduction === 'sum' ? sum : sum / known, losses };
}
