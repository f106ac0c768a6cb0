import type { DataEncoding } from '../data/dataset.ts';
import type { MetricValues } from '../protocol/runs.ts';

/** Whether the classes are the tokens of a vocabulary, one to be said at each step. */
export const hasTokenTargets = ({ binding }: Pick<DataEncoding, 'binding'>): boolean =>
  binding.task === 'language-model' || binding.task === 'sequence-to-sequence';

/**
 * How well a text is foreseen: `perplexity` per token, and `bits-per-character` where a language model's tokens are characters.
 *
 * @param nats mean of `-ln p(token)`
 */
export function textFigures({ binding }: Pick<DataEncoding, 'binding'>, nats: number): MetricValues {
  return {
    perplexity: Math.exp(nats),
    ...(binding.task === 'language-model' && binding.tokenizer.level === 'character'
      ? { 'bits-per-character': nats / Math.LN2 }
      : {}),
  };
}
