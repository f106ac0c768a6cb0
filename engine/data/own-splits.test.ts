import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { dataBinding } from '../document/data-binding.ts';
import { emptyDocument } from '../document/schema.ts';
import { filePaths, mapFilePaths } from '../graph/file-paths.ts';
import type { UserError } from '../protocol/envelope.ts';
import { stepCount, stepStart } from './batches.ts';
import type { PreparedData } from './dataset.ts';
import { decodeNumbers } from './encode.ts';
import { rawExamples } from './examples.ts';
import { fingerprintData } from './fingerprint.ts';
import { writePng } from './media/fixtures/write-png.ts';
import { prepareData } from './prepare.ts';
import { previewFile } from './preview.ts';

const folder = mkdtempSync(join(tmpdir(), 'unroll-own-splits-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const never = (): never => {
  throw new Error('expected a normalization');
};

type Input = Omit<z.input<typeof dataBinding>, 'source'>;

const bind = (
  path: string,
  splitFiles: { validation?: string; test?: string } | undefined,
  input: Input,
  reader: object,
): z.output<typeof dataBinding> =>
  dataBinding.parse({
    ...input,
    source: { kind: 'file', path, ...(splitFiles ? { splitFiles } : {}), reader: { format: 'delimited', ...reader } },
  });

const columns = { inputColumns: ['text'], targetColumns: ['label'] };
const classes = { task: 'sequence-classification' } as const;
const rows = (word: string, count: number, extra = ''): string =>
  `text,label\n${Array.from({ length: count }, (_unused, i) => `${word} number${i} ${word}${i},${i % 2 === 0 ? 'a' : 'b'}`).join('\n')}\n${extra}`;

const tokensOf = ({ encoding, splits }: PreparedData, split: 'train' | 'validation' | 'test'): string[] =>
  Array.from(splits[split].tokens ?? [], (id) => encoding.vocabulary?.[id] ?? '');

describe('files for each split', () => {
  const train = write('train.csv', rows('apple', 10));
  const validation = write('dev.csv', rows('pear', 4));
  const test = write('test.csv', rows('plum', 6, 'apple number0 apple0,c\n,a\n'));

  it('are used with their splits, and everything is fit on the training file', async () => {
    const data = await prepareData(bind(train, { validation, test }, classes, columns));
    const { report, encoding } = data;
    expect(report.counts).toEqual({ train: 10, validation: 4, test: 7 });
    expect(encoding.vocabulary).toContain('apple');
    expect(encoding.vocabulary).not.toContain('pear');
    expect(encoding.vocabulary).not.toContain('plum');
    expect(report.leakage).toEqual({ count: 1, examples: ['apple number0 apple0'] });
    expect(report.warnings.join()).toContain('No training example has the label “c”');
    expect(report.badRows).toEqual([{ line: 9, reason: 'test.csv: no text' }]);
  });

  it('show the examples of their own file', async () => {
    const binding = bind(train, { validation, test }, classes, columns);
    const shown = async (split: 'train' | 'validation' | 'test'): Promise<string[]> =>
      (await rawExamples(binding, split, 0, 1)).examples.map(({ line, input }) => `${line} ${input}`);
    expect(await shown('train')).toEqual(['2 apple number0 apple0']);
    expect(await shown('validation')).toEqual(['2 pear number0 pear0']);
    expect(await shown('test')).toEqual(['2 plum number0 plum0']);
  });

  it('leave a split without a file to the split settings', async () => {
    const data = await prepareData(bind(train, { test }, { ...classes, split: { validation: 0.2, test: 0.3 } }, columns));
    expect(data.report.counts).toEqual({ train: 8, validation: 2, test: 7 });
    expect((await rawExamples(data.encoding.binding, 'validation', 0, 1)).examples[0]?.input).toContain('apple');
  });

  it('count in the fingerprint, by what they hold and what they are for', async () => {
    const print = async (files: Parameters<typeof bind>[1]): Promise<string> =>
      (await prepareData(bind(train, files, classes, columns))).encoding.fingerprint;
    const copy = write('copy.csv', rows('pear', 4));
    const other = write('other.csv', rows('pear', 5));
    const wanted = await print({ validation, test });
    expect(await print({ validation: copy, test })).toBe(wanted);
    expect(
      new Set([
        wanted,
        await print({ validation: other, test }),
        await print({ validation: test, test: validation }),
        await print(undefined),
      ]).size,
    ).toBe(4);
  });

  it('say which of them lacks a column', async () => {
    const unlabelled = write('unlabelled.csv', 'text\none two\nthree four\n');
    await expect(prepareData(bind(train, { test: unlabelled }, classes, columns))).rejects.toThrow(
      /unlabelled\.csv: there is no column “label”/,
    );
  });

  it('may be CoNLL', async () => {
    const sentence = (word: string): string => `${word}\tN\nruns\tV\n\n`;
    const path = write('ner.train.conll', ['cat', 'dog', 'cow'].map(sentence).join(''));
    const other = write('ner.test.conll', ['ant', 'bee'].map(sentence).join(''));
    const binding = bind(
      path,
      { test: other },
      { task: 'step-tagging', split: { validation: 0 } },
      {
        format: 'conll',
        inputColumns: ['#0'],
        targetColumns: ['#1'],
      },
    );
    const data = await prepareData(binding);
    expect(data.report.counts).toEqual({ train: 3, validation: 0, test: 2 });
    expect(tokensOf(data, 'test')).toEqual(['<unk>', 'runs', '<unk>', 'runs']);
  });

  it('may be one running text each, which begins anew', async () => {
    const path = write('wiki.train.txt', 'a b\nc a b\n');
    const valid = write('wiki.valid.txt', 'c b\n');
    const last = write('wiki.test.txt', 'b zebra\n');
    const binding = bind(
      path,
      { validation: valid, test: last },
      { task: 'language-model', languageModel: { chunk: 4 } },
      {
        format: 'text',
        inputColumns: ['text'],
      },
    );
    const data = await prepareData(binding);
    expect(tokensOf(data, 'train')).toEqual(['<bos>', 'a', 'b', '\n', 'c', 'a', 'b']);
    expect(tokensOf(data, 'validation')).toEqual(['<bos>', 'c', 'b']);
    expect(tokensOf(data, 'test')).toEqual(['<bos>', 'b', '<unk>']);
  });

  it('name pictures from their own folders, and JSONL has its columns in any order', async () => {
    const picture = (level: number): Uint8Array =>
      writePng({ width: 4, height: 4, depth: 8, type: 'grey', samples: Array.from({ length: 16 }, () => level) });
    const corpus = (name: string, levels: readonly number[], row: (i: number) => object): string => {
      mkdirSync(join(folder, name));
      for (const [i, level] of levels.entries()) writeFileSync(join(folder, name, `${i}.png`), picture(level));
      return write(join(name, 'table.jsonl'), levels.map((_level, i) => JSON.stringify(row(i))).join('\n'));
    };
    const path = corpus('pictures-train', [0, 100, 200, 100], (i) => ({ file: `${i}.png`, label: `l${i % 2}` }));
    const test = corpus('pictures-test', [50, 150], (i) => ({ id: i, label: `l${i % 2}`, file: `${i}.png` }));
    const binding = dataBinding.parse({
      source: {
        kind: 'file',
        path,
        splitFiles: { test },
        reader: { format: 'jsonl', inputColumns: ['file'], targetColumns: ['label'] },
      },
      task: 'sequence-classification',
      media: { kind: 'image', width: 4, height: 4, channels: 1 },
      split: { validation: 0 },
    });
    const { splits, encoding, report } = await prepareData(binding);
    expect(report.counts).toEqual({ train: 4, validation: 0, test: 2 });
    const first = (example: number): number =>
      decodeNumbers(
        encoding.inputNormalization ?? never(),
        splits.test.series?.subarray(example * 16, example * 16 + 4) ?? [],
      )[0] ?? 0;
    expect([first(0) * 255, first(1) * 255].map(Math.round)).toEqual([50, 150]);
  });

  it('move with the document', () => {
    const document = { ...emptyDocument(), data: bind('/a/train.csv', { validation: '/a/dev.csv' }, classes, columns) };
    expect(filePaths(document)).toEqual(['/a/train.csv', '/a/dev.csv']);
    const moved = mapFilePaths(document, (path) => path.replace('/a/', ''));
    expect(moved.data?.source).toMatchObject({ path: 'train.csv', splitFiles: { validation: 'dev.csv' } });
  });
});

/** Windows of a split with what follows them, in the file's numbers. */
function windowsOf({ encoding, splits }: PreparedData, split: 'train' | 'validation' | 'test'): number[][] {
  const { inputNormalization: input, targetNormalization: target } = encoding;
  if (!input || !target) throw new Error('no numbers');
  const { count, series, numberTargets } = splits[split];
  return Array.from({ length: count }, (_unused, i) => {
    const start = stepStart(splits[split], i);
    return [
      ...decodeNumbers(input, series?.subarray(start, start + stepCount(splits[split], i)) ?? []),
      ...decodeNumbers(target, numberTargets?.subarray(i, i + 1) ?? []),
    ].map((value) => Math.round(value) + 0);
  });
}

const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_unused, i) => from + i);

