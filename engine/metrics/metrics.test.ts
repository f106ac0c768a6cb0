import { describe, expect, it } from 'vitest';
import type { EncodedSplit } from '../data/dataset.ts';
import { logOdds, logProbabilities } from '../decode/log-probabilities.ts';
import { dataBinding } from '../document/data-binding.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { baseline } from './baselines.ts';
import { ClassCounts } from './class-counts.ts';
import { commonTarget, commonTargetErrors } from './common-target.ts';
import { editDistance } from './edit-distance.ts';
import { EntityCounts, entities, tagScheme } from './entities.ts';
import { NumberErrors } from './number-errors.ts';
import { TokenErrors } from './token-errors.ts';

describe('class counts', () => {
  const pairs: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, 1],
    [1, 1],
    [1, 0],
    [2, 2],
  ];
  const counts = new ClassCounts(['a', 'b', 'c', 'never']);
  for (const [target, predicted] of pairs) counts.add(target, predicted);

  it('counts by hand', () => {
    expect(counts.confusion()).toEqual([
      [2, 1, 0, 0],
      [1, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 0],
    ]);
    expect(counts.values()['accuracy']).toBeCloseTo(4 / 6);
    expect(counts.classes()[0]).toEqual({ name: 'a', precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3 });
    // Classes that never occur do not pull the mean down.
    expect(counts.values()['macro-f1']).toBeCloseTo((2 / 3 + 1 / 2 + 1) / 3);
    expect(counts.values()['positive-f1']).toBeUndefined();
  });

  it('means run over classes that are a target or said, 0 where there is nothing to share', () => {
    // As scikit-learn: a is a target only, b is right once of two, c is said only, d neither.
    const few = new ClassCounts(['a', 'b', 'c', 'd']);
    few.add(0, 1);
    few.add(1, 1);
    few.add(1, 2);
    expect(few.values()['macro-precision']).toBeCloseTo((0 + 1 / 2 + 0) / 3, 12);
    expect(few.values()['macro-recall']).toBeCloseTo((0 + 1 / 2 + 0) / 3, 12);
    expect(few.values()['macro-f1']).toBeCloseTo((0 + 1 / 2 + 0) / 3, 12);
    expect(few.classes()).toEqual([
      { name: 'a', precision: 0, recall: 0, f1: 0, support: 1 },
      { name: 'b', precision: 0.5, recall: 0.5, f1: 0.5, support: 2 },
      { name: 'c', precision: 0, recall: 0, f1: 0, support: 0 },
      { name: 'd', precision: 0, recall: 0, f1: 0, support: 0 },
    ]);
    const uneven = new ClassCounts(['a', 'b']);
    for (const said of [0, 0, 0, 1]) uneven.add(said, 0);
    expect(uneven.values()).toEqual({
      accuracy: 0.75,
      'macro-precision': 0.75 / 2,
      'macro-recall': 1 / 2,
      'macro-f1': 6 / 7 / 2,
      'positive-f1': 0,
    });
  });

  it('has no matrix for hundreds of classes, and no metric for no targets', () => {
    expect(new ClassCounts(Array.from({ length: 200 }, String)).confusion()).toHaveLength(200);
    const many = new ClassCounts(Array.from({ length: 201 }, String));
    many.add(200, 200);
    expect(many.confusion()).toBeNull();
    expect(many.values()['accuracy']).toBe(1);
    expect(new ClassCounts(['a', 'b']).values()).toEqual({});
  });
});

describe('entities', () => {
  it('follow the prefix scheme, and forgive an I without a B', () => {
    expect(entities(['B-PER', 'I-PER', 'O', 'I-LOC', 'B-LOC', 'I-PER', 'S-ORG', 'U-ORG'], 'prefixed')).toEqual([
      { kind: 'PER', start: 0, end: 2 },
      { kind: 'LOC', start: 3, end: 4 },
      { kind: 'LOC', start: 4, end: 5 },
      { kind: 'PER', start: 5, end: 6 },
      { kind: 'ORG', start: 6, end: 7 },
      { kind: 'ORG', start: 7, end: 8 },
    ]);
  });

  it.each([
    [['I-X', 'E-X', 'I-X'], '0-2 2-3'],
    [['I-X', 'L-X', 'I-X'], '0-2 2-3'],
    [['S-X', 'I-X'], '0-1 1-2'],
    [['U-X', 'I-X'], '0-1 1-2'],
    [['I-X', 'S-X'], '0-1 1-2'],
    [['I-X', 'U-X'], '0-1 1-2'],
    [['B-X', 'M-X', 'E-X', 'O', 'o', '0', 'E-X'], '0-3 6-7'],
    [['I-X', 'I-X'], '0-2'],
  ] as const)('%j hold those of steps %s', (tags, spans) => {
    expect(
      entities(tags, 'prefixed')
        .map(({ start, end }) => `${start}-${end}`)
        .join(' '),
    ).toBe(spans);
  });

  it('whose tags have no prefix are runs, whatever letter they begin with', () => {
    expect(entities(['Edge', 'Edge', 'O', 'Brand', 'Brand'], 'runs')).toEqual([
      { kind: 'Edge', start: 0, end: 2 },
      { kind: 'Brand', start: 3, end: 5 },
    ]);
  });

  it('are runs of one tag where names have no prefix', () => {
    expect(entities(['1', '1', '0', '1', '1'], 'runs')).toEqual([
      { kind: '1', start: 0, end: 2 },
      { kind: '1', start: 3, end: 5 },
    ]);
  });

  it('know their scheme from the tags, and none for parts of speech', () => {
    expect(tagScheme(['0', '1'])).toBe('runs');
    expect(tagScheme(['O', 'B-PER', 'I-PER'])).toBe('prefixed');
    expect(tagScheme(['o', 'B-PER', 'name'])).toBe('runs');
    expect(tagScheme(['NOUN', 'VERB'])).toBeNull();
    expect(tagScheme(['O', '0'])).toBeNull();
    expect(tagScheme([])).toBeNull();
  });

  it('count exact matches only', () => {
    const counts = new EntityCounts(['0', '1'], 'runs');
    counts.add([1, 1, 0, 1, 0], [1, 1, 0, 1, 1]);
    expect(counts.scores()).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 });
  });
});

