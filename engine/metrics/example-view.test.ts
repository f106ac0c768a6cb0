import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DataEncoding, EncodedSplit } from '../data/dataset.ts';
import { prepareData } from '../data/prepare.ts';
import { shownIndices } from '../data/spread.ts';
import { dataBinding, type TaskKind } from '../document/data-binding.ts';
import { exampleView } from './example-view.ts';

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

const vocabulary = ['<pad>', '<unk>', '<bos>', '<eos>', 'a', 'b', 'c'];

const encodingOf = (task: TaskKind, binding: Record<string, unknown>, given: Partial<DataEncoding> = {}): DataEncoding => ({
  binding: dataBinding.parse({ source: { kind: 'template', name: 'synthetic' }, task, ...binding }),
  facts: { vocabulary: null, classes: null, features: null, targets: null },
  fingerprint: 'synthetic',
  vocabulary: null,
  classes: null,
  inputNormalization: null,
  targetNormalization: null,
  ...given,
});

/** Examples of so many steps, one after the other; of lines 11, 12, … */
const splitOf = (lengths: readonly number[], given: Partial<EncodedSplit>): EncodedSplit => ({
  count: lengths.length,
  offsets: Uint32Array.from([
    0,
    ...lengths.map((_length, i) => lengths.slice(0, i + 1).reduce((sum, length) => sum + length, 0)),
  ]),
  tokens: null,
  series: null,
  classTargets: null,
  tagTargets: null,
  numberTargets: null,
  lines: Uint32Array.from(lengths, (_length, i) => 11 + i),
  ...given,
});

describe('tokens with a class or tags', () => {
  const tokens = Int32Array.of(4, 5, 6, 5, 4);
  const classes = ['no', 'yes'];

  it('are one example’s own, joined as they were cut', () => {
    const split = splitOf([2, 3], { tokens, classTargets: Int32Array.of(0, 1) });
    const words = encodingOf('sequence-classification', {}, { vocabulary, classes });
    const view = exampleView(words, split, 1, { ids: [0], confidence: [0.75], numbers: [] });
    expect(view).toEqual({
      input: 'c b a',
      tokens: ['c', 'b', 'a'],
      unknown: [false, false, false],
      target: ['yes'],
      predicted: ['no'],
      confidence: [0.75],
    });
    const characters = encodingOf('sequence-classification', { tokenizer: { level: 'character' } }, { vocabulary, classes });
    expect(exampleView(characters, split, 0, said).input).toBe('ab');
  });

  it('have a tag each', () => {
    const split = splitOf([2, 3], { tokens, tagTargets: Int32Array.of(0, 0, 1, 0, 1) });
    const encoding = encodingOf('step-tagging', {}, { vocabulary, classes });
    const view = exampleView(encoding, split, 1, { ids: [1, 1, 0], confidence: [0.5, 0.6, 0.7], numbers: [] });
    expect(view).toMatchObject({
      target: ['yes', 'no', 'yes'],
      predicted: ['yes', 'yes', 'no'],
      confidence: [0.5, 0.6, 0.7],
    });
  });

  it('are shown by number where they have no name', () => {
    const split = splitOf([3], { tokens: Int32Array.of(4, 1, 9), classTargets: Int32Array.of(7) });
    const encoding = encodingOf('sequence-classification', {}, { vocabulary, classes });
    // What was unknown to the vocabulary, and is kept for no step here, is <unk>.
    expect(exampleView(encoding, split, 0, said)).toMatchObject({
      tokens: ['a', '<unk>', '#9'],
      unknown: [false, true, false],
      target: ['#7'],
    });
  });

  it('are cut after 120 steps, and say so', () => {
    const long = new Int32Array(121).fill(4);
    const split = splitOf([120, 121], { tokens: Int32Array.of(...long.subarray(1), ...long), tagTargets: new Int32Array(241) });
    const encoding = encodingOf('step-tagging', { tokenizer: { level: 'character' } }, { vocabulary, classes });
    const ids = new Array<number>(121).fill(1);
    const whole = exampleView(encoding, split, 0, { ids: ids.slice(1), confidence: ids.slice(1), numbers: [] });
    expect(whole.input).toBe('a'.repeat(120));
    const view = exampleView(encoding, split, 1, { ids, confidence: ids, numbers: [] });
    expect(view.input).toBe(`${'a'.repeat(120)} …`);
    for (const list of [view.tokens, view.unknown, view.target, view.predicted, view.confidence]) expect(list).toHaveLength(120);
  });
});

