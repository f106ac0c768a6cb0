import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { type DataBinding, dataBinding } from '../document/data-binding.ts';
import { Random } from '../random.ts';
import { type Gathered, gather, type TokenRows } from './gather.ts';
import { openSource } from './source.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-gather-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A file is read in pieces of 256 KB: this is several, and so words, line ends and letters of two bytes stand across their borders. */
const fileBytes = 1_000_000;
const cells = [
  ...['Cat', 'the', 'dog', "don't", 'thirteenletters', 'twelveletter', 'été', 'naïve', 'İ', '日本', '💛', '\0', '\t', '#', ' '],
  ...['"quoted, too"', '"two\nlines"', '"', '[1, 2]', '\ufeff', 'x'.repeat(5000)],
] as const;
const ends = [',yes\n', ',no\n', ',no\r\n', ',yes\r\n', '\n', '\r', ',a,b\n', '\n\n'];
const usual = 40;

function writeFile(name: string): string {
  const random = new Random(3, name);
  let text = '\ufefftext,label\na b,yes\nc d,no\n';
  while (text.length < fileBytes) {
    const plain = random.uniform() < 0.7;
    for (let i = random.below(20); i >= 0; i--)
      text += `${plain ? `w${Math.floor(5000 * random.uniform() ** 3)}` : cells[random.below(cells.length)]} `;
    text += ends[random.below(plain ? usual : ends.length)] ?? ',yes\n';
  }
  const path = join(folder, name);
  writeFileSync(path, `${text}the end`);
  return path;
}

const table = { format: 'delimited', inputColumns: ['text'], targetColumns: ['label'], delimiter: ',', header: true };
const cases = {
  'a table, words': { task: 'sequence-classification', reader: table, tokenizer: { maxLength: 12 } },
  'a table, sub-words': { task: 'sequence-classification', reader: table, tokenizer: { level: 'subword', lowercase: false } },
  'a running text, words': { task: 'language-model', reader: { format: 'text' } },
  'a running text, characters': { task: 'language-model', reader: { format: 'text' }, tokenizer: { level: 'character' } },
} as const;

/** Compared element by element, a million numbers take half a minute. */
const digest = (numbers: NodeJS.ArrayBufferView & { readonly length: number }): [number, string] => [
  numbers.length,
  createHash('sha256').update(numbers).digest('hex'),
];

const rowsOf = ({ texts, tokens, offsets, truncated }: TokenRows): unknown => ({
  texts: texts.texts,
  tokens: digest(tokens.range(0, tokens.length).subarray(0, tokens.length)),
  offsets: digest(offsets.flat()),
  truncated: digest(truncated.flat()),
});
const numbersOf = (read: Gathered): unknown => ({
  input: rowsOf(read),
  lines: digest(read.lines.flat()),
  labels: [read.labels.texts, digest(read.labelIds.flat())],
  hashes: digest(read.hashes.flat()),
  told: [read.empty, read.log.count, read.log.rows],
});
const readAll = async (binding: DataBinding): Promise<unknown> => numbersOf(await gather(await openSource(binding), binding, {}));

it.each(Object.entries(cases))('reads a file as JavaScript alone reads it: %s', async (name, { reader, ...rest }) => {
  const path = writeFile(`${name}.csv`);
  const binding = dataBinding.parse({ ...rest, source: { kind: 'file', path, reader } });
  const started = vi.spyOn(WebAssembly, 'Instance');
  const read = await readAll(binding);
  expect(started).toHaveBeenCalledTimes(1);
  vi.stubGlobal('WebAssembly', undefined);
  expect(read).toEqual(await readAll(binding));
});
