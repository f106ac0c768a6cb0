import { bucketByLength } from './bucket.ts';
import type { Batch, EncodedSplit } from './dataset.ts';
import { streamBatches } from './streams.ts';

/** First step of example `i` in the split's step arrays. */
export const stepStart = (split: EncodedSplit, i: number): number => (split.starts ?? split.offsets)[i] ?? 0;

/** Steps of example `i`. */
export const stepCount = (split: EncodedSplit, i: number): number => (split.offsets[i + 1] ?? 0) - (split.offsets[i] ?? 0);

export interface EpochOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
  readonly shuffle: boolean;
}

/** The examples of every batch of one epoch; the same options always give the same batches. */
export function epochBatches(split: EncodedSplit, options: EpochOptions): Uint32Array[] {
  if (split.running === true) return streamBatches(split, options.batchSize);
  const lengths = new Uint32Array(split.count);
  for (let i = 0; i < split.count; i++) lengths[i] = stepCount(split, i);
  return bucketByLength(lengths, options);
}

/**
 * One padded, time-major batch: T is the longest row's length, or `minimumSteps` if that is more (padding changes nothing).
 *
 * @param features F, the width of a numeric step; `null` for tokens
 */
export function makeBatch(split: EncodedSplit, indices: Uint32Array, features: number | null, minimumSteps = 1): Batch {
  const rows = indices.length;
  const lengths = new Int32Array(rows);
  let steps = minimumSteps;
  for (let row = 0; row < rows; row++) {
    const count = stepCount(split, indices[row] ?? 0);
    lengths[row] = count;
    steps = Math.max(steps, count);
  }
  const width = features ?? 0;
  const tokens = split.tokens && new Int32Array(steps * rows);
  const series = split.series && new Float32Array(steps * rows * width);
  const tagTargets = split.tagTargets && new Int32Array(steps * rows);
  const classTargets = split.classTargets && new Int32Array(rows);
  const targets = split.numberTargets && split.count > 0 ? split.numberTargets.length / split.count : 0;
  const numberTargets = split.numberTargets && new Float32Array(rows * targets);
  for (let row = 0; row < rows; row++) {
    const example = indices[row] ?? 0;
    const start = stepStart(split, example);
    const length = lengths[row] ?? 0;
    for (let t = 0; t < length; t++) {
      const at = t * rows + row;
      if (tokens && split.tokens) tokens[at] = split.tokens[start + t] ?? 0;
      if (tagTargets && split.tagTargets) tagTargets[at] = split.tagTargets[start + t] ?? 0;
      if (series && split.series) {
        for (let f = 0; f < width; f++) series[at * width + f] = split.series[(start + t) * width + f] ?? 0;
      }
    }
    if (classTargets && split.classTargets) classTargets[row] = split.classTargets[example] ?? 0;
    if (numberTargets && split.numberTargets) {
      for (let k = 0; k < targets; k++) numberTargets[row * targets + k] = split.numberTargets[example * targets + k] ?? 0;
    }
  }
  return { steps, rows, tokens, series, lengths, classTargets, tagTargets, numberTargets, examples: indices };
}
