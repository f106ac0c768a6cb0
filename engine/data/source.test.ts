import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { type DataBinding, dataBinding } from '../document/data-binding.ts';
import { prepareData } from './prepare.ts';
import { openSource } from './source.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-source-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const path = join(folder, 'rows.csv');
writeFileSync(path, ['text,label', ...Array.from({ length: 40 }, (_unused, i) => `word ${i},${i % 2}`)].join('\n'));
const file = dataBinding.parse({
  source: { kind: 'file', path, reader: { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'] } },
  task: 'sequence-classification',
});
const template = dataBinding.parse({ source: { kind: 'template', name: 'shapes' }, task: 'sequence-classification' });

/** Lines, and how often the engine's other work had a turn meanwhile. */
async function read(binding: DataBinding): Promise<{ lines: number[]; turns: number }> {
  let turns = 0;
  let reading = true;
  const count = (): void => {
    turns++;
    if (reading) setImmediate(count);
  };
  setImmediate(count);
  const lines: number[] = [];
  for await (const { rows } of (await openSource(binding)).blocks()) {
    for (const { line } of rows) lines.push(line);
    if (lines.length >= 40) break;
  }
  reading = false;
  return { lines: lines.slice(0, 40), turns };
}

it.each([
  ['a file', file],
  ['a template', template],
])('gives way while slow rows come out of %s, and gives the same rows', async (_name, binding) => {
  const { lines } = await read(binding);
  let clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    clock += 100;
    return clock;
  });
  const slow = await read(binding);
  expect(slow.lines).toEqual(lines);
  expect(slow.turns).toBeGreaterThanOrEqual(39);
});

it('tells in the report which lines before and between the rows are left out', async () => {
  const notes = join(folder, 'notes.csv');
  writeFileSync(
    notes,
    ['Report', 'of May', 'text,label', '# empty', ...Array.from({ length: 8 }, (_, i) => `word ${i},${i % 2}`)].join('\n'),
  );
  const reader = { format: 'delimited', skipLines: 2, comment: '#', inputColumns: ['text'], targetColumns: ['label'] };
  const { report } = await prepareData(dataBinding.parse({ ...file, source: { kind: 'file', path: notes, reader } }));
  expect(report.counts.train + report.counts.validation + report.counts.test).toBe(8);
  expect(report.notes).toEqual(['2 lines before the table are skipped.', 'Lines that begin with “#” are comments, and skipped.']);
});
