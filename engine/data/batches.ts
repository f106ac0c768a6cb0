import type { TargetSequences } from '../layers/batch-input.ts';
import { bucketByLength } from './bucket.ts';
import { type Batch, type EncodedSplit, specialTokens, type TokenIds } from './dataset.ts';
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
  const lengths = new Float64Array(split.count);
  for (let i = 0; i < lengths.length; i++) lengths[i] = lengthKey(split, i);
  return bucketByLength(lengths, options);
}

/** Batches of an epoch, running texts and shuffled examples alike: all are full but the last, or some of a text's last stream. */
export const batchCount = ({ count }: EncodedSplit, batchSize: number): number => Math.ceil(count / batchSize);

/** Orders examples by their input's length, and those of equal input by their target's: little of a batch is padding on either side. */
export const lengthKey = (split: EncodedSplit, i: number): number => stepCount(split, i) + targetCount(split, i) / longerThanAny;

/** Tokens of example `i`'s target, `<eos>` included; 0 where the target is no sequence of its own. */
export const targetCount = ({ targets }: EncodedSplit, i: number): number =>
  targets ? (targets.offsets[i + 1] ?? 0) - (targets.offsets[i] ?? 0) : 0;

/** What example `i` is to say, without `<eos>`. */
export const targetTokens = ({ targets }: EncodedSplit, i: number): TokenIds =>
  targets ? targets.tokens.subarray(targets.offsets[i] ?? 0, (targets.offsets[i + 1] ?? 1) - 1) : new Int32Array();

/** No target has that many tokens. */
const longerThanAny = 2 ** 20;

/** The time axis of a batch's per-step targets: that of its target sequences, or of its input. */
export const targetAxis = (batch: Batch): { readonly steps: number; readonly lengths: Int32Array } => batch.target ?? batch;

/** Real tokens or numbers of an axis, over all rows. */
export const realSteps = ({ lengths }: { readonly lengths: Int32Array }): number =>
  lengths.reduce((sum, length) => sum + length, 0);

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
        series.set(split.series.subarray((start + t) * width, (start + t + 1) * width), at * width);
      }
    }
    if (classTargets && split.classTargets) classTargets[row] = split.classTargets[example] ?? 0;
    if (numberTargets && split.numberTargets) {
      for (let k = 0; k < targets; k++) numberTargets[row * targets + k] = split.numberTargets[example * targets + k] ?? 0;
    }
  }
  const said = split.targets ? targetSequences(split, indices) : null;
  return {
    steps,
    rows,
    tokens,
    series,
    lengths,
    classTargets,
    tagTargets: said?.tokens ?? tagTargets,
    numberTargets,
    target: said?.target ?? null,
    examples: indices,
  };
}

/** What a decoder reads and what it is to say at each step `[U, B]`: U is the longest target's length. */
function targetSequences(split: EncodedSplit, indices: Uint32Array): { target: TargetSequences; tokens: Int32Array } {
  const rows = indices.length;
  const lengths = Int32Array.from(indices, (example) => targetCount(split, example));
  const steps = lengths.reduce((longest, length) => Math.max(longest, length), 1);
  const inputs = new Int32Array(steps * rows);
  const tokens = new Int32Array(steps * rows);
  indices.forEach((example, row) => {
    const start = split.targets?.offsets[example] ?? 0;
    let previous: number = specialTokens.begin;
    for (let u = 0; u < (lengths[row] ?? 0); u++) {
      const token = split.targets?.tokens[start + u] ?? specialTokens.end;
      inputs[u * rows + row] = previous;
      tokens[u * rows + row] = token;
      previous = token;
    }
  });
  return { target: { steps, inputs, lengths }, tokens };
}
