import { describe, expect, it } from 'vitest';
import { dataBinding } from '../document/data-binding.ts';
import { stepCount, stepStart } from './batches.ts';
import { encodeSplits, fitInputs, fitPictures, fitTargets } from './encode-splits.ts';
import { label, numbers, series, sourceOf, text } from './fixtures/source-of.ts';
import { type Gathered, gather } from './gather.ts';
import type { RawExample } from './raw-example.ts';
import { splitIds } from './split.ts';
import { Turns } from './turns.ts';
import { vocabularyOf } from './vocabulary.ts';

const { train, validation, test, unused } = splitIds;
const turns = new Turns(undefined);
const none = { vocabulary: null, input: null, target: null, idOfLabel: null, perStep: false };

const read = (task: RawExample['target']['kind'], rows: Parameters<typeof sourceOf>[0]): Promise<Gathered> => {
  const tasks = {
    class: 'sequence-classification',
    tags: 'step-tagging',
    numbers: 'sequence-regression',
    sequence: 'sequence-to-sequence',
    'next-token': 'language-model',
  };
  return gather(sourceOf(rows), dataBinding.parse({ task: tasks[task], source: { kind: 'template', name: 'rows' } }), {});
};

const measured = () =>
  read('numbers', [
    { input: series([1, 10], [3, 10]), target: numbers(1, 100) },
    { input: series([1000, 1000]), target: numbers(500, 500) },
    { input: series([5, 40]), target: numbers(5, 300) },
    { input: series([7, 0], [2, 2]), target: numbers(7, 0) },
  ]);
const assignment = Uint8Array.of(train, validation, train, test);

describe('scaling', () => {
  it('is fit to the steps of training, each as much as another', async () => {
    // 1, 3, 5 and 10, 10, 40.
    const { names, mean, deviation } = await fitInputs(await measured(), assignment, ['a', 'b'], turns);
    expect(names).toEqual(['a', 'b']);
    expect(mean).toEqual([3, 20]);
    expect(deviation).toEqual([expect.closeTo(Math.sqrt(8 / 3), 9), expect.closeTo(Math.sqrt(200), 9)]);
  });

  it('of targets is fit to the examples of training', async () => {
    expect(await fitTargets(await measured(), assignment, ['u', 'v'], turns)).toEqual({
      names: ['u', 'v'],
      mean: [3, 200],
      deviation: [2, 100],
    });
  });

  it('of pictures is one for each channel, over all places', async () => {
    // Two places of three channels: red 1, 3 and 5, 7; green 0, 0 and 0, 4; blue 2 everywhere.
    const gathered = await read('class', [
      { input: series([1, 0, 2, 3, 0, 2]), target: label('x') },
      { input: series([9, 9, 9, 9, 9, 9]), target: label('x') },
      { input: series([5, 0, 2, 7, 4, 2]), target: label('x') },
    ]);
    const names = ['r0', 'g0', 'b0', 'r1', 'g1', 'b1'];
    const { mean, deviation, ...rest } = await fitPictures(gathered, Uint8Array.of(train, test, train), names, 3, turns);
    expect(rest).toEqual({ names });
    expect(mean).toEqual([4, 1, 2, 4, 1, 2].map((value) => expect.closeTo(value, 9)));
    const [red, green] = [Math.sqrt(5), Math.sqrt(3)];
    expect(deviation).toEqual([red, green, 1, red, green, 1].map((value) => expect.closeTo(value, 9)));
  });
});

describe('encoding', () => {
  it('scales every number, of each split by the same measure', async () => {
    const input = { names: ['a', 'b'], mean: [1, 10], deviation: [2, 5] };
    const target = { names: ['u', 'v'], mean: [0, 100], deviation: [10, 50] };
    const splits = await encodeSplits(await measured(), assignment, { ...none, input, target }, turns);
    expect([...(splits.train.series ?? [])]).toEqual([0, 0, 1, 0, 2, 6]);
    expect([...splits.train.offsets]).toEqual([0, 2, 3]);
    expect([...(splits.train.numberTargets ?? [])]).toEqual([0.1, 0, 0.5, 4].map((value) => Math.fround(value)));
    expect([...splits.train.lines]).toEqual([1, 3]);
    expect([...(splits.validation.series ?? [])]).toEqual([499.5, 198]);
    expect([...(splits.validation.numberTargets ?? [])]).toEqual([50, 8]);
    expect([...(splits.test.series ?? [])]).toEqual([3, -2, 0.5, Math.fround(-1.6)]);
    expect([splits.train.count, splits.validation.count, splits.test.count]).toEqual([2, 1, 1]);
    expect(splits.train).toMatchObject({ tokens: null, classTargets: null, tagTargets: null });
  });

  it('gives tokens and classes their ids, and says what stands where a token is unknown', async () => {
    const gathered = await read('class', [
      { input: text('red fish'), target: label('b') },
      { input: text('blue fish red'), target: label('a') },
      { input: text('left out'), target: label('c') },
      { input: text('green fish'), target: label('b') },
    ]);
    const vocabulary = vocabularyOf(['<pad>', '<unk>', 'fish', 'red'], gathered.texts.texts);
    // Labels in the order of their appearance: b, a, c.
    const encoders = { ...none, vocabulary, idOfLabel: Int32Array.of(1, 0, 2) };
    const splits = await encodeSplits(gathered, Uint8Array.of(train, train, unused, validation), encoders, turns);
    expect([...(splits.train.tokens ?? [])]).toEqual([3, 2, 1, 2, 3]);
    expect(splits.train.unknownTexts).toEqual({ 2: 'blue' });
    expect([...(splits.train.classTargets ?? [])]).toEqual([1, 0]);
    expect(splits.train.tagTargets).toBeNull();
    expect([...(splits.validation.tokens ?? [])]).toEqual([1, 2]);
    expect(splits.validation.unknownTexts).toEqual({ 0: 'green' });
    expect([...(splits.validation.classTargets ?? [])]).toEqual([1]);
    expect(splits.test).toMatchObject({ count: 0, offsets: Uint32Array.of(0) });
    expect(splits.test.tokens).toHaveLength(0);
  });

  it('gives every step its tag', async () => {
    const sentence = (tokens: string[], labels: string[]) => ({
      input: { kind: 'tokens', tokens } as const,
      target: { kind: 'tags', labels } as const,
    });
    const gathered = await read('tags', [
      sentence(['a', 'b'], ['O', 'X']),
      sentence(['c'], ['Y']),
      sentence(['d', 'e', 'f'], ['X', 'O', 'Y']),
    ]);
    const vocabulary = vocabularyOf(gathered.texts.texts, gathered.texts.texts);
    const encoders = { ...none, vocabulary, idOfLabel: Int32Array.of(2, 0, 1), perStep: true };
    const splits = await encodeSplits(gathered, Uint8Array.of(train, test, train), encoders, turns);
    expect([...(splits.train.tagTargets ?? [])]).toEqual([2, 0, 0, 2, 1]);
    expect([...(splits.test.tagTargets ?? [])]).toEqual([1]);
    expect(splits.train.classTargets).toBeNull();
    expect([stepStart(splits.train, 1), stepCount(splits.train, 1)]).toEqual([2, 3]);
    expect([...(splits.train.tokens ?? [])]).toEqual([0, 1, 3, 4, 5]);
  });
});
