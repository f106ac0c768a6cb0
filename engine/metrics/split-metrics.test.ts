import { describe, expect, it } from 'vitest';
import type { Batch, DataEncoding } from '../data/dataset.ts';
import { dataBinding, type TaskKind } from '../document/data-binding.ts';
import { SplitMetrics, type SplitMetricsOptions } from './split-metrics.ts';

const encodingOf = (task: TaskKind, classes: string[] | null, given: Partial<DataEncoding> = {}): DataEncoding => ({
  binding: dataBinding.parse({ source: { kind: 'template', name: 'synthetic' }, task }),
  facts: { vocabulary: 9, classes: classes?.length ?? null, features: null, targets: classes ? null : 2 },
  fingerprint: 'synthetic',
  vocabulary: null,
  classes,
  inputNormalization: null,
  targetNormalization: null,
  ...given,
});

const batchOf = (lengths: readonly number[], given: Partial<Batch>): Batch => ({
  steps: Math.max(...lengths),
  rows: lengths.length,
  tokens: null,
  series: null,
  lengths: Int32Array.from(lengths),
  classTargets: null,
  tagTargets: null,
  numberTargets: null,
  examples: Uint32Array.from(lengths, (_, i) => i),
  ...given,
});

/** A judge of defaults, which is told everything in one go. */
function judged(
  encoding: DataEncoding,
  given: Partial<SplitMetricsOptions>,
  batches: readonly (readonly [Batch, readonly number[]])[],
): ReturnType<SplitMetrics['result']> {
  const metrics = new SplitMetrics({
    encoding,
    head: encoding.classes ? 'dense-softmax' : 'linear-regression',
    loss: encoding.classes ? 'cross-entropy' : 'mse',
    timeReduction: 'mean',
    classWeights: null,
    ...given,
  });
  for (const [batch, logits] of batches) metrics.add(batch, logits);
  return metrics.result();
}

/** `-ln softmax(logits)[target]`, by the definition. */
const nats = (logits: readonly number[], target: number): number =>
  -Math.log(Math.exp(logits[target] ?? Number.NaN) / logits.reduce((sum, x) => sum + Math.exp(x), 0));

describe('numbers', () => {
  const encoding = encodingOf('sequence-regression', null, {
    targetNormalization: { names: ['x', 'y'], mean: [10, 100], deviation: [2, 50] },
  });
  const targets = [0, 1, -1, 0.5, 2, 2];
  const said = [0.5, 1, -1, 0, 2, 3];
  const rows = (from: number, to: number): readonly [Batch, readonly number[]] => [
    batchOf(new Array<number>(to - from).fill(1), { numberTargets: Float32Array.from(targets.slice(from * 2, to * 2)) }),
    said.slice(from * 2, to * 2),
  ];

  it('have their loss as it is trained on, and their errors in the data’s units, however they are cut into batches', () => {
    // Errors are 0.5, 0, 0, -0.5, 0, 1; in units 1, 0, 0, -25, 0, 50.
    const values = { loss: 1.5 / 6, rmse: Math.sqrt((1 + 625 + 2500) / 6), mae: 76 / 6 };
    for (const batches of [[rows(0, 3)], [rows(0, 1), rows(1, 3)]]) {
      const { values: found, series, classes, confusion } = judged(encoding, {}, batches);
      expect(Object.keys(found).sort()).toEqual(['loss', 'mae', 'rmse']);
      for (const [name, value] of Object.entries(values)) expect(found[name], name).toBeCloseTo(value, 10);
      expect(series).toEqual([
        { target: 10, predicted: 11 },
        { target: 8, predicted: 8 },
        { target: 14, predicted: 14 },
      ]);
      expect([classes, confusion]).toEqual([[], null]);
    }
    const raw = judged({ ...encoding, targetNormalization: null }, {}, [rows(0, 3)]);
    expect(raw.values['rmse']).toBeCloseTo(Math.sqrt(1.5 / 6), 10);
    expect(raw.series?.[0]).toEqual({ target: 0, predicted: 0.5 });
  });

  it('have as root of their mean square what is trained on, with the 1e-12 under the root', () => {
    const loss = (predicted: readonly number[]): number | undefined =>
      judged(encoding, { loss: 'rmse' }, [[batchOf([1], { numberTargets: Float32Array.of(1, 2) }), predicted]]).values['loss'];
    expect(loss([1, 2])).toBe(1e-6);
    // The error is no more than the root's own: nothing larger hides it.
    expect(loss([1 + 1e-4, 2 - 1e-4])).toBeCloseTo(1e-4, 7);
    expect(loss([4, 6])).toBeCloseTo(Math.sqrt(25 / 2), 9);
  });

  it('have a mean also where the steps of others are summed', () => {
    expect(judged(encoding, { timeReduction: 'sum' }, [rows(0, 3)]).values['loss']).toBeCloseTo(1.5 / 6, 10);
  });

  it('are given row by row, in the data’s units', () => {
    const metrics = new SplitMetrics({
      encoding,
      head: 'linear-regression',
      loss: 'mse',
      timeReduction: 'mean',
      classWeights: null,
    });
    expect(metrics.add(...rows(0, 2))).toEqual([
      { ids: [], confidence: [], numbers: [11, 150] },
      { ids: [], confidence: [], numbers: [8, 100] },
    ]);
  });
});

