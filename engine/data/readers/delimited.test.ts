import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelimitedParser } from './delimited.ts';
import { detectDelimiter } from './delimiter.ts';
import { detectHeader } from './header.ts';
import type { ReadRow } from './record.ts';
import { isRecord } from './record.ts';

function read(text: string, delimiter = ',', width: number | null = 2): ReadRow[] {
  const parser = new DelimitedParser({ delimiter, quotes: 'doubled', trim: false, comment: '', width, header: false });
  const out: ReadRow[] = [];
  text.split('\n').forEach((line, i) => {
    parser.push(line, i + 1, out);
  });
  parser.end(out);
  return out;
}

const cells = (text: string, delimiter?: string, width?: number | null): unknown[] =>
  read(text, delimiter, width).map((row) => (isRecord(row) ? row.cells : row));

describe('DelimitedParser', () => {
  it('reads what csv-parse reads', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', '💛', ';'), maxLength: 8 });
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }));
    fc.assert(
      fc.property(table, (rows) => {
        const text = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\n');
        expect(cells(text, ',', null)).toEqual(rows);
        expect(cells(text, ',', null)).toEqual(parse(text));
      }),
    );
  });

  it('keeps a quote inside an unquoted cell', () => {
    expect(cells('5" pipe,b\nx,y')).toEqual([
      ['5" pipe', 'b'],
      ['x', 'y'],
    ]);
  });

  it('gives each record the line on which it starts', () => {
    expect(read('a,b\n"c\nd",e\nf,g').map((row) => row.line)).toEqual([1, 2, 4]);
  });

  it('reports ragged rows with what was expected and found', () => {
    expect(read('a,b\nc\nd,e,f\ng,h')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, reason: 'expected 2 columns, found 1: c' },
      { line: 3, reason: 'expected 2 columns, found 3 (a “,” inside of a cell must stand in quotes): d,e,f' },
      { line: 4, cells: ['g', 'h'] },
    ]);
  });

  it('loses one row, not the rest of the file, to a quote that is never closed', () => {
    const rows = read(`a,b\n"open,1\n${Array.from({ length: 1500 }, (_unused, i) => `x${i},y`).join('\n')}`);
    expect(rows).toHaveLength(1502);
    expect(rows.filter((row) => !isRecord(row))).toEqual([
      { line: 2, reason: 'a quote opens here and is never closed in 1000 lines: "open,1' },
    ]);
    expect(rows[rows.length - 1]).toEqual({ line: 1502, cells: ['x1499', 'y'] });
  });

  it('does not let two unbalanced quotes swallow what is between them', () => {
    const rows = read('a,b\n"one,1\nc,d\n"two,2\ne,f');
    expect(rows.filter(isRecord).map((row) => row.cells)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
    expect(rows.filter((row) => !isRecord(row)).map((row) => row.line)).toEqual([2, 4]);
  });

  it('reports text after a closing quote', () => {
    expect(cells('a,b\n"x" y,z')).toEqual([['a', 'b'], { line: 2, reason: 'text after a closing quote: "x" y,z' }]);
  });

  it('takes bare quotes in a tab-separated file literally', () => {
    expect(cells('text\tlabel\n"Yes" he said\t1\n"half\t0', '\t')).toEqual([
      ['text', 'label'],
      ['"Yes" he said', '1'],
      ['"half', '0'],
    ]);
  });
});

it.each([
  [['text,label', 'a; b,1', 'c; d; e,2'], ','],
  [['text;label', 'a, b;1', 'c;2'], ';'],
  [['text\tlabel', 'a, b\t1', 'c, d, e\t2'], '\t'],
  [['a|b|c', '1|2|3'], '|'],
  [['"x,y";1', '"z";2'], ';'],
  [['only', 'one', 'column'], ','],
])('detects the delimiter of %j', (lines, delimiter) => {
  expect(detectDelimiter(lines)).toBe(delimiter);
});

it.each([
  [
    [
      ['text', 'label'],
      ['good film', 'pos'],
    ],
    true,
  ],
  [
    [
      ['good film', 'pos'],
      ['bad film', 'neg'],
      ['nice', 'pos'],
    ],
    false,
  ],
  [
    [
      ['when', 'how much'],
      ['2012-01-01', '3.5'],
    ],
    true,
  ],
  [
    [
      ['1.5', '2'],
      ['3', '4'],
    ],
    false,
  ],
  [
    [
      ['a', 'a'],
      ['b', 'c'],
    ],
    false,
  ],
  [[['mail', 'kind']], true],
])('detects the header of %j: %s', (rows, expected) => {
  expect(detectHeader(rows)).toBe(expected);
});
