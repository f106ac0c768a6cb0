import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReaderSettings } from '../../document/data-binding.ts';
import { openData, openReader, readingNotes, readRows } from './open-reader.ts';
import { isRecord, type ReadRow } from './record.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-open-'));
afterAll(() => rmSync(folder, { recursive: true }));

function open(text: string | Buffer, name: string, wanted: Partial<ReaderSettings> = {}, complete = true) {
  const head = Buffer.from(text as string);
  return openReader({ path: name, bytes: head.length, head, pieces: [], complete }, wanted);
}
const cellsOf = (rows: readonly ReadRow[]): unknown[] => rows.map((row) => (isRecord(row) ? row.cells : row.reason));
const times = (count: number, line: (i: number) => string): string[] => Array.from({ length: count }, (_, i) => line(i));
const lines = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;

describe('the format', () => {
  const table = times(10, (i) => `so it was ${i},k${i % 2}`);
  it.each<[string, string, string, string]>([
    ['a table by its name', 'x.csv', 'word\nother\n', 'delimited'],
    ['a table by its name, in capitals', 'X.TSV', 'word\nother\n', 'delimited'],
    ['tabs by their name', 'x.tab', 'word\nother\n', 'delimited'],
    ['objects, whatever the name', 'x.csv', '{"a":1}\n\n{"a":2}\n', 'jsonl'],
    ['objects for the most part', 'x.txt', '{"a":1}\nso\n{"a":2}\n', 'jsonl'],
    ['objects in half of the lines', 'x.txt', '{"a":1}\nso\n', 'text'],
    ['objects among empty lines', 'x.txt', '{"a":1}\n\n\n\n{"a":2}\n', 'jsonl'],
    ['an array of objects', 'x.txt', '[\n{"a":1},\n{"a":2}\n]\n', 'jsonl'],
    ['lists by the name', 'x.ndjson', '["a"]\n', 'jsonl'],
    ['tokens by the name', 'x.iob', 'a\nb\n', 'conll'],
    ['tokens by the name, of BIO', 'x.bio', 'a\nb\n', 'conll'],
    ['tokens and tags between spaces', 'x.txt', '-DOCSTART- -X- O\n\n# note\na   B\nb O\n\nc O\n', 'conll'],
    ['numbers between spaces', 'x.dat', ' 1.5  2\n 3 4\n\n 5 6\n', 'delimited'],
    ['numbers between spaces, below notes', 'x.txt', '% a note\n% another\na b c\n1 2 3.5\n4 5 6\n7 8 9\n', 'delimited'],
    ['sentences with numbers in them', 'x.txt', 'we had 2\nyou had 3\nthey had 4\n', 'text'],
    ['tokens and tags without an empty line between', 'x.txt', 'a B\nb O\n\n', 'text'],
    ['words with empty lines between', 'x.txt', 'a\n\nb\n', 'text'],
    ['verses of different length', 'x.txt', 'a b\n\nb c d\n\ne\n', 'text'],
    ['a table by its commas', 'x.txt', lines('text,label', ...table), 'delimited'],
    [
      'a table by its commas, but for one row of eleven',
      'x.txt',
      lines('text,label', ...table.slice(0, 9), 'a, b, c'),
      'delimited',
    ],
    ['sentences with commas', 'x.txt', lines('Well, so it was.', 'And so, I say, it is.', 'No.', 'Why, yes.'), 'text'],
    ['tabs', 'x.txt', 'a b\tc\nd\te\nf, g\n', 'delimited'],
    ['a text', 'x', 'Call me so.\nSome time ago.\n', 'text'],
  ])('%s', (_name, path, text, format) => {
    expect(open(text, path).reader.format).toBe(format);
  });
});

