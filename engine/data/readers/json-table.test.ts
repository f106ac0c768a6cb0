import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dataBinding } from '../../document/data-binding.ts';
import { prepareData } from '../prepare.ts';
import { previewFile } from '../preview.ts';
import { longestLine } from './lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-json-table-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ text: `said, {"[ \\ ${i}`, label: i % 2 ? 'a' : 'b' }));
const written = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const read = async (content: unknown, indent?: number) => {
  const { columns, rows: shown, badRows, warnings } = await previewFile(written('x.json', JSON.stringify(content, null, indent)));
  return { columns: columns.map(({ name }) => name), shown, bad: badRows.map(({ reason }) => reason), warnings };
};
const whole = rows(20);
const cells = whole.map(({ text, label }) => [text, label]);

const columnsNote =
  'The file holds columns, of which rows are made; their names are not read. Where a line is named, it is the number of the row.';

describe.each([undefined, 2])('one JSON value, indented by %s', (indent) => {
  it.each<[string, unknown, string[]]>([
    ['an array', whole, []],
    ['the values of an object, by ids', Object.fromEntries(whole.map((row, i) => [`r${i}`, row])), []],
    ['the values of an object, by numbers (pandas’ “index”)', Object.fromEntries(whole.map((row, i) => [i, row])), []],
    ['a list in an object', { version: '1.0 "x"', data: whole }, ['The rows are those of “data”.']],
    [
      'a list beside what describes it (pandas’ “table”)',
      { schema: { fields: [{ name: 'text' }], deep: { er: [{}] } }, data: whole, n: 1 },
      ['The rows are those of “data”.'],
    ],
    [
      'one of two lists, by its name',
      { features: [{ name: 'text' }], rows: whole },
      ['The rows are those of “rows”. Not read: “features”.'],
    ],
    [
      'the longer of two lists',
      { a: whole, b: [{ c: 1 }] },
      indent === undefined ? ['The rows are those of “a”. Not read: “b”.'] : [],
    ],
    [
      'columns, by the rows’ numbers (pandas’ default)',
      {
        text: Object.fromEntries(whole.map(({ text }, i) => [i, text])),
        label: Object.fromEntries(whole.map(({ label }, i) => [i, label])),
      },
      [columnsNote],
    ],
    [
      'columns, by the rows’ own names',
      {
        text: Object.fromEntries(whole.map(({ text }, i) => [`r${i}`, text])),
        label: Object.fromEntries(whole.map(({ label }, i) => [`r${i}`, label])),
      },
      [columnsNote],
    ],
    ['columns that are lists', { text: whole.map(({ text }) => text), label: whole.map(({ label }) => label) }, [columnsNote]],
    [
      'names and values apart (pandas’ “split”)',
      { columns: ['text', 'label'], index: whole.map((_row, i) => i), data: cells },
      [columnsNote],
    ],
  ])('has its rows in %s', async (_words, content, warnings) => {
    if (indent !== undefined && warnings.length === 0 && !Array.isArray(content) && 'b' in (content as object)) {
      await expect(read(content, indent)).rejects.toThrow('several lists of objects (“a”, “b”)');
      return;
    }
    expect(await read(content, indent)).toEqual({ columns: ['text', 'label'], shown: cells, bad: [], warnings });
  });

  it.each<[string, unknown, string]>([
    [
      'two lists of rows',
      { train: whole, test: rows(12) },
      'several lists of objects (“train”, “test”), of which any may be the rows',
    ],
  ])('is refused where it holds %s', async (_words, content, holds) => {
    await expect(read(content, indent)).rejects.toThrow(holds);
  });
});

/** By pandas 2 and 3, of rows that were shuffled, with nothing in some. */
const byPandas = {
  columns:
    '{"text":{"10":"He said \\"hi\\", {[\\\\","3":"Gr\\u00f6\\u00dfe\\n2","7":null,"-1":"four","5":"x"},"label":{"10":"a","3":"b","7":"a","-1":"b","5":"a"},"n":{"10":1.5,"3":null,"7":3.0,"-1":-4.0,"5":1e3},"id":{"10":9007199254740993,"3":2,"7":3,"-1":4,"5":5}}',
  split:
    '{"columns":["text","label","n","id"],"index":[10,3,7,-1,5],"data":[["He said \\"hi\\", {[\\\\","a",1.5,9007199254740993],["Gr\\u00f6\\u00dfe\\n2","b",null,2],[null,"a",3.0,3],["four","b",-4.0,4],["x","a",1e3,5]]}',
};
it.each(Object.entries(byPandas))('rows of pandas’ “%s” stand in its order, with every digit', async (name, content) => {
  const { columns, rows: shown, badRowCount } = await previewFile(written(`${name}.json`, `\ufeff${content}\r\n`));
  expect(columns.map((column) => column.name)).toEqual(['text', 'label', 'n', 'id']);
  expect(shown).toEqual([
    ['He said "hi", {[\\', 'a', '1.5', '9007199254740993'],
    ['Größe\n2', 'b', '', '2'],
    ['', 'a', '3', '3'],
    ['four', 'b', '-4', '4'],
    ['x', 'a', '1000', '5'],
  ]);
  expect(badRowCount).toBe(0);
});

