import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { dataBinding } from '../document/data-binding.ts';
import { wholeReport } from '../metrics/headline.ts';
import { dataReport } from '../protocol/data.ts';
import { makeBatch, targetCount, targetTokens } from './batches.ts';
import { type PreparedData, specialTokens } from './dataset.ts';
import { rawExamples } from './examples.ts';
import { prepareData } from './prepare.ts';
import { previewFile } from './preview.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-sequences-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: string, extension: string): string {
  const path = join(folder, `${files++}.${extension}`);
  writeFileSync(path, content);
  return path;
}

function bind(content: string, settings: object = {}, reader: object = {}, extension = 'tsv'): z.output<typeof dataBinding> {
  const source = {
    kind: 'file',
    path: file(content, extension),
    reader: { format: 'delimited', inputColumns: ['source'], targetColumns: ['target'], ...reader },
  };
  return dataBinding.parse({ task: 'sequence-to-sequence', tokenizer: { level: 'character' }, ...settings, source });
}

const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const spoken = (n: number): string => [...String(n)].map((digit) => numbers[Number(digit)]).join(' ');
const pairs = Array.from({ length: 120 }, (_unused, i) => i * 7);
const table = `source\ttarget\n${pairs.map((n) => `${n}\t${spoken(n)}`).join('\n')}\n`;

const said = ({ encoding, splits }: PreparedData, i: number, split: 'train' | 'validation' = 'train'): string =>
  Array.from(targetTokens(splits[split], i), (id) => encoding.classes?.[id]).join(' ');

