import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisOf, combinations, gridPoint, randomPoints } from './axis.ts';

describe('the values of a range', () => {
  it('are its choices, in their order', () => {
    expect(axisOf({ kind: 'choices', values: ['b', null, 3, true] }, false)).toEqual({
      kind: 'list',
      values: ['b', null, 3, true],
    });
  });

  it('lie a step apart, the end with them where a step meets it', () => {
    expect(axisOf({ kind: 'linear', from: 0.1, to: 0.5, step: 0.1 }, false)).toEqual({
      kind: 'list',
      values: [0.1, 0.2, 0.3, 0.4, 0.5],
    });
    expect(axisOf({ kind: 'linear', from: 1, to: 10, step: 4 }, true)).toEqual({ kind: 'list', values: [1, 5, 9] });
    expect(axisOf({ kind: 'linear', from: 2, to: 5 }, true)).toEqual({ kind: 'list', values: [2, 3, 4, 5] });
  });

  it('are each a step times the one before in a log range, whole numbers once each', () => {
    expect(axisOf({ kind: 'log', from: 1e-4, to: 1e-1, step: 10 }, false)).toEqual({
      kind: 'list',
      values: [1e-4, 1e-3, 1e-2, 1e-1],
    });
    expect(axisOf({ kind: 'log', from: 1, to: 8, step: Math.SQRT2 }, true)).toEqual({ kind: 'list', values: [1, 2, 3, 4, 6, 8] });
  });

  it('are all between its ends without a step', () => {
    expect(axisOf({ kind: 'log', from: 16, to: 512 }, true)).toEqual({
      kind: 'between',
      from: 16,
      to: 512,
      log: true,
      integer: true,
    });
    expect(axisOf({ kind: 'linear', from: 3, to: 3 }, false)).toEqual({ kind: 'list', values: [3] });
  });
});

describe('a grid', () => {
  const axes = [axisOf({ kind: 'choices', values: ['a', 'b'] }, false), axisOf({ kind: 'linear', from: 1, to: 3 }, true)];

  it('has every combination once, the last setting changing fastest', () => {
    expect(combinations(axes)).toBe(6);
    const points = Array.from({ length: 6 }, (_, index) => gridPoint(axes, index));
    expect(points).toEqual([
      ['a', 1],
      ['a', 2],
      ['a', 3],
      ['b', 1],
      ['b', 2],
      ['b', 3],
    ]);
    expect([gridPoint(axes, 6), gridPoint(axes, -1)]).toEqual([null, null]);
  });

  it('is none where a range has no steps', () => {
    const open = [...axes, axisOf({ kind: 'log', from: 1, to: 2 }, false)];
    expect([combinations(open), gridPoint(open, 0)]).toEqual([null, null]);
  });
});

describe('a random search', () => {
  const list = [axisOf({ kind: 'choices', values: ['a', 'b', 'c'] }, false), axisOf({ kind: 'linear', from: 1, to: 4 }, true)];

  it('tries no combination twice, and ends where there are no more', () => {
    const points = randomPoints(list, 5, 100);
    expect(points.length).toBe(12);
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(12);
  });

  it('draws the same with the same seed, others with another, and more of them begin the same', () => {
    for (const axes of [list, [axisOf({ kind: 'log', from: 1e-5, to: 1 }, false)]]) {
      const eight = randomPoints(axes, 7, 8);
      expect(randomPoints(axes, 7, 12).slice(0, 8)).toEqual(eight);
      expect(randomPoints(axes, 8, 8)).not.toEqual(eight);
    }
  });

  it('spreads a log range evenly over its powers of ten, a linear one over its length', () => {
    const draw = (kind: 'log' | 'linear') =>
      randomPoints([axisOf({ kind, from: 1e-4, to: 1 }, false)], 3, 4000).map(([value]) => Number(value));
    const below = (values: number[], limit: number) => values.filter((value) => value < limit).length / values.length;
    expect(below(draw('log'), 1e-2)).toBeCloseTo(0.5, 1);
    expect(below(draw('log'), 1e-3)).toBeCloseTo(0.25, 1);
    expect(below(draw('linear'), 0.25)).toBeCloseTo(0.25, 1);
  });

  it('reaches both ends of a range of whole numbers, and leaves it nowhere', () => {
    const drawn = randomPoints([axisOf({ kind: 'log', from: 2, to: 6 }, true)], 1, 100).map(([value]) => value);
    expect(drawn.toSorted()).toEqual([2, 3, 4, 5, 6]);
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 9, noNaN: true }),
        fc.boolean(),
        (from, more, log) => {
          const range = { kind: log ? 'log' : 'linear', from, to: from + more } as const;
          for (const [value] of randomPoints([axisOf(range, false)], 1, 20)) {
            expect(Number(value)).toBeGreaterThanOrEqual(from);
            expect(Number(value)).toBeLessThanOrEqual(from + more);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
