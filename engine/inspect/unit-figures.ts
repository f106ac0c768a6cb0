import type { UnitFigures } from '../protocol/inspect-units.ts';
import { nearEnd, same } from '../training/health/value-counts.ts';
import { largestOf } from './analysis/vectors.ts';
import type { StateSample } from './state-sample.ts';

/** Numbers that are read between two turns of other work: about a millisecond. */
export const piece = 1 << 18;

/**
 * Each unit's mean and spread over all steps of a sample, how often it is at an end of its range, and whether it moves at all; and the largest
 * size of any value. A sample may have 24 million of them: other work has its turn at each `yield`.
 */
export function* unitFigures({
  values,
  units,
  line,
}: Pick<StateSample, 'values' | 'units' | 'line'>): Generator<void, { readonly units: UnitFigures[]; readonly largest: number }> {
  const steps = values.length / Math.max(1, units);
  const ends = {
    '0..1': [nearEnd, 1 - nearEnd],
    '-1..1': [2 * nearEnd - 1, 1 - 2 * nearEnd],
    free: [-Infinity, Infinity],
  } as const;
  const [low, high] = ends[line.range];
  const of = (start: number): Float64Array => new Float64Array(units).fill(start);
  const [sum, near, squares] = [of(0), of(0), of(0)];
  const [least, most] = [of(Number.POSITIVE_INFINITY), of(Number.NEGATIVE_INFINITY)];
  for (const at of pieces(values.length, units)) {
    for (let place = at.from; place < at.to; ) {
      for (let unit = 0; unit < units; unit++, place++) {
        const value = values[place] ?? 0;
        sum[unit] = (sum[unit] ?? 0) + value;
        if (value < low || value > high) near[unit] = (near[unit] ?? 0) + 1;
        least[unit] = Math.min(least[unit] ?? value, value);
        most[unit] = Math.max(most[unit] ?? value, value);
      }
    }
    yield;
  }
  const mean = sum.map((all) => all / steps);
  for (const at of pieces(values.length, units)) {
    for (let place = at.from; place < at.to; )
      for (let unit = 0; unit < units; unit++, place++)
        squares[unit] = (squares[unit] ?? 0) + ((values[place] ?? 0) - (mean[unit] ?? 0)) ** 2;
    yield;
  }
  return {
    units: Array.from(mean, (own, unit) => ({
      mean: own,
      spread: Math.sqrt((squares[unit] ?? 0) / steps),
      saturated: (near[unit] ?? 0) / steps,
      dead: (most[unit] ?? 0) - (least[unit] ?? 0) < same,
    })),
    largest: Math.max(largestOf(least), largestOf(most)),
  };
}

/** Whole rows, so many at a time. */
function* pieces(numbers: number, units: number): Generator<{ readonly from: number; readonly to: number }> {
  const size = Math.max(1, Math.floor(piece / Math.max(1, units))) * units;
  for (let from = 0; from < numbers; from += size) yield { from, to: Math.min(numbers, from + size) };
}