describe('pairs of texts', () => {
  it('have a vocabulary for each side, special tokens first, and targets that end', async () => {
    const data = await prepareData(bind(table));
    const { encoding, splits } = data;
    const report = wholeReport(data);
    expect(dataReport.parse(report)).toEqual(report);
    expect(encoding.vocabulary?.slice(4).sort()).toEqual([...'0123456789']);
    expect(encoding.classes?.slice(0, 4)).toEqual(['<pad>', '<unk>', '<bos>', '<eos>']);
    expect(encoding.classes?.slice(4).sort()).toEqual([...numbers].sort());
    expect(encoding.facts).toEqual({ vocabulary: 14, classes: 14, features: null, targets: null });
    expect(encoding.longestTarget).toBe(4);
    for (let i = 0; i < splits.train.count; i++) {
      expect(said(data, i)).toBe(spoken(pairs[(splits.train.lines[i] ?? 0) - 2] ?? 0));
      const end = splits.train.targets?.offsets[i + 1] ?? 0;
      expect(splits.train.targets?.tokens[end - 1]).toBe(specialTokens.end);
    }
    expect(report.targets).toMatchObject({ truncated: 0, lengths: { edges: [1, 2, 3, 4] } });
    expect(report.classes).toEqual([]);
    expect(report.baseline.metric).toBe('token-error-rate');
    expect(report.baseline.value).toBeGreaterThan(0.5);
  });

  it('become batches in which the decoder reads one token late', async () => {
    const data = await prepareData(bind(table));
    const split = data.splits.train;
    const indices = Uint32Array.from([0, 20, 60]);
    const batch = makeBatch(split, indices, null, 9);
    expect(batch.steps).toBe(9);
    const { target, rows } = batch;
    if (!target) throw new Error('no target');
    expect(target.steps).toBe(Math.max(...indices.map((i) => targetCount(split, i))));
    indices.forEach((example, row) => {
      const length = target.lengths[row] ?? 0;
      expect(length).toBe(targetCount(split, example));
      const column = (ids: Int32Array | null): number[] =>
        Array.from({ length: target.steps }, (_unused, u) => ids?.[u * rows + row] ?? -1);
      const [read, told] = [column(target.inputs), column(batch.tagTargets)];
      expect(read[0]).toBe(specialTokens.begin);
      expect(read.slice(1, length)).toEqual(told.slice(0, length - 1));
      expect(told[length - 1]).toBe(specialTokens.end);
      expect(told.slice(0, length - 1)).toEqual([...targetTokens(split, example)]);
      expect([...read.slice(length), ...told.slice(length)].every((id) => id === 0)).toBe(true);
    });
  });

  it('fit the target vocabulary on the training split alone, and report what it lacks', async () => {
    const rows = Array.from({ length: 60 }, (_unused, i) => `in ${i}\tsay word${i}`);
    const data = await prepareData(bind(`source\ttarget\n${rows.join('\n')}\n`));
    expect(data.report.targets?.outOfVocabulary.validation).toBeCloseTo(0.5, 6);
    expect(said(data, 0, 'validation')).toBe('say <unk>');
    expect(data.report.targets?.frequentTokens[0]).toEqual({ token: 'say', count: data.splits.train.count });
  });

  it('are cut on both sides, and it is said', async () => {
    const settings = { tokenizer: { level: 'word', maxLength: 5 }, targetTokenizer: { level: 'word', maxLength: 3 } };
    const content = `source\ttarget\n${'w '.repeat(50_000)}\ta b c d\nx\ta b c\ny z\t${'d '.repeat(9)}\n`;
    const data = await prepareData(bind(content, { ...settings, split: { validation: 0, test: 0 } }));
    expect(data.report.truncated).toBe(1);
    expect(data.report.targets?.truncated).toBe(2);
    expect([0, 1, 2].map((i) => said(data, i))).toEqual(['a b c', 'a b c', 'd d d']);
  });

  it('name the rows that have no input or no target', async () => {
    const { report } = await prepareData(bind('source\ttarget\n1\tone\n\ttwo\n3\t\n4\tfour\nfive\n'));
    expect(report.badRows).toEqual([
      { line: 3, reason: 'no text' },
      { line: 4, reason: 'no target text' },
      { line: 6, reason: 'expected 2 columns, found 1: five' },
    ]);
    expect(report.empty).toBe(2);
  });

  it('are one-token sequences too', async () => {
    const data = await prepareData(bind('source\ttarget\na\tx\nb\ty\nc\tz\n', { split: { validation: 0, test: 0 } }));
    expect([0, 1, 2].map((i) => said(data, i))).toEqual(['x', 'y', 'z']);
    expect(data.encoding.longestTarget).toBe(2);
  });

  it('are shown as the file has them, and found where an input stands in two splits', async () => {
    const rows = Array.from({ length: 60 }, (_unused, i) => `same ${i % 6}\tout ${i % 6}`);
    const binding = bind(`source\ttarget\n${rows.join('\n')}\n`);
    const { report } = await prepareData(binding);
    expect(report.leakage.count).toBeGreaterThan(0);
    const { examples } = await rawExamples(binding, 'train', 0, 2);
    expect(examples[0]).toMatchObject({ input: expect.stringMatching(/^same \d$/), target: expect.stringMatching(/^out \d$/) });
  });

  it('are shown as the model reads them, too: an unknown word as such, the target to its end', async () => {
    const rare = { minCount: 2 };
    const rows = 'The cat\tle chat\nThe dog\tle chien\nThe cat\tle chat\n';
    const binding = bind(`source\ttarget\n${rows}`, {
      split: { validation: 0, test: 0 },
      tokenizer: { ...rare },
      targetTokenizer: { ...rare },
    });
    const { examples } = await rawExamples(binding, 'train', 1, 1);
    expect(examples).toMatchObject([
      { input: 'The dog', tokens: ['the', '<unk>'], target: 'le chien', targetTokens: ['le', '<unk>', '<eos>'] },
    ]);
  });

  it('need two usable rows', async () => {
    await expect(prepareData(bind('source\ttarget\na\t\nb\tx\n'))).rejects.toMatchObject({
      failure: { code: 'too-few-examples', row: 2, message: expect.stringContaining('no target text') },
    });
  });
});

