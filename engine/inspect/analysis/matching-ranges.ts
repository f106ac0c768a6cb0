import type { Block } from '../../cells/step/evaluate.ts';

/** Steps `from` to `to`, both of them, of a sequence. */
export interface StepRange {
  readonly sequence: number;
  readonly from: number;
  readonly to: number;
}

/** When a unit is on. */
export interface OnRule {
  /** Above it a unit is on. */
  readonly threshold: number;
  /** Whether it must be off at the step before the range, and at the one after it; a range at the border of its sequence has none. */
  readonly offBefore?: boolean;
  readonly offAfter?: boolean;
}

/** Units that are on at every step of a range (LSTMVis, Strobelt et al. 2018). @param states `[T, H]` of the sequence */
export function unitsOn(states: Block, { from, to }: Omit<StepRange, 'sequence'>, rule: OnRule): readonly number[] {
  const on = (row: number, unit: number): boolean => (states.data[row * states.width + unit] ?? 0) > rule.threshold;
  return Array.from({ length: states.width }, (_, unit) => unit).filter((unit) => {
    for (let row = from; row <= to; row++) if (!on(row, unit)) return false;
    if (rule.offBefore === true && from > 0 && on(from - 1, unit)) return false;
    return !(rule.offAfter === true && to + 1 < states.rows && on(to + 1, unit));
  });
}

export interface RangeMatch extends StepRange {
  /** How many of the wanted units are on all through it. */
  readonly shared: number;
  /** How many others are. */
  readonly others: number;
}

/**
 * Where in a corpus the same units are on together: in each sequence the longest ranges through which at least `least` of them stay on.
 * Best first: most of them, then fewest others, then longest, then in the order of the corpus.
 *
 * @param corpus states `[T, H]` of each sequence
 * @param least at least 1
 */
export function* matchingRanges(
  corpus: Iterable<Block>,
  units: readonly number[],
  { threshold }: Pick<OnRule, 'threshold'>,
  { least = units.length, limit = 50 }: { readonly least?: number; readonly limit?: number } = {},
): Generator<number, readonly RangeMatch[]> {
  let matches: RangeMatch[] = [];
  let sequence = 0;
  for (const states of corpus) {
    for (const { from, to, shared } of maximalRanges(states, units, threshold, Math.max(1, least))) {
      const all = unitsOn(states, { from, to }, { threshold }).length;
      matches.push({ sequence, from, to, shared, others: all - shared });
    }
    if (matches.length > 4 * limit) matches = best(matches, limit);
    sequence++;
    yield sequence;
  }
  return best(matches, limit);
}

const best = (matches: readonly RangeMatch[], limit: number): RangeMatch[] =>
  [...matches]
    .sort(
      (a, b) =>
        b.shared - a.shared ||
        a.others - b.others ||
        b.to - b.from - (a.to - a.from) ||
        a.sequence - b.sequence ||
        a.from - b.from,
    )
    .slice(0, limit);

/** Ranges through which at least so many of the units stay on, and that no step before or after can join without losing one of those. */
function* maximalRanges(
  states: Block,
  units: readonly number[],
  threshold: number,
  least: number,
): Generator<{ readonly from: number; readonly to: number; readonly shared: number }> {
  const on = (row: number, unit: number): boolean => (states.data[row * states.width + unit] ?? 0) > threshold;
  const onAt = (row: number): readonly number[] => units.filter((unit) => on(row, unit));
  /** Sets that have been on since a step, the longest on first; each smaller than the next. */
  let running: { readonly from: number; readonly set: readonly number[] }[] = [];
  for (let row = 0; row <= states.rows; row++) {
    const now = row < states.rows ? onAt(row) : [];
    const next: typeof running = [];
    for (const { from, set } of running) {
      const stay = set.filter((unit) => now.includes(unit));
      if (stay.length < set.length) yield { from, to: row - 1, shared: set.length };
      if (stay.length >= least && next.every(({ set: longer }) => longer.length < stay.length)) next.push({ from, set: stay });
    }
    if (now.length >= least && next.every(({ set }) => set.length < now.length)) next.push({ from: row, set: now });
    running = next;
  }
}
