import type { TracedRecurrence } from '../../engine/protocol/inspect.ts';
import { type Matrix, rowOf } from './matrix.ts';

/** How open a gate is at a step, over its units. */
export interface GateFigure {
  readonly mean: number;
  /** Below it lies a tenth of the units. */
  readonly low: number;
  /** Above it lies a tenth of the units. */
  readonly high: number;
}

/** Of one row of values; `null` where there are none. */
export function gateFigure(matrix: Matrix, row: number): GateFigure | null {
  const sorted = rowOf(matrix, row).toSorted();
  if (sorted.length === 0) return null;
  const quantile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { mean, low: quantile(0.1), high: quantile(0.9) };
}

/** The values that a cell's card has bars for: what is open or shut, and what is written. */
export const barNames = ({ values }: Pick<TracedRecurrence, 'values'>): readonly TracedRecurrence['values'][number][] =>
  values.filter(({ role, range }) => range !== 'free' && (role === 'gate' || role === 'candidate')).slice(0, 6);
