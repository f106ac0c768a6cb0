import { expect, it } from 'vitest';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('names shapes far better than chance after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'shapes',
    (document) => ({
      ...document,
      data: document.data && { ...document.data, limit: 800 },
      training: { ...document.training, epochs: 8, batchSize: 8 },
    }),
    (baseline) => baseline + 0.2,
  );
  expect(headline).toMatchObject({ metric: 'accuracy', higherIsBetter: true });
  expect(report.facts.image).toEqual({ height: 20, width: 20, channels: 1 });
  expect(headline.baseline).toBeLessThan(0.25);
  expect(best).toBeGreaterThan(goal);
});

it('shows six shapes, lighter and darker than what is behind them, no picture twice', async () => {
  const seen = new Map<string, number>();
  const pictures = new Set<string>();
  let lighter = 0;
  for await (const { input, target } of rows()) {
    if (input.kind !== 'series' || target.kind !== 'class') throw new Error('expected a picture with a class');
    const [picture = []] = input.steps;
    expect(picture).toHaveLength(400);
    const sorted = [...picture].sort((a, b) => a - b);
    const [low, middle, high] = [sorted[8] ?? 0, sorted[200] ?? 0, sorted[391] ?? 0];
    if (high - middle > middle - low) lighter++;
    pictures.add(picture.join());
    seen.set(target.label, (seen.get(target.label) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual(['circle', 'cross', 'ring', 'square', 'star', 'triangle']);
  expect(pictures.size).toBe(4000);
  expect(Math.min(...seen.values())).toBeGreaterThan(550);
  expect(lighter / 4000).toBeGreaterThan(0.35);
  expect(lighter / 4000).toBeLessThan(0.65);
});
