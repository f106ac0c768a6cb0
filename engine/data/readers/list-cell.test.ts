import { expect, it } from 'vitest';
import { brokenList, listIn } from './list-cell.ts';

it.each<[string, readonly unknown[]]>([
  // JSON
  ['["a", 1, [2, "b"], null, true]', ['a', 1, [2, 'b'], null, true]],
  [' [ ] ', []],
  ['["\\u00e9\\n"]', ['é\n']],
  // Python
  ["['a', 'b']", ['a', 'b']],
  ["('a', 'b')", ['a', 'b']],
  ["( 'a',)", ['a']],
  ["['a',]", ['a']],
  ["['a','b']", ['a', 'b']],
  [`['it''s']`.replace("''", "\\'"), ["it's"]],
  [`["it's", 'a "b"']`, ["it's", 'a "b"']],
  ["['a, b', '[c]', '']", ['a, b', '[c]', '']],
  ["['\\t\\n\\r\\\\\\'\\\"']", ['\t\n\r\\\'"']],
  ["['\\xe9\\u20ac\\X41']", ['é€A']],
  ["['\\d \\xg1 \\u12']", ['\\d \\xg1 \\u12']],
  ['[None, True, False]', [null, true, false]],
  ['[nan, 1.5]', [Number.NaN, 1.5]],
  ["[1, -2, +3, 4., .5, 1e3, -1.5E-2, 'x']", [1, -2, 3, 4, 0.5, 1000, -0.015, 'x']],
  [
    "[['a', 'b'], ('c', 1)]",
    [
      ['a', 'b'],
      ['c', 1],
    ],
  ],
  ["[[[[[[[['x']]]]]]]]", [[[[[[[['x']]]]]]]]],
  // NumPy
  ["['a' 'b']", ['a', 'b']],
  ["['a'\n 'b']", ['a', 'b']],
  ['[1 2 3]', [1, 2, 3]],
  ['[1. 2.5\n 3. ]', [1, 2.5, 3]],
  [
    '[[1 2]\n [3 4]]',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['[ 1 , 2 ]', [1, 2]],
])('%j is the list %j', (cell, expected) => {
  expect(listIn(cell)).toEqual(expected);
  expect(brokenList(cell)).toBe(false);
});

it.each([
  ...[
    '',
    'a',
    'a, b',
    "'a'",
    '{"a": 1}',
    '12',
    '(a)',
    '(1, 2)',
    '[sic] he said',
    '[a, b]',
    '[1, two]',
    '[1] and [2]',
    '[',
    '[1',
    '1]',
  ],
  ...[
    '[1-2]',
    '[1e]',
    '[.]',
    '[++1]',
    '[1;2]',
    '[infinity]',
    '[None1]',
    '[1(2)]',
    '(see above)',
    '[1,,2]',
    '[,1]',
    '[...]',
    '[1...]',
    '[2 or 3 ... so]',
    '[1 2 ... 3] he said',
  ],
  `[${'9'.repeat(50)}x, 'a']`,
])('%j is a text', (cell) => {
  expect(listIn(cell)).toBeNull();
  expect(brokenList(cell)).toBe(false);
});

it.each([
  "['a', ...]",
  "['a', 'b]",
  "['a' b]",
  "['a''b']",
  "['a', (1]]",
  "['a')",
  ` ["a", 'b'] [ 'c' ] `,
  "['a'\n 'b' ... 'c']",
  "('a', x)",
  '[1 2 3 ... 8 9]',
  '[-0.5, 1e-3, ..., 2.]',
  '[[1. 2. 3.]\n ...\n [7. 8. 9.]]',
  "['a', [[[[[[[[['too deep']]]]]]]]]]",
])('%j was meant as a list', (cell) => {
  expect(listIn(cell)).toBeNull();
  expect(brokenList(cell)).toBe(true);
});
