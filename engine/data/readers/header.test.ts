import { describe, expect, it } from 'vitest';
import { countHeaderRows, detectHeader } from './header.ts';

const rows = (...lines: readonly string[]): string[][] => lines.map((line) => line.split('|'));
const times = (count: number, line: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => line(i));

it.each<[string, string[][]]>([
  ['usual names', rows('text|label', 'good film|pos')],
  ['usual names with spaces', rows(' Text | what was said', 'good film|a b', 'bad film|c d')],
  ['a usual name beside a word that comes again', rows('fine|label', 'fine|x', 'good one|y')],
  ['words over dates and numbers', rows('when|how much', '2012-01-01|3.5')],
  ['a question over numbers with missing ones', rows('how much?|and why?', 'NA|a b', '?|c d', '0.5|e f')],
  ['a question over 19 numbers of 20', rows('how much?|and why?', 'x|a b', ...times(19, (i) => `${i}|a ${i}`))],
  ['a question over few different words', rows('what kind?|and why?', ...times(6, (i) => `k${i % 2}|a ${i}`))],
  ['a question over one word', rows('what kind?|and why?', ...times(5, (i) => `k|a ${i}`))],
  ['plain names', rows('mail|kind', 'good film|pos', 'bad one|neg')],
  ['a number beside a usual name over texts', rows('5|label', 'a b|c')],
  ['no name beside a plain one', rows('|mail', 'a b|c', 'd e|f')],
  ['plain names alone', rows('mail|kind')],
  ['a usual name alone', rows('label|what was said?')],
  ['a header that comes again', rows('mail|kind', 'good film|pos', 'mail|kind', 'bad one|neg')],
  ['places from 0', rows('0|1|2', 'a|1.5|x', 'b|2|y')],
  ['places from 1', rows('of place|1|2|3', 'a|3|1|2')],
  ['years, with two names in front', rows('the land|its code|2000|2001|2002', 'A|a|3|1|2')],
  ['years, with four names in front', rows('the land|its code|its name|a b|2000|2001|2002', 'A|a|b|c|3|1|2')],
  ['years, with a delimiter at the end', rows('the land|its code|2000|2001|2002|', 'A|a|3|1|2|')],
  ['years over some rows that count up', rows('the land|2000|2001|2002', 'A|1|2|3', 'B|2|1|3')],
  ['places alone', rows('0|1|2')],
  ['early years', rows('the land|1500|1501|1502', 'A|3|1|2')],
  ['late years', rows('the land|2200|2201|2202', 'A|3|1|2')],
])('a header: %s', (_name, table) => {
  expect(detectHeader(table)).toBe(true);
});

it.each<[string, string[][]]>([
  ['nothing', []],
  ['empty cells', rows('|', 'a|b', 'c d|e')],
  ['texts and classes', rows('good film|pos', 'bad film|neg', 'nice|pos')],
  ['a class with a space', rows('fine|pos', 'bad| pos', 'nice|neg')],
  ['numbers', rows('1.5|2', '3|4')],
  ['a number beside a usual name', rows('1.5|label', '2.5|x y')],
  ['a date beside a usual name', rows('2020-01-01|label', '2020-01-02|x y')],
  ['equal words', rows('a|a', 'b|c')],
  ['words over half numbers', rows('how much?|and why?', '5|b', 'c|d')],
  ['a missing class', rows('|so it was', ...times(6, (i) => `k${i % 2}|a ${i}`))],
  ['texts over empty cells', rows('so it was|and why', '|', '|')],
  ['texts over three rows of one word', rows('what kind?|and why?', ...times(3, (i) => `k|a ${i}`))],
  ['texts over many different words', rows('what kind?|and why?', ...times(5, (i) => `k${i % 2}|a ${i}`))],
  ['a word over words', rows('mail', 'fine', 'good')],
  ['a number alone', rows('5|text')],
  ['a number beside a name alone', rows('kind|5')],
  ['texts alone', rows('so it was|mail')],
  ['a name that begins with a figure', rows('1st|kind', 'a b|c', 'd e|f')],
  ['a name with a question mark', rows('mail?|kind', 'a b|c', 'd e|f')],
  ['years, with five names in front', rows('the land|its code|its name|a b|c d|2000|2001|2002', 'A|a|b|c|d|3|1|2')],
  ['two years', rows('the land|2000|2001', 'A|2|1')],
  ['years with a gap', rows('the land|2000|2001|2003', 'A|3|1|2')],
  ['later years than a calendar has', rows('the land|2201|2202|2203', 'A|3|1|2')],
  ['earlier years', rows('the land|1499|1500|1501', 'A|3|1|2')],
  ['numbers that count up', rows('the land|5|6|7', 'A|3|1|2')],
  ['rows that all count up', rows('0|1|2', '1|2|3', '2|3|4')],
  ['rows that all count up, with spaces', rows('0|1|2', ' 1 | 2 |3')],
  ['years over years', rows('the land|2000|2001|2002', 'A|2001|2002|2003')],
])('no header: %s', (_name, table) => {
  expect(detectHeader(table)).toBe(false);
});

