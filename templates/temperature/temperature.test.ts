import { expect, it } from 'vitest';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('beats “like today” after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'temperature',
    (document) => ({
      ...document,
      training: { ...document.training, epochs: 12 },
    }),
    (baseline) => baseline * 0.96,
  );
  expect(headline).toMatchObject({ metric: 'rmse', higherIsBetter: false, baselineName: 'last value' });
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 4);
  expect(best).toBeLessThan(goal);
});

it('reads four years of days', async () => {
  const days: number[][] = [];
  for await (const row of rows()) {
    if (row.input.kind === 'series') days.push([...(row.input.steps[0] ?? [])]);
  }
  expect(days).toHaveLength(1461);
  expect(days[0]).toEqual([12.8, 5, 0, 4.7]);
});
