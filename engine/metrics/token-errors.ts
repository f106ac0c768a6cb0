import type { MetricValues } from '../protocol/runs.ts';
import { editDistance } from './edit-distance.ts';

/**
 * How far generated sequences are from their references. `token-error-rate` is the edit distance over all references' tokens (the
 * word or phoneme error rate of speech recognition; above 1 where much too much is said); `sequence-accuracy` the share that is
 * right to the last token.
 */
export class TokenErrors {
  #edits = 0;
  #length = 0;
  #right = 0;
  #sequences = 0;

  /** Ids without `<bos>` and `<eos>`. */
  add(reference: ArrayLike<number>, said: ArrayLike<number>): void {
    const edits = editDistance(reference, said);
    this.#edits += edits;
    this.#length += reference.length;
    this.#right += edits === 0 ? 1 : 0;
    this.#sequences += 1;
  }

  values(): MetricValues {
    if (this.#sequences === 0) return {};
    return {
      'token-error-rate': this.#edits / Math.max(1, this.#length),
      'sequence-accuracy': this.#right / this.#sequences,
    };
  }
}
