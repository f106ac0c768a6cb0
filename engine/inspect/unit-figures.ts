import type { UnitFigures } from '../protocol/inspect-units.ts';
import { nearEnd, same } from '../training/health/value-counts.ts';
import type { StateSample } from './state-sample.ts';

/** Each unit's mean and spread over all steps of a sample, how often it is at an end of its range, and whether it moves at all. */
export function unitFigures({ values, units, line }: Pick<StateSample, 'values' | 'units' | 'line'>): UnitFigures[] {
  const steps = values.length / Math.max(1, units);
  const ends = {
    '0..1': [nearEnd, 1 - nearEnd],
    '-1..1': [2 * nearEnd - 1, 1 - 2 * nearEnd],
    free: [-Infinity, Infinity],
  } as const;
  const [low, high] = ends[line.range];
  return Array.from({ length: units }, (_, unit): UnitFigures => {
    let [sum, near, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = unit; at < values.length; at += units) {
      const value = values[at] ?? 0;
      sum += value;
      if (value < low || value > high) near++;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    const mean = sum / steps;
    let squares = 0;
    for (let at = unit; at < values.length; at += units) squares += ((values[at] ?? 0) - mean) ** 2;
    return { mean, spread: Math.sqrt(squares / steps), saturated: near / steps, dead: most - least < same };
  });
}

/** The largest size of any value. */
export const largestValue = ({ values }: Pick<StateSample, 'values'>): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
