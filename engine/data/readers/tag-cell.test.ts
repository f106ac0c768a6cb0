import { expect, it } from 'vitest';
import { given } from './guess-task.ts';
import { tagsBetweenCommas } from './tag-cell.ts';

it.each<[string, number, readonly string[]]>([
  ['O,B-PER,I-PER', 3, ['O', 'B-PER', 'I-PER']],
  ['O, B-PER, I-PER', 3, ['O', 'B-PER', 'I-PER']],
  ['O B-PER I-PER', 3, ['O', 'B-PER', 'I-PER']],
  ['N,sg', 1, ['N,sg']],
  ['N,sg V,pl', 2, ['N,sg', 'V,pl']],
  ['NN , VB', 3, ['NN', ',', 'VB']],
  [', .', 2, [',', '.']],
  ['O', 2, ['O']],
  ['O,', 2, ['O', '']],
  ['["O", "B,x"]', 2, ['O', 'B,x']],
  ['', 2, []],
])('the tags in %s', (cell, tokens, expected) => {
  expect(tagsBetweenCommas(cell, given(cell).map(String), tokens)).toEqual(expected);
  expect(tagsBetweenCommas(['a,b'], ['a,b'], 2)).toEqual(['a,b']);
});
