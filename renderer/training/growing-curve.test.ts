import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveOf, GrowingCurve } from './growing-curve.ts';

const all = (curve: GrowingCurve, length: number) => Array.from({ length }, (_, i) => curve.at(i));
const fresh = (source: readonly (number | null)[], weight: number, logarithmic = false) =>
  new GrowingCurve(source, weight, logarithmic).catchUp();

describe('smoothing', () => {
  it('leaves values alone at weight 0', () => {
    expect(all(fresh([3, 1, null, 2], 0), 4)).toEqual([3, 1, null, 2]);
  });

  it('starts at the first value and keeps a constant constant', () => {
    for (const value of all(fresh([5, 5, 5, 5], 0.9), 4)) expect(value).toBeCloseTo(5, 10);
    expect(fresh([8, 0], 0.5).at(0)).toBeCloseTo(8, 10);
  });

  it('weighs the past by the weight', () => {
    // (0.5·0.5·8 + 0.5·2) / (1 − 0.25)
    expect(fresh([8, 2], 0.5).at(1)).toBeCloseTo(4, 10);
  });

  it('is not poisoned by a gap or by a value that is not a number', () => {
    const smoothed = all(fresh([1, null, Number.NaN, 1], 0.8), 4);
    expect(smoothed.slice(1, 3)).toEqual([null, null]);
    expect(smoothed[3]).toBeCloseTo(1, 10);
  });
});

const values = fc.array(fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -5, max: 50 }) }, fc.constant(Number.NaN)), {
  maxLength: 300,
});

it('that grows bit by bit is the same as one made at once', () => {
  fc.assert(
    fc.property(values, values, fc.boolean(), (first, more, logarithmic) => {
      const source = [...first];
      const grown = new GrowingCurve(source, 0.6, logarithmic).catchUp();
      source.push(...more);
      grown.catchUp();
      const once = fresh([...source], 0.6, logarithmic);
      expect(all(grown, source.length)).toEqual(all(once, source.length));
      expect(grown.breaks).toEqual(once.breaks);
    }),
  );
});

it('finds the extremes of any stretch, as a look at every point does', () => {
  fc.assert(
    fc.property(values, fc.nat(300), fc.nat(300), (source, a, b) => {
      const [start, end] = [Math.min(a, b, source.length), Math.min(Math.max(a, b), source.length)];
      const finite = source.slice(start, end).filter(Number.isFinite);
      const curve = fresh(source, 0);
      const [low, high] = curve.extremes(start, end);
      if (finite.length === 0) expect([low, high]).toEqual([start, start]);
      else expect([source[low], source[high]]).toEqual([Math.min(...finite), Math.max(...finite)]);
    }),
  );
});

it('is kept for the array that it follows', () => {
  const source = [1, 2];
  const curve = curveOf(source, 0.5, false);
  source.push(3);
  expect(curveOf(source, 0.5, false)).toBe(curve);
  expect(curve.at(2)).not.toBeNull();
  expect(curveOf(source, 0, false)).not.toBe(curve);
});
