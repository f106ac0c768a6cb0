import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { dataBinding } from '../document/data-binding.ts';
import { wholeReport } from '../metrics/headline.ts';
import type { PreparedData } from './dataset.ts';
import { sourceOf } from './fixtures/source-of.ts';
import { gather } from './gather.ts';
import { prepareLanguageModel } from './prepare-language-model.ts';
import type { RawExample } from './raw-example.ts';
import { splitNames } from './split.ts';
import { Turns } from './turns.ts';

type Input = Omit<z.input<typeof dataBinding>, 'source' | 'task'>;
type Split = (typeof splitNames)[number];

type Row = Partial<RawExample> & {
  readonly input: { kind: 'tokens'; tokens: readonly string[] };
  readonly target: { readonly kind: 'next-token' };
};

/** Rows of words that no other row has: `3.1` is the second of row 3. */
const rowsOf = (
  lengths: readonly number[],
  change: (i: number) => Pick<RawExample, 'split'> | { group: string } = () => ({}),
): Row[] =>
  lengths.map((length, i) => ({
    input: { kind: 'tokens', tokens: Array.from({ length }, (_unused, t) => `${i}.${t}`) } as const,
    target: { kind: 'next-token' } as const,
    ...change(i),
  }));

async function prepare(rows: readonly Row[], input: Input, whole = true): Promise<PreparedData> {
  const binding = dataBinding.parse({ ...input, task: 'language-model', source: { kind: 'template', name: 'rows' } });
  const read = await gather(sourceOf(rows, { whole }), binding, {});
  return prepareLanguageModel(read, binding, {
    fingerprint: 'f',
    sourceWarnings: ['so'],
    terms: null,
    turns: new Turns(undefined),
  });
}

/** What is to be said in a split: known words, `<unk>` for the others. */
const saidIn = ({ splits, encoding }: PreparedData, split: Split): string[] =>
  Array.from(splits[split].tagTargets ?? [], (id) => encoding.vocabulary?.[id] ?? '?');
const readIn = ({ splits, encoding }: PreparedData, split: Split): string[] =>
  Array.from(splits[split].tokens ?? [], (id) => encoding.vocabulary?.[id] ?? '?');

describe('a running text', () => {
  const shares = fc.constantFrom(
    { validation: 0.2, test: 0.2 },
    { validation: 0, test: 0.3 },
    { validation: 0.25, test: 0 },
    { validation: 0.4, test: 0.4 },
  );
  const lists = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 25 });

  it('is cut where the middle of a row lies behind a share of its tokens, its first row is trained on', async () => {
    await fc.assert(
      fc.asyncProperty(lists, shares, fc.integer({ min: 1, max: 12 }), async (lengths, split, chunk) => {
        const data = await prepare(rowsOf(lengths), { split, languageModel: { chunk } });
        const total = lengths.reduce((sum, length) => sum + length, 0);
        const steps: Record<Split, number> = { train: 0, validation: 0, test: 0 };
        const lines: Record<Split, number[]> = { train: [], validation: [], test: [] };
        let before = 0;
        lengths.forEach((length, i) => {
          const middle = (before + length / 2) / total;
          const of =
            i === 0 || middle < 1 - split.validation - split.test ? 'train' : middle < 1 - split.test ? 'validation' : 'test';
          steps[of] += length;
          for (let t = 0; t < length; t++) lines[of].push(i + 1);
          before += length;
        });
        for (const name of splitNames) {
          const { offsets, count, running, lines: found } = data.splits[name];
          expect(data.splits[name].tagTargets).toHaveLength(steps[name]);
          expect(count).toBe(Math.ceil(steps[name] / chunk));
          expect([...offsets]).toEqual(Array.from({ length: count + 1 }, (_unused, i) => Math.min(i * chunk, steps[name])));
          expect(running).toBe(true);
          // A chunk's line is that of its first token.
          expect([...found]).toEqual(Array.from({ length: count }, (_unused, i) => lines[name][i * chunk]));
          if (count > 0) expect(readIn(data, name)).toEqual(['<bos>', ...saidIn(data, name).slice(0, -1)]);
        }
        const words = rowsOf(lengths).flatMap((row) => row.input.tokens);
        expect(saidIn(data, 'train')).toEqual(words.slice(0, steps.train));
        expect(new Set(saidIn(data, 'validation')).size).toBeLessThanOrEqual(1);
        expect(data.report.counts).toEqual(Object.fromEntries(splitNames.map((name) => [name, Math.ceil(steps[name] / chunk)])));
      }),
      { numRuns: 60 },
    );
  });

  it('is its first rows where there is a limit', async () => {
    const data = await prepare(rowsOf([2, 2, 2, 2]), { limit: 3, split: { validation: 0.3, test: 0 } });
    expect(saidIn(data, 'train')).toEqual(['0.0', '0.1', '1.0', '1.1']);
    expect(saidIn(data, 'validation')).toEqual(['<unk>', '<unk>']);
    expect(data.splits.validation.lines).toEqual(Uint32Array.of(3));
    expect((await prepare(rowsOf([1, 1]), { limit: 9, split: { validation: 0, test: 0 } })).splits.train.tokens).toHaveLength(2);
  });

  it('stands as the data names its splits, and a limit takes of each its share', async () => {
    const named = rowsOf([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], (i) => ({ split: i < 4 ? 'test' : 'train' }));
    const all = await prepare(named, { split: { validation: 0.5, test: 0.2 } });
    // A test split is there: of the six for training, half are kept for validation.
    expect(saidIn(all, 'train')).toEqual(['4.0', '5.0', '6.0']);
    expect([...all.splits.validation.lines]).toEqual([8]);
    expect(all.splits.test.tokens).toHaveLength(4);
    expect([...all.splits.test.lines]).toEqual([1]);
    const some = await prepare(named, { limit: 5, split: { validation: 0, test: 0 } });
    expect(saidIn(some, 'train')).toEqual(['4.0', '5.0', '6.0']);
    expect(some.splits.test.tokens).toHaveLength(2);
    const one = await prepare(named, { limit: 1, split: { validation: 0, test: 0 } });
    expect(saidIn(one, 'train')).toEqual(['4.0']);
    expect(one.splits.test.count).toBe(0);
  });

  it('is told to be short, and to lack a validation split', async () => {
    const warnings = async (lengths: number[], input: Input) => (await prepare(rowsOf(lengths), input)).report.warnings;
    const short = 'The training text is a single chunk: choose a shorter chunk or a longer text.';
    const without = 'There is no validation text: the baseline is measured on the training text.';
    const split = { validation: 0.5, test: 0 };
    expect(await warnings([2, 2], { languageModel: { chunk: 2 }, split })).toEqual(['so', short]);
    expect(await warnings([4, 4], { languageModel: { chunk: 2 }, split })).toEqual(['so']);
    expect(await warnings([4, 4], { languageModel: { chunk: 2 }, split: { validation: 0, test: 0 } })).toEqual(['so', without]);
    const lines = { languageModel: { unit: 'line' }, split: { validation: 0.5, test: 0 } } as const;
    expect((await prepare(rowsOf([2, 2]), lines, false)).report.warnings).toEqual(['so']);
    await expect(prepare(rowsOf([2]), lines, false)).rejects.toThrow('expected at least 2 usable examples, found 1');
    await expect(prepare([], { split })).rejects.toThrow('expected at least 2 usable examples, found 0');
    expect((await prepare(rowsOf([2]), { split })).splits.train.count).toBe(1);
  });
});

