import { describe, expect, it } from 'vitest';
import type { EncodedSplit, Normalization } from '../data/dataset.ts';
import { dataBinding, type TaskKind } from '../document/data-binding.ts';
import { type BaselineData, baseline } from './baselines.ts';

/** Examples of so many steps, one after the other. */
const splitOf = (lengths: readonly number[], given: Partial<EncodedSplit> = {}): EncodedSplit => ({
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
  lines: new Uint32Array(lengths.length),
  ...given,
});

function dataOf(
  task: TaskKind,
  train: EncodedSplit,
  validation: EncodedSplit,
  given: Partial<Omit<BaselineData['encoding'], 'binding'>> & { readonly binding?: Record<string, unknown> },
): BaselineData {
  const { binding, ...rest } = given;
  const encoding = {
    binding: dataBinding.parse({ source: { kind: 'template', name: 'synthetic' }, task, ...binding }),
    facts: { vocabulary: null, classes: null, features: null, targets: null },
    fingerprint: 'synthetic',
    vocabulary: null,
    classes: null,
    inputNormalization: null,
    targetNormalization: null,
    ...rest,
  };
  return { encoding, splits: { train, validation, test: splitOf([]) } };
}

describe('the most frequent class', () => {
  const classes = (...targets: number[]): EncodedSplit =>
    splitOf(
      targets.map(() => 1),
      { classTargets: Int32Array.from(targets) },
    );

  it('is counted in the training split, and is the first of equals', () => {
    const given = { classes: ['a', 'b', 'c'] };
    const found = baseline(dataOf('sequence-classification', classes(2, 1, 1, 2, 0), classes(1, 2, 2, 0), given), 'validation');
    expect(found.name).toBe('majority class “b”');
    expect(found.values['accuracy']).toBe(0.25);
    expect(found.values).not.toHaveProperty('auroc');
    expect(found.values).not.toHaveProperty('entity-f1');
  });

  it('ranks no two examples of two classes', () => {
    const given = { classes: ['no', 'yes'] };
    const found = baseline(dataOf('sequence-classification', classes(1, 1, 0), classes(1, 0, 0, 0), given), 'validation');
    expect(found.name).toBe('majority class “yes”');
    expect(found.values).toMatchObject({ accuracy: 0.25, auroc: 0.5, 'positive-f1': 0.4 });
    const one = baseline(dataOf('sequence-classification', classes(1, 1, 0), classes(1, 1), given), 'validation');
    expect(one.values).not.toHaveProperty('auroc');
  });

  it('of tags is counted by step, and its entities sequence by sequence', () => {
    const tags = (...sequences: number[][]): EncodedSplit =>
      splitOf(
        sequences.map(({ length }) => length),
        { tagTargets: Int32Array.from(sequences.flat()) },
      );
    const found = baseline(
      dataOf('step-tagging', tags([1, 1], [0]), tags([1, 1], [1, 0, 1], [1]), { classes: ['0', '1'] }),
      'validation',
    );
    expect(found.name).toBe('majority class “1”');
    expect(found.values['accuracy']).toBeCloseTo(5 / 6, 12);
    // Three are said, each over a whole sequence; of the four true ones two are those.
    expect(found.values['entity-f1']).toBeCloseTo((2 * 2) / (3 + 4), 12);
    const parts = baseline(dataOf('step-tagging', tags([1, 1], [0]), tags([0, 1]), { classes: ['noun', 'verb'] }), 'validation');
    expect(parts.values).not.toHaveProperty('entity-f1');
  });
});

