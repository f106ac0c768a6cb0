import { describe, expect, it } from 'vitest';
import { ColumnNumbers } from './column-numbers.ts';
import { type FoundFormat, findFormats } from './readers/number-format.ts';
import { SentinelWatch } from './sentinels.ts';

const formatOf = (head: readonly string[], delimiter: string): FoundFormat => {
  const [format] = findFormats([head], { delimiter, wanted: { decimal: null, thousands: null } });
  if (!format) throw new Error('no column');
  return format;
};
/** A column opened by its first cells. */
const open = (head: readonly string[], delimiter = ',', missing: string[] | null = null): ColumnNumbers =>
  new ColumnNumbers('v', formatOf(head, delimiter), { missing });

describe('a cell', () => {
  it.each([
    ['5', { value: 5 }],
    [' -2.5 ', { value: -2.5 }],
    ['', { missing: true, reason: 'column “v”: expected a number, found nothing' }],
    ['  ', { missing: true, reason: 'column “v”: expected a number, found nothing' }],
    ['NaN', { missing: true, reason: 'column “v”: expected a number, found “NaN”, which stands for a missing value' }],
    ['gone', { missing: true, reason: 'column “v”: expected a number, found “gone”, which stands for a missing value' }],
    [' -999.0', { missing: true, reason: 'column “v”: expected a number, found “-999.0”, which stands for a missing value' }],
    ['abc', { missing: false, reason: 'column “v”: expected a number, found “abc”' }],
    ['5 %', { missing: false, reason: 'column “v”: expected a number, found “5 %”: a percent or currency sign is not read' }],
    [
      '1,5',
      {
        missing: false,
        reason:
          'column “v”: expected a number, found “1,5”; numbers are read with the decimal sign “.” and the thousands sign none: change them under Reading',
      },
    ],
    [['1', '2'], { missing: false, reason: 'column “v”: expected a number, found “1 2”' }],
  ])('%j is a number, a missing value or neither', (cell, expected) => {
    expect(open(['1.5', '2.5'], ',', ['gone', '-999']).read(cell)).toEqual(expected);
  });

  it('names the thousands sign of its column', () => {
    expect(open(['1.234,5', '2,5']).read('1,234.5')).toMatchObject({ reason: expect.stringContaining('the thousands sign “.”') });
  });
});

describe('what the first rows left open', () => {
  it('is refused where neither reading is the usual one', () => {
    const refusal = expect.objectContaining({
      failure: {
        code: 'number-format-ambiguous',
        message:
          'column “v”: “1,234” is 1234 if “,” separates thousands, and 1.234 if it is the decimal sign; the file does not tell',
        hint: expect.stringContaining('"decimal": ".", "thousands": ","; or "decimal": ",", "thousands": ""'),
      },
    });
    expect(() => open(['1,234', '2,345'], ';')).toThrow(refusal);
  });

  it('is told where one reading is the usual one', () => {
    expect(open(['1.234', '2.345'], ';').warnings()).toEqual([
      expect.stringContaining('It is read as 1.234. Choose the decimal'),
    ]);
  });

  it.each([
    ['the first that can be read in two ways', ['5', '1.234', '2.345'], true],
    ['negative ones too', ['-1.234'], true],
    ['but not those that one reading alone fits', ['0.125', '1234.567', '1.2345', '12.5', '.125', '5'], false],
    ['nor those beside one of these', ['1.234', '12.5', '2.345'], false],
    ['nor whole numbers', ['1000', '200'], false],
  ])('later cells are watched: %s', (_name, cells, told) => {
    const column = open(['12', '7']);
    for (const cell of cells) column.read(cell);
    const first = cells.find((cell) => cell.includes('.'));
    expect(column.warnings()).toEqual(told ? [expect.stringContaining(`“${first}” is`)] : []);
  });

  it('later cells are not watched where the first have settled it', () => {
    const column = open(['1.5', '2.25']);
    column.read('1.234');
    expect(column.warnings()).toEqual([]);
  });
});

describe('numbers that stand for a missing value', () => {
  const watch = (values: readonly number[]): string | null => {
    const sentinels = new SentinelWatch();
    for (const value of values) sentinels.add(value);
    return sentinels.suspicion();
  };
  const usual = [10, 12, 14, 16, 20];

  it.each<[string, readonly number[], string | null]>([
    ['far below', [...usual, -999], '1 cell is -999, far from all others (10 … 20)'],
    ['far above, and several', [...usual, 9999, 9999, -9999], '2 cells are 9999, 1 cell is -9999, far from all others (10 … 20)'],
    ['further than the others reach', [...usual, 31, 99], '1 cell is 99, far from all others (10 … 31)'],
    ['inside of them', [...usual, 150, 99], null],
    ['as near as they reach', [...usual, 109, -99], '1 cell is -99, far from all others (10 … 109)'],
    ['no further than twice their reach', [0, 10, 20, 50, 60, 99], null],
    ['-1 below all others', [...usual, -1, -1], '2 cells are -1, below all others (10 … 20)'],
    ['-1 beside another one', [...usual, -1, 999], 'far from all others (10 … 20)'],
    ['-1 beside what is below 0', [...usual, -1, -0.5], null],
    ['-1 among classes', [0, 1, 2, 3, 9, -1], null],
    ['none that is known', [...usual, -1000], null],
    ['beside too few others', [10, 12, 14, 16, -999], null],
  ])('%s', (_name, values, expected) => {
    if (expected === null) expect(watch(values)).toBeNull();
    else expect(watch(values)).toContain(expected);
  });

  it('are named with what to do', () => {
    expect(watch([...usual, 99_999, -999])).toContain('If that stands for a missing value, add 99999, -999 to the missing');
    const column = open(['1', '2']);
    for (const cell of [...usual, -999]) column.read(String(cell));
    expect(column.warnings()).toEqual([expect.stringMatching(/^column “v”: 1 cell is -999/)]);
  });
});
