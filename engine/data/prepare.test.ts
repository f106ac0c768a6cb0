import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { dataBinding } from '../document/data-binding.ts';
import { baseline } from '../metrics/baselines.ts';
import { wholeReport } from '../metrics/headline.ts';
import { dataReport } from '../protocol/data.ts';
import { stepCount, stepStart } from './batches.ts';
import { specialTokens } from './dataset.ts';
import { decodeNumbers, encodeSeries, encodeText } from './encode.ts';
import { rawExamples } from './examples.ts';
import { prepareData } from './prepare.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-prepare-'));
afterAll(() => rmSync(folder, { recursive: true }));

type BindingInput = Omit<z.input<typeof dataBinding>, 'source'>;

let files = 0;
function bind(content: string, input: BindingInput, reader: object = {}, extension = 'csv'): z.output<typeof dataBinding> {
  const path = join(folder, `${files++}.${extension}`);
  writeFileSync(path, content);
  return dataBinding.parse({ ...input, source: { kind: 'file', path, reader: { format: 'delimited', ...reader } } });
}

const mails = Array.from(
  { length: 200 },
  (_unused, i) => `"${i % 4 === 0 ? 'win a prize' : 'see you at lunch'} number${i}",${i % 4 === 0 ? 'spam' : 'ham'}`,
);
const mailFile = `text,label\n${mails.join('\n')}\n`;
const classification = { task: 'sequence-classification' } as const;
const columns = { inputColumns: ['text'], targetColumns: ['label'] };

