import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelimitedParser, type TableForm } from './delimited.ts';
import { type Dialect, splitLine } from './dialect.ts';
import type { ReadRow } from './record.ts';
import { isRecord } from './record.ts';

function read(text: string, delimiter = ',', width: number | null = 2, more: Partial<TableForm> = {}): ReadRow[] {
  const form = { delimiter, quotes: 'doubled', trim: false, comment: '', width, header: false, ...more } as const;
  const parser = new DelimitedParser(form);
  const out: ReadRow[] = [];
  text.split('\n').forEach((line, i) => {
    parser.push(line, i + 1, out);
  });
  parser.end(out);
  return out;
}

const cells = (text: string, delimiter?: string, width?: number | null, more?: Partial<TableForm>): unknown[] =>
  read(text, delimiter, width, more).map((row) => (isRecord(row) ? row.cells : row));

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

  it('tells a comment that looks like a row, but not between spaces', () => {
    expect(read('# a,b\nc,d', ',', 2, { comment: '#' })).toHaveLength(2);
    expect(cells('# a\nc  d ', ' ', 2, { comment: '#' })).toEqual([['c', 'd']]);
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

describe('rows of a table', () => {
  const bad = (reason: string): unknown => expect.objectContaining({ reason });

  it('may hold a cell of a thousand lines, no more', () => {
    const long = (count: number): string => `"${'x\n'.repeat(count)}y",b\nc,d`;
    expect(cells(long(1000))).toHaveLength(2);
    expect(cells(long(1001))[0]).toEqual(bad('a quote opens here and is never closed in 1000 lines: "x'));
  });

  it('have empty lines and empty cells at their end left out, nothing else', () => {
    expect(cells('a,b\n\n  \nc,d, ,\ne,f,,x\n,')).toEqual([
      ...[
        ['a', 'b'],
        ['c', 'd'],
      ],
      bad('expected 2 columns, found 4 (a “,” inside of a cell must stand in quotes): e,f,,x'),
      ['', ''],
    ]);
  });

  it('are told by what they have too much of or too little', () => {
    expect(cells('a\nb,c', ',', 1)).toEqual([['a'], bad('expected 1 column, found 2: b,c')]);
    expect(cells('a\tb\tc', '\t')).toEqual([
      bad('expected 2 columns, found 3 (a “tab” inside of a cell must stand in quotes): a\tb\tc'),
    ]);
    expect(cells('"a" b\t1\tx', '\t')).toEqual([bad('text after a closing quote: "a" b\t1\tx')]);
  });

  it('are told where a comment looks like one', () => {
    const commented = (text: string, width: number | null): unknown[] => cells(text, ',', width, { comment: '#' });
    expect(commented('# a\n# a,b,c\n#,"a\n#a,b\nc,d', 2)).toEqual([
      bad('begins with the comment sign “#”, but looks like a row: #a,b'),
      ['c', 'd'],
    ]);
    expect(commented('# a\nb', 1)).toEqual([['b']]);
    expect(commented('# a,b\nb', null)).toEqual([['b']]);
  });

  it('are no header unless they are equal to it', () => {
    const header = { header: true };
    expect(cells('text,label\na,b\ntext,c\nd,label\ntext,label', ',', 2, header)).toEqual([
      ...[
        ['text', 'label'],
        ['a', 'b'],
        ['text', 'c'],
        ['d', 'label'],
      ],
      bad('the header again'),
    ]);
    expect(cells('text\na\ntext', ',', 1, header)).toEqual([['text'], ['a'], ['text']]);
    expect(cells('text,label\na,b\ntext,label')).toEqual([
      ['text', 'label'],
      ['a', 'b'],
      ['text', 'label'],
    ]);
  });
});

it.each<[string, Partial<Dialect>, readonly string[] | string]>([
  ['a,"b,c",d', {}, ['a', 'b,c', 'd']],
  [',"a"', {}, ['', 'a']],
  ['"a",', {}, ['a', '']],
  ['"",""""', {}, ['', '"']],
  ['"a""b","c"', {}, ['a"b', 'c']],
  ['a"b,c" d', {}, ['a"b', 'c" d']],
  ['"a" ,b', {}, 'bad'],
  ['"a","b', {}, 'open'],
  ['"a" ,  "b" , c d ', { trim: true }, ['a', 'b', 'c d ']],
  ['  a,   b c,d e', { trim: true }, ['a', 'b c', 'd e']],
  ['  a, "b"', {}, ['  a', ' "b"']],
  ['"a"  x,b', { trim: true }, 'bad'],
  ['"a,b"', { quotes: 'none' }, ['"a', 'b"']],
  ['a\\,b,"c', { quotes: 'none' }, ['a\\', 'b', '"c']],
  ['a\\,b', {}, ['a\\', 'b']],
  ['"C:\\x","a\\"b","\\\\"', { quotes: 'backslash' }, ['C:\\x', 'a"b', '\\']],
  ['"a""b"', { quotes: 'backslash' }, ['a"b']],
  ['a\\,b,\\"c\\",d\\\\,\\e\\', { quotes: 'backslash' }, ['a,b', '"c"', 'd\\', '\\e\\']],
  ['a\\||b||"c"', { quotes: 'backslash', delimiter: '||' }, ['a||b', 'c']],
  [' a   "b  ""c"" d"\te ', { delimiter: ' ' }, ['a', 'b  "c" d', 'e']],
  ['"a\\"', { quotes: 'backslash' }, 'open'],
  ['"a\\"', {}, ['a\\']],
])('%s in the dialect %j is %j', (text, dialect, expected) => {
  const split = splitLine(text, { delimiter: ',', quotes: 'doubled', trim: false, ...dialect });
  expect(split.kind === 'cells' ? split.cells : split.kind).toEqual(expected);
});