describe('a split in parts', () => {
  const shard = (i: number, content: string): string => write(`shards-0000${i}-of-00003.csv`, content);
  const paths = [
    shard(0, rows('apple', 10)),
    shard(
      1,
      `label,text\n${upTo(9)
        .map((i) => `a,pear number${i}`)
        .join('\n')}\n,lost\n`,
    ),
    shard(2, rows('plum', 10, ',a\n')),
  ];
  const [path = '', ...others] = paths;
  const inParts = (parts: object, splitFiles = {}): z.output<typeof dataBinding> =>
    dataBinding.parse({
      ...classes,
      source: { kind: 'file', path, splitFiles, parts, reader: { format: 'delimited', ...columns } },
      split: { validation: 0.2, test: 0.2 },
    });

  it('is read as one file, whatever the order of the columns; bad rows are told with their own lines', async () => {
    const { report } = await prepareData(inParts({ train: others }));
    expect(report.counts.train + report.counts.validation + report.counts.test).toBe(29);
    expect(report.badRows).toEqual([
      { line: 11, reason: 'shards-00001-of-00003.csv: column “label”: no label' },
      { line: 12, reason: 'shards-00002-of-00003.csv: no text' },
    ]);
    expect(report.warnings.join()).not.toContain('part of a file');
  });

  it('shows the examples of all its files', async () => {
    const binding = inParts({ train: others });
    const shown = await Promise.all(
      (['train', 'validation', 'test'] as const).map(async (split) => (await rawExamples(binding, split, 0, 100)).examples),
    );
    const words = shown.flat().map(({ input }) => input.split(' ')[0]);
    expect(['apple', 'pear', 'plum'].map((word) => words.filter((one) => one === word).length)).toEqual([10, 9, 10]);
    expect(new Set(shown.flat().map(({ line }) => line)).size).toBe(29);
  });

  it('may be that for validation or test', async () => {
    const { report } = await prepareData(inParts({ test: [paths[2]] }, { test: paths[1] }));
    expect(report.counts).toEqual({ train: 8, validation: 2, test: 19 });
    expect(report.warnings).toContain('“shards-00000-of-00003.csv” is a part of a file in 3: one of these is read.');
    expect(report.badRows.map(({ reason }) => reason.slice(0, 13))).toEqual(['shards-00001-', 'shards-00002-']);
  });

  it('is another one in another order, or without one of its files', async () => {
    const print = async (parts: object): Promise<string> => (await prepareData(inParts(parts))).encoding.fingerprint;
    const prints = [
      await print({ train: others }),
      await print({ train: others.toReversed() }),
      await print({ train: others.slice(1) }),
    ];
    expect(new Set(prints).size).toBe(3);
  });

  it('of a running text, or of a series, goes on over the ends of its files', async () => {
    const texts = ['a b\nc', ' d\ne\n', 'f\n'].map((text, i) => write(`text-${i}-of-3.txt`, text));
    const text = dataBinding.parse({
      task: 'language-model',
      source: {
        kind: 'file',
        path: texts[0],
        parts: { train: texts.slice(1) },
        reader: { format: 'text', inputColumns: ['text'] },
      },
      split: { validation: 0, test: 0 },
    });
    expect(tokensOf(await prepareData(text), 'train').join('')).toBe('<bos>ab\nc d\ne\nf');
    const numbers = [upTo(3), upTo(3, 3)].map((values, i) => write(`series-${i + 1}-of-2.csv`, `v\n${values.join('\n')}\n`));
    const series = dataBinding.parse({
      task: 'forecasting',
      window: { length: 3 },
      source: {
        kind: 'file',
        path: numbers[0],
        parts: { train: numbers.slice(1) },
        reader: { format: 'delimited', header: true, inputColumns: ['v'], targetColumns: ['v'] },
      },
      split: { validation: 0, test: 0 },
    });
    expect(windowsOf(await prepareData(series), 'train')).toEqual([upTo(4), upTo(4, 1), upTo(4, 2)]);
  });
});

