import type { AcceleratedCell } from '../shapes/value-type.ts';

/**
 * One recurrence over a padded batch: the cell applied at each real step, forwards or backwards in time. Rows that have ended keep
 * their state, so a backward recurrence starts at each row's own last real step.
 */
export interface RecurrenceProblem {
  readonly cell: AcceleratedCell;
  /** T */
  readonly steps: number;
  /** B */
  readonly rows: number;
  /** Real steps of each row `[B]`, each 1 … T. Known outside the backend, so that steps where every row is real cost nothing extra. */
  readonly lengths: Int32Array;
  readonly reverse: boolean;
  /** Whether the gradient of the input is wanted: not for data and frozen layers. */
  readonly inputGradient: boolean;
}

/** The order in which steps are run. */
export function stepOrder(steps: number, reverse: boolean): readonly number[] {
  return Array.from({ length: steps }, (_, index) => (reverse ? steps - 1 - index : index));
}