describe('classes of texts', () => {
  it('splits every class alike, and reports what the data holds', async () => {
    const data = await prepareData(bind(mailFile, classification, columns));
    const { splits, encoding } = data;
    const report = wholeReport(data);
    expect(dataReport.parse(report)).toEqual(report);
    expect(report).toMatchObject({
      counts: { train: 160, validation: 20, test: 20 },
      classes: [
        { name: 'ham', train: 120, validation: 15, test: 15 },
        { name: 'spam', train: 40, validation: 5, test: 5 },
      ],
      baseline: { metric: 'accuracy', value: 0.75 },
      imbalance: 3,
      badRowCount: 0,
      leakage: { count: 0 },
      lengths: { edges: [4, 5, 6], counts: [50, 150] },
    });
    expect(encoding.classes).toEqual(['ham', 'spam']);
    expect([encoding.inputNormalization, encoding.targetNormalization]).toEqual([null, null]);
    expect(splits.train.classTargets?.filter((label) => label === 1)).toHaveLength(40);
    expect(report.frequentTokens[0]).toEqual({ token: 'at', count: 120 });
  });

  it('fits the vocabulary on the training split alone', async () => {
    const { encoding, splits, report } = await prepareData(bind(mailFile, classification, columns));
    const known = new Set(encoding.vocabulary);
    const words = (split: 'train' | 'validation'): string[] => [...splits[split].lines].map((line) => `number${line - 2}`);
    expect(words('train').every((word) => known.has(word))).toBe(true);
    expect(words('validation').some((word) => known.has(word))).toBe(false);
    const unknown = splits.validation.tokens?.filter((token) => token === specialTokens.unknown).length;
    expect(unknown).toBe(20);
    expect(report.outOfVocabulary?.validation).toBeCloseTo(20 / (15 * 5 + 5 * 4), 6);
  });

  it('caps the vocabulary and drops rare tokens, the most frequent first', async () => {
    const tokenizer = { maxVocabulary: 3, minCount: 2 };
    const { encoding } = await prepareData(bind(mailFile, { ...classification, tokenizer }, columns));
    expect(encoding.vocabulary).toEqual(['<pad>', '<unk>', '<bos>', '<eos>', 'at', 'lunch', 'see']);
  });

  it('encodes a typed text as in training', async () => {
    const { encoding, splits } = await prepareData(bind(mailFile, classification, columns));
    const line = splits.train.lines[7] ?? 0;
    const text = (mails[line - 2] ?? '').split('"')[1] ?? '';
    const { ids, unknown } = encodeText(encoding, text.toUpperCase());
    expect([...ids]).toEqual([...(splits.train.tokens?.subarray(stepStart(splits.train, 7), stepStart(splits.train, 8)) ?? [])]);
    expect(unknown).not.toContain(true);
    expect(encodeText(encoding, 'prize <pad> zebra')).toMatchObject({
      tokens: ['prize', '<', 'pad', '>', 'zebra'],
      unknown: [false, true, true, true, true],
    });
  });

  it('never drops a row silently', async () => {
    const content = 'text,label\nfine one,a\n,a\nno label,\nragged\nother,b\nthird,a\nx,"never closed\n';
    const { report } = await prepareData(bind(content, classification, columns));
    expect(report.badRows).toEqual([
      { line: 3, reason: 'no text' },
      { line: 4, reason: 'column “label”: no label' },
      { line: 5, reason: 'expected 2 columns, found 1: ragged' },
      { line: 8, reason: 'a quote opens here and is never closed: x,"never closed' },
    ]);
    expect(report.empty).toBe(1);
    const { train, validation, test } = report.counts;
    expect(train + validation + test + report.badRowCount).toBe(7);
  });

  it('cuts a line of 50,000 tokens and reports it', async () => {
    const content = `text,label\n${'word '.repeat(50_000)},a\nshort,b\n`;
    const { report } = await prepareData(bind(content, classification, columns));
    expect(report.truncated).toBe(1);
    expect(report.lengths.edges[report.lengths.edges.length - 1]).toBeGreaterThanOrEqual(512);
  });

  it('reports the same text in two splits, and keeps a group together', async () => {
    const rows = Array.from({ length: 100 }, (_unused, i) => `same text ${i % 5},c${i % 2},g${i % 5}`);
    const content = `text,label,thread\n${rows.join('\n')}\n`;
    const leaking = await prepareData(bind(content, classification, columns));
    expect(leaking.report.leakage.count).toBeGreaterThan(0);
    expect(leaking.report.leakage.examples[0]).toMatch(/^same text \d$/);
    const grouped = await prepareData(bind(content, classification, { ...columns, groupColumn: 'thread' }));
    expect(grouped.report.leakage.count).toBe(0);
    expect(grouped.report.counts.validation).toBe(20);
  });

  it('shows five of the texts that stand in two splits, however many do', async () => {
    const again = Array.from({ length: 60 }, (_unused, i) => `text ${i % 20},c${i % 2}`);
    const { report } = await prepareData(bind(`text,label\n${again.join('\n')}\n`, classification, columns));
    expect(report.leakage.count).toBeGreaterThan(5);
    expect(report.leakage.examples).toHaveLength(5);
  });

  it('have nothing to be warned of, but for a split without examples and a label that all have', async () => {
    const warned = async (content: string, split: object): Promise<readonly string[]> =>
      (await prepareData(bind(content, { ...classification, split }, columns))).report.warnings;
    const without = 'There are no validation examples: the baseline is measured on the training split.';
    expect(await warned(mailFile, {})).toEqual([]);
    expect(await warned(mailFile, { validation: 0 })).toEqual([without]);
    expect(await warned(mailFile.replaceAll('spam', 'ham'), {})).toEqual([
      'Every example has the same label “ham”: there is nothing to learn.',
    ]);
  });

  it('uses as many examples as the limit says', async () => {
    const { report } = await prepareData(bind(mailFile, { ...classification, limit: 50 }, columns));
    const { train, validation, test } = report.counts;
    expect(train + validation + test).toBe(50);
  });

  it('orders numeric classes as numbers', async () => {
    const rows = Array.from({ length: 60 }, (_unused, i) => `word${i},${(i % 12) + 1}`);
    const { encoding } = await prepareData(bind(`text,label\n${rows.join('\n')}\n`, classification, columns));
    expect(encoding.classes).toEqual(Array.from({ length: 12 }, (_unused, i) => String(i + 1)));
  });

  it('gives equal data the same key wherever the file lies, and another one when anything changes', async () => {
    const key = async (content: string, input: BindingInput = classification): Promise<string> =>
      (await prepareData(bind(content, input, columns))).report.key;
    const first = await key(mailFile);
    expect(await key(mailFile)).toBe(first);
    expect(await key(mailFile.replace('prize', 'price'))).not.toBe(first);
    expect(await key(mailFile, { ...classification, split: { seed: 2 } })).not.toBe(first);
  });

  it('keeps prepared data until the file changes', async () => {
    const binding = bind(mailFile, classification, columns);
    const first = await prepareData(binding);
    expect(await prepareData(binding)).toBe(first);
    if (binding.source.kind === 'file') writeFileSync(binding.source.path, `${mailFile}one more,ham\n`);
    expect((await prepareData(binding)).report.counts.train).toBeGreaterThan(160);
  });

  it('shows examples as the file has them', async () => {
    const binding = bind(mailFile, classification, columns);
    const { total, examples } = await rawExamples(binding, 'validation', 18, 10);
    expect(total).toBe(20);
    expect(examples).toHaveLength(2);
    for (const { line, input, target } of examples) expect(`"${input}",${target}`).toBe(mails[line - 2]);
  });

  it('reads numbers per example: one step per column', async () => {
    const rows = Array.from({ length: 20 }, (_unused, i) => `${i},${i + 1},${i + 2},${i % 2 ? 'up' : 'down'}`);
    const { encoding, splits, report } = await prepareData(
      bind(`a,b,c,label\n${rows.join('\n')}\n`, classification, { inputColumns: ['a', 'b', 'c'], targetColumns: ['label'] }),
    );
    expect(encoding.facts).toEqual({ vocabulary: null, classes: 2, features: 1, targets: null });
    expect(stepCount(splits.train, 0)).toBe(3);
    expect([report.frequentTokens, report.outOfVocabulary]).toEqual([[], null]);
    const raw = (splits.train.lines[0] ?? 0) - 2;
    const values = decodeNumbers(
      encoding.inputNormalization ?? { names: [], mean: [], deviation: [] },
      splits.train.series?.subarray(0, 3) ?? [],
    );
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(raw + i, 4);
    });
  });
});