describe('the head of a file', () => {
  it('leaves out a line that it cuts, unless there is no other', () => {
    expect(cellsOf(open('text,label\na b,x\nc d,', 'x.csv', {}, false).head)).toEqual([['a b', 'x']]);
    expect(cellsOf(open('text,label\na b,x\nc d,', 'x.csv').head)).toEqual([
      ['a b', 'x'],
      ['c d', ''],
    ]);
    expect(cellsOf(open('Call me so and', 'x.txt', {}, false).head)).toEqual([['Call me so and', '']]);
  });

  it('is a thousand good rows, with the bad ones between; what a quote leaves open at its end is no bad row', () => {
    const rows = (count: number, last: string) => lines('text,label', 'bad', ...times(count, (i) => `so ${i},x`), last);
    expect(open(rows(1200, 'bad'), 'x.csv').head).toHaveLength(1001);
    expect(open(rows(1000, 'bad'), 'x.csv').head).toHaveLength(1001);
    expect(open(rows(999, 'bad'), 'x.csv').head).toHaveLength(1001);
    expect(open(lines(...times(1200, (i) => `so ${i},x`)), 'x.csv', { header: false }).head).toHaveLength(1000);
    expect(open(rows(9, '"open,x'), 'x.csv').head).toHaveLength(11);
    expect(open(`${rows(9, '"open')},x\n`, 'x.csv', {}, false).head).toHaveLength(10);
  });

  it('tells letters that are none', () => {
    expect(open(Buffer.from('61e92c62', 'hex'), 'x.csv', { encoding: 'utf-8' }).undecodable).toBe(true);
    expect(open(lines('text', 'é', 'b'), 'x.csv').undecodable).toBe(false);
  });

  it('gives each column its name, and its number format', () => {
    const file = open(' a ;b;b;;c\n0,5;1.5;x;y;1.234,5\n1,5;2.5;x;y;2,5\n', 'x.csv');
    expect(file.columns).toEqual(['a', 'b', 'b#2', '#3', 'c']);
    expect(file.formats.map(({ decimal, thousands }) => decimal + thousands)).toEqual([',', '.', '.', '.', ',.']);
    expect(open('a;b\n1.5;2.5\n', 'x.csv', { decimal: ',', thousands: '.' }).formats[0]).toMatchObject({
      decimal: ',',
      thousands: '.',
    });
    expect(open('{"a":[1],"b":"1,234"}\n{"a":"x","b":"2,345"}\n', 'x').formats[1]).toMatchObject({
      thousands: ',',
      question: null,
    });
  });
});

