import { expect, it } from 'vitest';

import { errorBaseline, majorityBaseline } from './baseline.ts';
import { naiveForecast } from './naive-forecast.ts';
import { unigramPerplexity } from './unigrams.ts';

it('always says the class that training has most of, the first of equal ones', () => {
  const train = Int32Array.of(2, 1, 2, 0, 1, 2);
  expect(majorityBaseline(train, Int32Array.of(2, 0, 1, 2, 2), ['a', 'b', 'c'])).toEqual({
    name: 'majority class “c”',
    metric: 'accuracy',
    value: 3 / 5,
  });
  expect(majorityBaseline(Int32Array.of(1, 2, 2, 1), Int32Array.of(1, 2), ['a', 'b', 'c'])).toMatchObject({
    name: 'majority class “b”',
    value: 1 / 2,
  });
  expect(majorityBaseline(train, new Int32Array(), ['a', 'b', 'c']).value).toBe(0);
});

it('is wrong by the root of the mean squared difference', () => {
  // Differences 3, -4, 0, 0: √(25 / 4).
  const said = [1, 2, 3, 4];
  expect(errorBaseline('same', (i) => said[i] ?? 0, [-2, 6, 3, 4])).toEqual({ name: 'same', metric: 'rmse', value: 2.5 });
  expect(errorBaseline('same', () => 1, []).value).toBe(0);
});

it('guesses tokens by how often training says them, each once more', () => {
  // Training says 0 twice and 1 once: shares 3/7, 2/7, 1/7, 1/7. Of 0 and 2 the perplexity is √(7/3 · 7/1).
  expect(unigramPerplexity([0, 0, 1], [0, 2], 4)).toBeCloseTo(7 / Math.sqrt(3), 12);
  expect(unigramPerplexity([0, 0, 1], [1, 1, 1, 1], 4)).toBeCloseTo(3.5, 12);
  expect(unigramPerplexity([0, 0, 1], [], 4)).toBe(4);
});

const window = (length: number, horizon: number, season: number | null) => ({ length, horizon, season, stride: 1 });

it('says the last value, or that of the same step of a season before', () => {
  expect(naiveForecast(window(5, 3, null))).toEqual({ name: 'last value', step: 4 });
  for (let length = 1; length <= 12; length++) {
    for (let horizon = 1; horizon <= 6; horizon++) {
      for (let season = 2; season <= 6; season++) {
        // The target stands `horizon` steps after the window's last: of the steps that are shown, the latest of its phase.
        const target = length - 1 + horizon;
        const shown = Array.from({ length }, (_unused, step) => step).filter((step) => (target - step) % season === 0);
        const step = shown.at(-1);
        if (step === undefined) {
          let needed = length + 1;
          while (!Array.from({ length: needed }, (_unused, i) => i).some((i) => (needed - 1 + horizon - i) % season === 0))
            needed++;
          expect(() => naiveForecast(window(length, horizon, season))).toThrow(
            `a window of at least ${needed} steps, found ${length}`,
          );
        } else expect(naiveForecast(window(length, horizon, season))).toEqual({ name: `seasonal naive, ${season} steps`, step });
      }
    }
  }
});