describe('numbers larger than a float32 holds', () => {
  it.each([
    ['1,2,3e38,9\n4,-1e39,6,8\n7,8,9,1e300\n1,5,2,4\n2,2,2,2\n', 'csv', ['a', 'b', 'c'], 2],
    ['{"a": [1, 2], "y": 1}\n{"a": [3, -1e39], "y": 2}\n{"a": [5, 6, 7], "y": 3}\n{"a": [8], "y": 1}\n', 'jsonl', ['a'], 1],
  ] as const)('cost their row, not the whole column', async (rows, extension, inputColumns, bad) => {
    const content = extension === 'csv' ? `a,b,c,y\n${rows}` : rows;
    const format = extension === 'csv' ? 'delimited' : 'jsonl';
    const reader = { format, inputColumns: [...inputColumns], targetColumns: ['y'] };
    const input = { task: 'sequence-regression', split: { validation: 0, test: 0 } } as const;
    const { report, splits, encoding } = await prepareData(bind(content, input, reader, extension));
    expect(report.badRowCount).toBe(bad);
    expect(report.badRows[0]?.reason).toContain('-1e');
    expect(splits.train.count).toBe(3);
    const numbers = [...(splits.train.series ?? []), ...(splits.train.numberTargets ?? [])];
    expect(numbers.length).toBeGreaterThan(6);
    expect(numbers.every(Number.isFinite)).toBe(true);
    expect(encoding.inputNormalization?.mean.every(Number.isFinite)).toBe(true);
  });
});

describe('texts of a single token', () => {
  const answers = Array.from({ length: 20 }, (_unused, i) => `${i % 2 ? 'yes' : 'no'}${i},${i % 2 ? 'good' : 'bad'}`);
  const warningsOf = async (rows: readonly string[], input: BindingInput = classification): Promise<string> =>
    (await prepareData(bind(`text,label\n${rows.join('\n')}\n`, input, columns))).report.warnings.join('\n');

  it('are told with what to do, where most are so', async () => {
    expect(await warningsOf(answers)).toContain('Every example is a single token');
    expect(await warningsOf([...answers, 'more than one,good'])).toMatch(
      /20 of 21 examples are a single token: .*Split the text into characters, or choose another input column\./,
    );
  });

  it('are left in peace where few are so, and where characters are the tokens', async () => {
    const longer = Array.from({ length: 20 }, (_unused, i) => `some words ${i},${i % 2 ? 'good' : 'bad'}`);
    expect(await warningsOf([...answers, ...longer])).not.toContain('single token');
    expect(await warningsOf(answers, { ...classification, tokenizer: { level: 'character' } })).not.toContain('single token');
  });
});