describe('target sequences', () => {
  const targets = { offsets: Uint32Array.of(0, 2, 5), tokens: Int32Array.of(4, 3, 5, 6, 3) };
  const split = splitOf([1, 1], { tokens: Int32Array.of(4, 5), targets });

  it('are shown without <eos>, as long as they are, beside what was said', () => {
    const encoding = encodingOf('sequence-to-sequence', {}, { vocabulary, classes: vocabulary });
    const view = exampleView(encoding, split, 1, { ids: [6, 6, 4], confidence: [0.5, 0.25, 1], numbers: [] });
    expect(view).toMatchObject({
      input: 'b',
      target: ['b', 'c'],
      predicted: ['c', 'c', 'a'],
      confidence: [0.5, 0.25, 1],
    });
    const ids = new Array<number>(130).fill(4);
    const long = exampleView(encoding, split, 1, { ids, confidence: ids, numbers: [] });
    expect(long.predicted).toHaveLength(120);
    expect(long.confidence).toHaveLength(120);
  });

  it('of sub-words are texts, each with the probability of all its pieces', () => {
    const classes = [...vocabulary.slice(0, 4), 'the', ' c', 'at'];
    const encoding = encodingOf('sequence-to-sequence', { targetTokenizer: { level: 'subword' } }, { vocabulary, classes });
    const view = exampleView(encoding, split, 1, { ids: [4, 5, 6], confidence: [0.5, 0.25, 0.5], numbers: [] });
    expect(view).toMatchObject({ target: [' cat'], predicted: ['the cat'], confidence: [1 / 16] });
  });

  it('of whole words are not joined where only the input is sub-words', () => {
    const encoding = encodingOf('sequence-to-sequence', { tokenizer: { level: 'subword' } }, { vocabulary, classes: vocabulary });
    expect(exampleView(encoding, split, 1, { ids: [4, 5], confidence: [1, 1], numbers: [] }).predicted).toEqual(['a', 'b']);
    const tags = encodingOf('step-tagging', { targetTokenizer: { level: 'subword' } }, { vocabulary, classes: vocabulary });
    const tagged = splitOf([2], { tokens: Int32Array.of(4, 5), tagTargets: Int32Array.of(4, 5) });
    expect(exampleView(tags, tagged, 0, { ids: [5, 5], confidence: [1, 0.5], numbers: [] })).toMatchObject({
      target: ['a', 'b'],
      predicted: ['b', 'b'],
      confidence: [1, 0.5],
    });
  });
});

describe('numbers', () => {
  const inputNormalization = { names: ['x', 'y'], mean: [10, 0], deviation: [2, 1] };
  const targetNormalization = { names: ['x', 'z'], mean: [10, 0], deviation: [2, 0.5] };
  const numbers = { ids: [], confidence: [], numbers: [12.3456789, -1] };
  const series = (steps: number): Float32Array => Float32Array.from({ length: steps * 2 }, (_, i) => Math.floor(i / 2));

  it('are in the data’s units, targets as in the file and what is said to five digits', () => {
    const split = splitOf([2, 3], { series: series(5), numberTargets: Float32Array.of(0, 0, 0.5, 3) });
    const encoding = encodingOf('forecasting', {}, { inputNormalization, targetNormalization });
    expect(exampleView(encoding, split, 1, numbers)).toEqual({
      input: '14 2, 16 3, 18 4',
      tokens: null,
      target: ['11', '1.5'],
      predicted: ['12.346', '-1'],
      confidence: [],
    });
    const raw = { ...encoding, targetNormalization: null };
    expect(exampleView(raw, split, 1, numbers).target).toEqual(['0.5', '3']);
  });

  it('are shown by the last five steps of their window, which may overlap with others', () => {
    const encoding = encodingOf('forecasting', {}, { inputNormalization, targetNormalization });
    const windows = (length: number): EncodedSplit =>
      splitOf([length, length], { starts: Uint32Array.of(0, 1), series: series(8), numberTargets: new Float32Array(4) });
    expect(exampleView(encoding, windows(6), 1, numbers).input).toBe('… 14 2, 16 3, 18 4, 20 5, 22 6');
    expect(exampleView(encoding, windows(5), 1, numbers).input).toBe('12 1, 14 2, 16 3, 18 4, 20 5');
  });

  it('from tokens have both', () => {
    const split = splitOf([2, 1], { tokens: Int32Array.of(4, 5, 6), numberTargets: Float32Array.of(1, 2) });
    const encoding = encodingOf('sequence-regression', {}, { vocabulary });
    expect(exampleView(encoding, split, 0, { ids: [], confidence: [], numbers: [3] })).toMatchObject({
      input: 'a b',
      tokens: ['a', 'b'],
      target: ['1'],
      predicted: ['3'],
    });
  });
});

describe('files', () => {
  const classes = ['no', 'yes'];
  const classTargets = Int32Array.of(0, 1);
  const facts = { vocabulary: null, classes: 2, features: 12, targets: null, image: { height: 3, width: 4, channels: 1 } };

  it.each([
    ['audio', 2, 'recording of line 12 (2 frames)'],
    ['audio', 1, 'recording of line 12 (1 frame)'],
    ['image', 1, 'picture of line 12 (4 × 3)'],
    ['frames', 2, 'pictures of line 12 (2 frames, 4 × 3)'],
  ])('%s of %d steps are named by their line', (kind, steps, input) => {
    const split = splitOf([1, steps], { series: new Float32Array(60), classTargets });
    const encoding = encodingOf('sequence-classification', { media: { kind } }, { classes, facts });
    const inputNormalization = { names: ['x'], mean: [0], deviation: [1] };
    const view = exampleView({ ...encoding, inputNormalization }, split, 1, said);
    expect(view).toEqual({ input, tokens: null, target: ['yes'], predicted: ['no'], confidence: [1] });
  });

  it('without any figures to show are empty', () => {
    const split = splitOf([1, 1], { series: new Float32Array(2), classTargets });
    const encoding = encodingOf('sequence-classification', {}, { classes });
    expect(exampleView(encoding, split, 0, said).input).toBe('');
  });
});