describe('one class a sequence', () => {
  const logits = [
    [2, 0, -1],
    [0.5, 1, 0],
    [0, 0, 3],
    [1, -1, 1],
  ];
  const batch = batchOf([3, 1, 2, 1], { classTargets: Int32Array.of(0, 2, 2, 1) });
  const encoding = encodingOf('sequence-classification', ['a', 'b', 'c']);
  const terms = [0, 2, 2, 1].map((target, row) => nats(logits[row] ?? [], target));

  it('has the mean loss over sequences, and no perplexity', () => {
    const { values, confusion, classes, series } = judged(encoding, {}, [[batch, logits.flat()]]);
    expect(values['loss']).toBeCloseTo(terms.reduce((sum, term) => sum + term, 0) / 4, 10);
    expect(values['accuracy']).toBe(0.5);
    expect(Object.keys(values).sort()).toEqual(['accuracy', 'loss', 'macro-f1', 'macro-precision', 'macro-recall']);
    // Of equals, the last row’s, the first is said.
    expect(confusion).toEqual([
      [1, 0, 0],
      [1, 0, 0],
      [0, 1, 1],
    ]);
    expect(classes.map(({ support }) => support)).toEqual([1, 1, 2]);
    expect(series).toBeNull();
    // A sum over time is of steps: there is one target.
    const summed = judged(encoding, { timeReduction: 'sum' }, [[batch, logits.flat()]]);
    expect(summed.values).toEqual(values);
  });

  it('weighs each by its class, as PyTorch does', () => {
    const weights = [0.5, 2, 4];
    const { values } = judged(encoding, { classWeights: Float32Array.from(weights) }, [[batch, logits.flat()]]);
    const own = [0, 2, 2, 1].map((target) => weights[target] ?? 0);
    const sum = terms.reduce((total, term, row) => total + (own[row] ?? 0) * term, 0);
    expect(values['loss']).toBeCloseTo(sum / (0.5 + 4 + 4 + 2), 10);
    expect(values['accuracy']).toBe(0.5);
  });

  it('tells what is said of each row, and how surely', () => {
    const metrics = new SplitMetrics({
      encoding,
      head: 'dense-softmax',
      loss: 'cross-entropy',
      timeReduction: 'mean',
      classWeights: null,
    });
    const found = metrics.add(batch, logits.flat());
    expect(found.map(({ ids }) => ids)).toEqual([[0], [1], [2], [0]]);
    found.forEach(({ confidence, numbers }, row) => {
      expect(confidence).toHaveLength(1);
      expect(confidence[0]).toBeCloseTo(Math.exp(-nats(logits[row] ?? [], [0, 1, 2, 0][row] ?? 0)), 12);
      expect(numbers).toEqual([]);
    });
  });

  it.each([
    ['dense-softmax', [5, 6, 0, -1, 0, 3, 0, 4]],
    ['dense-sigmoid', [1, -1, 3, 4]],
  ] as const)('of two has its ranking and the F1 of the second, with %s', (head, two) => {
    const yes = encodingOf('sequence-classification', ['0', '1']);
    const given = batchOf([1, 1, 1, 1], { classTargets: Int32Array.of(1, 0, 0, 1) });
    const { values } = judged(yes, { head }, [[given, two]]);
    // Log-odds 1 and 4 of the second class, -1 and 3 of the first: of four pairs three are in order.
    expect(values['auroc']).toBe(0.75);
    expect(values).not.toHaveProperty('entity-f1');
    // Said: yes, no, yes, yes.
    expect(values['positive-f1']).toBeCloseTo((2 * 2) / (3 + 2), 12);
    const log = (x: number): number => Math.log(1 + Math.exp(-x));
    expect(values['loss']).toBeCloseTo((log(1) + log(1) + log(-3) + log(4)) / 4, 10);
  });
});

