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
  ])('has its rows in %s', async (_words, content, warnings) => {
    if (indent !== undefined && warnings.length === 0 && !Array.isArray(content) && 'b' in (content as object)) {
      await expect(read(content, indent)).rejects.toThrow('several lists of objects (“a”, “b”)');
      return;
    }
    expect(await read(content, indent)).toEqual({ columns: ['text', 'label'], shown: cells, bad: [], warnings });
  });

  it.each<[string, unknown, string]>([
    ['pandas’ “columns”', { text: { 0: 'x', 1: 'y' }, label: { 0: 'a', 1: 'b' } }, 'columns (“text”, “label”), not rows'],
    [
      'lists of values',
      { text: whole.map(({ text }) => text), label: whole.map(({ label }) => label) },
      'columns (“text”, “label”)',
    ],
    [
      'two lists of rows',
      { train: whole, test: rows(12) },
      'several lists of objects (“train”, “test”), of which any may be the rows',
    ],
  ])('is refused where it holds %s', async (_words, content, holds) => {
    await expect(read(content, indent)).rejects.toThrow(holds);
  });
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