describe('files beside a training file', () => {
  it('may be further parts of it, in the order of their numbers', async () => {
    mkdirSync(join(folder, 'sharded'));
    const names = [
      'x-train-10-of-11.csv',
      'x-train-2-of-11.csv',
      'x-train-1-of-11.csv',
      'x-test-1-of-1.csv',
      'x-train-1-of-3.csv',
      'x-1-of-2.csv',
      'x-2-of-2.csv',
      'part-00000.csv',
      'part-00001.csv',
    ];
    for (const name of names) write(join('sharded', name), rows('word', 4));
    const beside = async (name: string): Promise<string[]> =>
      (await previewFile(join(folder, 'sharded', name))).beside.map(
        ({ path, split }) => `${split} ${path.split(/[\\/]/).at(-1)}`,
      );
    expect(await beside('x-train-1-of-11.csv')).toEqual([
      'test x-test-1-of-1.csv',
      'train x-train-2-of-11.csv',
      'train x-train-10-of-11.csv',
    ]);
    expect(await beside('x-2-of-2.csv')).toEqual(['train x-1-of-2.csv']);
    expect(await beside('part-00000.csv')).toEqual(['train part-00001.csv']);
    expect(await beside('x-test-1-of-1.csv')).toEqual([]);
  });

  it('are told where they are named like it', async () => {
    mkdirSync(join(folder, 'corpora'));
    mkdirSync(join(folder, 'corpora', 'Fruit_VAL.csv'));
    for (const name of ['Fruit_TRAIN.csv', 'Fruit_TEST.csv', 'Fruit_dev.csv', 'Trees_TEST.csv', 'Fruit_TEST.txt', 'notes.csv'])
      write(join('corpora', name), rows('word', 4));
    const beside = async (name: string): Promise<object> => (await previewFile(join(folder, 'corpora', name))).beside;
    expect(await beside('Fruit_TRAIN.csv')).toEqual([
      { path: join(folder, 'corpora', 'Fruit_TEST.csv'), split: 'test' },
      { path: join(folder, 'corpora', 'Fruit_dev.csv'), split: 'validation' },
    ]);
    expect(await beside('Fruit_TEST.csv')).toEqual([]);
    expect(await beside('notes.csv')).toEqual([]);
  });
});

