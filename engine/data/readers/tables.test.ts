import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReaderSettings } from '../../document/data-binding.ts';
import { openReader, readingNotes } from './open-reader.ts';
import { isRecord } from './record.ts';

function open(text: string, wanted: Partial<ReaderSettings> = {}, name = 'table.csv') {
  const head = Buffer.from(text, 'utf8');
  const file = openReader({ path: name, bytes: head.length, head, pieces: [], complete: true }, wanted);
  return {
    ...file,
    rows: file.head.filter(isRecord).map((row) => row.cells),
    bad: file.head.filter((row) => !isRecord(row)),
  };
}

const body = ['good film,pos', 'bad film,neg', 'fine,pos', 'poor,neg', 'nice,pos', 'dull,neg', 'great,pos', 'weak,neg'];
const bodyRows = body.map((line) => line.split(','));
const rows = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

describe('headers', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'of empty names at the end',
      'v1,v2,,,\nham,hello you,,,\nspam,win now,,,\nham,see you,,,\n',
      ['v1', 'v2', '#2', '#3', '#4'],
    ],
    ['of pandas with an index', ',text,label\n0,good film,pos\n1,bad film,neg\n2,fine,pos\n', ['#0', 'text', 'label']],
    ['of pandas with an index over one series', ',Close\n0,100\n1,101\n2,102\n', ['#0', 'Close']],
    ['of pandas without names', '0,1,2\ngood,1.5,x\nbad,2.5,y\n', ['0', '1', '2']],
    ['of pandas without names, with an index', ',0,1,2\n0,1.5,2,3\n1,2.5,3,4\n', ['#0', '0', '1', '2']],
    [
      'of long questions',
      rows(`"How satisfied were you with the course overall, and what would you change?","Would you come again?"`, ...body),
      ['How satisfied were you with the course overall, and what would you change?', 'Would you come again?'],
    ],
    ['of two names alike', rows('text,label,label', ...body.map((line, i) => `${line},${i % 2}`)), ['text', 'label', 'label#2']],
    ['of years', 'country,2000,2001,2002\nAustria,1.5,2.5,3\nBelgium,4,5,6\n', ['country', '2000', '2001', '2002']],
    ['over dates and numbers', 'when it was,how much\n2020-01-01,5\n2020-01-02,6\n', ['when it was', 'how much']],
    [
      'of units in the names',
      '"Date Time","p (mbar)"\n01.01.2009 00:10:00,996.5\n01.01.2009 00:20:00,996.6\n',
      ['Date Time', 'p (mbar)'],
    ],
    ['over missing values', 'day,rain\n1,NA\n2,?\n3,0.5\n', ['day', 'rain']],
    ['alone in the file', 'text,label\n', ['text', 'label']],
    ['of one column', 'text\nhello\nyou\nthere\n', ['text']],
    [
      'that R writes without the name of the first column',
      '"text" "label"\n'.replaceAll(' ', ',') + body.map((l, i) => `"${i + 1}",${l}\n`).join(''),
      ['#0', 'text', 'label'],
    ],
  ])('are recognised: %s', (_name, text, columns) => {
    const file = open(text);
    expect(file.columns).toEqual(columns);
    expect(file.reader.header).toBe(true);
    expect(file.bad).toEqual([]);
  });

  it.each<[string, string]>([
    ['texts with classes', rows(...body)],
    ['numbers', '1,2,3.5\n4,5,6.5\n'],
    ['counting windows', '0,1,2\n1,2,3\n2,3,4\n'],
    ['a class that is a usual name', rows('x,o,x,pos', 'o,x,x,neg', 'x,x,o,pos')],
    ['dates', '2020-01-01,5\n2020-01-02,6\n'],
    ['a missing value in the first row', ',5.1,3.2\n4.9,3.0,1.4\n4.7,3.2,1.3\n'],
    ['a label first', '1\t0.5\t0.7\n2\t0.4\tNaN\n1\t0.1\t0.2\n'],
  ])('are not made of rows: %s', (_name, text) => {
    expect(open(text).reader.header).toBe(false);
  });

  it('that come again in the middle are told', () => {
    const { bad, rows: read } = open(rows('text,label', ...body, 'text,label', ...body));
    expect(bad).toEqual([{ line: 10, reason: 'the header again' }]);
    expect(read).toHaveLength(16);
  });
});

