import { describe, expect, it } from 'vitest';
import type { Block } from '../../cells/step/evaluate.ts';
import { atOnce } from '../../event-loop.ts';
import { Random } from '../../random.ts';
import { matchingRanges, type RangeMatch, unitsOn } from './matching-ranges.ts';
import { blockOf } from './random-step.test-support.ts';

const threshold = 0.5;

describe('units that are on in a range', () => {
  const states = blockOf([
    [1, 1, 0, 1],
    [1, 1, 1, 1],
    [1, 0.5, 1, 1],
    [0, 1, 1, 1],
  ]);

  it('are above the threshold at each of its steps', () => {
    expect(unitsOn(states, { from: 1, to: 2 }, { threshold })).toEqual([0, 2, 3]);
    expect(unitsOn(states, { from: 0, to: 3 }, { threshold })).toEqual([3]);
  });

  it('are off around it where that is asked; beyond the border there is nothing to be off', () => {
    expect(unitsOn(states, { from: 1, to: 2 }, { threshold, offBefore: true })).toEqual([2]);
    expect(unitsOn(states, { from: 1, to: 2 }, { threshold, offAfter: true })).toEqual([0]);
    expect(unitsOn(states, { from: 0, to: 2 }, { threshold, offBefore: true, offAfter: true })).toEqual([0]);
  });
});

/** Every range of every sequence, kept where no longer one has as many of the units on. */
function byBruteForce(corpus: readonly Block[], units: readonly number[], least: number): readonly RangeMatch[] {
  const found: RangeMatch[] = [];
  corpus.forEach((states, sequence) => {
    const shared = (from: number, to: number): number =>
      from < 0 || to >= states.rows
        ? -1
        : unitsOn(states, { from, to }, { threshold }).filter((unit) => units.includes(unit)).length;
    for (let from = 0; from < states.rows; from++) {
      for (let to = from; to < states.rows; to++) {
        const count = shared(from, to);
        if (count < least || shared(from - 1, to) === count || shared(from, to + 1) === count) continue;
        found.push({ sequence, from, to, shared: count, others: unitsOn(states, { from, to }, { threshold }).length - count });
      }
    }
  });
  return found.sort(
    (a, b) =>
      b.shared - a.shared || a.others - b.others || b.to - b.from - (a.to - a.from) || a.sequence - b.sequence || a.from - b.from,
  );
}

describe('ranges of a corpus where the same units are on', () => {
  const random = new Random(3, 'corpus');
  const corpus = Array.from({ length: 12 }, () => {
    const rows = 1 + random.below(12);
    return { rows, width: 6, data: Float64Array.from({ length: rows * 6 }, () => random.below(4) / 3) };
  });

  it.each([
    [[0, 2, 5], 3],
    [[0, 2, 5], 2],
    [[0, 1, 2, 3], 1],
    [[4], 1],
  ])('of %j, at least %d of them, are those that trying every range finds', (units, least) => {
    const wanted = byBruteForce(corpus, units, least);
    expect(wanted.length).toBeGreaterThan(3);
    expect(atOnce(matchingRanges(corpus, units, { threshold }, { least, limit: 1000 }))).toEqual(wanted);
    // Not more than wanted, and still the best.
    expect(atOnce(matchingRanges(corpus, units, { threshold }, { least, limit: 2 }))).toEqual(wanted.slice(0, 2));
  });

  it('need all of the units unless fewer are asked for, and one at least', () => {
    expect(atOnce(matchingRanges(corpus, [0, 2, 5], { threshold }))).toEqual(byBruteForce(corpus, [0, 2, 5], 3));
    expect(atOnce(matchingRanges(corpus, [], { threshold }))).toEqual([]);
  });
});