describe('tags and numbers', () => {
  it('reads JSON lines and CoNLL columns alike', async () => {
    const sentences = Array.from({ length: 20 }, (_unused, i) => ({ tokens: ['Kate', `teaches${i}`], tags: ['B-PER', 'O'] }));
    const jsonl = await prepareData(
      bind(
        sentences.map((row) => JSON.stringify(row)).join('\n'),
        { task: 'step-tagging' },
        { format: 'jsonl', inputColumns: ['tokens'], targetColumns: ['tags'] },
        'jsonl',
      ),
    );
    const conll = await prepareData(
      bind(
        sentences.map((row) => row.tokens.map((token, i) => `${token} ${row.tags[i] ?? ''}`).join('\n')).join('\n\n'),
        { task: 'step-tagging' },
        { format: 'conll', inputColumns: ['#0'], targetColumns: ['#1'] },
        'conll',
      ),
    );
    expect(conll.splits.train.tokens).toEqual(jsonl.splits.train.tokens);
    expect(conll.splits.train.tagTargets).toEqual(jsonl.splits.train.tagTargets);
    expect(jsonl.encoding.classes).toEqual(['B-PER', 'O']);
    expect(jsonl.encoding.vocabulary).toContain('kate');
    expect(wholeReport(jsonl).baseline).toMatchObject({ metric: 'accuracy', value: 0.5 });
  });

  it('refuses rows with more tags than tokens', async () => {
    const content = 'text\tlabel\na b c\tO O O\na b\tO\nx y\tO B\n';
    const { report } = await prepareData(bind(content, { task: 'step-tagging' }, columns));
    expect(report.badRows).toEqual([{ line: 3, reason: 'expected one tag per token, found 2 tokens and 1 tags' }]);
  });

  it('fits target normalization on the training split, and the mean as its baseline', async () => {
    const rows = Array.from({ length: 50 }, (_unused, i) => `words ${i},${i / 2}`);
    const data = await prepareData(bind(`text,label\n${rows.join('\n')}\n`, { task: 'sequence-regression' }, columns));
    const { encoding, splits } = data;
    const train = [...splits.train.lines].map((line) => (line - 2) / 2);
    const mean = train.reduce((sum, value) => sum + value, 0) / train.length;
    expect(encoding.targetNormalization?.mean[0]).toBeCloseTo(mean, 9);
    const errors = [...splits.validation.lines].map((line) => ((line - 2) / 2 - mean) ** 2);
    const rmse = Math.sqrt(errors.reduce((sum, value) => sum + value, 0) / errors.length);
    const { baseline: trivial } = wholeReport(data);
    expect(trivial).toMatchObject({ metric: 'rmse' });
    expect(trivial.value).toBeCloseTo(rmse, 4);
  });
});

