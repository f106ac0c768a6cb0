import { expect, it } from 'vitest';
import { splitRows } from '../split-rows.ts';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('is nearer to the date than always the most frequent one after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'dates',
    (document) => ({
      ...document,
      data: document.data && { ...document.data, limit: 3000 },
      training: { ...document.training, epochs: 4, learningRate: 0.008, schedule: { kind: 'constant' } },
    }),
    (baseline) => baseline * 0.8,
  );
  expect(headline).toMatchObject({ metric: 'token-error-rate', higherIsBetter: false });
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(best).toBeLessThan(goal);
});

it('writes dates in many forms', async () => {
  const forms = new Set<string>();
  let count = 0;
  for await (const row of rows()) {
    if (row.input.kind !== 'text' || row.target.kind !== 'sequence' || row.target.target.kind !== 'text')
      throw new Error('expected a text with a text');
    expect(row.target.target.text).toMatch(/^(19[789]|20[012])\d-\d\d-\d\d$/);
    forms.add(row.input.text.replace(/[a-z]{2,}/g, 'w').replace(/\d+/g, '1'));
    count += 1;
  }
  expect(count).toBe(10_000);
  expect(forms.size).toBe(9);
});

it('has every day in one split only', { timeout: 120_000 }, async () => {
  const { train, validation, test } = await splitRows('dates');
  const known = new Set(train.map(({ group }) => group));
  expect(train.length + validation.length + test.length).toBe(8000);
  expect([...validation, ...test].filter(({ group }) => known.has(group))).toEqual([]);
});
