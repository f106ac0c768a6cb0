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
  /** What the data itself says of each example `[N]`; those for training are what a split that it does not name is cut from. */
  readonly given?: ArrayLike<number> | null;
}

/** Shares that are cut from the examples for training: none for a split that the data names itself. */
export function sharesToCut(
  given: ArrayLike<number> | null,
  wanted: { readonly validation: number; readonly test: number },
): { validation: number; test: number } {
  const named = new Set(given === null ? [] : Array.from(given));
  return {
    validation: named.has(splitIds.validation) ? 0 : wanted.validation,
    test: named.has(splitIds.test) ? 0 : wanted.test,
  };
}

/**
 * Split of each of the chosen examples, `[N]` of `splitIds`; examples that are not chosen are `unused`. Seeded: the same rows and
 * options always give the same split. Each class keeps at least one example (or group) in training, so a class with a single
 * example is never only tested.
 *
 * @param chosen indices of the examples to use
 */
export function assignSplits(count: number, chosen: Uint32Array, options: SplitOptions): Uint8Array {
  const { given = null } = options;
  if (given === null) return cutSplits(count, chosen, options);
  const forTraining = chosen.filter((example) => given[example] === splitIds.train);
  const assignment = cutSplits(count, forTraining, { ...options, ...sharesToCut(given, options) });
  for (const example of chosen) if (given[example] !== splitIds.train) assignment[example] = given[example] ?? splitIds.unused;
  return assignment;
}

function cutSplits(count: number, chosen: Uint32Array, options: SplitOptions): Uint8Array {
  const random = new Random(options.seed, 'split');
  const units = groupUnits(chosen, options.groups);
  const splitOfUnit = new Uint8Array(units.sizes.length);
  const share = [1 - options.validation - options.test, options.validation, options.test];
  const carried = [0, 0, 0];
  for (const stratum of unitsByStratum(units, options.strata)) {
    random.shuffle(stratum);
    // Large groups first: the small ones that follow even out what they leave.
    if (options.groups !== null) stratum.sort((a, b) => (units.sizes[b] ?? 0) - (units.sizes[a] ?? 0));
    const size = stratum.reduce((sum, unit) => sum + (units.sizes[unit] ?? 0), 0);
    // What rounding took from a split in one class is given back in the next.
    const wanted = share.map((part, split) => part * size + (carried[split] ?? 0));
    const given = [0, 0, 0];
    stratum.forEach((unit, i) => {
      const split = i === 0 ? splitIds.train : neediest(wanted, given);
      splitOfUnit[unit] = split;
      given[split] = (given[split] ?? 0) + (units.sizes[unit] ?? 0);
    });
    for (const split of [0, 1, 2]) carried[split] = (wanted[split] ?? 0) - (given[split] ?? 0);
  }
  const assignment = new Uint8Array(count).fill(splitIds.unused);
  chosen.forEach((example, i) => {
    assignment[example] = splitOfUnit[units.unitOf[i] ?? 0] ?? splitIds.train;
  });
  return assignment;
}

/** The split that is furthest below what it should have; the earlier one on a tie. One without a share is never below. */
function neediest(wanted: readonly number[], given: readonly number[]): number {
  let best: number = splitIds.train;
  let most = Number.NEGATIVE_INFINITY;
  for (let split = 0; split < 3; split++) {
    const missing = (wanted[split] ?? 0) - (given[split] ?? 0);
    if (missing > most) {
      most = missing;
      best = split;
    }
  }
  return best;
}

/** What is split as a whole: groups, or single examples. */
interface Units {
  /** Unit of each chosen example. */
  readonly unitOf: Uint32Array;
  /** First example of each unit; it stands for the unit's class. */
  readonly first: Uint32Array;
  readonly sizes: Uint32Array;
}

function groupUnits(chosen: Uint32Array, groups: ArrayLike<number> | null): Units {
  const unitOf = new Uint32Array(chosen.length);
  if (groups === null) {
    unitOf.forEach((_unit, i) => {
      unitOf[i] = i;
    });
    return { unitOf, first: chosen, sizes: new Uint32Array(chosen.length).fill(1) };
  }
  const known = new Map<number, number>();
  const first: number[] = [];
  const sizes: number[] = [];
  chosen.forEach((example, i) => {
    const group = groups[example] ?? 0;
    let unit = known.get(group);
    if (unit === undefined) {
      unit = first.length;
      known.set(group, unit);
      first.push(example);
      sizes.push(0);
    }
    unitOf[i] = unit;
    sizes[unit] = (sizes[unit] ?? 0) + 1;
  });
  return { unitOf, first: Uint32Array.from(first), sizes: Uint32Array.from(sizes) };
}

/** Units of each class, classes in ascending order. */
function unitsByStratum(units: Units, strata: ArrayLike<number> | null): Uint32Array[] {
  const found = new Map<number, number[]>();
  units.first.forEach((example, unit) => {
    const stratum = strata?.[example] ?? 0;
    const held = found.get(stratum);
    if (held) held.push(unit);
    else found.set(stratum, [unit]);
  });
  return [...found.entries()].sort(([a], [b]) => a - b).map(([, held]) => Uint32Array.from(held));
}

/** `limit` of `count` examples, chosen with the seed, in file order; all of them when `limit` is `null` or larger. */
export function chooseExamples(count: number, limit: number | null, seed: number): Uint32Array {
  const all = new Uint32Array(count);
  for (let i = 0; i < count; i++) all[i] = i;
  if (limit === null) return all;
  return new Random(seed, 'limit').shuffle(all).slice(0, limit).sort();
}