it('columns of a table without names, and rows of one, are told apart by their count', async () => {
  // pandas: DataFrame([['hello', 'a'], ['you', 'b'], ['x', 'a']]).to_json(), and with orient='index'.
  const expected = [
    ['hello', 'a'],
    ['you', 'b'],
    ['x', 'a'],
  ];
  for (const content of [
    '{"0":{"0":"hello","1":"you","2":"x"},"1":{"0":"a","1":"b","2":"a"}}',
    '{"0":{"0":"hello","1":"a"},"1":{"0":"you","1":"b"},"2":{"0":"x","1":"a"}}',
  ])
    expect((await previewFile(written('headless.json', content))).rows).toEqual(expected);
  // Few rows of many fields of several kinds, by their ids.
  const row = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`field${i}`, i % 2 ? 'x' : i]));
  expect((await previewFile(written('wide.json', JSON.stringify({ a: row, b: row })))).rows).toHaveLength(2);
});

it('a value that a column has not is missing; lists of other lengths, and rows of other widths, are told', async () => {
  const { rows: shown } = await previewFile(written('gaps.json', '{"text":{"0":"x","2":"z"},"label":{"0":"a","1":"b","2":"c"}}'));
  expect(shown).toEqual([
    ['x', 'a'],
    ['z', 'c'],
    ['', 'b'],
  ]);
  const uneven = { text: cells.map(([text]) => text), label: ['a'] };
  const path = written('uneven.json', JSON.stringify(uneven));
  const binding = dataBinding.parse({
    source: { kind: 'file', path, reader: { format: 'jsonl', inputColumns: ['text'], targetColumns: ['label'] } },
    task: 'sequence-classification',
  });
  await expect(prepareData(binding)).rejects.toThrow('columns need equally many values: “text” has 20, “label” 1');
  const wide = await previewFile(written('wide.json', '{"columns":["text","text","n"],"data":[["x","y",1],["x","y"],"no"]}'));
  expect(wide.columns.map(({ name }) => name)).toEqual(['text', 'text#1', 'n']);
  expect(wide.rows).toEqual([['x', 'y', '1']]);
  expect(wide.badRows).toEqual([
    { line: 2, reason: 'expected 3 values, found 2' },
    { line: 3, reason: 'expected a list of values' },
  ]);
  const broken = written('broken.json', '{"text":{"0":"x","1":NaN},"label":{"0":"a","1":"b"}}');
  await expect(prepareData({ ...binding, source: { ...binding.source, path: broken } } as typeof binding)).rejects.toThrow(
    'not valid JSON',
  );
});

it('a file of columns is read as a whole where a head shows only its first, and refused where it is too large', async () => {
  const many = (count: number) => ({
    text: Object.fromEntries(Array.from({ length: count }, (_, i) => [i, `said ${i}`])),
    label: Object.fromEntries(Array.from({ length: count }, (_, i) => [i, i % 2 ? 'a' : 'b'])),
  });
  for (const indent of [undefined, 1]) {
    const { columns, rows: shown } = await previewFile(written('large.json', JSON.stringify(many(30_000), null, indent)));
    expect([columns.map(({ name }) => name), shown[49]]).toEqual([
      ['text', 'label'],
      ['said 49', 'a'],
    ]);
  }
  const larger = JSON.stringify({ ...many(20_000), more: { 0: 'x'.repeat(33 * 1024 * 1024) } });
  await expect(previewFile(written('larger.json', larger))).rejects.toMatchObject({ failure: { code: 'json-columns-large' } });
});

it('a row with a list in it stays a row', async () => {
  expect((await read({ id: 1, tokens: ['a', 'b'], notes: [{ x: 1 }, { x: 2 }] })).columns).toEqual([
    'id',
    'tokens',
    'notes[0].x',
    'notes[1].x',
    'notes[].x',
  ]);
});

it('tells of a list that comes after more than is looked at first', async () => {
  const many = rows(60_000);
  const path = written('late.json', JSON.stringify({ data: many, notes: [{ by: 'me' }, { by: 'you' }] }, null, 1));
  const { report } = await prepareData(
    dataBinding.parse({
      source: { kind: 'file', path, reader: { format: 'jsonl', inputColumns: ['text'], targetColumns: ['label'] } },
      task: 'sequence-classification',
    }),
  );
  const { train, validation, test } = report.counts;
  expect(train + validation + test).toBe(60_000);
  expect(report.badRows.map(({ reason }) => reason)).toEqual(['the list “notes” is not read: the rows are those of “data”']);
});

it.each([
  ['array', (all: unknown) => all],
  ['list in an object', (all: unknown) => ({ data: all })],
])('an %s of any length may stand on one line', async (_words, as) => {
  const long = rows(40).map((row, i) => ({ ...row, text: `${'wörd '.repeat(50_000)}${i}` }));
  const content = JSON.stringify(as(long));
  expect(content.length).toBeGreaterThan(longestLine);
  const path = written('one-line.json', content);
  const { report } = await prepareData(
    dataBinding.parse({
      source: { kind: 'file', path, reader: { format: 'jsonl', inputColumns: ['text'], targetColumns: ['label'] } },
      task: 'sequence-classification',
    }),
  );
  const { train, validation, test } = report.counts;
  expect([train + validation + test, report.badRowCount]).toEqual([40, 0]);
});
