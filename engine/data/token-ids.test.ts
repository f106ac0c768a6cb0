import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { dataInGraph } from '../document/data-in-graph.ts';
import { node } from '../document/fixtures/graph-literals.ts';
import { prepareData } from './prepare.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-ids-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bound = (name: string, lists: readonly unknown[], extra: object = {}) => {
  const path = join(folder, name);
  writeFileSync(path, lists.map((ids, i) => JSON.stringify({ ids, label: i % 2 ? 'a' : 'b' })).join('\n'));
  const reader = { format: 'jsonl', inputColumns: ['ids'], targetColumns: ['label'], ...extra };
  return dataBinding.parse({
    source: { kind: 'file', path, reader },
    task: 'sequence-classification',
    split: { validation: 0, test: 0 },
  });
};
const ids = [
  [22, 30, 6],
  [22, 7],
  [6, 6, 1],
];

it.each([
  ['token-input', 'ids', ['1', '22', '30', '6', '7'], null],
  ['series-input', 'ids', null, 1],
] as const)('a graph with a %s reads lists of %s as what it takes', async (kind, _what, tokens, features) => {
  const data = dataInGraph({ data: bound(`${kind}.jsonl`, ids), nodes: [node('in', kind)] });
  if (data === null) throw new Error('no data');
  const { encoding, splits } = await prepareData(data);
  expect(encoding.vocabulary?.slice(4).sort() ?? null).toEqual(tokens);
  expect(encoding.facts.features).toBe(features);
  const said = Array.from(splits.train.tokens ?? [], (id) => encoding.vocabulary?.[id]);
  if (tokens !== null) expect(said.slice(0, 3)).toEqual(['22', '30', '6']);
});

it('measurements are no ids, and what the reader says stands', async () => {
  const tokens = { nodes: [node('in', 'token-input')] };
  const measured = dataInGraph({ ...tokens, data: bound('measured.jsonl', [[0.5, 1], [2, 3], [4]]) });
  const asked = dataInGraph({ ...tokens, data: bound('asked.jsonl', ids, { lists: 'numbers' }) });
  for (const data of [measured, asked]) {
    if (data === null) throw new Error('no data');
    expect((await prepareData(data)).encoding.vocabulary).toBeNull();
  }
});

it('the same lists as tokens and as series are different data; of texts the setting says nothing', async () => {
  const print = async (rows: readonly unknown[], lists: string | null): Promise<string> =>
    (await prepareData(bound('print.jsonl', rows, { lists }))).encoding.fingerprint;
  const [open, tokens, numbers] = [await print(ids, null), await print(ids, 'tokens'), await print(ids, 'numbers')];
  expect(numbers).toBe(open);
  expect(tokens).not.toBe(open);
  const texts = [['a', 'b'], ['b'], ['c', 'a']];
  expect(await print(texts, 'tokens')).toBe(await print(texts, null));
  const measured = [[0.5, 1], [2, 3], [4]];
  expect(await print(measured, 'tokens')).toBe(await print(measured, null));
});