describe('forecasting', () => {
  const series = `day,value\n${Array.from({ length: 100 }, (_unused, i) => `${i},${i * 10}`).join('\n')}\n`;
  const mapping = { inputColumns: ['day', 'value'], targetColumns: ['value'] };
  const input = { task: 'forecasting', window: { length: 5, horizon: 2 }, split: { validation: 0.2, test: 0.1 } } as const;

  it('makes windows of the past for values of the future, none across a border', async () => {
    const data = await prepareData(bind(series, input, mapping));
    const { splits, encoding } = data;
    const report = wholeReport(data);
    expect(report.counts).toEqual({ train: 70 - 6, validation: 20 - 6, test: 10 - 6 });
    const { inputNormalization, targetNormalization } = encoding;
    if (!inputNormalization || !targetNormalization) throw new Error('expected normalization');
    const borders = { train: [0, 70], validation: [70, 90], test: [90, 100] } as const;
    for (const name of ['train', 'validation', 'test'] as const) {
      const split = splits[name];
      for (let i = 0; i < split.count; i++) {
        const start = stepStart(split, i) * 2;
        const days = decodeNumbers(inputNormalization, split.series?.subarray(start, start + stepCount(split, i) * 2) ?? [])
          .filter((_value, at) => at % 2 === 0)
          .map((value) => Math.round(value) + 0);
        const target = Math.round(
          (decodeNumbers(targetNormalization, split.numberTargets?.subarray(i, i + 1) ?? [])[0] ?? 0) / 10,
        );
        const first = borders[name][0] + i;
        expect(days).toEqual([0, 1, 2, 3, 4].map((t) => first + t));
        expect(target).toBe(first + 6);
        expect(target).toBeLessThan(borders[name][1]);
        expect(split.lines[i]).toBe(target + 2);
      }
    }
    expect(report.baseline).toMatchObject({ name: 'last value', metric: 'rmse' });
    expect(report.baseline.value).toBeCloseTo(20, 3);
    expect(report.notes?.[0]).toContain('12 windows reach');
  });

  it('is measured against the same step of the season before, if there is one', async () => {
    const wave = (i: number): number => 3 * i + ([0, 50, 20, 70][i % 4] ?? 0);
    const table = `value\n${Array.from({ length: 100 }, (_unused, i) => wave(i)).join('\n')}\n`;
    const columns = { inputColumns: ['value'], targetColumns: ['value'] };
    for (const [horizon, back] of [
      [2, 4],
      [6, 8],
    ] as const) {
      const data = await prepareData(bind(table, { ...input, window: { length: 5, horizon, season: 4 } }, columns));
      expect(wholeReport(data).baseline).toMatchObject({ name: 'seasonal naive, 4 steps' });
      expect(wholeReport(data).baseline.value).toBeCloseTo(3 * back, 3);
      expect(baseline(data, 'validation').values['rmse']).toBeCloseTo(3 * back, 3);
    }
    await expect(prepareData(bind(table, { ...input, window: { length: 5, horizon: 2, season: 12 } }, columns))).rejects.toThrow(
      'need a window of at least 11 steps, found 5',
    );
  });

  it('normalizes by training time alone', async () => {
    const { encoding } = await prepareData(bind(series, input, mapping));
    expect(encoding.inputNormalization?.mean[0]).toBeCloseTo(34.5, 9);
    expect([...encodeSeries(encoding, [[34.5, 345]])]).toEqual([0, 0]);
    expect(() => encodeSeries(encoding, [[1]])).toThrow('expected 2 numbers, got 1');
  });

  it('leaves out windows with a bad row, and says so', async () => {
    const { report } = await prepareData(bind(series.replace('30,300', '30,NA'), input, mapping));
    expect(report.badRows).toEqual([
      { line: 32, reason: 'column “value”: expected a number, found “NA”, which stands for a missing value' },
    ]);
    expect(report.counts.train).toBe(64 - 7);
    expect(report.warnings).toContain('7 windows contain a bad row and are left out.');
  });

  it('has all its columns and all its targets, in the order of time', async () => {
    const wide = Array.from(
      { length: 20 },
      (_unused, i) => `2024-01-${String(20 - i).padStart(2, '0')},${20 - i},${(20 - i) ** 2}`,
    );
    const both = { inputColumns: ['a', 'b'], targetColumns: ['b', 'a'] };
    const window = { length: 2, horizon: 3 };
    const settings = { task: 'forecasting', window, split: { validation: 0, test: 0 } } as const;
    const { encoding, splits } = await prepareData(bind(`day,a,b\n${wide.join('\n')}\n`, settings, both));
    const { inputNormalization: input, targetNormalization: target } = encoding;
    if (!input || !target) throw new Error('expected normalization');
    const { train } = splits;
    expect(train.count).toBe(16);
    const near = (numbers: readonly number[]) => numbers.map((value) => expect.closeTo(value, 3));
    expect(train.series).toHaveLength(40);
    expect(train.numberTargets).toHaveLength(32);
    for (const i of [0, 7, 15]) {
      const start = 2 * stepStart(train, i);
      const read = decodeNumbers(input, train.series?.subarray(start, start + 4) ?? []);
      expect(read).toEqual(near([i + 1, (i + 1) ** 2, i + 2, (i + 2) ** 2]));
      const asked = decodeNumbers(target, train.numberTargets?.subarray(2 * i, 2 * i + 2) ?? []);
      expect(asked).toEqual(near([(i + 5) ** 2, i + 5]));
    }
  });

  it('shows windows in the data’s units', async () => {
    const { examples } = await rawExamples(bind(series, input, mapping), 'train', 0, 1);
    expect(examples).toEqual([
      {
        line: 8,
        input: '0 0, 1 10, 2 20, 3 30, 4 40',
        target: '60',
        view: expect.objectContaining({ kind: 'lines', steps: 5, features: 2 }),
      },
    ]);
  });

  it('is refused when the series is too short', async () => {
    await expect(prepareData(bind('day,value\n1,2\n3,4\n', input, mapping))).rejects.toMatchObject({
      failure: { code: 'series-too-short' },
    });
  });
});

