import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { AsciiText } from './ascii-text.ts';
import type { BadRow, RawExample } from './raw-example.ts';
import { isBadRow } from './raw-example.ts';
import { openSource } from './source.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-ascii-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const table = { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'], delimiter: ',', header: true };
const cases = {
  table: ['sequence-classification', table],
  'table with backslashes': ['sequence-classification', { ...table, quotes: 'backslash' }],
  'table without quotes': ['sequence-classification', { ...table, quotes: 'none' }],
  'table with comments': ['sequence-classification', { ...table, comment: '#' }],
  'table with groups': ['sequence-classification', { ...table, groupColumn: 'label' }],
  'table with words for missing values': ['sequence-classification', { ...table, missing: ['a'] }],
  'table of two texts': ['sequence-to-sequence', table],
  'table for a language model': ['language-model', { ...table, targetColumns: [] }],
  'lines of a running text': ['language-model', { format: 'text', inputColumns: ['text'] }],
} as const;

/** Cells are compared with such words as texts. */
const neverBytes = 'table with words for missing values';

const parts = [
  'a',
  'b c',
  ',',
  ',',
  '"',
  "'",
  '\\',
  '#',
  '_',
  '__label__x ',
  '[1, 2]',
  "('a'",
  ' ',
  '\t',
  'text',
  'text,label\n',
  'label',
  'é',
  '\ufeff',
];
const line = fc
  .tuple(fc.array(fc.constantFrom(...parts), { maxLength: 6 }), fc.constantFrom('\n', '\n', '\r\n', '\r', ',yes\n', ',no\r\n'))
  .map(([cells, end]) => cells.join('') + end);

/** All that is read of the file. */
async function readAll(
  path: string,
  [task, reader]: (typeof cases)[keyof typeof cases],
  ascii: boolean,
): Promise<{ readonly rows: readonly unknown[]; readonly told: unknown; readonly asBytes: number }> {
  const source = await openSource(dataBinding.parse({ task, source: { kind: 'file', path, reader } }));
  const rows: unknown[] = [];
  let asBytes = 0;
  const plain = (row: RawExample | BadRow): unknown => {
    if (isBadRow(row) || !(row.input instanceof AsciiText)) return row;
    asBytes++;
    return { ...row, input: { kind: 'text', text: row.input.text } };
  };
  for await (const block of source.blocks(ascii)) rows.push(...block.rows.map(plain));
  return { rows, told: { hash: source.hash(), warnings: source.warnings() }, asBytes };
}

it.each(Object.entries(cases))('reads the same rows as bytes and as texts: %s', async (name, settings) => {
  const path = join(folder, `${name}.txt`);
  let asBytes = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.boolean(), async (lines, open) => {
      writeFileSync(path, `text,label\na b,yes\nc d,no\n${lines.join('')}${open ? 'open, end' : ''}`);
      const texts = await readAll(path, settings, false);
      const bytes = await readAll(path, settings, true);
      expect(bytes.rows).toEqual(texts.rows);
      expect(bytes.told).toEqual(texts.told);
      expect(texts.asBytes).toBe(0);
      asBytes += bytes.asBytes;
    }),
    { numRuns: 30 },
  );
  expect(asBytes > 10).toBe(name !== neverBytes);
});
