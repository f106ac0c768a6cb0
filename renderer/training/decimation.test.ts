import { describe, expect, it } from 'vitest';
import { decimate as decimateCurve } from './decimation.ts';
import { GrowingCurve } from './growing-curve.ts';

const decimate = (x: readonly number[], y: readonly (number | null)[], buckets: number, from?: number, to?: number): number[] =>
  decimateCurve(x, new GrowingCurve(y, 0, false).catchUp(), buckets, from, to);

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('decimate', () => {
  it('keeps every point of a short line', () => {
    expect(decimate(range(10), range(10), 100)).toEqual(range(10));
  });

  it('draws 100,000 points with at most four per bucket, in order', () => {
    const x = range(100_000);
    const kept = decimate(
      x,
      x.map((i) => Math.sin(i)),
      500,
    );
    expect(kept.length).toBeLessThanOrEqual(2_000);
    expect(kept.every((index, i) => i === 0 || index > (kept[i - 1] ?? 0))).toBe(true);
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(99_999);
  });

  it('never loses a spike, up or down', () => {
    const y = range(100_000).map(() => 0);
    y[43_217] = 9;
    y[77_001] = -9;
    const kept = decimate(range(100_000), y, 200);
    expect(kept).toContain(43_217);
    expect(kept).toContain(77_001);
  });

  it('spends its points on the visible range, plus one beyond each end', () => {
    const kept = decimate(range(100_000), range(100_000), 100, 500, 600);
    expect(kept[0]).toBe(499);
    expect(kept.at(-1)).toBe(601);
    expect(kept).toHaveLength(103);
  });

  it('steps over gaps', () => {
    const x = range(1_000);
    const y = x.map((i) => (i % 2 === 0 ? null : i));
    expect(decimate(x, y, 10).length).toBeLessThanOrEqual(40);
  });

  it('handles an empty line and equal positions', () => {
    expect(decimate([], [], 10)).toEqual([]);
    expect(decimate([1, 1, 1, 1, 1, 1], [1, 2, 3, 4, 5, 6], 1).length).toBeLessThanOrEqual(4);
  });
});
