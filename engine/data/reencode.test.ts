import { describe, expect, it } from 'vitest';
import { syntheticTask } from '../training/synthetic-task.ts';
import type { DataEncoding, PreparedData } from './dataset.ts';
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