describe('rows of a file', () => {
  /** All rows of a file as it is streamed, in pieces of 256 kB. */
  async function read(name: string, text: string | Buffer, wanted: Partial<ReaderSettings> = {}, whole = false) {
    const path = join(folder, name);
    writeFileSync(path, text);
    const file = await openData(path, wanted);
    const rows: ReadRow[] = [];
    let last = { bytes: 0, undecodable: 0 };
    for await (const block of readRows(file, { whole })) {
      rows.push(...block.rows);
      last = block;
    }
    return { rows, cells: cellsOf(rows), bytes: last.bytes, undecodable: last.undecodable };
  }

  it('tell the characters that the encoding cannot decode, not those signs that the file itself holds', async () => {
    const text = Buffer.from('text,label\na \ufffd b,x\nc,y\n');
    const own = await read('own.csv', text, { encoding: 'utf-8' });
    expect(own.undecodable).toBe(0);
    expect(
      openReader({ path: 'own.csv', bytes: text.length, head: text, pieces: [], complete: true }, { encoding: 'utf-8' })
        .undecodable,
    ).toBe(false);
    // Two broken bytes on one line, and one sign of the file's own that a block's border cuts.
    const filler = Buffer.from(`${'w'.repeat(99)},x\n`.repeat(2600));
    const border = 256 * 1024;
    const cut = Buffer.concat([Buffer.from('text,label\n'), filler]).subarray(0, border - 1);
    const broken = Buffer.concat([cut, Buffer.from('\ufffd'), Buffer.from(',x\n'), Buffer.from('61ff62fe2c780a', 'hex')]);
    expect((await read('broken.csv', broken, { encoding: 'utf-8' })).undecodable).toBe(2);
    expect((await read('end.csv', Buffer.from('746578740ac3', 'hex'), { encoding: 'utf-8' })).undecodable).toBe(1);
  });

  it('come without the lines before them and the header', async () => {
    const text = lines('Report', 'of May', 'text,label', 'a b,x', 'bad', 'c d,y', 'e,x', 'f,y');
    const { rows, bytes } = await read('notes.csv', text);
    expect(rows).toEqual([
      { line: 4, cells: ['a b', 'x'] },
      { line: 5, reason: 'expected 2 columns, found 1: bad' },
      { line: 6, cells: ['c d', 'y'] },
      { line: 7, cells: ['e', 'x'] },
      { line: 8, cells: ['f', 'y'] },
    ]);
    expect(bytes).toBe(text.length);
    expect((await read('open.csv', 'text,label\na b,x\nc d,y')).cells).toEqual([
      ['a b', 'x'],
      ['c d', 'y'],
    ]);
    expect((await read('bare.csv', 'so it was,x\nor so,x\nand,y\n')).cells).toHaveLength(3);
    expect((await read('header.csv', 'text,label')).cells).toEqual([]);
  });

  it('lose one header, however far it stands', async () => {
    const far = lines(...times(20_000, () => '# a line of notes'), 'text,label', 'a b,x', 'c d,y');
    expect((await read('far.csv', far, { comment: '#', header: true })).cells).toEqual([
      ['a b', 'x'],
      ['c d', 'y'],
    ]);
    const many = lines('text,label', ...times(60_000, (i) => `so it was ${i},x`));
    const { rows } = await read('many.csv', many);
    expect(rows).toHaveLength(60_000);
    expect([rows[0], rows.at(-1)]).toEqual([
      { line: 2, cells: ['so it was 0', 'x'] },
      { line: 60_001, cells: ['so it was 59999', 'x'] },
    ]);
  });

  it('count the lines whose letters are none', async () => {
    const odd = Buffer.concat([
      Buffer.from('text,label\nfine,x\na'),
      Buffer.from([0xe9]),
      Buffer.from(',x\nb'),
      Buffer.from([0xe9, 0x2c]),
      Buffer.from('y'),
    ]);
    expect((await read('odd.csv', odd, { encoding: 'utf-8' })).undecodable).toBe(2);
  });

  it('of a running text are its lines with their ends', async () => {
    expect((await read('run.txt', 'one\n\n __label__x two\nlast', {}, true)).cells.map((row) => (row as string[])[0])).toEqual([
      ...['one\n', '\n', ' __label__x two\n', 'last'],
    ]);
    expect((await read('ended.txt', 'one\ntwo\r', {}, true)).cells.map((row) => (row as string[])[0])).toEqual([
      'one\n',
      'two\n',
    ]);
  });
});

it('tells what is guessed and left out', () => {
  const notes = (wanted: Partial<ReaderSettings>, text: string | Buffer = 'a,b\n') => readingNotes(open(text, 'x.csv', wanted));
  expect(notes({})).toEqual([]);
  expect(notes({ skipLines: 0, comment: '' })).toEqual([]);
  expect(notes({ skipLines: 1, comment: '#' })).toEqual([
    '1 line before the table is skipped.',
    'Lines that begin with “#” are comments, and skipped.',
  ]);
  expect(notes({ skipLines: 2 })).toEqual(['2 lines before the table are skipped.']);
  const latin = Buffer.from('café,1\n', 'latin1');
  expect(notes({}, latin)).toEqual(['The encoding is guessed: windows-1252. Choose another one if letters look wrong.']);
  expect(notes({ encoding: 'windows-1250' }, latin)).toEqual([]);
  expect(notes({}, Buffer.from('\ufeffcafé,1\n', 'utf16le'))).toEqual([]);
});
