import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { prepareData } from '../data/prepare.ts';
import { dataBinding } from '../document/data-binding.ts';
import { exampleView } from './example-view.ts';
import { shownIndices } from './spread.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-example-view-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const said = { ids: [0], confidence: [1], numbers: [] };

it('shows words outside the vocabulary as they stand in the data, and marks them', async () => {
  const path = join(folder, 'texts.csv');
  // Each line has one word of its own, which no vocabulary of words that occur twice holds.
  const lines = Array.from({ length: 60 }, (_, i) => `Common word own${i} again,${i % 2 === 0 ? 'yes' : 'no'}`);
  writeFileSync(path, `text,label\n${lines.join('\n')}\n`);
  const reader = { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] };
  const binding = dataBinding.parse({
    source: { kind: 'file', path, reader },
    task: 'sequence-classification',
    tokenizer: { minCount: 2 },
    split: { validation: 0.3 },
  });
  const { encoding, splits } = await prepareData(binding);
  const split = splits.validation;
  expect(split.count).toBeGreaterThan(10);
  for (const example of shownIndices(split.count)) {
    const own = `own${(split.lines[example] ?? 0) - 2}`;
    const view = exampleView(encoding, split, example, said);
    expect(view.tokens).toEqual(['common', 'word', own, 'again']);
    expect(view.unknown).toEqual([false, false, true, false]);
    expect(view.input).toBe(`common word ${own} again`);
  }
});
