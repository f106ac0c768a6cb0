import { expect, it } from 'vitest';
import { legendOf } from './chart-legend.ts';

it('gives each entry the width of its words where all fit', () => {
  expect(legendOf(['h', 'at most left of “wood”'], 400, 7)).toEqual([
    { x: 0, words: 'h' },
    { x: 24 + 7 + 18, words: 'at most left of “wood”' },
  ]);
});

it('shares the line evenly where they do not, and shortens what is too long for its share', () => {
  const entries = legendOf(['h', 'c', 'at most left of “wood”'], 240, 7);
  expect(entries.map(({ x }) => x)).toEqual([0, 80, 160]);
  expect(entries.map(({ words }) => words)).toEqual(['h', 'c', 'at m…']);
  // What is left of a share of 80 px after the sign and the gap is room for five letters.
  expect(entries[2]?.words).toHaveLength(5);
});

it('has no entries of no labels, and one letter at least of each', () => {
  expect(legendOf([], 100, 7)).toEqual([]);
  expect(legendOf(['one', 'two'], 10, 7).map(({ words }) => words)).toEqual(['o…', 't…']);
});