describe('rows of their own', () => {
  const lines = { languageModel: { unit: 'line' }, split: { validation: 0.25, test: 0.25 } } as const;

  it('are split with their groups and as the data names them', async () => {
    const grouped = rowsOf([1, 1, 1, 1, 1, 1, 1, 1], (i) => ({ group: `g${i % 4}` }));
    const data = await prepare(grouped, lines, false);
    const of = (split: Split): Set<number> => new Set(Array.from(data.splits[split].lines, (line) => (line - 1) % 4));
    expect([of('train').size, of('validation').size, of('test').size]).toEqual([2, 1, 1]);
    const named = await prepare(
      rowsOf([1, 1, 1, 1], (i) => ({ split: i === 0 ? 'test' : i === 1 ? 'validation' : 'train' })),
      lines,
      false,
    );
    expect(splitNames.map((name) => [...named.splits[name].lines])).toEqual([[3, 4], [2], [1]]);
  });

  it('that stand in two splits leak; chunks of a running text do not', async () => {
    const same = rowsOf([2, 2, 2, 2]).map((row) => ({ ...row, input: { kind: 'tokens', tokens: ['a', 'b'] } as const }));
    const leaking = await prepare(same, lines, false);
    expect(leaking.report.leakage).toEqual({ count: 2, examples: ['a b', 'a b'] });
    const many = await prepare([...same, ...same, ...same, ...same], lines, false);
    expect(many.report.leakage).toEqual({ count: 8, examples: new Array(5).fill('a b') });
    const running = await prepare(same, { split: { validation: 0.25, test: 0.25 }, languageModel: { chunk: 2 } });
    expect(running.report.counts).toEqual({ train: 2, validation: 1, test: 1 });
    expect(running.report.leakage).toEqual({ count: 0, examples: [] });
  });

  it('are counted and measured in the report', async () => {
    const data = await prepare(rowsOf([1, 3, 3]), { languageModel: { unit: 'line' }, split: { validation: 0, test: 0 } }, false);
    // With <bos>: one of 2 steps, two of 4.
    expect(data.report.lengths).toEqual({ edges: [2, 3, 4, 5], counts: [1, 0, 2] });
    expect(data.report.facts).toEqual({ vocabulary: 11, classes: 11, features: null, targets: null });
    expect(data.report.outOfVocabulary).toEqual({ validation: 0, test: 0 });
    // Ten to say, <eos> three times: each counted once more, 4/21 and 2/21, of 11 tokens.
    const perplexity = Math.exp(-(3 * Math.log(4 / 21) + 7 * Math.log(2 / 21)) / 10);
    expect(wholeReport(data).baseline.value).toBeCloseTo(perplexity, 10);
  });
});
