import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { dataBinding } from '../document/data-binding.ts';
import { label, numbers, series, sourceOf, text } from './fixtures/source-of.ts';
import { type Gathered, gather, givenSplits, type TokenRows } from './gather.ts';
import type { RawInput, RawTarget } from './raw-example.ts';
import { splitIds } from './split.ts';

type Input = Omit<z.input<typeof dataBinding>, 'source'>;
const bind = (input: Input) => dataBinding.parse({ ...input, source: { kind: 'template', name: 'rows' } });
const classes = { task: 'sequence-classification' } as const;

const read = (
  rows: Parameters<typeof sourceOf>[0],
  input: Input = classes,
  change: Parameters<typeof sourceOf>[1] = {},
): Promise<Gathered> => gather(sourceOf(rows, change), bind(input), {});

/** Tokens of each example. */
const tokensOf = ({ texts, tokens, offsets }: TokenRows): string[][] =>
  Array.from({ length: offsets.length - 1 }, (_unused, i) =>
    Array.from({ length: offsets.at(i + 1) - offsets.at(i) }, (_step, t) => texts.texts[tokens.at(offsets.at(i) + t)] ?? ''),
  );
const labelsOf = ({ labels, labelIds }: Gathered): string[] => Array.from(labelIds.flat(), (id) => labels.texts[id] ?? '');
const tagged = (tokens: string[], tags: string[]) => ({
  input: { kind: 'tokens', tokens } as const satisfies RawInput,
  target: { kind: 'tags', labels: tags } as const satisfies RawTarget,
});

describe('texts', () => {
  it('become tokens, example after example, with their labels and lines', async () => {
    const found = await read([
      { input: text('The cat'), target: label('a'), line: 4 },
      { input: text('a dog, the cat'), target: label('b'), line: 9 },
    ]);
    expect(tokensOf(found)).toEqual([
      ['the', 'cat'],
      ['a', 'dog', ',', 'the', 'cat'],
    ]);
    expect([...found.offsets.flat()]).toEqual([0, 2, 7]);
    expect(labelsOf(found)).toEqual(['a', 'b']);
    expect([...found.lines.flat()]).toEqual([4, 9]);
    expect(found.features).toBeNull();
    expect([found.empty, found.log.count, found.grouped]).toEqual([0, 0, false]);
  });

  it('are cut to the maximum length, and which were is kept; of exactly that length none is', async () => {
    const rows = ['a b c', 'a b', 'a b c d e', 'a'].map((of) => ({ input: text(of), target: label('x') }));
    const found = await read(rows, { ...classes, tokenizer: { maxLength: 2 } });
    expect(tokensOf(found)).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b'], ['a']]);
    expect([...found.truncated.flat()]).toEqual([0, 2]);
    // What is left is alike: as inputs they are the same.
    const hashes = [...found.hashes.flat()];
    expect(new Set(hashes.slice(0, 3)).size).toBe(1);
    expect(hashes[3]).not.toBe(hashes[0]);
  });

  it('without a token are left out and told', async () => {
    const found = await read([
      { input: text('  '), target: label('x') },
      { input: text('one'), target: label('y') },
      { line: 77, reason: 'broken' },
    ]);
    expect(tokensOf(found)).toEqual([['one']]);
    expect(labelsOf(found)).toEqual(['y']);
    expect(found.empty).toBe(1);
    expect(found.log.rows).toEqual([
      { line: 1, reason: 'no text' },
      { line: 77, reason: 'broken' },
    ]);
  });

  it('of a file that is not the first are told with its name', async () => {
    const found = await read([{ input: text(''), target: label('x'), file: 'test.csv' }]);
    expect(found.log.rows).toEqual([{ line: 1, reason: 'test.csv: no text' }]);
  });
});

describe('tags', () => {
  it('are cut with their tokens', async () => {
    const rows = [tagged(['A', 'b', 'c'], ['X', 'O', 'Y']), tagged(['d'], ['O'])];
    const found = await read(rows, { task: 'step-tagging', tokenizer: { maxLength: 2 } });
    expect(tokensOf(found)).toEqual([['a', 'b'], ['d']]);
    expect(labelsOf(found)).toEqual(['X', 'O', 'O']);
    expect([...found.truncated.flat()]).toEqual([0]);
  });

  it('of a text are one for each of its words, or it is left out and told', async () => {
    const tags = (...labels: string[]) => ({ kind: 'tags', labels }) as const;
    const rows = [
      { input: text('a b c d'), target: tags('O', 'X', 'O', 'O') },
      { input: text('e f'), target: tags('O') },
      { input: text('g h'), target: tags('Y', 'O') },
    ];
    const found = await read(rows, { task: 'step-tagging', tokenizer: { maxLength: 2 } });
    expect(tokensOf(found)).toEqual([
      ['a', 'b'],
      ['g', 'h'],
    ]);
    expect(labelsOf(found)).toEqual(['O', 'X', 'Y', 'O']);
    expect(found.log.rows).toEqual([{ line: 2, reason: 'expected one tag per token, found 2 tokens and 1 tags' }]);
  });
});

