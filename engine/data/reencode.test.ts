import { describe, expect, it } from 'vitest';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import type { DataEncoding, EncodedSplit, Normalization, PreparedData } from './dataset.ts';
import { reencoded } from './reencode.ts';

const tagging = syntheticTask('step-tagging').data;
function model(change: Partial<DataEncoding>, of: PreparedData = tagging): DataEncoding {
  return { ...of.encoding, fingerprint: 'of the model', ...change };
}

describe('reencoded', () => {
  it('changes nothing when the model was made from the same words and classes', () => {
    const same = reencoded(tagging, model({}));
    expect(same.splits).toEqual(tagging.splits);
    expect(same.encoding.fingerprint).toBe(tagging.encoding.fingerprint);
  });

  it('finds classes by name', () => {
    const other = reencoded(tagging, model({ classes: ['1', '0'] }));
    const names = (data: PreparedData) => [...(data.splits.validation.tagTargets ?? [])].map((id) => data.encoding.classes?.[id]);
    expect(names(other)).toEqual(names(tagging));
    expect(other.splits.validation.tagTargets).not.toEqual(tagging.splits.validation.tagTargets);
  });

  it('takes numbers from one normalization to the other', () => {
    const series = syntheticTask('forecasting').data;
    const other = { names: ['y'], mean: [4], deviation: [0.5] };
    const result = reencoded(series, model({ inputNormalization: other, targetNormalization: other }, series));
    const raw = ({ encoding, splits }: PreparedData): number[] =>
      [...(splits.test.series ?? [])].map(
        (value) => value * (encoding.inputNormalization?.deviation[0] ?? 0) + (encoding.inputNormalization?.mean[0] ?? 0),
      );
    expect(raw(result)).toEqual(raw(series).map((value) => expect.closeTo(value, 4)));
    expect(result.splits.test.numberTargets).not.toEqual(series.splits.test.numberTargets);
  });

  it.each([
    ['a class that the model lacks', model({ classes: ['0', 'x'] }), 'the class “1”; the model knows “0”, “x”'],
    [
      'another task that says tokens',
      model({ binding: { ...tagging.encoding.binding, task: 'language-model' } }),
      'The data is for step-tagging, but the model was trained for language-model.',
    ],
    [
      'numbers in place of text',
      model({ vocabulary: null, inputNormalization: { names: ['x'], mean: [0], deviation: [1] } }),
      'The model reads or gives numbers',
    ],
  ])('refuses %s', (_what, encoding, message) => {
    expect(() => reencoded(tagging, encoding)).toThrow(message);
  });
});

const numbersOf = (series: number[] | null, numberTargets: number[] | null): EncodedSplit => ({
  count: 2,
  offsets: Uint32Array.of(0, 1, 2),
  tokens: null,
  series: series && Float32Array.from(series),
  classTargets: null,
  tagTargets: null,
  numberTargets: numberTargets && Float32Array.from(numberTargets),
  lines: Uint32Array.of(1, 2),
});

const measured = (input: Normalization | null, target: Normalization | null): PreparedData => {
  const { data } = syntheticTask('forecasting');
  const split = numbersOf(input && [1, -1, 0.5, 2], target && [1, -2]);
  return {
    ...data,
    encoding: { ...data.encoding, inputNormalization: input, targetNormalization: target },
    splits: { train: split, validation: split, test: numbersOf(input && [], target && []) },
  };
};
const two = { names: ['a', 'b'], mean: [10, 100], deviation: [2, 50] };
const one = { names: ['y'], mean: [3], deviation: [4] };

