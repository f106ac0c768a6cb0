import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { prepareData } from './prepare.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-labels-'));
afterAll(() => rmSync(folder, { recursive: true }));

function prepare(name: string, text: string, reader: object) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return prepareData(dataBinding.parse({ source: { kind: 'file', path, reader }, task: 'sequence-classification' }));
}

const jsonl = { format: 'jsonl', inputColumns: ['text'], targetColumns: ['labels'] };
const rows = (labels: (i: number) => unknown): string =>
  Array.from({ length: 40 }, (_unused, i) => JSON.stringify({ text: `text number ${i}`, labels: labels(i) })).join('\n');

it('refuses several labels an example, in lists, in JSON inside a table and in fastText lines', async () => {
  const refusal = { failure: { code: 'several-labels', message: expect.stringContaining('“a”, “b c”'), row: 2 } };
  await expect(
    prepare(
      'a.jsonl',
      rows((i) => (i % 2 ? ['a', 'b c'] : ['a'])),
      jsonl,
    ),
  ).rejects.toMatchObject(refusal);
  const table = Array.from({ length: 20 }, (_unused, i) => `text ${i}\t${i % 2 ? '["a"]' : '["a", "b c"]'}`).join('\n');
  const tsv = { format: 'delimited', delimiter: '\t', header: true, inputColumns: ['text'], targetColumns: ['labels'] };
  await expect(prepare('a.tsv', `text\tlabels\n${table}`, tsv)).rejects.toMatchObject(refusal);
  const fast = { format: 'text', inputColumns: ['text'], targetColumns: ['label'] };
  await expect(prepare('a.txt', '__label__a one\n__label__a __label__b two\n', fast)).rejects.toMatchObject({
    failure: { code: 'several-labels', message: expect.stringContaining('“a”, “b”') },
  });
});

it('takes the label of a list of one, and counts a rare example with more as a bad row', async () => {
  const { report } = await prepare(
    'b.jsonl',
    rows((i) => (i === 7 ? ['a', 'b'] : [i % 2 ? 'a' : 'b'])),
    jsonl,
  );
  expect(report.classes.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(report.badRows).toEqual([{ line: 8, reason: 'column “labels”: expected one label, found 2: “a”, “b”' }]);
});

it('warns of several labels that are joined to one text; features of a tag are no labels of an example', async () => {
  const genres = ['Action', 'Action|Drama', 'Drama', 'Drama|War', 'War|Action'];
  const table = (of: (i: number) => string): string =>
    `text,genres\n${Array.from({ length: 40 }, (_unused, i) => `film number ${i},${of(i)}`).join('\n')}`;
  const reader = { format: 'delimited', inputColumns: ['text'], targetColumns: ['genres'] };
  const warned = (
    await prepare(
      'c.csv',
      table((i) => genres[i % 5] ?? ''),
      reader,
    )
  ).report.warnings;
  expect(warned).toEqual([expect.stringMatching(/^Labels such as “Action\|Drama” .* each of the 3 combinations/)]);
  const one = await prepare(
    'd.csv',
    table((i) => genres[(i % 2) * 2] ?? ''),
    reader,
  );
  expect(one.report.warnings).toEqual([]);
  const tags = table((i) => `${genres[i % 5]} ${genres[(i + 1) % 5]} ${genres[(i + 2) % 5]}`);
  const path = join(folder, 'e.csv');
  writeFileSync(path, tags);
  const tagged = await prepareData(dataBinding.parse({ source: { kind: 'file', path, reader }, task: 'step-tagging' }));
  expect(tagged.report.warnings).toEqual([]);
});

it('refuses places in a text as labels', async () => {
  const spans = prepare(
    's.jsonl',
    rows((i) => [[i, i + 3, 'PER']]),
    jsonl,
  );
  await expect(spans).rejects.toMatchObject({
    failure: { code: 'spans', message: expect.stringContaining('[[0,3,"PER"]] in line 1'), row: 1 },
  });
});
