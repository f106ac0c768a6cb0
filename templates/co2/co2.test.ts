import { expect, it } from 'vitest';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('beats the same month a year before after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'co2',
    (document) => ({
      ...document,
      training: { ...document.training, epochs: 30 },
    }),
    (baseline) => baseline * 0.85,
  );
  expect(headline).toMatchObject({ metric: 'rmse', higherIsBetter: false, baselineName: 'seasonal naive, 12 steps' });
  expect(report.baseline).toMatchObject({ name: headline.baselineName });
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 4);
  expect(best).toBeLessThan(goal);
});

it('reads months without a gap, as changes that add up', async () => {
  let total = 0;
  let months = 0;
  for await (const row of rows()) {
    if (row.target.kind !== 'numbers') throw new Error('expected numbers');
    total += row.target.values[0] ?? Number.NaN;
    months++;
  }
  expect(months).toBe(635);
  // April 2020 less May 1967, as the file has them.
  expect(total).toBeCloseTo(416.18 - 325.0, 6);
});

it('tells what is usual from the years before alone', async () => {
  const steps: (readonly number[])[] = [];
  for await (const { input } of rows()) {
    if (input.kind !== 'series') throw new Error('expected numbers');
    steps.push(...input.steps);
  }
  const number = (month: number, index: number): number => steps[month]?.[index] ?? Number.NaN;
  const usual = (month: number): number => (number(month - 12, 0) + number(month - 24, 0) + number(month - 36, 0)) / 3;
  for (let month = 36; month < steps.length; month++) {
    expect(number(month, 1)).toBeCloseTo(number(month, 0) - usual(month), 1);
    expect(Math.abs(number(month - 1, 2) - usual(month))).toBeLessThan(0.006);
  }
});
