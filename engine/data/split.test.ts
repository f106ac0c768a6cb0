import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLeakage } from './leakage.ts';
import { assignSplits, chooseExamples, type SplitOptions, sharesToCut, splitIds } from './split.ts';
import { Turns } from './turns.ts';

const everything = (count: number): Uint32Array => chooseExamples(count, null, 1);
const countOf = (assignment: Uint8Array, split: number): number => assignment.filter((found) => found === split).length;

/** Examples for training, validation and test. */
const sizesOf = (assignment: Uint8Array): number[] => [0, 1, 2].map((split) => countOf(assignment, split));

const options = fc.record({
  validation: fc.constantFrom(0, 0.1, 0.2, 0.3),
  test: fc.constantFrom(0, 0.1, 0.25),
  seed: fc.nat(1000),
});

describe('assignSplits', () => {
  it('puts each chosen example in exactly one split, near the wanted shares', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 300 }), options, (strata, shares) => {
        const assignment = assignSplits(strata.length, everything(strata.length), { ...shares, strata, groups: null });
        expect(countOf(assignment, splitIds.unused)).toBe(0);
        const slack = 1 + new Set(strata).size;
        expect(Math.abs(countOf(assignment, splitIds.validation) - shares.validation * strata.length)).toBeLessThanOrEqual(slack);
        expect(Math.abs(countOf(assignment, splitIds.test) - shares.test * strata.length)).toBeLessThanOrEqual(slack);
        for (const stratum of new Set(strata)) {
          expect(strata.some((found, i) => found === stratum && assignment[i] === splitIds.train)).toBe(true);
        }
      }),
    );
  });

  it('never divides a group', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 300 }), options, (groups, shares) => {
        const assignment = assignSplits(groups.length, everything(groups.length), { ...shares, strata: null, groups });
        const splitOf = new Map<number, number>();
        groups.forEach((group, i) => {
          const split = assignment[i] ?? -1;
          expect(splitOf.get(group) ?? split).toBe(split);
          splitOf.set(group, split);
        });
      }),
    );
  });

  it('gives every split its share of each class', () => {
    const strata = Array.from({ length: 1000 }, (_unused, i) => (i % 10 === 0 ? 1 : 0));
    const assignment = assignSplits(1000, everything(1000), { validation: 0.1, test: 0.2, seed: 5, strata, groups: null });
    const rare = (split: number): number => strata.filter((stratum, i) => stratum === 1 && assignment[i] === split).length;
    expect([rare(splitIds.train), rare(splitIds.validation), rare(splitIds.test)]).toEqual([70, 10, 20]);
  });

  it('leaves a split without a share empty, whatever the groups', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 60 }), options, fc.boolean(), (of, shares, grouped) => {
        const assignment = assignSplits(of.length, everything(of.length), {
          ...shares,
          strata: grouped ? null : of,
          groups: grouped ? of : null,
        });
        if (shares.validation === 0) expect(countOf(assignment, splitIds.validation)).toBe(0);
        if (shares.test === 0) expect(countOf(assignment, splitIds.test)).toBe(0);
      }),
    );
  });

  it('makes up in one class for what rounding took in another', () => {
    // Of three examples a tenth is none: over ten classes it is three.
    const strata = Array.from({ length: 30 }, (_unused, i) => i % 10);
    const assignment = assignSplits(30, everything(30), { validation: 0.1, test: 0.1, seed: 1, strata, groups: null });
    expect(sizesOf(assignment)).toEqual([24, 3, 3]);
  });

  it('gives the earlier split what two want alike', () => {
    const assignment = assignSplits(2, everything(2), { validation: 0.25, test: 0.25, seed: 1, strata: null, groups: null });
    expect(sizesOf(assignment)).toEqual([1, 1, 0]);
  });

  it('leaves out what is not chosen, and asks for no share of it', () => {
    const chosen = Uint32Array.from({ length: 50 }, (_unused, i) => 2 * i + 1);
    const assignment = assignSplits(100, chosen, { validation: 0.2, test: 0.1, seed: 1, strata: null, groups: null });
    expect(sizesOf(assignment)).toEqual([35, 10, 5]);
    assignment.forEach((split, i) => {
      expect(split === splitIds.unused).toBe(i % 2 === 0);
    });
  });

  it('mixes: no split is a stretch of the file', () => {
    const assignment = assignSplits(300, everything(300), { validation: 0.2, test: 0.2, seed: 1, strata: null, groups: null });
    for (const split of [splitIds.validation, splitIds.test]) {
      const half = assignment.subarray(0, 150).filter((found) => found === split).length;
      expect(half).toBeGreaterThan(15);
      expect(half).toBeLessThan(45);
    }
  });

  it('repeats with the seed and changes with it', () => {
    const split = (seed: number): Uint8Array =>
      assignSplits(500, everything(500), { validation: 0.1, test: 0.1, seed, strata: null, groups: null });
    expect(split(1)).toEqual(split(1));
    expect(split(2)).not.toEqual(split(1));
  });
});

