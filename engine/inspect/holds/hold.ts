import type { Place } from '../../protocol/inspect.ts';

/** A line of a cell that is held at a value, in one direction of one layer. */
export interface Hold extends Place {
  /** As the equations name it; a state after the step with its prime. */
  readonly line: string;
  /** `null`: all. */
  readonly units: readonly number[] | null;
  readonly value: number;
  /** Steps of the recurrence's own time axis, both ends among them; `null`: all. */
  readonly steps: { readonly from: number; readonly to: number } | null;
}

/** Steps one after another in which the same is held. */
export interface HeldStretch {
  readonly from: number;
  readonly count: number;
  readonly holds: readonly Hold[];
}

/** A time axis cut where a hold begins or ends, in the order of time. @param start of its first step, counted as the holds count */
export function stretches(holds: readonly Hold[], steps: number, start: number): readonly HeldStretch[] {
  const inside = (step: number): boolean => step > 0 && step < steps;
  const borders = holds.flatMap(({ steps: range }) => (range === null ? [] : [range.from - start, range.to + 1 - start]));
  const cuts = [...new Set([0, ...borders.filter(inside), steps])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, at) => ({
    from,
    count: (cuts[at + 1] ?? steps) - from,
    holds: holds.filter(({ steps: range }) => range === null || (range.from <= from + start && from + start <= range.to)),
  }));
}