it('number errors are in the data’s units', () => {
  const errors = new NumberErrors();
  errors.add([3], [0]);
  errors.add([0], [4]);
  expect(errors.values()).toEqual({ rmse: Math.sqrt(12.5), mae: 3.5 });
  expect(errors.series()).toEqual([
    { target: 3, predicted: 0 },
    { target: 0, predicted: 4 },
  ]);
});

it('number errors are drawn for no more than the first 500 rows, and counted for all', () => {
  const errors = new NumberErrors();
  for (let i = 0; i < 502; i++) errors.add([i, 0], [i + 1, 1]);
  expect(errors.series()).toHaveLength(500);
  expect(errors.series()[499]).toEqual({ target: 499, predicted: 500 });
  expect(errors.values()).toEqual({ rmse: 1, mae: 1 });
  expect(new NumberErrors().values()).toEqual({});
});

describe('log-probabilities', () => {
  it('of a softmax sum to one, whatever the size', () => {
    const log = logProbabilities('dense-softmax', [1000, 1001, 999], 0, new Float64Array(3));
    expect(log.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 12);
  });
  it('of a sigmoid are those of the second class and its opposite', () => {
    const log = logProbabilities('dense-sigmoid', [0, 2], 1, new Float64Array(2));
    expect(Math.exp(log[1] ?? 0)).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
    expect(Math.exp(log[0] ?? 0) + Math.exp(log[1] ?? 0)).toBeCloseTo(1, 12);
    expect([...logProbabilities('dense-sigmoid', [-2000], 0, new Float64Array(2))]).toEqual([-0, -2000]);
  });
});

describe('baselines', () => {
  it('majority class of the training split, counted on the validation split', () => {
    const { data } = syntheticTask('sequence-classification');
    const targets = [...(data.splits.validation.classTargets ?? [])];
    const found = baseline(data, 'validation');
    const label = found.name.includes('yes') ? 1 : 0;
    expect(found.values['accuracy']).toBeCloseTo(targets.filter((t) => t === label).length / targets.length, 12);
  });

  it('majority tag per step finds no entity', () => {
    const found = baseline(syntheticTask('step-tagging').data, 'validation');
    expect(found.name).toContain('0');
    expect(found.values['entity-f1']).toBe(0);
  });

  it('last value of the window, in the data’s units', () => {
    const { data } = syntheticTask('forecasting');
    const { series, starts, numberTargets } = data.splits.validation;
    const errors = Array.from(numberTargets ?? [], (target, i) => 2 * (target - (series?.[(starts?.[i] ?? 0) + 11] ?? 0)));
    const found = baseline(data, 'validation');
    expect(found.name).toBe('last value');
    expect(found.values['mae']).toBeCloseTo(errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length, 6);
  });

  it('mean of the training split for a number per text', () => {
    const { data } = syntheticTask('sequence-regression');
    const mean = (values: Float32Array | null) => [...(values ?? [])].reduce((sum, v) => sum + v, 0) / (values?.length ?? 1);
    const trained = mean(data.splits.train.numberTargets);
    const errors = [...(data.splits.validation.numberTargets ?? [])].map((target) => 2 * (target - trained));
    expect(baseline(data, 'validation').values['rmse']).toBeCloseTo(
      Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length),
      6,
    );
  });
});

