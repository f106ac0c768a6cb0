import { expect, it } from 'vitest';
import { type OptimizerSettings, optimizerSettings } from '../../engine/document/training-settings.ts';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it.each(['evolution-strategy', 'particle-swarm'] as const)(
  'is learned by %s, without a gradient',
  { timeout: 600_000 },
  async (kind: OptimizerSettings['kind']) => {
    const { headline, best, goal } = await trainBriefly(
      'adding',
      (document) => ({
        ...document,
        training: { ...document.training, epochs: 10, optimizer: optimizerSettings.parse({ kind }) },
      }),
      (baseline) => baseline * 0.6,
    );
    expect(headline).toMatchObject({ metric: 'rmse', higherIsBetter: false, baselineName: 'mean' });
    expect(best).toBeLessThan(goal);
  },
);

it('adds the two marked values, one of each half', async () => {
  let count = 0;
  for await (const { input, target } of rows()) {
    if (input.kind !== 'series' || target.kind !== 'numbers') throw new Error('expected numbers');
    const marked = input.steps.flatMap(([value = 0, mark], t) => (mark === 1 ? [{ value, t }] : []));
    const [first, second] = marked;
    expect(marked).toHaveLength(2);
    expect(target.values).toEqual([(first?.value ?? 0) + (second?.value ?? 0)]);
    const half = Math.floor(input.steps.length / 2);
    expect((first?.t ?? 0) < half && (second?.t ?? 0) >= half).toBe(true);
    count++;
  }
  expect(count).toBe(1500);
});
