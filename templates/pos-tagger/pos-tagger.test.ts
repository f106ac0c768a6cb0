import { expect, it } from 'vitest';
import { inputText, splitRows } from '../split-rows.ts';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('beats each word’s most frequent tag after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'pos-tagger',
    (document) => ({
      ...document,
      data: document.data && { ...document.data, limit: 2500 },
      training: { ...document.training, epochs: 4, learningRate: 0.008 },
    }),
    () => 0.82,
  );
  expect(report.leakage.count).toBe(0);
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(headline.baseline).toBeLessThan(0.35);
  // What the rule below reaches.
  expect(best).toBeGreaterThan(goal);
});

it('has words that stand under several tags, so that a word’s most frequent tag is often wrong', async () => {
  const counts = new Map<string, Map<string, number>>();
  let [sentences, words] = [0, 0];
  for await (const row of rows()) {
    if (row.input.kind !== 'tokens' || row.target.kind !== 'tags') throw new Error('expected words with tags');
    const { tokens } = row.input;
    expect(row.target.labels).toHaveLength(tokens.length);
    row.target.labels.forEach((tag, t) => {
      const word = tokens[t] ?? '';
      const tags = counts.get(word) ?? new Map<string, number>();
      counts.set(word, tags.set(tag, (tags.get(tag) ?? 0) + 1));
    });
    sentences += 1;
    words += tokens.length;
  }
  const right = [...counts.values()].reduce((sum, tags) => sum + Math.max(...tags.values()), 0);
  expect(sentences).toBe(6000);
  expect(right / words).toBeLessThan(0.82);
  expect([...(counts.get('that')?.keys() ?? [])].sort()).toEqual(['CONJ', 'DET', 'PRON']);
});

it('has every sentence in one split only', { timeout: 120_000 }, async () => {
  const { train, validation, test } = await splitRows('pos-tagger');
  const known = new Set(train.map(inputText));
  expect(train.length + validation.length + test.length).toBe(6000);
  expect([...validation, ...test].filter((row) => known.has(inputText(row)))).toEqual([]);
});