describe('rows of a header', () => {
  const below = Array.from({ length: 6 }, (_unused, i) => [`2024-01-0${i + 1}`, `${i}.5`, `${10 + i}`]);

  it.each<[number, string, string[][]]>([
    [1, 'names alone', [['date', 'temp', 'wind']]],
    [
      2,
      'units under the names',
      [
        ['date', 'temp', 'wind'],
        ['', '°C', 'km/h'],
      ],
    ],
    [
      2,
      'units of every column',
      [
        ['date', 'temp', 'wind'],
        ['(UTC)', '(°C)', '(km/h)'],
      ],
    ],
    [
      3,
      'two levels and the name of the index, as pandas writes them',
      [
        ['', 'price', 'price'],
        ['', 'open', 'close'],
        ['day', '', ''],
      ].map((row, i) => (i === 2 ? ['day', 'usd', ''] : row)),
    ],
    [
      1,
      'a first row with a missing value',
      [
        ['date', 'temp', 'wind'],
        ['2024-01-01', 'NA', '3'],
      ],
    ],
    [
      1,
      'a first row of dates and words',
      [
        ['date', 'temp', 'wind'],
        ['2023-12-31', 'high', 'low'],
      ],
    ],
    [
      1,
      'a first row of missing values alone',
      [
        ['date', 'temp', 'wind'],
        ['?', 'NA', '-'],
      ],
    ],
    [
      1,
      'an empty row',
      [
        ['date', 'temp', 'wind'],
        ['', '', ''],
      ],
    ],
  ])('are %i with %s', (count, _what, header) => {
    expect(countHeaderRows([...header, ...below])).toBe(count);
    expect(detectHeader([...header.slice(0, 1), ...header.slice(count), ...below])).toBe(true);
  });

  it('are one where texts stand below, or too few rows', () => {
    const texts = ['name', 'say'].map((name) => [name, `${name} it`, 'x']);
    expect(countHeaderRows([...texts, ...Array.from({ length: 6 }, (_unused, i) => [`a${i}`, 'b', `${i}`])])).toBe(1);
    expect(
      countHeaderRows([
        ['a', 'b'],
        ['m', 's'],
        ['1', '2'],
        ['3', '4'],
      ]),
    ).toBe(1);
    expect(
      countHeaderRows([
        ['a', 'b'],
        ['m', 's'],
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ]),
    ).toBe(2);
    // A text of its own, or one that recurs, is a row.
    const rows = Array.from({ length: 6 }, (_unused, i) => [`${i}`, i % 2 ? 'up' : 'down']);
    expect(countHeaderRows([['n', 'way'], ['none', 'up'], ...rows])).toBe(1);
    expect(countHeaderRows([['n', 'way'], ['none', 'a text of many words'], ...rows])).toBe(1);
    expect(countHeaderRows([['n', 'way'], ['(m)', '-'], ...rows])).toBe(2);
  });
});
