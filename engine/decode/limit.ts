import type { DataEncoding } from '../data/dataset.ts';

/**
 * How many tokens a model says at most, `<eos>` included, unless it is asked for more or less: twice what the longest training target
 * has. A model that has not learned to end would go on for ever.
 */
export function defaultLimit({ binding, longestTarget }: Pick<DataEncoding, 'binding' | 'longestTarget'>): number {
  return longestTarget === undefined ? binding.targetTokenizer.maxLength + 1 : 2 * longestTarget;
}
