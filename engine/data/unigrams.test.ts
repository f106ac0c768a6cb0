import { expect, it } from 'vitest';
import { unigramPerplexity } from './unigrams.ts';

it('guesses tokens by how often training says them, each once more', () => {
  // Training says 0 twice and 1 once: shares 3/7, 2/7, 1/7, 1/7. Of 0 and 2 the perplexity is √(7/3 · 7/1).
  expect(unigramPerplexity([0, 0, 1], [0, 2], 4)).toBeCloseTo(7 / Math.sqrt(3), 12);
  expect(unigramPerplexity([0, 0, 1], [1, 1, 1, 1], 4)).toBeCloseTo(3.5, 12);
  expect(unigramPerplexity([0, 0, 1], [], 4)).toBe(4);
});