describe('a forecast', () => {
  const value = { header: true, inputColumns: ['v'], targetColumns: ['v'] };
  const forecast = { task: 'forecasting', window: { length: 3 } } as const;
  const values = (numbers: readonly number[]): string => `v\n${numbers.join('\n')}\n`;

  it('takes each file as a series of its own, normalized by that for training', async () => {
    const path = write('first.csv', values(upTo(6)));
    const files = { validation: write('second.csv', values(upTo(5, 100))), test: write('third.csv', values(upTo(4, 200))) };
    const data = await prepareData(bind(path, files, forecast, value));
    expect(windowsOf(data, 'train')).toEqual([upTo(4), upTo(4, 1), upTo(4, 2)]);
    expect(windowsOf(data, 'validation')).toEqual([upTo(4, 100), upTo(4, 101)]);
    expect(windowsOf(data, 'test')).toEqual([upTo(4, 200)]);
    // Mean and deviation of 0 … 5.
    expect(data.encoding.inputNormalization?.mean).toEqual([2.5]);
    expect(data.encoding.inputNormalization?.deviation[0]).toBeCloseTo(Math.sqrt(35 / 12), 6);
    expect(data.report.leakage.count).toBe(0);
  });

  it('never mixes the rows of files whose dates overlap', async () => {
    const dated = (from: number): string =>
      `date,v\n${upTo(6)
        .map((i) => `2024-01-0${i + 1},${from + i}`)
        .join('\n')}\n`;
    const path = write('site-a.csv', dated(0));
    const binding = bind(path, { test: write('site-b.csv', dated(100)) }, { ...forecast, split: { validation: 0 } }, value);
    const data = await prepareData(binding);
    expect(windowsOf(data, 'train')).toEqual([upTo(4), upTo(4, 1), upTo(4, 2)]);
    expect(windowsOf(data, 'test')).toEqual([upTo(4, 100), upTo(4, 101), upTo(4, 102)]);
  });

  it('cuts validation from the end of the training file where that has none of its own', async () => {
    const binding = bind(
      write('ten.csv', values(upTo(10))),
      { test: write('four.csv', values(upTo(4, 50))) },
      { ...forecast, split: { validation: 0.4, test: 0.3 } },
      value,
    );
    const data = await prepareData(binding);
    expect(windowsOf(data, 'train')).toEqual([upTo(4), upTo(4, 1), upTo(4, 2)]);
    expect(windowsOf(data, 'validation')).toEqual([upTo(4, 6)]);
    expect(windowsOf(data, 'test')).toEqual([upTo(4, 50)]);
  });

  it('tells windows that stand in two files, but not flat ones, and a file that is named twice', async () => {
    const series = [1, 2, 3, 4, 9, 9, 9, 9];
    const path = write('whole.csv', values(series));
    const late = write('late.csv', values([2, 3, 4, 9, 0, 9, 9, 9, 9]));
    const { report } = await prepareData(bind(path, { test: late }, { ...forecast, split: { validation: 0 } }, value));
    expect(report.leakage).toEqual({ count: 1, examples: ['2 3 4'] });
    const twice = await prepareData(bind(path, { test: path }, { ...forecast, split: { validation: 0 } }, value));
    expect(twice.report.warnings).toContain(
      'whole.csv for test holds the same as whole.csv for training: it measures nothing new.',
    );
  });

  it('says which rows are too few for a window', async () => {
    const path = write('long.csv', values(upTo(9)));
    const binding = bind(path, { test: write('short.csv', values([1, 2, 3])) }, { ...forecast, split: { validation: 0 } }, value);
    expect((await prepareData(binding)).report.warnings).toContain(
      'No window fits into the rows for test: none of their stretches has 4 good rows in a row.',
    );
  });

  const column = { ...value, splitColumn: 'split' };
  const parts = (splits: readonly string[]): string => `split,v\n${splits.map((split, i) => `${split},${i}`).join('\n')}\n`;
  const repeat = (word: string, count: number): string[] => upTo(count).map(() => word);

  it('lets a column name the splits of its rows; a bad row breaks no stretch, and no window holds it', async () => {
    const splits = [...repeat('train', 15), ...repeat('dev', 4), ...repeat('test', 4), ...repeat('train', 15)];
    const path = write('parts.csv', parts(splits));
    expect((await previewFile(path)).reader).toMatchObject({ splitColumn: 'split', inputColumns: ['v'], targetColumns: ['v'] });
    const data = await prepareData(bind(path, undefined, forecast, column));
    expect(windowsOf(data, 'train')).toEqual([...upTo(12), ...upTo(12, 23)].map((start) => upTo(4, start)));
    expect(windowsOf(data, 'validation')).toEqual([upTo(4, 15)]);
    expect(windowsOf(data, 'test')).toEqual([upTo(4, 19)]);
    expect(data.report.notes).toEqual([expect.stringContaining('9 windows reach from one split into the next')]);
    splits[2] = 'tennis';
    const odd = await prepareData(bind(write('odd-parts.csv', parts(splits)), undefined, forecast, column));
    expect(odd.report.counts).toEqual({ train: 21, validation: 1, test: 1 });
    expect(odd.report.warnings).toContain('3 windows contain a bad row and are left out.');
  });

  it('counts no group that is kept for testing as too short to learn from', async () => {
    const rowsOf = (split: string, shop: string): string[] => upTo(6).map((i) => `${split},${shop},${i * i}`);
    const path = write('shops.csv', `split,shop,v\n${[...rowsOf('train', 'A'), ...rowsOf('test', 'B')].join('\n')}\n`);
    const { report } = await prepareData(
      bind(path, undefined, { ...forecast, split: { validation: 0 } }, { ...column, groupColumn: 'shop' }),
    );
    expect(report.counts).toEqual({ train: 3, validation: 0, test: 3 });
    expect(report.warnings.join()).not.toContain('too short');
  });

  it('is not led astray by a guess: a column that changes from row to row is not taken, and chosen it is refused with the fix', async () => {
    const path = write('shuffled.csv', parts(upTo(40).map((i) => ['train', 'test', 'dev'][i % 3] ?? '')));
    const { task, reader } = await previewFile(path);
    expect(task).toBe('forecasting');
    expect(reader).toMatchObject({ inputColumns: ['v'], targetColumns: ['v'] });
    expect(reader.splitColumn).toBeUndefined();
    expect((await prepareData(bind(path, undefined, forecast, value))).report.counts.train).toBeGreaterThan(0);
    const refused = await prepareData(bind(path, undefined, forecast, column)).then(
      () => null,
      (error: UserError) => error.failure,
    );
    expect(refused?.code).toBe('series-too-short');
    expect(refused?.hint).toContain('changes of “split”: where it changes often, choose “Not used” for it');
  });
});

