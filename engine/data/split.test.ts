import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLeakage } from './leakage.ts';
import { assignSplits, chooseExamples, splitIds } from './split.ts';
import { Turns } from './turns.ts';

const everything = (count: number): Uint32Array => chooseExamples(count, null, 1);
const countOf = (assignment: Uint8Array, split: number): number => assignment.filter((found) => found === split).length;

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

  it('repeats with the seed and changes with it', () => {
    const split = (seed: number): Uint8Array =>
      assignSplits(500, everything(500), { validation: 0.1, test: 0.1, seed, strata: null, groups: null });
    expect(split(1)).toEqual(split(1));
    expect(split(2)).not.toEqual(split(1));
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
});
