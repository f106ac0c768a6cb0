import { neverSaid, specialTokens } from '../data/dataset.ts';
import { logProbabilities } from './log-probabilities.ts';

/**
 * Log-probabilities of what may come next in one row, as the model gives them; what is never said (`<pad>`, `<unk>`, `<bos>`) is
 * -∞, and the rest is not made larger for it.
 *
 * @param logits `[R, V]`
 * @param endless whether `<eos>` is never said either: a running text has no end
 * @param out `[V]`, filled and returned
 */
export function allowedNext(logits: ArrayLike<number>, row: number, out: Float64Array, endless = false): Float64Array {
  logProbabilities('dense-softmax', logits, row, out);
  for (const id of neverSaid) out[id] = Number.NEGATIVE_INFINITY;
  if (endless) out[specialTokens.end] = Number.NEGATIVE_INFINITY;
  return out;
}
