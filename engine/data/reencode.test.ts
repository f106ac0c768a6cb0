import { describe, expect, it } from 'vitest';
import { syntheticTask } from '../training/synthetic-task.ts';
import type { DataEncoding, PreparedData } from './dataset.ts';
import { reencoded } from './reencode.ts';

const tagging = syntheticTask('step-tagging').data;
const tokensOf = ({ encoding, splits }: PreparedData): (string | undefined)[] =>
  [...(splits.train.tokens ?? [])].map((id) => encoding.vocabulary?.[id]);

function model(change: Partial<DataEncoding>, of: PreparedData = tagging): DataEncoding {
  return { ...of.encoding, fingerprint: 'of the model', ...change };
}

describe('reencoded', () => {
  it('changes nothing when the model was made from the same words and classes', () => {
    const same = reencoded(tagging, model({}));
    expect(same.splits).toEqual(tagging.splits);
    expect(same.encoding.fingerprint).toBe(tagging.encoding.fingerprint);
  });

  it('finds tokens and classes by name', () => {
    const [pad = '', unk = '', bos = '', eos = '', ...words] = tagging.encoding.vocabulary ?? [];
    const vocabulary = [pad, unk, bos, eos, 'new', ...words.toReversed()];
    const other = reencoded(tagging, model({ vocabulary, classes: ['1', '0'] }));
    expect(tokensOf(other)).toEqual(tokensOf(tagging));
    const names = (data: PreparedData) => [...(data.splits.validation.tagTargets ?? [])].map((id) => data.encoding.classes?.[id]);
    expect(names(other)).toEqual(names(tagging));
    expect([...(other.splits.train.tokens ?? [])]).not.toEqual([...(tagging.splits.train.tokens ?? [])]);
  });

  it('reads tokens that the model does not know as unknown', () => {
    const vocabulary = (tagging.encoding.vocabulary ?? []).filter((token) => token !== 'a');
    const other = reencoded(tagging, model({ vocabulary }));
    expect(tokensOf(other)).toEqual(tokensOf(tagging).map((token) => (token === 'a' ? '<unk>' : token)));
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
    ['no token in common', model({ vocabulary: ['<pad>', '<unk>', '<bos>', '<eos>', 'z'] }), 'None of the data’s 6 tokens'],
    [
      'numbers in place of text',
      model({ vocabulary: null, inputNormalization: { names: ['x'], mean: [0], deviation: [1] } }),
      'The model reads or gives numbers',
    ],
  ])('refuses %s', (_what, encoding, message) => {
    expect(() => reencoded(tagging, encoding)).toThrow(message);
  });
});
