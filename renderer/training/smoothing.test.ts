import { describe, expect, it } from 'vitest';
import { smooth } from './smoothing.ts';

describe('smooth', () => {
  it('leaves values alone at weight 0', () => {
    expect(smooth([3, 1, null, 2], 0)).toEqual([3, 1, null, 2]);
  });

  it('starts at the first value and keeps a constant constant', () => {
    for (const value of smooth([5, 5, 5, 5], 0.9)) expect(value).toBeCloseTo(5, 10);
    expect(smooth([8, 0], 0.5)[0]).toBeCloseTo(8, 10);
  });

  it('weighs the past by the weight', () => {
    // (0.5·0.5·8 + 0.5·2) / (1 − 0.25)
    expect(smooth([8, 2], 0.5)[1]).toBeCloseTo(4, 10);
  });

  it('is not poisoned by a gap or by a value that is not a number', () => {
    const smoothed = smooth([1, null, Number.NaN, 1], 0.8);
    expect(smoothed[1]).toBeNull();
    expect(smoothed[2]).toBeNaN();
    expect(smoothed[3]).toBeCloseTo(1, 10);
  });
});