describe('lines around the table', () => {
  const table = rows('text;label', ...body.map((line) => line.replace(',', ';')));

  it.each<[string, string, Partial<ReaderSettings>]>([
    ["Excel's separator line", `sep=;\n${table}`, { delimiter: ';', skipLines: 1 }],
    ["Excel's separator line in quotes", `"sep=;"\r\n${table}`, { delimiter: ';', skipLines: 1 }],
    ['comments', `# Station: X\n# Units: mm\n${table}`, { comment: '#', skipLines: 0 }],
    ['notes', `Report: made 2024\n\nBy: me\n${table}`, { skipLines: 3, delimiter: ';' }],
    ['notes that a spreadsheet has filled up', `Report;\n;\n${table}`, { delimiter: ';', skipLines: 2 }],
  ])('%s', (_name, text, reader) => {
    const file = open(text);
    expect(file.reader).toMatchObject({ ...reader, header: true });
    expect(file.columns).toEqual(['text', 'label']);
    expect(file.rows).toEqual(bodyRows);
  });

  it('keeps a header and rows that begin with a comment sign', () => {
    expect(open('#id,text\n1,hello\n2,you\n')).toMatchObject({ columns: ['#id', 'text'], bad: [] });
    expect(open('#hello you,pos\nnice one,neg\n#again,pos\nso so,neg\n').rows).toHaveLength(4);
  });

  it('tells a comment that looks like a row', () => {
    const { bad } = open(rows('# note', 'text,label', ...body, '#1 fan,pos', '# the end'));
    expect(bad).toEqual([{ line: 11, reason: 'begins with the comment sign “#”, but looks like a row: #1 fan,pos' }]);
  });

  it('skips what it is told to skip, and takes a comment sign from the reader', () => {
    expect(open(rows('x', 'y,z', 'text,label', ...body), { skipLines: 2 }).columns).toEqual(['text', 'label']);
    expect(open(rows('text,label', ...body, '$ end'), { comment: '$' }).bad).toEqual([]);
  });
});

describe('cells', () => {
  it.each<[string, string, readonly (readonly string[])[]]>([
    [
      'a delimiter at the end of each row',
      rows('text,label', 'a b,pos,', 'c d,neg,', 'e,pos,'),
      [
        ['a b', 'pos'],
        ['c d', 'neg'],
        ['e', 'pos'],
      ],
    ],
    [
      'a delimiter at the end of each row and of the header',
      rows('text,label,', 'a b,pos,', 'c d,neg,'),
      [
        ['a b', 'pos', ''],
        ['c d', 'neg', ''],
      ],
    ],
    [
      'quotes behind a backslash',
      rows('text,label', '"he said \\"no\\", twice",neg', '"a \\\\ b",pos', '"plain",pos'),
      [
        ['he said "no", twice', 'neg'],
        ['a \\ b', 'pos'],
        ['plain', 'pos'],
      ],
    ],
    [
      'delimiters behind a backslash',
      rows('text,label', 'one\\, two,neg', 'three,pos', 'four\\, five,pos'),
      [
        ['one, two', 'neg'],
        ['three', 'pos'],
        ['four, five', 'pos'],
      ],
    ],
    [
      'spaces before quotes',
      rows('text, label', '"a, b", "pos"', '"c", "neg"', '"d, e", "pos"'),
      [
        ['a, b', 'pos'],
        ['c', 'neg'],
        ['d, e', 'pos'],
      ],
    ],
    [
      'lone backslashes',
      rows('path,label', 'C:\\x,pos', '"C:\\y",neg', 'z,pos'),
      [
        ['C:\\x', 'pos'],
        ['C:\\y', 'neg'],
        ['z', 'pos'],
      ],
    ],
    [
      'line ends of an old Macintosh',
      'text,label\ra,pos\rb,neg\r',
      [
        ['a', 'pos'],
        ['b', 'neg'],
      ],
    ],
  ])('%s', (_name, text, expected) => {
    const file = open(text);
    expect(file.bad).toEqual([]);
    expect(file.rows).toEqual(expected);
  });

  it('reads UTF-16 as Excel saves it', () => {
    const head = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('text\tlabel\r\nGrüße\tpos\r\nнет\tneg\r\n', 'utf16le')]);
    const file = openReader({ path: 'x.txt', bytes: head.length, head, pieces: [], complete: true }, { format: 'delimited' });
    expect(file.columns).toEqual(['text', 'label']);
    expect(file.head.map((row) => isRecord(row) && row.cells)).toEqual([
      ['Grüße', 'pos'],
      ['нет', 'neg'],
    ]);
  });

  it('cuts numbers with decimal commas at semicolons', () => {
    expect(open('1,5;2,5\n3,5;4,5\n').rows).toEqual([
      ['1,5', '2,5'],
      ['3,5', '4,5'],
    ]);
  });

  it('names the cause of a row that is too wide', () => {
    expect(open(rows('label,text', 'neg,one, two', 'pos,three', 'neg,four')).bad).toEqual([
      { line: 2, reason: 'expected 2 columns, found 3 (a “,” inside of a cell must stand in quotes): neg,one, two' },
    ]);
  });

  /** The writer below shares nothing with the reader; what it writes is what Python's `csv` module writes for the same dialect. */
  it('reads back what any dialect writes', () => {
    const letter = fc.constantFrom('a', 'b', 'é', ' ', '"', '\\', ',', ';', '\t', '|', '\n', '1', '.', "'", '#');
    const cell = fc.string({ unit: letter, maxLength: 6 }).map((text) => `z${text}z`);
    const dialect = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t', '|'),
      newline: fc.constantFrom('\n', '\r\n'),
      quotes: fc.constantFrom('doubled' as const, 'backslash' as const),
      before: fc.constantFrom('', '# a note\n', 'sep=DELIMITER\n'),
      space: fc.boolean(),
      trailing: fc.boolean(),
      bom: fc.boolean(),
    });
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 4, maxLength: 12 }));
    fc.assert(
      fc.property(table, dialect, (data, { delimiter, newline, quotes, before, space, trailing, bom }) => {
        const write = (text: string): string => {
          const inside = quotes === 'doubled' ? text.replaceAll('"', '""') : text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
          return `"${inside}"`;
        };
        const names = ['text', 'label', 'third', 'fourth'].slice(0, data[0]?.length);
        const line = (cells: readonly string[]): string =>
          cells.map(write).join(delimiter + (space ? ' ' : '')) + (trailing ? delimiter : '');
        const text = [names, ...data].map(line).join(newline);
        const lead = before === 'sep=DELIMITER\n' ? `sep=${delimiter}\n` : before;
        const wanted = { delimiter, quotes, trim: space };
        const file = open(`${bom ? '\ufeff' : ''}${lead}${text}`, wanted);
        expect(file.rows.map((row) => row.slice(0, names.length))).toEqual(
          data.map((row) => row.map((value) => value.replaceAll('\r\n', '\n'))),
        );
        expect(file.columns.slice(0, names.length)).toEqual(names);
      }),
    );
  });
});

