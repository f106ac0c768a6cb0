import { describe, expect, it } from 'vitest';
import { dataBinding, type TaskKind } from '../document/data-binding.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { baseline } from './baselines.ts';
import { headline, isBetter } from './headline.ts';

describe('the metric that a run is judged by', () => {
  it.each([
    ['sequence-classification', 'accuracy', true],
    ['step-tagging', 'accuracy', true],
    ['sequence-regression', 'rmse', false],
    ['forecasting', 'rmse', false],
  ] as const)('of %s is %s, beside the baseline on the same split', (task, metric, higherIsBetter) => {
    const { data } = syntheticTask(task);
    for (const split of ['train', 'validation'] as const) {
      const trivial = baseline(data, split);
      expect(trivial.values[metric]).toBeGreaterThan(0);
      expect(headline(data, split)).toEqual({
        metric,
        higherIsBetter,
        baseline: trivial.values[metric],
        baselineName: trivial.name,
      });
    }
  });

  it.each([
    ['language-model', 'perplexity'],
    ['sequence-to-sequence', 'token-error-rate'],
  ] as const)('of %s is %s, the lower the better, though its tokens are classes', (task: TaskKind, metric) => {
    const { data } = syntheticTask('step-tagging');
    const binding = dataBinding.parse({ ...data.encoding.binding, task });
    expect(headline({ ...data, encoding: { ...data.encoding, binding } }, 'validation')).toMatchObject({
      metric,
      higherIsBetter: false,
    });
  });
});

describe('better', () => {
  const by = (higherIsBetter: boolean) => ({ metric: 'x', higherIsBetter, baseline: 0, baselineName: '' });
  it.each([
    [true, 2, 1, true],
    [true, 1, 2, false],
    [true, 1, 1, false],
    [false, 1, 2, true],
    [false, 2, 1, false],
    [false, 1, 1, false],
    [true, Number.NaN, 1, false],
    [false, Number.NaN, 1, false],
    [true, 1, Number.NaN, true],
    [false, 1, Number.NaN, true],
    [true, Number.NaN, Number.NaN, false],
    [false, Number.NaN, Number.NaN, false],
  ])('higher is better: %s; is %d better than %d: %s', (higher, value, best, expected) => {
    expect(isBetter(by(higher), value, best)).toBe(expected);
  });
});
