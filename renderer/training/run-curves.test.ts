import { expect, it } from 'vitest';
import type { MetricEvent } from '../../engine/protocol/runs.ts';
import { RunCurves } from './run-curves.ts';

const event = (step: number, loss: number, split: MetricEvent['split'] = 'train'): MetricEvent => ({
  step,
  epoch: step / 10,
  seconds: step / 2,
  split,
  values: { loss },
});

it('keeps one column per metric and split', () => {
  const curves = new RunCurves();
  curves.append([event(1, 3), event(2, 2), { ...event(2, 2.5, 'validation'), values: { loss: 2.5, accuracy: 0.5 } }]);
  expect(curves.get('loss', 'train')).toEqual({ step: [1, 2], epoch: [0.1, 0.2], time: [0.5, 1], value: [3, 2] });
  expect(curves.latest('accuracy', 'validation')).toBe(0.5);
  expect(curves.latest('accuracy', 'train')).toBeNull();
  expect(curves.metrics()).toEqual(['loss', 'accuracy']);
});

it('replaces the steps that a resumed run repeats', () => {
  const curves = new RunCurves();
  curves.append([event(1, 3), event(2, 2), event(3, 1)]);
  const before = curves.get('loss', 'train');
  curves.append([event(2, 2.2)]);
  // What follows the columns that only grow, as the charts do, sees others.
  expect(before?.value).toEqual([3, 2, 1]);
  expect(curves.get('loss', 'train')?.value).toEqual([3, 2.2]);
  curves.append([event(3, 1.2)]);
  expect(curves.get('loss', 'train')?.step).toEqual([1, 2, 3]);
  expect(curves.get('loss', 'train')?.value).toEqual([3, 2.2, 1.2]);
});

it('tells charts about news, and only about news', () => {
  const curves = new RunCurves();
  curves.append([]);
  expect(curves.version).toBe(0);
  curves.append([event(1, 1)]);
  expect(curves.version).toBe(1);
});

it('keeps what was measured of health, until a resumed run repeats the step', () => {
  const curves = new RunCurves();
  const measured = (step: number): MetricEvent => ({
    ...event(step, 1),
    health: { step: step - 1, modules: [], recurrences: [] },
  });
  curves.append([event(1, 1), measured(4), event(5, 1), measured(8)]);
  const before = curves.health;
  expect(before.map(({ step }) => step)).toEqual([3, 7]);
  curves.append([event(9, 1), event(5, 1, 'validation')]);
  expect(curves.health, 'no other array where nothing is new').toBe(before);
  curves.append([event(6, 1)]);
  expect(curves.health.map(({ step }) => step)).toEqual([3]);
  curves.append(Array.from({ length: 40 }, (_, i) => measured(10 + i)));
  expect(curves.health).toHaveLength(32);
});