describe('series', () => {
  it('keep all their numbers, and tell equal ones by their hash', async () => {
    const rows = [series([1, 2], [3, 4]), series([5, 6]), series([1, 2], [3, 4]), series([1, 2], [3, 4.001])];
    const found = await read(rows.map((input) => ({ input, target: label('x') })));
    expect([...found.series.flat()]).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 1, 2, 3, expect.closeTo(4.001, 6)]);
    expect([...found.offsets.flat()]).toEqual([0, 2, 3, 5, 7]);
    expect(found.features).toBe(2);
    const hashes = [...found.hashes.flat()];
    expect(hashes[2]).toBe(hashes[0]);
    expect(new Set(hashes).size).toBe(3);
  });

  it('are told apart in any unit; zeros are alike', async () => {
    const rows = [series([1e-9], [0]), series([2e-9], [0]), series([1e-9], [-0]), series([2 ** 26], [0]), series([0], [0])];
    const hashes = [...(await read(rows.map((input) => ({ input, target: label('x') })))).hashes.flat()];
    expect(hashes[2]).toBe(hashes[0]);
    expect(new Set(hashes).size).toBe(4);
  });

  it('are cut to the maximum length, which is of steps', async () => {
    const rows = [series([1, 2], [3, 4], [5, 6]), series([7, 8], [9, 10])];
    const found = await read(
      rows.map((input) => ({ input, target: numbers(1) })),
      { task: 'sequence-regression', tokenizer: { maxLength: 2 } },
    );
    expect([...found.series.flat()]).toEqual([1, 2, 3, 4, 7, 8, 9, 10]);
    expect([...found.truncated.flat()]).toEqual([0]);
  });

  it('that are empty or of another width are left out and told', async () => {
    const rows = [series([1, 2]), series(), series([]), series([1, 2, 3]), series([4, 5])];
    const found = await read(
      rows.map((input, i) => ({ input, target: numbers(i, -i) })),
      { task: 'sequence-regression' },
    );
    expect([...found.lines.flat()]).toEqual([1, 5]);
    expect([...found.numbers.flat()]).toEqual([0, -0, 4, -4]);
    expect(found.empty).toBe(2);
    expect(found.log.rows).toEqual([
      { line: 2, reason: 'no numbers' },
      { line: 3, reason: 'no numbers' },
      { line: 4, reason: 'expected 2 numbers per step, found 3' },
    ]);
  });
});

describe('target sequences', () => {
  const said = (of: string): RawTarget => ({ kind: 'sequence', target: { kind: 'text', text: of } });

  it('are tokens of their own, cut to their own length; none is left out and told', async () => {
    const rows = ['u v', 'u', '', 'u v w'].map((of, i) => ({ input: text(`in ${i}`), target: said(of) }));
    const found = await read(rows, { task: 'sequence-to-sequence', targetTokenizer: { maxLength: 2 } });
    expect(tokensOf(found.targets)).toEqual([['u', 'v'], ['u'], ['u', 'v']]);
    expect([...found.targets.truncated.flat()]).toEqual([2]);
    expect(found.truncated.length).toBe(0);
    expect(tokensOf(found)).toEqual([
      ['in', '0'],
      ['in', '1'],
      ['in', '3'],
    ]);
    expect(found.log.rows).toEqual([{ line: 3, reason: 'no target text' }]);
    expect(found.empty).toBe(1);
  });
});

describe('running texts', () => {
  const rows = [
    { input: text('One  two'), target: { kind: 'next-token' } },
    { input: { kind: 'tokens', tokens: ['New York', 'x'] }, target: { kind: 'next-token' } },
  ] as const;
  const model = { task: 'language-model', tokenizer: { maxLength: 2 } } as const;

  it('have line ends between rows, unless the rows are its lines, and are never cut', async () => {
    expect(tokensOf(await read(rows, model))).toEqual([
      ['one', 'two', '\n'],
      ['new york', 'x', '\n'],
    ]);
    expect(tokensOf(await read(rows.slice(0, 1), model, { whole: true }))).toEqual([['one', 'two']]);
  });

  it('are rows of their own where each is a sequence, and then they are cut', async () => {
    const line = await read([...rows, { ...rows[0], input: text('a b c') }], { ...model, languageModel: { unit: 'line' } });
    expect(tokensOf(line)).toEqual([
      ['one', 'two'],
      ['new york', 'x'],
      ['a', 'b'],
    ]);
    expect([...line.truncated.flat()]).toEqual([2]);
    const lines = await read([{ ...rows[0], input: text('a b c') }], { ...model, languageModel: { unit: 'running-lines' } });
    expect(tokensOf(lines)).toEqual([['a', 'b', 'c']]);
  });
});

describe('groups and splits', () => {
  const of = (group: string | null, split?: 'train' | 'validation' | 'test') => ({
    input: text('x'),
    target: label('y'),
    group,
    ...(split ? { split } : {}),
  });

  it('are told apart; a row without a group is one of its own', async () => {
    const found = await read([of('a'), of(null), of('b'), of('a'), of(null)]);
    const groups = [...found.groups.flat()];
    expect(found.grouped).toBe(true);
    expect(groups[3]).toBe(groups[0]);
    expect(new Set(groups).size).toBe(4);
  });

  it('are kept where the data names them', async () => {
    const { train, validation, test } = splitIds;
    const named = await read([of(null, 'test'), of(null), of(null, 'validation'), of(null, 'train')]);
    expect(Array.from(givenSplits(named) ?? [])).toEqual([test, train, validation, train]);
    expect(givenSplits(await read([of(null), of(null, 'train')]))).toBeNull();
  });
});

it('tells how far it is, and stops when it is told to', async () => {
  const rows = Array.from({ length: 7 }, () => ({ input: text('x'), target: label('y') }));
  const told: { rows: number; fraction: number | null }[] = [];
  await gather(sourceOf(rows), bind(classes), {
    onProgress: ({ rows: count, fraction }) => told.push({ rows: count, fraction }),
  });
  expect(told.at(-1)).toEqual({ rows: 7, fraction: 1 });
  const controller = new AbortController();
  controller.abort(new Error('enough'));
  await expect(gather(sourceOf(rows), bind(classes), { signal: controller.signal })).rejects.toThrow('enough');
});
