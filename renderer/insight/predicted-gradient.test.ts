import { describe, expect, it } from 'vitest';
import { lastReached, predictedGradient } from './predicted-gradient.ts';

describe('what a gradient can be at most', () => {
  // A plain cell of one number, h' = w h: the Jacobian of each step is w, and the bound is the gradient itself.
  const w = 0.5;
  const norms = [w ** 3, w ** 2, w, 1];

  it('is, of one number, what it is', () => {
    const states = [[4 * w ** 2, 4 * w, 4, 0]];
    expect(lastReached({ states, backward: false })).toBe(2);
    const { jacobians, singular } = predictedGradient({ states, backward: false }, 2, norms, 0.6);
    expect(jacobians).toEqual([1, 2, 4, Number.NaN]);
    expect(singular?.map((value) => Number(value.toFixed(3)))).toEqual([1.44, 2.4, 4, Number.NaN]);
  });

  it('goes the other way in a backward layer, and starts from all parts of the state', () => {
    const states = [
      [0, 3, 1, 1],
      [0, 4, 1, 1],
    ];
    expect(lastReached({ states, backward: true })).toBe(1);
    const { jacobians, singular } = predictedGradient({ states, backward: true }, 1, norms, null);
    expect(jacobians).toEqual([Number.NaN, 5, 2.5, 1.25]);
    expect(singular).toBeNull();
  });

  it('is not said where no gradient arrives', () => {
    expect(lastReached({ states: [[0, 0]], backward: false })).toBeNull();
    expect(lastReached({ states: [], backward: false })).toBeNull();
  });
});
