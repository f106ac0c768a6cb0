import type { HeadKind } from '../compile/loss-kind.ts';

/** Classes that a classifying head tells apart, from the width of its logits. */
export const classCount = (head: HeadKind, width: number): number => (head === 'dense-sigmoid' ? 2 : width);

/**
 * Log-probabilities of row `row` of a head's logits, in double precision, never overflowing.
 *
 * @param logits `[N, C]` for softmax, `[N, 1]` for sigmoid
 * @param out `[C]`, `[2]` for sigmoid; filled and returned
 */
export function logProbabilities(head: HeadKind, logits: ArrayLike<number>, row: number, out: Float64Array): Float64Array {
  if (head === 'dense-sigmoid') {
    const x = logits[row] ?? 0;
    out[0] = -softplus(x);
    out[1] = -softplus(-x);
    return out;
  }
  const width = out.length;
  let highest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < width; c++) highest = Math.max(highest, logits[row * width + c] ?? Number.NaN);
  let sum = 0;
  for (let c = 0; c < width; c++) sum += Math.exp((logits[row * width + c] ?? Number.NaN) - highest);
  const normalizer = highest + Math.log(sum);
  for (let c = 0; c < width; c++) out[c] = (logits[row * width + c] ?? Number.NaN) - normalizer;
  return out;
}

/** How much more the second of two classes is believed than the first, of row `row`: `log p(1) - log p(0)`. */
export const logOdds = (head: HeadKind, logits: ArrayLike<number>, row: number): number =>
  head === 'dense-sigmoid' ? (logits[row] ?? Number.NaN) : (logits[row * 2 + 1] ?? Number.NaN) - (logits[row * 2] ?? Number.NaN);

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Index of the largest value; the first of equals. */
export function largestIndex(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}
