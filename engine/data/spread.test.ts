import { expect, it } from 'vitest';
import { mostDecoded, shownExamples, shownIndices, spread } from './spread.ts';

it.each([
  [0, 3, []],
  [2, 3, [0, 1]],
  [3, 3, [0, 1, 2]],
  [7, 3, [0, 2, 4]],
  [10, 5, [0, 2, 4, 6, 8]],
])('of %d things at most %d are %j', (count, wanted, expected) => {
  expect(spread(count, wanted)).toEqual(expected);
});

it('what may be shown is what is shown of all, and what is shown of those that are decoded', () => {
  const count = 3 * mostDecoded + 7;
  const decoded = spread(count, mostDecoded);
  const ofDecoded = spread(mostDecoded, shownExamples).map((at) => decoded[at]);
  const expected = [...spread(count, shownExamples), ...ofDecoded];
  expect(new Set(expected).size).toBeGreaterThan(shownExamples);
  expect([...shownIndices(count)].sort()).toEqual([...new Set(expected)].sort());
  expect(shownIndices(5)).toEqual(new Set([0, 1, 2, 3, 4]));
});
