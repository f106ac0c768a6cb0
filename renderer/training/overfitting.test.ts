import { describe, expect, it } from 'vitest';
import { lowestLoss, overfitting, stoppedEarly } from './overfitting.ts';
import { RunCurves } from './run-curves.ts';

/** Two training steps and one evaluation an epoch. */
function curvesOf(train: readonly number[], validation: readonly number[]): RunCurves {
  const curves = new RunCurves();
  const event = (step: number, split: 'train' | 'validation', loss: number) => ({
    step,
    epoch: step / 2,
    seconds: step,
    split,
    values: { loss },
  });
  curves.append(train.map((loss, i) => event(i + 1, 'train', loss)));
  curves.append(validation.map((loss, i) => event(2 * (i + 1), 'validation', loss)));
  return curves;
}
const falling = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0.5];

describe('a run that learns by heart', () => {
  it('is one whose validation loss rises while its training loss falls', () => {
    expect(overfitting(curvesOf(falling, [5, 4, 4.5, 4.8, 5]))).toEqual({ since: 2, best: 4, last: 5 });
  });

  it('is not one whose validation loss falls, wavers, or has risen twice only', () => {
    expect(overfitting(curvesOf(falling, [5, 4, 3, 2, 1]))).toBeNull();
    expect(overfitting(curvesOf(falling, [5, 4, 4.05, 4.06, 4.07]))).toBeNull();
    expect(overfitting(curvesOf(falling, [5, 4.5, 4, 4.5, 5]))).toBeNull();
  });

  it('is not one whose training loss rises too: that is another trouble', () => {
    expect(overfitting(curvesOf([9, 8, 1, 1, 2, 3, 4, 5, 6, 7], [5, 4, 4.5, 4.8, 5]))).toBeNull();
  });

  it('is not told without a validation split, nor of what is no number', () => {
    expect(overfitting(curvesOf(falling, []))).toBeNull();
    expect(overfitting(curvesOf(falling, [5, 4, 4.5, 4.8, Number.NaN]))).toBeNull();
  });
});

it('of a run that is judged, the first of the lowest losses counts', () => {
  const loss = (...values: number[]) => lowestLoss(curvesOf([], values).get('loss', 'validation') ?? expect.fail());
  expect(loss(5, 3, 4, 3)).toBe(1);
  expect(loss(5, 4, 3)).toBe(2);
  expect(lowestLoss({ step: [], epoch: [], time: [], value: [] })).toBe(-1);
});

it('is stopped early where it is done before its last step', () => {
  expect(stoppedEarly({ status: 'done', step: 30, totalSteps: 40 })).toBe(true);
  expect(stoppedEarly({ status: 'done', step: 40, totalSteps: 40 })).toBe(false);
  expect(stoppedEarly({ status: 'stopped', step: 30, totalSteps: 40 })).toBe(false);
  // A model that came trained.
  expect(stoppedEarly({ status: 'done', step: 0, totalSteps: 0 })).toBe(false);
});