describe('refusals', () => {
  it.each([
    ['column-missing', 'text,label\na,b\n', { inputColumns: ['txt'], targetColumns: ['label'] }],
    ['column-missing', 'word\none\ntwo\n', {}],
    ['too-few-examples', 'text,label\n', columns],
    ['too-few-examples', 'text,label\na\nb\n', columns],
    ['file-empty', '', columns],
  ])('%s', async (code, content, reader) => {
    await expect(prepareData(bind(content, classification, reader))).rejects.toMatchObject({
      failure: { code, hint: expect.any(String) },
    });
  });

  it('names the line of the first bad row when all are bad', async () => {
    await expect(prepareData(bind('text,label\nx,\ny,\n', classification, columns))).rejects.toMatchObject({
      failure: { row: 2, message: expect.stringContaining('line 2: column “label”: no label') },
    });
  });

  it('of a split that leaves nothing', async () => {
    const binding = bind(mailFile, { ...classification, split: { validation: 0.5, test: 0.5 } }, columns);
    await expect(prepareData(binding)).rejects.toMatchObject({ failure: { code: 'split-leaves-nothing' } });
  });

  it('when the user cancels, in the middle of the file', async () => {
    const content = `text,label\n${'some words in a row,a\nothers in the next,b\n'.repeat(200_000)}`;
    const controller = new AbortController();
    let told = 0;
    const onProgress = (): void => {
      told++;
      if (told === 3) controller.abort();
    };
    await expect(
      prepareData(bind(content, classification, columns), { signal: controller.signal, onProgress }),
    ).rejects.toMatchObject({
      failure: { code: 'cancelled' },
    });
    // It stops where it is: the next thing that it would have told is never told.
    expect(told).toBe(3);
  });
});

describe('sub-words', () => {
  const tokenizer = { level: 'subword', maxVocabulary: 60 } as const;

  it('are learned from the training split, cut to the longest sequence, and only unseen characters are unknown', async () => {
    const binding = bind(mailFile, { ...classification, tokenizer: { ...tokenizer, maxLength: 4 } }, columns);
    const data = await prepareData(binding);
    const { encoding, splits } = data;
    const report = wholeReport(data);
    const { vocabulary, merges } = encoding;
    expect(vocabulary?.length).toBe(64);
    expect(merges?.length).toBeGreaterThan(20);
    expect(report.outOfVocabulary).toEqual({ validation: 0, test: 0 });
    expect(report.truncated).toBeGreaterThan(0);
    expect(Math.max(...Array.from({ length: splits.train.count }, (_, i) => stepCount(splits.train, i)))).toBe(4);
    const start = stepStart(splits.validation, 0);
    const shown = Array.from(splits.validation.tokens?.slice(start, start + 4) ?? [], (id) => vocabulary?.[id]).join('');
    const line = mails[(splits.validation.lines[0] ?? 0) - 2] ?? '';
    expect(line.slice(1).startsWith(shown)).toBe(true);
    const encoded = encodeText(encoding, 'win Ж');
    expect(encoded.tokens.join('')).toBe('win ж');
    expect(encoded.tokens.filter((_token, i) => encoded.unknown[i])).toEqual(['ж']);
    expect(dataReport.parse(report)).toEqual(report);
  });

  it('are refused for tags of words', async () => {
    const binding = bind('', { task: 'step-tagging', tokenizer }, columns);
    await expect(prepareData(binding)).rejects.toMatchObject({ failure: { code: 'subwords-do-not-fit' } });
  });
});