describe('a column that names the split', () => {
  const content = `text,label,Split\n${['train', 'dev', 'TEST', 'train', 'val', 'test', 'training']
    .map((split, i) => `word${i} and more,${i % 2 === 0 ? 'a' : 'b'},${split}`)
    .join('\n')}\n`;
  const path = write('corpus.csv', content);

  it('is guessed where all its values are such, and is then neither read nor predicted', async () => {
    expect((await previewFile(path)).reader).toMatchObject({
      splitColumn: 'Split',
      inputColumns: ['text'],
      targetColumns: ['label'],
    });
    const plain = write('plain.csv', content.replace('text,label', 'said,kind'));
    expect((await previewFile(plain)).reader).toMatchObject({
      splitColumn: 'Split',
      inputColumns: ['said'],
      targetColumns: ['kind'],
    });
    expect((await previewFile(write('sets.csv', content.replaceAll('training', 'tennis')))).reader.splitColumn).toBeUndefined();
    expect((await previewFile(path, { splitColumn: null })).reader.splitColumn).toBeNull();
  });

  it('decides, and another word is a bad row', async () => {
    const { report, splits } = await prepareData(bind(path, undefined, classes, { ...columns, splitColumn: 'Split' }));
    expect(report.counts).toEqual({ train: 3, validation: 2, test: 2 });
    expect([...splits.test.lines]).toEqual([4, 7]);
    const odd = write('odd.csv', `${content}one more,a,tennis\n`);
    expect((await prepareData(bind(odd, undefined, classes, { ...columns, splitColumn: 'Split' }))).report.badRows).toEqual([
      { line: 9, reason: 'column “Split”: expected train, validation or test, found “tennis”' },
    ]);
  });

  it('of documents that do not name it is not used', async () => {
    const { report } = await prepareData(bind(path, undefined, classes, columns));
    expect(report.counts.train).toBeGreaterThan(3);
  });
});

describe('the fingerprint of a series', () => {
  const prints = async (groups: number, groupColumn: string | null): Promise<{ now: string; before: string }> => {
    const content = `shop,value\n${Array.from({ length: 60 }, (_unused, i) => `s${Math.floor((i * groups) / 60)},${i}`).join('\n')}\n`;
    const binding = bind(
      write('series.csv', content),
      undefined,
      { task: 'forecasting', window: { length: 3 } },
      {
        inputColumns: ['value'],
        targetColumns: ['value'],
        groupColumn,
      },
    );
    const { encoding } = await prepareData(binding);
    return { now: encoding.fingerprint, before: fingerprintData(createHash('sha256').update(content).digest('hex'), binding) };
  };

  it('is that of before for one series, and another where windows are now cut at groups', async () => {
    const plain = await prints(3, null);
    expect(plain.now).toBe(plain.before);
    const grouped = await prints(3, 'shop');
    expect(grouped.now).not.toBe(grouped.before);
  });
});
