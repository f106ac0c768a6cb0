import type { ChartLine } from './chart-lines.ts';
import type { CurveAxis, RunCurves } from './run-curves.ts';

/** The lines of a population's chart. */
export const populationKeys = [
  { label: 'best', color: '--good' },
  { label: 'mean', color: '--accent' },
  { label: 'worst', color: '--warn', dashed: true },
] as const;

/** Loss of a population's best, mean and worst candidate at each step. */
export function populationLines(curves: RunCurves, axis: CurveAxis): ChartLine[] {
  return populationKeys.flatMap((key) => {
    const curve = curves.get(`population-${key.label}`, 'train');
    return curve ? [{ ...key, x: curve[axis], y: curve.value, smoothed: true }] : [];
  });
}