describe('a tag each step', () => {
  const names = ['O', 'B-X', 'I-X'];
  const encoding = encodingOf('step-tagging', names);
  // Time-major `[T, B, C]`: row 0 has 3 steps, row 1 has 1, and what stands at its padding must not matter.
  const logits = [
    [0, 2, 0],
    [3, 0, 0],
    [0, 0, 1],
    [9, 9, 9],
    [1, 0, 0],
    [-9, 0, 9],
  ];
  const batch = batchOf([3, 1], { tagTargets: Int32Array.of(1, 1, 2, 2, 2, 2) });
  const real = [
    [0, 1],
    [1, 1],
    [2, 2],
    [4, 2],
  ].map(([at = 0, target = 0]) => nats(logits[at] ?? [], target));
  const total = real.reduce((sum, term) => sum + term, 0);

  it('has its mean loss over real steps, or its sum over them by sequence', () => {
    const { values } = judged(encoding, {}, [[batch, logits.flat()]]);
    expect(values['loss']).toBeCloseTo(total / 4, 10);
    expect(values['perplexity']).toBeCloseTo(Math.exp(total / 4), 10);
    expect(values['accuracy']).toBe(0.5);
    const summed = judged(encoding, { timeReduction: 'sum' }, [[batch, logits.flat()]]).values;
    expect(summed['loss']).toBeCloseTo(total / 2, 10);
    expect(summed['perplexity']).toBeCloseTo(Math.exp(total / 4), 10);
  });

  it('has a perplexity without class weights', () => {
    const classWeights = Float32Array.of(1, 3, 0.5);
    const { values } = judged(encoding, { classWeights }, [[batch, logits.flat()]]);
    const [first = 0, second = 0, third = 0, fourth = 0] = real;
    expect(values['loss']).toBeCloseTo((3 * first + 3 * second + 0.5 * third + 0.5 * fourth) / 7, 10);
    expect(values['perplexity']).toBeCloseTo(Math.exp(total / 4), 10);
  });

  it('finds entities, exactly those that end where they end', () => {
    // True: X over steps 0 to 2 in row 0, X in row 1. Said: X over steps 0 and 1, nothing.
    const { values } = judged(encoding, {}, [[batch, logits.flat()]]);
    expect(values).toMatchObject({ 'entity-precision': 0, 'entity-recall': 0, 'entity-f1': 0 });
    const right = [...logits.slice(0, 4), [0, 0, 1], ...logits.slice(5)].flat();
    expect(judged(encoding, {}, [[batch, right]]).values).toMatchObject({
      'entity-precision': 1,
      'entity-recall': 0.5,
      'entity-f1': 2 / 3,
    });
  });

  it('has no entities where every step has a tag of its own', () => {
    const parts = encodingOf('step-tagging', ['noun', 'verb', 'other']);
    const { values } = judged(parts, {}, [[batch, logits.flat()]]);
    expect(Object.keys(values).filter((name) => name.startsWith('entity'))).toEqual([]);
    expect(values['perplexity']).toBeCloseTo(Math.exp(total / 4), 10);
  });
});

describe('tokens of a vocabulary', () => {
  const names = ['<pad>', '<unk>', '<bos>', '<eos>', 'a'];
  const logits = [
    [0, 0, 0, 1, 2],
    [0, 0, 0, 0, 1],
    [0, 0, 0, 5, 0],
    [9, 0, 0, 0, 0],
  ];
  const total = [
    [0, 4],
    [1, 3],
    [2, 3],
  ].reduce((sum, [at = 0, target = 0]) => sum + nats(logits[at] ?? [], target), 0);

  it('have a perplexity, and bits a character where the tokens are characters', () => {
    const batch = batchOf([2, 1], { tagTargets: Int32Array.of(4, 3, 3, 4) });
    const words = encodingOf('language-model', names);
    const characters = { ...words, binding: dataBinding.parse({ ...words.binding, tokenizer: { level: 'character' } }) };
    const { values, classes, confusion, series } = judged(words, {}, [[batch, logits.flat()]]);
    expect(Object.keys(values).sort()).toEqual(['accuracy', 'loss', 'perplexity']);
    expect(values['loss']).toBeCloseTo(total / 3, 10);
    expect(values['perplexity']).toBeCloseTo(Math.exp(total / 3), 10);
    expect(values['accuracy']).toBe(2 / 3);
    expect([classes, confusion, series]).toEqual([[], null, null]);
    const bits = judged(characters, {}, [[batch, logits.flat()]]).values['bits-per-character'];
    expect(bits).toBeCloseTo(total / 3 / Math.log(2), 10);
  });

  it('of target sequences are counted along the target, not the input', () => {
    const target = { steps: 2, inputs: Int32Array.of(2, 2, 4, 0), lengths: Int32Array.of(2, 1) };
    const batch = batchOf([1, 5], { target, tagTargets: Int32Array.of(4, 3, 3, 4) });
    const said = encodingOf('sequence-to-sequence', names);
    const character = dataBinding.parse({ ...said.binding, tokenizer: { level: 'character' } });
    const { values } = judged({ ...said, binding: character }, { timeReduction: 'sum' }, [[batch, logits.flat()]]);
    expect(Object.keys(values).sort()).toEqual(['accuracy', 'log-loss', 'loss', 'perplexity']);
    expect(values['log-loss']).toBeCloseTo(total / 3, 10);
    expect(values['loss']).toBeCloseTo(total / 2, 10);
    expect(values['perplexity']).toBeCloseTo(Math.exp(total / 3), 10);
    expect(values['accuracy']).toBe(2 / 3);
  });
});

it('nothing has no loss', () => {
  expect(judged(encodingOf('sequence-regression', null), { loss: 'rmse' }, [])).toEqual({
    values: { loss: 0 },
    classes: [],
    confusion: null,
    series: [],
  });
  expect(judged(encodingOf('sequence-classification', ['a', 'b']), {}, []).values).toEqual({ loss: 0 });
  expect(judged(encodingOf('language-model', ['a', 'b']), {}, []).values).toEqual({ loss: 0, accuracy: 0, perplexity: 1 });
});
