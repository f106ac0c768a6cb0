import { expect, it } from 'vitest';
import { meanCurve } from './mean-curve.ts';
import type { Curve } from './run-curves.ts';

const curve = (step: number[], value: number[], time = step): Curve => ({ step, epoch: step, time, value });

it('is the mean and a standard deviation to either side, by hand', () => {
  const found = meanCurve([curve([1, 2], [1, 4]), curve([1, 2], [3, 4]), curve([1, 2], [5, 10])], 'step');
  expect(found?.x).toEqual([1, 2]);
  expect(found?.mean).toEqual([3, 6]);
  // Deviations of 1, 3, 5 from 3: √((4 + 0 + 4) / 2) = 2; of 4, 4, 10 from 6: √((4 + 4 + 16) / 2) = √12.
  expect(found?.low[0]).toBeCloseTo(1);
  expect(found?.high[0]).toBeCloseTo(5);
  expect(found?.high[1]).toBeCloseTo(6 + Math.sqrt(12));
});

it('is drawn where all have got to: a run that stopped early or trains still does not bend it', () => {
  expect(meanCurve([curve([1, 2, 3], [1, 2, 9]), curve([1, 2], [3, 4])], 'step')?.x).toEqual([1, 2]);
});

it('stands at the mean time on an axis of time', () => {
  expect(meanCurve([curve([5], [1], [10]), curve([5], [1], [20])], 'time')?.x).toEqual([15]);
});

it('keeps what is no number', () => {
  expect(meanCurve([curve([1], [Number.NaN]), curve([1], [3])], 'step')?.mean).toEqual([Number.NaN]);
});

it('needs two', () => {
  expect(meanCurve([curve([1], [1])], 'step')).toBeNull();
});