describe('numbers', () => {
  it('mean the same in the model’s scale, column by column', () => {
    const own = measured(two, one);
    const scales = {
      inputNormalization: { names: ['a', 'b'], mean: [8, 0], deviation: [4, 10] },
      targetNormalization: { names: ['y'], mean: [-1], deviation: [2] },
    };
    const { splits, encoding, report } = reencoded(own, { ...model(scales, own), facts: { ...own.encoding.facts, targets: 7 } });
    // 12, 50; 11, 200 and 7, -5 in the file's units.
    expect([...(splits.train.series ?? [])]).toEqual([1, 5, 0.75, 20]);
    expect([...(splits.validation.numberTargets ?? [])]).toEqual([4, -2]);
    expect(splits.test.series).toHaveLength(0);
    expect(encoding).toMatchObject(scales);
    expect(report).toEqual({ ...own.report, facts: { ...own.encoding.facts, targets: 7 } });
  });

  it('are rescaled where the mean or the deviation alone is another', () => {
    const own = measured(two, one);
    const series = (change: Partial<Normalization>): number[] => [
      ...(reencoded(own, model({ inputNormalization: { ...two, ...change } }, own)).splits.train.series ?? []),
    ];
    expect(series({ mean: [10, 50] })).toEqual([1, 0, 0.5, 3]);
    expect(series({ deviation: [2, 25] })).toEqual([1, -2, 0.5, 4]);
    expect(series({ names: ['u', 'v'] })).toEqual([1, -1, 0.5, 2]);
  });

  it('of other columns are refused', () => {
    const own = measured(two, one);
    const many = (count: number): Normalization => ({
      names: Array.from({ length: count }, (_unused, i) => `x${i + 1}`),
      mean: new Array<number>(count).fill(0),
      deviation: new Array<number>(count).fill(1),
    });
    expect(() => reencoded(own, model({ inputNormalization: many(8) }, own))).toThrow(
      'The data has 2 input columns; the model expects 8 (x1, x2, x3, x4, x5, x6).',
    );
    expect(() => reencoded(own, model({ targetNormalization: many(2) }, own))).toThrow(
      'The data has 1 target columns; the model expects 2',
    );
  });

  it('are no classes and no text', () => {
    const gives = 'The model reads or gives numbers, but the data is text or classes.';
    const takes = 'The model reads text or gives classes, but the data is numeric.';
    const numeric = measured(two, one);
    const without = measured(two, null);
    expect(() => reencoded(numeric, model({ inputNormalization: null }, numeric))).toThrow(takes);
    expect(() => reencoded(without, model({ targetNormalization: one }, without))).toThrow(gives);
    expect(() => reencoded(numeric, model({ targetNormalization: null }, numeric))).toThrow(takes);
    expect(() => reencoded(numeric, model({ vocabulary: ['a'] }, numeric))).toThrow(takes);
    expect(() => reencoded(tagging, model({ classes: null }))).toThrow(gives);
    expect(() => reencoded(numeric, model({ classes: ['a'] }, numeric))).toThrow(takes);
  });
});

describe('classes', () => {
  it('of whole examples are found by name, too', () => {
    const { data } = syntheticTask('sequence-classification');
    const classes = [...(data.encoding.classes ?? []), 'new'].toReversed();
    const other = reencoded(data, model({ classes }, data));
    const names = ({ splits, encoding }: PreparedData): unknown[] =>
      [...(splits.train.classTargets ?? [])].map((id) => encoding.classes?.[id]);
    expect(names(other)).toEqual(names(data));
    expect(names(other).length).toBeGreaterThan(1);
    expect(other.splits.train.classTargets).not.toEqual(data.splits.train.classTargets);
  });

  it('are compared one by one: a line end inside of a name is no border', () => {
    const own = { ...tagging, encoding: { ...tagging.encoding, classes: ['a\nb', 'c'] } };
    expect(() => reencoded(own, model({ classes: ['a', 'b\nc'] }, own))).toThrow('the class “a\nb”');
  });

  it('that a model lacks are told with the first of its own', () => {
    const own = { ...tagging, encoding: { ...tagging.encoding, classes: ['n'.repeat(90)] } };
    const told = (count: number): string => {
      try {
        reencoded(own, model({ classes: Array.from({ length: count }, (_unused, i) => `${i}${'m'.repeat(50)}`) }, own));
      } catch (error) {
        return String(error);
      }
      return '';
    };
    expect(told(6)).toContain(`the class “${'n'.repeat(60)}”; the model knows “0${'m'.repeat(39)}”, “1`);
    expect(told(6)).toMatch(/“5m{39}”\.$/);
    expect(told(8)).toMatch(/“5m{39}” and 2 more\.$/);
  });
});

describe('models', () => {
  it('of another task that says no tokens are taken', () => {
    const binding = { ...tagging.encoding.binding, task: 'sequence-classification' } as const;
    expect(reencoded(tagging, model({ binding })).encoding.binding).toBe(tagging.encoding.binding);
  });

  it('keep the longest target of both', () => {
    const longest = (own: number | undefined, of: number | undefined): number | undefined => {
      const data = { ...tagging, encoding: { ...tagging.encoding, longestTarget: own } };
      return reencoded(data, model({ longestTarget: of })).encoding.longestTarget;
    };
    expect([longest(3, 7), longest(7, 3), longest(5, undefined), longest(undefined, 4)]).toEqual([7, 7, 5, 4]);
    expect(reencoded(tagging, model({})).encoding).not.toHaveProperty('longestTarget');
  });

  it('of the same task that says tokens are taken in their own tokens alone', () => {
    const said = (of: PreparedData): PreparedData => ({
      ...of,
      encoding: { ...of.encoding, binding: { ...of.encoding.binding, task: 'language-model' } },
    });
    const own = said(tagging);
    expect(reencoded(own, model({}, own)).splits).toEqual(own.splits);
    expect(() => reencoded(own, model({ vocabulary: [...(own.encoding.vocabulary ?? []), 'more'] }, own))).toThrow(
      'not prepared in the model’s tokens',
    );
    expect(() => reencoded(own, model({ binding: tagging.encoding.binding }, own))).toThrow(
      'The data is for language-model, but the model was trained for step-tagging.',
    );
  });
});
