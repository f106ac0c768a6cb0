import { expect, it } from 'vitest';
import { parseSeries } from './parse-series.ts';

it.each([
  ['1, 2, 3', 1, [[1], [2], [3]]],
  ['1 2 3', 1, [[1], [2], [3]]],
  ['1\n2\n3\n', 1, [[1], [2], [3]]],
  [
    '1 2, 3 4',
    2,
    [
      [1, 2],
      [3, 4],
    ],
  ],
  [
    '1,2\n3,4',
    2,
    [
      [1, 2],
      [3, 4],
    ],
  ],
  [
    '1;2;3;4',
    2,
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['-1.5e3', 1, [[-1500]]],
  ['', 3, []],
])('reads %j as rows of %d', (text, width, rows) => {
  expect(parseSeries(text, width)).toEqual({ ok: true, rows });
});

it('names the row and what is wrong with it', () => {
  expect(parseSeries('1, two, 3', 1)).toEqual({ ok: false, message: 'Row 2: “two” is not a number.' });
  expect(parseSeries('1 2\n3', 2)).toEqual({ ok: false, message: 'Row 2 has 1 number; the run reads 2 per step.' });
  expect(parseSeries('1 2 3', 2)).toEqual({ ok: false, message: '3 numbers cannot be cut into steps of 2.' });
});
