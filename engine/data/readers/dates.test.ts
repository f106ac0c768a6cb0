import { describe, expect, it } from 'vitest';
import { areClocks, detectDateOrder, isDate, parseDate } from './dates.ts';

/** ISO text of a date, to compare with what a reader of the file would say. */
const iso = (text: string, order: 'day-first' | 'month-first' = 'day-first'): string | null => {
  const time = parseDate(text, order);
  return time === null
    ? null
    : new Date(time)
        .toISOString()
        .replace(/:00\.000Z$/, '')
        .replace(/T00:00$/, '');
};

describe('a date', () => {
  it.each([
    ['2024-01-31', '2024-01-31'],
    ['2024/1/3', '2024-01-03'],
    ['2024.12.31', '2024-12-31'],
    ['20240229', '2024-02-29'],
    ['2024-02', '2024-02-01'],
    ['2024/12', '2024-12-01'],
    ['31.1.2024', '2024-01-31'],
    ['31/01/24', '2024-01-31'],
    ['01-02-49', '2049-02-01'],
    ['01-02-50', '1950-02-01'],
    ['5-Jan-1999', '1999-01-05'],
    ['5. January, 99', '1999-01-05'],
    ['05 Sept. 2001', '2001-09-05'],
    ['Dec 5, 2001', '2001-12-05'],
    ['december 5 2001', '2001-12-05'],
    ['May 2020', '2020-05-01'],
    [' 2024-01-31 ', '2024-01-31'],
  ])('%s', (text, expected) => {
    expect(iso(text)).toBe(expected);
    expect(isDate(text)).toBe(true);
  });

  it.each([
    ['2024-01-31 23:59', '2024-01-31T23:59'],
    ['2024-01-31T03:04:05', '2024-01-31T03:04:05.000Z'],
    ['2024-01-31 03:04:05.25', '2024-01-31T03:04:05.250Z'],
    ['2024-01-31 03:04:05,125', '2024-01-31T03:04:05.125Z'],
    ['31.01.2024, 3:04', '2024-01-31T03:04'],
    ['31/01/2024 18.30.00', '2024-01-31T18:30'],
    ['31/01/2024 18.30', '2024-01-31T18:30'],
    ['31.12.2023 24:00', '2024-01-01'],
    ['31.12.2023 23:59:60', '2024-01-01'],
    ['31/1/2024 12:05 AM', '2024-01-31T00:05'],
    ['31/1/2024 12:05 PM', '2024-01-31T12:05'],
    ['31/1/2024 1:05:00pm', '2024-01-31T13:05'],
    ['31/1/2024 1:05\u202fp.m.', '2024-01-31T13:05'],
    ['Jan 31, 2024 11:00 a.m.', '2024-01-31T11:00'],
    ['2024-01-31T03:04Z', '2024-01-31T03:04'],
    ['2024-01-31 03:04 UTC', '2024-01-31T03:04'],
    ['2024-01-31 03:04+02:00', '2024-01-31T01:04'],
    ['2024-01-31 03:04:00-0330', '2024-01-31T06:34'],
    ['2024-01-31 03:04:00+00', '2024-01-31T03:04'],
    ['2024-01-31 03:04 -05', '2024-01-31T08:04'],
    ['31.01.2024 03:04+01:00', '2024-01-31T02:04'],
  ])('with a time of day: %s', (text, expected) => {
    expect(iso(text)).toBe(expected);
    expect(isDate(text)).toBe(true);
  });

  it.each([
    ...['', '5', '1.5', 'Week 5', 'Total 12', '5 km 2020', '3 Octopuses', 'marching 5'],
    // Numbers with a dot, and figures that are no day of a calendar.
    ...['1012.5', '2020.10', '12345678', '18991231', '21000101', '20241301', '20240230'],
    ...[
      '31.02.2009',
      '29.02.2023',
      '00.01.2024',

      '2009-13-01',
      '2009-00-01',
      '2009-01-32',
      '0001-01-01',
      '01.01.0001',
    ],
    ...['2024-01/02', '01/02-2024', '01-23-45-67', '1.2.3.4'],
    ...[
      '2024-01-31 25:00',
      '2024-01-31 12:60',
      '2024-01-31 12:30:61',
      '2024-01-31 1:2',
      '2024-01-31+02',
      '12:30:00:00',
      '25:00',
      '4.31.99',
    ],
  ])('is not %j', (text) => {
    expect(iso(text)).toBeNull();
    expect(isDate(text)).toBe(false);
  });

  it('is read in the order that is asked for', () => {
    expect(iso('1/2/2024', 'month-first')).toBe('2024-01-02');
    expect(iso('1/2/2024', 'day-first')).toBe('2024-02-01');
    expect([iso('1/31/2024', 'month-first'), iso('1/31/2024')]).toEqual(['2024-01-31', null]);
    expect(isDate('1/31/2024')).toBe(true);
    expect(iso('2024/1/2', 'month-first')).toBe('2024-01-02');
  });
});

it.each<[readonly string[], boolean]>([
  [['12:30', ' 1:05 ', '', ' '], true],
  [['23:59:59.5', '00:00:00'], true],
  [['1:05 PM', '11:00 am'], true],
  [['00.00.00', '18.30.00'], true],
  [['10.11.12', '11.11.12'], false],
  [['12.30', '18.45'], false],
  [['12:30', 'noon'], false],
  [['', ''], false],
])('%j are times of day: %s', (cells, expected) => {
  expect(areClocks(cells)).toBe(expected);
});

it.each([
  // Only one of the two is a date.
  [['01.01.2009 00:10:00', '02.01.2009'], 'day-first', true],
  [['01/13/2024', '01/02/2024'], 'month-first', true],
  [['13/01/2024', '01/02/2024'], 'day-first', true],
  // One typing error decides nothing.
  [['13/01/2024', '14/01/2024', '01/15/2024', '16/01/2024'], 'day-first', true],
  [['01/13/2024', '01/14/2024', '15/01/2024', '01/16/2024'], 'month-first', true],
  // Only one runs in one direction, up or down, repeated days and cells without a date left out.
  [['01/01/2024', '01/02/2024', '01/03/2024', '02/01/2024'], 'month-first', true],
  [['01/01/2024', '', '01/02/2024', '99/99/2024', '01/03/2024', '01/03/2024', '02/01/2024'], 'month-first', true],
  [['01/12/2024', '01/11/2024', '12/10/2024', '11/10/2024'], 'day-first', true],
  // Both, or neither.
  [['01/02/2024', '02/03/2024'], 'month-first', false],
  [['03/02/2024', '01/05/2024', '02/03/2024'], 'month-first', false],
  [['03/02/2024', '01/02/2024', '02/03/2024'], 'month-first', false],
  [['03/05/2024', '01/01/2024', '05/03/2024', '03/05/2024'], 'month-first', false],
  [['03.02.2024', '01/05/2024', '02.03.2024'], 'month-first', false],
  // Dots are day first, whatever they run like; a dot of the time is none.
  [['03.02.2024', '01.05.2024', '02.03.2024'], 'day-first', true],
  [['03/02/2024 12.00.00', '01/05/2024 12.00.00', '02/03/2024 12.00.00'], 'month-first', false],
  [['2024-01-02', '2024-01-03'], 'day-first', true],
])('%j are %s', (texts, order, sure) => {
  expect(detectDateOrder(texts)).toEqual({ order, sure });
});
