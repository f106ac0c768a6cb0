import { expect, it } from 'vitest';
import { splitRows } from '../split-rows.ts';
import { trainBriefly } from '../train-briefly.ts';

it('is less perplexed than by the characters’ frequencies after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'language-model',
    (document) => ({
      ...document,
      nodes: document.nodes.map((node) => (node.id === 'cell' ? { ...node, params: { ...node.params, hidden: 64 } } : node)),
      data: document.data && { ...document.data, limit: 150 },
      training: { ...document.training, epochs: 3, learningRate: 0.01, schedule: { kind: 'constant' } },
    }),
    (baseline) => baseline * 0.75,
  );
  expect(headline).toMatchObject({ metric: 'perplexity', higherIsBetter: false });
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 4);
  expect(best).toBeLessThan(goal);
});

it('reads on where training ended: validation and test are later in the book', { timeout: 120_000 }, async () => {
  const { train, validation, test } = await splitRows('language-model');
  const last = (rows: readonly { line: number }[]): number => Math.max(...rows.map(({ line }) => line));
  const first = (rows: readonly { line: number }[]): number => Math.min(...rows.map(({ line }) => line));
  expect(last(train)).toBeLessThan(first(validation));
  expect(last(validation)).toBeLessThan(first(test));
});
