import { describe, expect, it } from 'vitest';
import type { Batch, EncodedSplit } from './dataset.ts';
import { balancedWeights, countTargets, targetWeights } from './target-weights.ts';

const splitOf = (given: Partial<EncodedSplit>): EncodedSplit => ({
  count: 3,
  offsets: Uint32Array.of(0, 2, 3, 6),
  tokens: null,
  series: null,
  classTargets: null,
  tagTargets: null,
  numberTargets: null,
  lines: new Uint32Array(3),
  ...given,
});

describe('how often a class is the target', () => {
  it('counts examples, steps or target tokens', () => {
    expect([...countTargets(splitOf({ classTargets: Int32Array.of(2, 0, 2) }), 4)]).toEqual([1, 0, 2, 0]);
    expect([...countTargets(splitOf({ tagTargets: Int32Array.of(0, 1, 1, 2, 2, 2) }), 3)]).toEqual([1, 2, 3]);
    const targets = { offsets: Uint32Array.of(0, 2, 3, 4), tokens: Int32Array.of(4, 3, 3, 3) };
    expect([...countTargets(splitOf({ targets, classTargets: Int32Array.of(1, 1, 1) }), 5)]).toEqual([0, 0, 0, 3, 1]);
    expect([...countTargets(splitOf({ numberTargets: Float32Array.of(1, 2, 3) }), 2)]).toEqual([0, 0]);
  });

  it('counts what examples cover, where they overlap or leave steps out', () => {
    const split = splitOf({ starts: Uint32Array.of(0, 1, 3), tagTargets: Int32Array.of(0, 1, 1, 2, 2, 2, 0) });
    // Steps 0 and 1, then 1, then 3 to 5.
    expect([...countTargets(split, 3)]).toEqual([1, 2, 3]);
  });

  it('gives balanced weights, as scikit-learn: N / (C · count), and 0 to what does not occur', () => {
    expect([...balancedWeights(splitOf({ tagTargets: Int32Array.of(0, 0, 0, 0, 1, 1) }), 3)]).toEqual([
      6 / (3 * 4),
      6 / (3 * 2),
      0,
    ]);
  });
});

describe('weights of a batch’s targets', () => {
  const batch = (given: Partial<Batch>): Batch => ({
    steps: 3,
    rows: 2,
    tokens: null,
    series: null,
    lengths: Int32Array.of(3, 1),
    classTargets: null,
    tagTargets: null,
    numberTargets: null,
    examples: Uint32Array.of(0, 1),
    ...given,
  });
  const weights = Float32Array.of(1, 3);

  it.each([
    ['per sequence', batch({ classTargets: Int32Array.of(0, 1) }), 'mean', null, [1 / 2, 1 / 2]],
    ['per sequence, weighted', batch({ classTargets: Int32Array.of(0, 1) }), 'sum', weights, [1 / 4, 3 / 4]],
    ['per step', batch({ tagTargets: Int32Array.of(0, 1, 1, 1, 0, 1) }), 'mean', null, [1 / 4, 1 / 4, 1 / 4, 0, 1 / 4, 0]],
    [
      'per step, weighted',
      batch({ tagTargets: Int32Array.of(0, 1, 1, 1, 0, 1) }),
      'mean',
      weights,
      [1 / 8, 3 / 8, 3 / 8, 0, 1 / 8, 0],
    ],
    [
      'summed over steps',
      batch({ tagTargets: Int32Array.of(0, 1, 1, 1, 0, 1) }),
      'sum',
      null,
      [1 / 2, 1 / 2, 1 / 2, 0, 1 / 2, 0],
    ],
    [
      'along the target',
      batch({
        target: { steps: 2, inputs: new Int32Array(4), lengths: Int32Array.of(1, 2) },
        tagTargets: Int32Array.of(0, 1, 0, 1),
      }),
      'mean',
      null,
      [1 / 3, 1 / 3, 0, 1 / 3],
    ],
    ['of classes that weigh nothing', batch({ classTargets: Int32Array.of(0, 0) }), 'mean', Float32Array.of(0, 1), [0, 0]],
  ] as const)('%s', (_title, given, reduction, classWeights, expected) => {
    const found = targetWeights(given, reduction, classWeights);
    expect(found).toHaveLength(expected.length);
    found.forEach((weight, at) => {
      expect(weight).toBeCloseTo(expected[at] ?? Number.NaN, 7);
    });
  });
});
