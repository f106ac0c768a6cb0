import { expect, it } from 'vitest';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('beats the same month a year before after a short training', { timeout: 600_000 }, async () => {
  const { headline, reached, report } = await trainBriefly('co2', (document) => ({
    ...document,
    training: { ...document.training, epochs: 30 },
  }));
  expect(headline).toMatchObject({ metric: 'rmse', higherIsBetter: false, baselineName: 'seasonal naive, 12 steps' });
  expect(report.baseline).toMatchObject({ name: headline.baselineName });
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 4);
  expect(Math.min(...reached)).toBeLessThan(headline.baseline * 0.96);
});

it('reads months without a gap, as changes that add up', async () => {
  let total = 0;
  let months = 0;
  for await (const row of rows()) {
    if (row.target.kind !== 'numbers') throw new Error('expected numbers');
    total += row.target.values[0] ?? Number.NaN;
    months++;
  }
  expect(months).toBe(671);
  // April 2020 less May 1964, as the file has them.
  expect(total).toBeCloseTo(416.18 - 322.26, 6);
});