describe('numbers', () => {
  const series: Normalization = { names: ['wind', 'sun', 'rain'], mean: [10, 100, 0], deviation: [2, 10, 1] };
  const targets: Normalization = { names: ['rain', 'wind'], mean: [0, 10], deviation: [1, 2] };
  /** Windows of 3 steps, one step apart, of a series `[6, 3]`. */
  const windows = (given: Partial<EncodedSplit> = {}): EncodedSplit =>
    splitOf([3, 3], {
      starts: Uint32Array.of(0, 1),
      series: Float32Array.from({ length: 18 }, (_, i) => [0.5, -1, 2][i % 3] ?? 0).map((value, i) => value + Math.floor(i / 3)),
      numberTargets: Float32Array.of(9, 3, 5, 4),
      ...given,
    });
  const train = splitOf([3, 3], { numberTargets: Float32Array.of(1, 2, 3, 6) });

  it('of a forecast are the window’s last ones, in the data’s units', () => {
    const data = dataOf('forecasting', train, windows(), { inputNormalization: series, targetNormalization: targets });
    const found = baseline(data, 'validation');
    expect(found.name).toBe('last value');
    // Step 2 is [2.5, 1, 4], step 3 is [3.5, 2, 5]; so rain 4 and 5, wind 15 and 17. True: rain 9 and 5, wind 16 and 18.
    expect(found.values['mae']).toBeCloseTo((5 + 1 + 0 + 1) / 4, 10);
    expect(found.values['rmse']).toBeCloseTo(Math.sqrt((25 + 1 + 0 + 1) / 4), 10);
  });

  it('of a forecast with a season are those of a season before', () => {
    const data = dataOf('forecasting', train, windows(), {
      inputNormalization: series,
      targetNormalization: targets,
      binding: { window: { length: 3, season: 2 } },
    });
    const found = baseline(data, 'validation');
    expect(found.name).toBe('seasonal naive, 2 steps');
    // Two steps before what comes next is the window's last step but one: rain 3 and 4, wind 13 and 15.
    expect(found.values['mae']).toBeCloseTo((6 + 3 + 1 + 3) / 4, 10);
  });

  it.each([
    ['sequence-regression', series, {}],
    ['forecasting', { ...series, names: ['wind', 'sun', 'snow'] }, {}],
    ['forecasting', null, {}],
    ['forecasting', series, { series: null }],
  ] as const)('are the training mean where the window does not show them: %s, %j, %j', (task, inputNormalization, given) => {
    const data = dataOf(task, train, windows(given), { inputNormalization, targetNormalization: targets });
    const found = baseline(data, 'validation');
    expect(found.name).toBe('mean');
    // Means are rain 2 and wind 4, that is 18. True: rain 9 and 5, wind 16 and 18.
    expect(found.values['mae']).toBeCloseTo((7 + 2 + 3 + 0) / 4, 10);
  });

  it('of a split without examples are none, nor is a season looked for', () => {
    const none = splitOf([], { series: new Float32Array(), numberTargets: new Float32Array() });
    const given = { inputNormalization: series, targetNormalization: targets };
    const binding = { window: { length: 3, season: 2 } };
    expect(baseline(dataOf('forecasting', train, none, { ...given, binding }), 'validation').values).toEqual({});
    // Nothing was learned from no examples: the mean is 0, the normalization’s own.
    const untrained = baseline(dataOf('sequence-regression', none, windows(), given), 'validation');
    expect(untrained.values['mae']).toBeCloseTo((9 + 6 + 5 + 8) / 4, 10);
    const test = dataOf('sequence-regression', train, windows(), given);
    expect(baseline(test, 'test')).toEqual({ name: 'mean', values: {} });
  });
});

it('a text is foreseen by how often its tokens occur, those that training lacks too', () => {
  const text = (...tokens: number[]): EncodedSplit => splitOf([tokens.length], { tagTargets: Int32Array.from(tokens) });
  const classes = ['<pad>', '<unk>', '<bos>', '<eos>', 'a', 'b'];
  const data = (level: string): BaselineData =>
    dataOf('language-model', text(4, 4, 4, 5), text(4, 5, 3), { classes, binding: { tokenizer: { level } } });
  // Each is counted once more than it occurs: of 10, a 4, b 2, <eos> 1.
  const nats = -(Math.log(0.4) + Math.log(0.2) + Math.log(0.1)) / 3;
  const { name, values } = baseline(data('word'), 'validation');
  expect(name).toBe('token frequencies');
  expect(Object.keys(values)).toEqual(['perplexity']);
  expect(values['perplexity']).toBeCloseTo(Math.exp(nats), 10);
  expect(baseline(data('character'), 'validation').values['bits-per-character']).toBeCloseTo(nats / Math.log(2), 10);
});

it('sequences are compared with the most frequent target of training', () => {
  const said = (...sequences: number[][]): EncodedSplit => {
    const ended = sequences.map((tokens) => [...tokens, 3]);
    const { offsets } = splitOf(ended.map(({ length }) => length));
    return splitOf(
      sequences.map(() => 1),
      { targets: { offsets, tokens: Int32Array.from(ended.flat()) } },
    );
  };
  const classes = ['<pad>', '<unk>', '<bos>', '<eos>', 'a', 'b'];
  const data = dataOf('sequence-to-sequence', said([4], [4, 5], [4, 5]), said([4, 5, 5], [5]), { classes });
  expect(baseline(data, 'validation')).toEqual({
    name: 'most frequent target “a b”',
    values: { 'token-error-rate': 2 / 4, 'sequence-accuracy': 0 },
  });
  // Of two that are as frequent it is the first, also where the other is empty.
  expect(baseline(dataOf('sequence-to-sequence', said([4], []), said([4]), { classes }), 'validation').name).toContain('“a”');
});
