import { expect, it } from 'vitest';
import { inputText, splitRows } from '../split-rows.ts';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('has half the phoneme error rate of one answer for all after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'pronunciation',
    (document) => ({
      ...document,
      data: document.data && { ...document.data, limit: 4000 },
      training: { ...document.training, epochs: 4, learningRate: 0.006, schedule: { kind: 'constant' } },
    }),
    (baseline) => baseline * 0.55,
  );
  expect(headline).toMatchObject({ metric: 'token-error-rate', higherIsBetter: false });
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(best).toBeLessThan(goal);
});

it('says phonemes without stress, the first pronunciation of each spelling', { timeout: 120_000 }, async () => {
  const said = new Map<string, string>();
  const phonemes = new Set<string>();
  for await (const row of rows()) {
    if (row.target.kind !== 'sequence' || row.target.target.kind !== 'tokens') throw new Error('expected phonemes');
    const word = inputText(row);
    expect(said.has(word)).toBe(false);
    said.set(word, row.target.target.tokens.join(' '));
    for (const phoneme of row.target.target.tokens) phonemes.add(phoneme);
  }
  expect(said.size).toBeGreaterThan(100_000);
  expect(said.get('language')).toBe('L AE NG G W AH JH');
  expect(phonemes.size).toBe(39);
});

it('has words of one stem in one split only', { timeout: 120_000 }, async () => {
  const { train, validation, test } = await splitRows('pronunciation');
  const known = new Set(train.map(({ group }) => group));
  expect([...validation, ...test].filter(({ group }) => known.has(group))).toEqual([]);
});
