import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type DataBinding, dataBinding } from '../document/data-binding.ts';
import { readAsBefore } from '../document/migrations.ts';
import { wholeReport } from '../metrics/headline.ts';
import { epochBatches, makeBatch } from './batches.ts';
import type { PreparedData } from './dataset.ts';
import { rawExamples } from './examples.ts';
import { prepareData } from './prepare.ts';
import { tokenText } from './token-text.ts';
import { unigramPerplexity } from './unigrams.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

function bindingOf(name: string, text: string, settings: object): DataBinding {
  const path = join(folder, name);
  writeFileSync(path, text);
  return dataBinding.parse({
    source: { kind: 'file', path, reader: { format: 'text', inputColumns: ['text'] } },
    task: 'language-model',
    tokenizer: { level: 'character', lowercase: false },
    ...settings,
  });
}

const text = (data: PreparedData, ids: ArrayLike<number>): string =>
  Array.from(ids, (id) => data.encoding.vocabulary?.[id] ?? '?').join('');

describe('lines', () => {
  it('read <bos> and their tokens, and are to say their tokens and <eos>', async () => {
    const binding = bindingOf('lines.txt', 'ab\ncab\n', { languageModel: { unit: 'line' }, split: { validation: 0, test: 0 } });
    const data = await prepareData(binding);
    const { train } = data.splits;
    const rows = [0, 1].map((i) => [train.offsets[i] ?? 0, train.offsets[i + 1] ?? 0] as const);
    expect(rows.map(([a, b]) => text(data, train.tokens?.subarray(a, b) ?? []))).toEqual(['<bos>ab', '<bos>cab']);
    expect(rows.map(([a, b]) => text(data, train.tagTargets?.subarray(a, b) ?? []))).toEqual(['ab<eos>', 'cab<eos>']);
    expect(data.encoding.classes).toEqual(data.encoding.vocabulary);
    expect(data.encoding.facts.classes).toBe(7);
  });

  it('are cut to the maximum length, and it is said', async () => {
    const long = `${'xy '.repeat(50_000)}\nshort one\n`;
    const binding = bindingOf('long.txt', long, {
      languageModel: { unit: 'line' },
      tokenizer: { level: 'word', maxLength: 20 },
      split: { validation: 0, test: 0 },
    });
    const { report, splits } = await prepareData(binding);
    expect(report.truncated).toBe(1);
    expect(splits.train.offsets[1]).toBe(21);
  });
});

