import type { DataEncoding } from '../data/dataset.ts';
import type { MetricValues } from '../protocol/runs.ts';

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
