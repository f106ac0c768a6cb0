import { expect, it } from 'vitest';
import { deviation, explainedVariance, mean } from './importance.ts';

const trial = (values: (string | number)[], value: number) => ({ values, value });

it('a setting that decides all explains all, one that decides nothing none', () => {
  const trials = ['a', 'b', 'c'].flatMap((kind, i) => [1, 2, 3, 4].map((other) => trial([kind, other], 10 * i)));
  expect(explainedVariance(trials, 2)).toEqual([1, 0]);
});

it('is ε² by hand: groups {1, 3}, {5, 7}, {3, 5}', () => {
  // Mean 4; SS total 9+1+1+9+1+1 = 22; within 2+2+2 = 6; between 16; (16 − 2 · 6/3) / 22 = 12/22.
  const trials = [trial(['a'], 1), trial(['a'], 3), trial(['b'], 5), trial(['b'], 7), trial(['c'], 3), trial(['c'], 5)];
  expect(explainedVariance(trials, 1)[0]).toBeCloseTo(12 / 22, 12);
});

it('takes ranges of a number that every trial has another value of', () => {
  // Nine numbers, three ranges of three: what grows with the number is explained by it, noise is not.
  const slope = [5, 1, 9, 3, 7, 2, 8, 4, 6].map((x, i) => trial([x, (i * 7919) % 101], x));
  const [x = null, noise = null] = explainedVariance(slope, 2);
  expect(x).toBeGreaterThan(0.8);
  expect(noise).toBeLessThan(0.3);
});

it('says nothing of what too few trials tell', () => {
  expect(explainedVariance([], 1)).toEqual([null]);
  expect(explainedVariance([trial(['a'], 1), trial(['b'], 2)], 1)).toEqual([null]);
  expect(explainedVariance([trial(['a'], 1), trial(['a'], 2), trial(['a'], 3)], 1)).toEqual([null]);
  expect(explainedVariance([trial(['a'], 1), trial(['a'], 1), trial(['b'], 1)], 1)).toEqual([null]);
});

it('mean and sample standard deviation', () => {
  expect(mean([2, 4, 9])).toBe(5);
  expect(deviation([2, 4, 9])).toBeCloseTo(Math.sqrt(13), 12);
  expect(deviation([2])).toBeNull();
});
