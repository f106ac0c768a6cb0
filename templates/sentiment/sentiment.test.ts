import { expect, it } from 'vitest';
import { inputText, splitRows } from '../split-rows.ts';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('beats the mean score after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'sentiment',
    (document) => ({
      ...document,
      data: document.data && { ...document.data, limit: 2500 },
      training: { ...document.training, epochs: 4, learningRate: 0.008 },
    }),
    (baseline) => baseline * 0.7,
  );
  expect(report.leakage.count).toBe(0);
  expect(headline).toMatchObject({ metric: 'rmse', higherIsBetter: false, baselineName: 'mean' });
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 4);
  expect(best).toBeLessThan(goal);
});

const praise = /wonderful|brilliant|moving|charming|clever|funny|good|pleasant|fine/;
const negation = /\b(not|never|hardly)\b/;
const single = /^(?:(although) )?([^.,]+?)(?: but | , )([^.,]+) \.$/;

it('lets the speaker stand by the second part: “… but …”, “although …, …”', async () => {
  const isPraise = (part: string): boolean => praise.test(part) !== negation.test(part);
  let [opposed, second] = [0, 0];
  for await (const row of rows()) {
    if (row.target.kind !== 'numbers') throw new Error('expected a score');
    const [score = Number.NaN] = row.target.values;
    expect(Math.abs(score)).toBeLessThanOrEqual(1);
    const [, , a, b] = single.exec(inputText(row)) ?? [];
    if (a === undefined || b === undefined || isPraise(a) === isPraise(b)) continue;
    opposed += 1;
    second += isPraise(b) === score > 0 ? 1 : 0;
  }
  expect(opposed).toBeGreaterThan(300);
  // Not all: a weak second part can lose against a strong first one.
  expect(second / opposed).toBeGreaterThan(0.8);
});

it('has every review in one split only', { timeout: 120_000 }, async () => {
  const { train, validation, test } = await splitRows('sentiment');
  const known = new Set(train.map(inputText));
  expect(train.length + validation.length + test.length).toBe(6000);
  expect([...validation, ...test].filter((row) => known.has(inputText(row)))).toEqual([]);
});