describe('a running text', () => {
  const lines = Array.from({ length: 40 }, (_unused, i) => `row ${i} ${'abcdefg'.slice(i % 5)}`);
  const settings = { languageModel: { unit: 'running', chunk: 16 }, split: { validation: 0.25, test: 0.25 } };

  it('is every character of the file in order, with its empty lines and indentation, whatever its line ends', async () => {
    const verse = '  First:\n\n\n\tSpeak. \n__label__x y\n\nend';
    for (const [name, written] of [
      ['lf', verse],
      ['crlf', verse.replaceAll('\n', '\r\n')],
      ['cr', verse.replaceAll('\n', '\r')],
      ['bom', `\ufeff${verse}`],
    ] as const) {
      const all = { languageModel: { chunk: 7 }, split: { validation: 0, test: 0 } };
      const data = await prepareData(bindingOf(`verse-${name}.txt`, written, all));
      const { train } = data.splits;
      expect(text(data, train.tagTargets ?? []), name).toBe(verse);
      expect(text(data, train.tokens ?? []), name).toBe(`<bos>${verse.slice(0, -1)}`);
      expect(data.encoding.vocabulary?.slice(0, 4)).toEqual(['<pad>', '<unk>', '<bos>', '<eos>']);
      expect([...(train.lines ?? [])].at(-1)).toBe(7);
    }
    const ended = await prepareData(bindingOf('ended.txt', `${verse}\n\n`, { split: { validation: 0, test: 0 } }));
    expect(text(ended, ended.splits.train.tagTargets ?? [])).toBe(`${verse}\n\n`);
  });

  it('keeps line ends and indentation as words, and drops other space', async () => {
    const code = 'def f(x):\n    return  x \n\n';
    const words = { tokenizer: { level: 'word', lowercase: false }, split: { validation: 0, test: 0 } };
    const data = await prepareData(bindingOf('code.txt', code, words));
    const said = Array.from(data.splits.train.tagTargets ?? [], (id) => data.encoding.vocabulary?.[id] ?? '?');
    expect(said).toEqual(['def', 'f', '(', 'x', ')', ':', '\n', '    ', 'return', 'x', '\n', '\n']);
    expect(tokenText(said, 'word')).toBe('def f ( x ) :\n    return x\n\n');
  });

  it('is the rows of a table with line ends between them', async () => {
    const path = join(folder, 'rows.csv');
    writeFileSync(path, 'text\n"ab\ncd"\nef\n');
    const source = { kind: 'file', path, reader: { format: 'delimited', delimiter: ',', header: true, inputColumns: ['text'] } };
    const data = await prepareData({
      ...bindingOf('unused.txt', 'x', { split: { validation: 0, test: 0 } }),
      source: dataBinding.shape.source.parse(source),
    });
    expect(text(data, data.splits.train.tagTargets ?? [])).toBe('ab\ncd\nef\n');
  });

  it('of a model from before version 3 is read as then: lines from <bos> to <eos>, without the empty ones', async () => {
    const before = readAsBefore(bindingOf('before.txt', 'ab\n\ncd\n', { split: { validation: 0, test: 0 } }));
    const data = await prepareData(dataBinding.parse(before));
    expect(text(data, data.splits.train.tokens ?? [])).toBe('<bos>ab<bos>cd');
    expect(text(data, data.splits.train.tagTargets ?? [])).toBe('ab<eos>cd<eos>');
  });

  it('is split by time and loses nothing', async () => {
    const data = await prepareData(
      bindingOf('running.txt', lines.join('\n'), { ...settings, tokenizer: { level: 'character' } }),
    );
    const whole = (['train', 'validation', 'test'] as const)
      .map((name) => text(data, data.splits[name].tagTargets ?? []))
      .join('');
    const known = new Set(data.encoding.vocabulary);
    const expected = [...lines.join('\n')].map((c) => (known.has(c) ? c : '<unk>')).join('');
    expect(whole).toBe(expected);
    expect(wholeReport(data).baseline.metric).toBe('perplexity');
  });

  it('comes in batches whose rows go on where they ended', async () => {
    const data = await prepareData(bindingOf('streams.txt', lines.join('\n'), settings));
    const { train } = data.splits;
    const batches = epochBatches(train, { batchSize: 3, seed: 1, epoch: 0, shuffle: true });
    const streams: number[][] = [[], [], []];
    for (const indices of batches) {
      const batch = makeBatch(train, indices, null);
      for (let b = 0; b < batch.rows; b++) {
        for (let t = 0; t < (batch.lengths[b] ?? 0); t++) streams[b]?.push(batch.tokens?.[t * batch.rows + b] ?? -1);
      }
    }
    expect(streams.flat()).toEqual([...(train.tokens ?? [])]);
    const sizes = batches.map((batch) => batch.length);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(batches.slice(1).every((batch, k) => batch.every((chunk, b) => chunk === (batches[k]?.[b] ?? -2) + 1))).toBe(true);
  });

  it('shows its chunks', async () => {
    const { total, examples } = await rawExamples(bindingOf('shown.txt', lines.join('\n'), settings), 'train', 0, 2);
    expect(total).toBeGreaterThan(2);
    expect(examples[0]?.input.startsWith('<bos>row 0')).toBe(true);
    expect(examples[0]?.target.startsWith('row 0')).toBe(true);
  });
});

it('refuses an empty file', async () => {
  await expect(prepareData(bindingOf('empty.txt', '', {}))).rejects.toMatchObject({ message: expect.stringMatching(/./) });
});

it('measures the perplexity of frequencies', () => {
  expect(unigramPerplexity([], [0, 1, 2, 3], 4)).toBeCloseTo(4, 10);
  expect(unigramPerplexity([0, 0, 0, 0, 0, 0], [0], 2)).toBeCloseTo(8 / 7, 10);
});

describe('a running text whose end repeats its beginning', () => {
  const words = (count: number, from: number): string => Array.from({ length: count }, (_unused, i) => `w${from + i}`).join(' ');
  const settings = { tokenizer: { level: 'word' }, split: { validation: 0.2, test: 0.2 }, languageModel: { chunk: 8 } };

  it('is told, with how much of validation and test it is', async () => {
    // 600 words of training, 200 of validation, of which 90 stood before, and 200 of test.
    const lines = [words(600, 0), words(110, 1000), words(90, 100), words(200, 2000)]
      .join(' ')
      .replace(/((?:\S+ ){9}\S+) /g, '$1\n');
    const { report } = await prepareData(bindingOf('again.txt', lines, settings));
    const told = report.warnings.find((warning) => warning.includes('stand in an earlier split'));
    expect(told).toMatch(
      /^[1-9]\d* of \d+ passages of validation and test \(30 tokens each\) stand in an earlier split, word for word/,
    );
    expect(told).toMatch(/One is “w1\d\d w1/);
  });

  it('is not told where nothing is repeated', async () => {
    const { report } = await prepareData(bindingOf('once.txt', words(1000, 0).replace(/((?:\S+ ){9}\S+) /g, '$1\n'), settings));
    expect(report.warnings.join()).not.toContain('earlier split');
  });
});
