import { expect, it } from 'vitest';
import { NormalizationFit } from './normalization.ts';

const scaling = (...columns: readonly (readonly number[])[]) => {
  const fitted = new NormalizationFit(columns.map((_column, i) => `x${i + 1}`));
  (columns[0] ?? []).forEach((_value, row) => {
    fitted.add((column) => columns[column]?.[row] ?? Number.NaN);
  });
  return fitted.result();
};

it('is the mean and the deviation of each column, over all rows', () => {
  // Squares of the first: 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32 over 8 rows; of the second 8 · 25.
  const { names, mean, deviation } = scaling([2, 4, 4, 4, 5, 5, 7, 9], [-5, 5, -5, 5, -5, 5, -5, 5]);
  expect(names).toEqual(['x1', 'x2']);
  expect(mean).toEqual([expect.closeTo(5, 12), expect.closeTo(0, 12)]);
  expect(deviation).toEqual([expect.closeTo(2, 12), expect.closeTo(5, 12)]);
});

it('loses no digits of large values', () => {
  const { mean, deviation } = scaling([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
  expect(mean[0]).toBeCloseTo(1e9 + 10, 6);
  expect(deviation[0]).toBeCloseTo(Math.sqrt(22.5), 6);
});

it('makes a column that never changes 0, and divides nothing by 0', () => {
  expect(scaling([7, 7, 7], [0, 0, 0], [0.1, 0.1, 0.1])).toMatchObject({ mean: [7, 0, 0.1], deviation: [1, 1, 1] });
  // Changes in the last digit are no change: they come from how numbers are written.
  expect(scaling([0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2]).deviation).toEqual([1]);
  expect(scaling([]).deviation).toEqual([1]);
});

it('keeps the changes of a column in a small unit, and those of large numbers', () => {
  const { mean, deviation } = scaling([1e-13, 3e-13], [-1.7e12, -1.7e12 + 4]);
  expect((mean[0] ?? 0) / 2e-13).toBeCloseTo(1, 9);
  expect((deviation[0] ?? 0) / 1e-13).toBeCloseTo(1, 9);
  expect(deviation[1]).toBe(2);
  expect(mean[1]).toBe(-1.7e12 + 2);
});