describe('groups larger than a share', () => {
  /** Group 0 has the first size, group 1 the second, …; their rows are mixed. */
  const rowsOf = (sizes: readonly number[], seed: number): number[] => {
    const groups = sizes.flatMap((size, group) => Array<number>(size).fill(group));
    return Array.from(chooseExamples(groups.length, null, 1), (i) => groups[(i * 7 + seed) % groups.length] ?? 0);
  };
  const ones = (count: number): number[] => Array<number>(count).fill(1);

  it.each([
    // The large ones go first, where most is missing: what follows is dealt to who has least.
    [
      'training takes two, and the rest is split as far as it goes',
      [60, 31, ...ones(10)],
      { validation: 0.1, test: 0.1 },
      [91, 5, 5],
    ],
    ['one that is nearly all is trained on', [91, ...ones(12)], { validation: 0.2, test: 0.2 }, [91, 6, 6]],
    ['one that fits a split exactly is its', [50, 30, 20, 1], { validation: 0.3, test: 0.2 }, [51, 30, 20]],
    // 100 rows: 50, 30, 20 are wanted. 40 → train; 35 → validation (30 are missing); 15 → test; 10 → train.
    ['one that is a little too large for a split fills it', [40, 35, 15, 10], { validation: 0.3, test: 0.2 }, [50, 35, 15]],
    ['a single one is trained on', [19], { validation: 0.3, test: 0.3 }, [19, 0, 0]],
  ] as const)('%s', (_what, sizes, shares, expected) => {
    for (let seed = 0; seed < 6; seed++) {
      const groups = rowsOf(sizes, seed);
      const assignment = assignSplits(groups.length, everything(groups.length), { ...shares, seed, strata: null, groups });
      expect(sizesOf(assignment)).toEqual(expected);
    }
  });

  it('count for their class as their first example does', () => {
    // Two classes of five groups of ten; a group's other rows are of the other class.
    const groups = Array.from({ length: 100 }, (_unused, i) => Math.floor(i / 10));
    const strata = groups.map((group, i) => (group + (i % 10 === 0 ? 0 : 1)) % 2);
    const assignment = assignSplits(100, everything(100), { validation: 0.2, test: 0.2, seed: 1, strata, groups });
    const firsts = (split: number): number[] =>
      [0, 1].map(
        (stratum) => groups.filter((_group, i) => i % 10 === 0 && strata[i] === stratum && assignment[i] === split).length,
      );
    expect([0, 1, 2].map(firsts)).toEqual([
      [3, 3],
      [1, 1],
      [1, 1],
    ]);
  });

  it('are told apart by their numbers, 0 and large ones too', () => {
    const groups = [0, 2 ** 52, -1, 0, 2 ** 52, -1, 0, 2 ** 52, -1];
    const assignment = assignSplits(9, everything(9), { validation: 1 / 3, test: 1 / 3, seed: 4, strata: null, groups });
    expect(sizesOf(assignment)).toEqual([3, 3, 3]);
    for (let i = 3; i < 9; i++) expect(assignment[i]).toBe(assignment[i - 3]);
  });
});