describe('generated sequences', () => {
  const inWords = {
    binding: dataBinding.parse({ source: { kind: 'template', name: 'synthetic' }, task: 'sequence-to-sequence' }),
    classes: ['<pad>', '<unk>', '<bos>', '<eos>', 'a', 'b', 'c', 'd'],
  };

  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['', 'ab', 2],
    ['abc', 'abc', 0],
    ['abc', 'axc', 1],
    ['abc', 'ac', 1],
    ['ac', 'abc', 1],
    ['kitten', 'sitting', 3],
    ['abcd', 'bcda', 2],
  ])('%j is %j but for %i edits', (a, b, edits) => {
    const ids = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
    expect(editDistance(ids(a), ids(b))).toBe(edits);
  });

  it('are counted over the references’ tokens, and right only as a whole', () => {
    const errors = new TokenErrors(inWords);
    expect(errors.values()).toEqual({});
    errors.add([4, 5, 6], [4, 5, 6]);
    errors.add([4, 5], [4, 5, 9]);
    errors.add([7, 7, 7], []);
    expect(errors.values()).toEqual({ 'token-error-rate': 4 / 8, 'sequence-accuracy': 1 / 3 });
  });

  it('of sub-words are those of the texts, too: the same text cut otherwise is right', () => {
    const binding = dataBinding.parse({ ...inWords.binding, targetTokenizer: { level: 'subword' } });
    const errors = new TokenErrors({
      binding,
      classes: [...inWords.classes.slice(0, 4), 'the', ' cat', ' c', 'at', ' sat', ' ', 't'],
    });
    errors.add([4, 5, 8], [4, 6, 7, 8]);
    errors.add([4, 5], [4, 8]);
    errors.add([4, 5, 1], [4, 5]);
    expect(errors.values()).toEqual({
      'token-error-rate': (2 + 1 + 1) / 8,
      'word-error-rate': 2 / 7,
      'sequence-accuracy': 1 / 3,
    });
  });

  const splitOf = (targets: readonly (readonly number[])[]): EncodedSplit => ({
    count: targets.length,
    offsets: Uint32Array.from({ length: targets.length + 1 }, (_, i) => i),
    tokens: new Uint8Array(targets.length),
    series: null,
    classTargets: null,
    tagTargets: null,
    numberTargets: null,
    targets: {
      offsets: Uint32Array.from([0, ...targets.map((_, i) => targets.slice(0, i + 1).reduce((sum, t) => sum + t.length + 1, 0))]),
      tokens: Uint8Array.from(targets.flatMap((target) => [...target, 3])),
    },
    lines: new Uint32Array(targets.length),
  });

  it('are compared with the most frequent target', () => {
    const train = splitOf([[4, 5], [6], [4, 5], [6, 6], [4]]);
    const { name, tokens } = commonTarget(train, inWords);
    expect(name).toBe('most frequent target “a b”');
    expect([...Array.from(tokens)]).toEqual([4, 5]);
    expect(commonTargetErrors(tokens, splitOf([[4, 5], [4], [7, 7]]), inWords)).toEqual({
      'token-error-rate': 3 / 5,
      'sequence-accuracy': 1 / 3,
    });
  });

  it('are compared with silence only where it is nearer', () => {
    // “a a” is wrong by 4 of 4 tokens, as silence is.
    expect(commonTarget(splitOf([[4, 4], [5], [6]]), inWords).name).toBe('most frequent target “a a”');
    expect(commonTarget(splitOf([[5], [6], [7, 7], [7, 7]]), inWords).name).toBe('most frequent target “d d”');
    expect(commonTarget(splitOf([]), inWords).tokens).toHaveLength(0);
  });

  it('are named by their first twelve tokens, sub-words as the text that they make', () => {
    const long = (length: number): string => commonTarget(splitOf([new Array<number>(length).fill(4)]), inWords).name;
    expect(long(12)).toBe(`most frequent target “${new Array(12).fill('a').join(' ')}”`);
    expect(long(13)).toBe(`most frequent target “${new Array(12).fill('a').join(' ')} …”`);
    const pieces = {
      binding: dataBinding.parse({ ...inWords.binding, targetTokenizer: { level: 'subword' } }),
      classes: [...inWords.classes.slice(0, 4), 'the', ' c', 'at'],
    };
    expect(commonTarget(splitOf([[4, 5, 6]]), pieces).name).toBe('most frequent target “the cat”');
  });

  it('are compared with silence where no target is like the others', () => {
    const train = splitOf([[4, 4, 4, 4, 4, 4], [5], [6], [7]]);
    expect(commonTarget(train, inWords)).toEqual({ name: 'saying nothing', tokens: [] });
    expect(commonTargetErrors([], train, inWords)).toEqual({ 'token-error-rate': 1, 'sequence-accuracy': 0 });
  });
});

it.each([
  ['dense-softmax', [9, 9, -1.5, 3.25], 4.75],
  ['dense-sigmoid', [9, -2.5], -2.5],
] as const)('log-odds of %s are those of its probabilities', (head, logits, expected) => {
  const log = logProbabilities(head, logits, 1, new Float64Array(2));
  expect(logOdds(head, logits, 1)).toBe(expected);
  expect((log[1] ?? 0) - (log[0] ?? 0)).toBeCloseTo(expected, 12);
});
