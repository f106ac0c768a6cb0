import { expect, test } from 'vitest';
import { geometricMean, median } from './statistics.ts';

test('the median does not care about order or one slow step', () => {
  expect(median([5, 1, 900])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test('the geometric mean of twice and half is equal speed', () => {
  expect(geometricMean([2, 0.5])).toBeCloseTo(1);
  expect(geometricMean([1, 2, 4])).toBeCloseTo(2);
  expect(geometricMean([])).toBeNull();
});
