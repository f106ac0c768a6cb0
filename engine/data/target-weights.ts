import { stepCount, stepStart, targetAxis } from './batches.ts';
import type { Batch, EncodedSplit } from './dataset.ts';

/**
 * Weight of each target in a batch's loss, so that `loss = Σ weight · term`: 0 for padding, the class's weight for the rest,
 * divided by what the mean is taken over. Made on the host, so padding cannot leak into a loss or a gradient.
 *
 * - per step, mean: over all real steps of the batch, as `torch.nn.CrossEntropyLoss(weight, ignore_index)`
 * - per step, sum: summed over a sequence's steps (row L15), mean over sequences
 * - per sequence: mean over sequences, weighted as in PyTorch
 *
 * @param classWeights `[C]`, or `null` for 1 each
 * @returns `[T·B]` for tags, `[U·B]` for target sequences, `[B]` otherwise
 */
export function targetWeights(batch: Batch, timeReduction: 'mean' | 'sum', classWeights: Float32Array | null): Float32Array {
  const { rows } = batch;
  const { steps, lengths } = targetAxis(batch);
  const targets = batch.tagTargets ?? batch.classTargets;
  const perStep = batch.tagTargets !== null;
  const weights = new Float32Array(perStep ? steps * rows : rows);
  let total = 0;
  for (let at = 0; at < weights.length; at++) {
    const real = !perStep || Math.floor(at / rows) < (lengths[at % rows] ?? 0);
    if (!real) continue;
    const weight = classWeights === null ? 1 : (classWeights[targets?.[at] ?? 0] ?? 1);
    weights[at] = weight;
    total += weight;
  }
  const divisor = perStep && timeReduction === 'sum' ? rows : total;
  if (divisor > 0) for (let at = 0; at < weights.length; at++) weights[at] = (weights[at] ?? 0) / divisor;
  return weights;
}

/**
 * Weights that make every class count alike: `N / (C · count)`, scikit-learn's `balanced`. A class that the training split lacks
 * keeps weight 0: it never occurs as a target there.
 *
 * @returns `[classes]`
 */
export function balancedWeights(split: EncodedSplit, classes: number): Float32Array {
  const counts = countTargets(split, classes);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float32Array.from(counts, (count) => (count === 0 ? 0 : total / (classes * count)));
}

/** How often each class or tag is the target in a split `[classes]`; a tag or target token counts once a step. */
export function countTargets(split: EncodedSplit, classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  const count = (id: number): void => {
    counts[id] = (counts[id] ?? 0) + 1;
  };
  if (split.targets) for (const token of split.targets.tokens) count(token);
  else if (split.classTargets) for (let i = 0; i < split.count; i++) count(split.classTargets[i] ?? 0);
  else if (split.tagTargets) {
    for (let i = 0; i < split.count; i++) {
      const start = stepStart(split, i);
      const end = start + stepCount(split, i);
      for (let at = start; at < end; at++) count(split.tagTargets[at] ?? 0);
    }
  }
  return counts;
}