describe('a header of several rows', () => {
  const table = (...rows: string[]) => `${rows.join('\n')}\n`;
  const days = Array.from({ length: 8 }, (_unused, i) => `2024-01-0${i + 1},${i}.5,${10 + i}`);

  it('has its words joined, is told, and costs no row', () => {
    const units = open(table('date,temp,wind', ',°C,km/h', ...days));
    expect(units.columns).toEqual(['date', 'temp °C', 'wind km/h']);
    expect(units.reader.headerRows).toBe(2);
    expect(units.head).toHaveLength(8);
    expect(readingNotes(units)).toEqual([expect.stringContaining('2 rows are taken as the header')]);
    const levels = open(table(',price,price', ',open,close', 'day,usd,', ...days));
    expect(levels.columns).toEqual(['day', 'price open usd', 'price close']);
    expect(levels.head).toHaveLength(8);
  });

  it('is one row where the reader says so, or is not asked', () => {
    for (const wanted of [{ headerRows: 1 }, { header: true }]) {
      const file = open(table('date,temp,wind', ',°C,km/h', ...days), wanted);
      expect(file.columns).toEqual(['date', 'temp', 'wind']);
      expect(file.head).toHaveLength(9);
    }
    const two = open(table('a,b', 'c,d', 'e,f', 'g,h'), { header: true, headerRows: 2 });
    expect([two.columns, two.head.length]).toEqual([['a c', 'b d'], 2]);
  });
});

describe('single quotes', () => {
  it('stand around cells where they hold delimiters, quotes and line ends', () => {
    const file = open("text,label\n'a, b',x\nc d,y\n'it''s \"so\"',x\n'two\nlines',y\n");
    expect(file.reader.quotes).toBe('single');
    expect(file.head.map((row) => ('cells' in row ? row.cells[0] : row.reason))).toEqual([
      'a, b',
      'c d',
      'it\'s "so"',
      'two\nlines',
    ]);
    expect(readingNotes(file)).toEqual(['Cells stand in single quotes, which are left out.']);
  });

  it('are left out where every cell of a column stands in them', () => {
    const file = open("'id';'text'\n1;'a'\n2;'b'\n3;'c'\n");
    expect([file.reader.quotes, file.columns]).toEqual(['single', ['id', 'text']]);
    expect(file.head.map((row) => ('cells' in row ? row.cells : []))).toEqual([
      ['1', 'a'],
      ['2', 'b'],
      ['3', 'c'],
    ]);
  });

  it('are apostrophes in texts', () => {
    for (const text of [
      "text,label\n'tis late,a\n'twas 'it',b\nrock 'n' roll,a\n",
      "text,label\n'Hello,a\n'What? said he,b\nthe dogs',a\n",
      'text,label\n"\'a\'",x\n"\'b, c\' d",y\n"e",x\n',
    ]) {
      const file = open(text);
      expect(file.reader.quotes).toBe('doubled');
      expect(file.head.every((row) => 'cells' in row && row.cells.length === 2)).toBe(true);
    }
  });
});