describe('targets of sub-words', () => {
  const subword = { level: 'subword', maxVocabulary: 40 } as const;
  const text = ({ encoding, splits }: PreparedData, i: number): string =>
    Array.from(targetTokens(splits.train, i), (id) => encoding.classes?.[id]).join('');

  it('are learned from the training split’s targets, and joined they are the text', async () => {
    const data = await prepareData(bind(table, { targetTokenizer: subword }));
    const { encoding, splits } = data;
    const report = wholeReport(data);
    expect(encoding.classes).toHaveLength(44);
    expect(encoding.facts.classes).toBe(44);
    expect(encoding.targetMerges?.length).toBeGreaterThan(15);
    expect(encoding.merges).toBeUndefined();
    for (let i = 0; i < splits.train.count; i++) {
      const number = spoken(pairs[(splits.train.lines[i] ?? 0) - 2] ?? 0);
      expect(text(data, i)).toBe(number);
      expect(targetTokens(splits.train, i).length).toBeLessThan(number.length);
    }
    expect(report.targets?.frequentTokens.some(({ token }) => token.startsWith(' '))).toBe(true);
    expect(dataReport.parse(report)).toEqual(report);
  });

  it('are cut to their longest again, and end', async () => {
    const { encoding, report } = await prepareData(
      bind(table, { targetTokenizer: { ...subword, maxVocabulary: 20, maxLength: 6 } }),
    );
    expect(encoding.longestTarget).toBe(7);
    expect(report.targets?.truncated).toBeGreaterThan(0);
  });

  it('stand apart where tokens are given', async () => {
    const rows = pairs.map((n) => JSON.stringify({ source: `${n}`, target: spoken(n).split(' ') }));
    const data = await prepareData(bind(rows.join('\n'), { targetTokenizer: subword }, { format: 'jsonl' }, 'jsonl'));
    expect(text(data, 7)).toBe(spoken(pairs[(data.splits.train.lines[7] ?? 0) - 1] ?? 0));
  });
});

describe('other sources', () => {
  it('JSON lines with tokens that are separated already', async () => {
    const rows = Array.from({ length: 20 }, (_unused, i) =>
      JSON.stringify({ source: `w${i}`, target: ['AH0', 'new york', `P${i % 3}`] }),
    );
    const data = await prepareData(
      bind(
        rows.join('\n'),
        { targetTokenizer: { lowercase: false }, split: { validation: 0, test: 0 } },
        { format: 'jsonl' },
        'jsonl',
      ),
    );
    expect(said(data, 4)).toBe('AH0 new york P1');
    expect(data.encoding.classes?.slice(4).sort()).toEqual(['AH0', 'P0', 'P1', 'P2', 'new york']);
  });

  it('numbers in, tokens out', async () => {
    const rows = Array.from({ length: 30 }, (_unused, i) =>
      JSON.stringify({
        source: [
          [i, 1],
          [i + 1, 2],
        ],
        target: spoken(i),
      }),
    );
    const data = await prepareData(bind(rows.join('\n'), {}, { format: 'jsonl' }, 'jsonl'));
    expect(data.encoding.facts).toEqual({ vocabulary: null, classes: 14, features: 2, targets: null });
    const batch = makeBatch(data.splits.train, Uint32Array.from([0, 1]), 2);
    expect(batch.series).toHaveLength(2 * 2 * 2);
    expect(batch.target?.inputs[0]).toBe(specialTokens.begin);
  });
});

describe('the guess', () => {
  it.each([
    ['by many different texts', 'source\ttext out', (i: number) => `${i}\t${spoken(i * 31)}`, 'source', 'text out'],
    ['by its name', 'word\tpronunciation', (i: number) => `word${'x'.repeat(i)}\tp${i}`, 'word', 'pronunciation'],
  ])('of a sequence to say: %s', async (_name, header, row, input, target) => {
    const rows = Array.from({ length: 40 }, (_unused, i) => row(i + 10));
    expect(await previewFile(file(`${header}\n${rows.join('\n')}\n`, 'tsv'))).toMatchObject({
      task: 'sequence-to-sequence',
      reader: { inputColumns: [input], targetColumns: [target] },
    });
  });

  it('is a class where texts repeat', async () => {
    const rows = Array.from({ length: 60 }, (_unused, i) => `some longer words ${i}\tclass number ${i % 5}`);
    expect((await previewFile(file(`text\tlabel\n${rows.join('\n')}\n`, 'tsv'))).task).toBe('sequence-classification');
  });
});