it('stays that of runs that were begun with earlier versions', () => {
  const strata = Array.from({ length: 40 }, (_unused, i) => (i * 7 + 3) % 5);
  const groups = Array.from({ length: 40 }, (_unused, i) => (i * i) % 17);
  const split = (chosen: Uint32Array, by: Pick<SplitOptions, 'strata' | 'groups'>): string =>
    assignSplits(40, chosen, { validation: 0.2, test: 0.15, seed: 11, ...by }).join('');
  expect(split(everything(40), { strata, groups: null })).toBe('2101210000202000102100000000100210000100');
  expect(split(everything(40), { strata: null, groups })).toBe('0001002100120010000010021001200100000100');
  expect(split(everything(40), { strata, groups })).toBe('1000001222210000010000012222100000100000');
  expect(split(chooseExamples(40, 25, 11), { strata: null, groups: null })).toBe('1233233300103320001333103320030000130300');
});

describe('splits that the data names', () => {
  const { train, validation, test } = splitIds;
  const shares: SplitOptions = { validation: 0.2, test: 0.2, seed: 1, strata: null, groups: null };

  it('stand, and those it does not name are cut from the examples for training', () => {
    const given = Array.from({ length: 60 }, (_unused, i) => (i < 50 ? train : test));
    const assignment = assignSplits(60, everything(60), { ...shares, given });
    expect(sizesOf(assignment)).toEqual([40, 10, 10]);
    expect([...assignment.subarray(50)]).toEqual(Array<number>(10).fill(test));
  });

  it('leave nothing to cut where all are named', () => {
    const given = [train, test, validation, train, train, test];
    expect([...assignSplits(6, everything(6), { ...shares, given })]).toEqual(given);
  });

  it('count among the chosen only', () => {
    const given = [train, test, validation, train, train, test];
    const assignment = assignSplits(6, Uint32Array.of(0, 2, 5), { ...shares, given });
    expect([...assignment]).toEqual([train, splitIds.unused, validation, splitIds.unused, splitIds.unused, test]);
  });

  it('say which shares are still to cut', () => {
    const wanted = { validation: 0.1, test: 0.3 };
    expect(sharesToCut(null, wanted)).toEqual(wanted);
    expect(sharesToCut([train, train], wanted)).toEqual(wanted);
    expect(sharesToCut([train, validation], wanted)).toEqual({ validation: 0, test: 0.3 });
    expect(sharesToCut([test, train], wanted)).toEqual({ validation: 0.1, test: 0 });
  });
});

it('chooses as many as the limit says, in order, with the seed', () => {
  const chosen = chooseExamples(100, 10, 3);
  expect(chosen).toHaveLength(10);
  expect([...chosen]).toEqual([...chosen].sort((a, b) => a - b));
  expect(new Set(chosen).size).toBe(10);
  expect(chooseExamples(100, 10, 3)).toEqual(chosen);
  expect(chooseExamples(5, 10, 3)).toHaveLength(5);
});

it('finds inputs that stand in two splits', async () => {
  const turns = new Turns(undefined);
  const { train, validation, test, unused } = splitIds;
  const assignment = Uint8Array.of(train, validation, test, test, train, unused, validation);
  expect(await findLeakage(assignment, [1, 1, 2, 1, 3, 1, 2], turns)).toEqual([1, 2, 3]);
  expect(await findLeakage(assignment, [1, 2, 3, 4, 5, 6, 7], turns)).toEqual([]);
  // One that is not used leaks from nowhere, and into nothing: 5 stands in it and in a test example.
  expect(await findLeakage(assignment, [1, 2, 5, 5, 3, 5, 4], turns)).toEqual([]);
  expect(await findLeakage(Uint8Array.of(unused, test, validation, train), [7, 7, 7, 7], turns)).toEqual([1, 2]);
});
