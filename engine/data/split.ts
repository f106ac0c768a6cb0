import { Random } from '../random.ts';

/** Values of a split assignment. */
export const splitIds = { train: 0, validation: 1, test: 2, unused: 3 } as const;
export const splitNames = ['train', 'validation', 'test'] as const;

export interface SplitOptions {
  readonly validation: number;
  readonly test: number;
  readonly seed: number;
  /** Class of each example `[N]`: every split gets its share of every class; `null` splits without regard to class. */
  readonly strata: ArrayLike<number> | null;
  /** Group of each example `[N]`: a group is never divided; `null` makes each example its own group. */
  readonly groups: ArrayLike<number> | null;
}

/**
 * Split of each of the chosen examples, `[N]` of `splitIds`; examples that are not chosen are `unused`. Seeded: the same rows and
 * options always give the same split. Each class keeps at least one example (or group) in training, so a class with a single
 * example is never only tested.
 *
 * @param chosen indices of the examples to use
 */
export function assignSplits(count: number, chosen: Uint32Array, options: SplitOptions): Uint8Array {
  const random = new Random(options.seed, 'split');
  const assignment = new Uint8Array(count).fill(splitIds.unused);
  const carried = [0, 0, 0];
  for (const units of unitsByStratum(chosen, options)) {
    random.shuffle(units);
    // Large groups first: the small ones that follow even out what they leave.
    units.sort((a, b) => b.length - a.length);
    const size = units.reduce((sum, unit) => sum + unit.length, 0);
    const share = [1 - options.validation - options.test, options.validation, options.test];
    // What rounding took from a split in one class is given back in the next.
    const wanted = share.map((part, split) => part * size + (carried[split] ?? 0));
    const given = [0, 0, 0];
    units.forEach((unit, i) => {
      const split = i === 0 ? splitIds.train : neediest(wanted, given, share);
      for (const example of unit) assignment[example] = split;
      given[split] = (given[split] ?? 0) + unit.length;
    });
    for (const split of [0, 1, 2]) carried[split] = (wanted[split] ?? 0) - (given[split] ?? 0);
  }
  return assignment;
}

/** The split that is furthest below what it should have; training on a tie. */
function neediest(wanted: readonly number[], given: readonly number[], share: readonly number[]): number {
  let best: number = splitIds.train;
  let most = Number.NEGATIVE_INFINITY;
  for (const split of [0, 1, 2]) {
    if ((share[split] ?? 0) <= 0) continue;
    const missing = (wanted[split] ?? 0) - (given[split] ?? 0);
    if (missing > most) {
      most = missing;
      best = split;
    }
  }
  return best;
}

/** Groups (or single examples) of each class, classes in ascending order. A group counts for its first example's class. */
function unitsByStratum(chosen: Uint32Array, options: SplitOptions): number[][][] {
  const strata = new Map<number, number[][]>();
  const groups = new Map<number, number[]>();
  for (const example of chosen) {
    const group = options.groups?.[example];
    const held = group === undefined ? undefined : groups.get(group);
    if (held) {
      held.push(example);
      continue;
    }
    const unit = [example];
    if (group !== undefined) groups.set(group, unit);
    const stratum = options.strata?.[example] ?? 0;
    const units = strata.get(stratum);
    if (units) units.push(unit);
    else strata.set(stratum, [unit]);
  }
  return [...strata.entries()].sort(([a], [b]) => a - b).map(([, units]) => units);
}

/** `limit` of `count` examples, chosen with the seed, in file order; all of them when `limit` is `null` or larger. */
export function chooseExamples(count: number, limit: number | null, seed: number): Uint32Array {
  const all = Uint32Array.from({ length: count }, (_unused, i) => i);
  if (limit === null || limit >= count) return all;
  return new Random(seed, 'limit').shuffle(all).slice(0, limit).sort();
}
