/**
 * Perplexity of guessing every token by how often it occurs in the training split, whatever came before: what a language model must
 * beat. Frequencies are smoothed by one, so that a token that training lacks is not impossible.
 *
 * @param train and judged: ids of the tokens that are to be said
 */
export function unigramPerplexity(train: ArrayLike<number>, judged: ArrayLike<number>, vocabulary: number): number {
  const counts = new Float64Array(vocabulary).fill(1);
  for (let i = 0; i < train.length; i++) counts[train[i] ?? 0] = (counts[train[i] ?? 0] ?? 1) + 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  let bits = 0;
  for (let i = 0; i < judged.length; i++) bits -= Math.log((counts[judged[i] ?? 0] ?? 1) / total);
  return judged.length === 0 ? vocabulary : Math.exp(bits / judged.length);
}

export const unigramBaselineName = 'token frequencies';
