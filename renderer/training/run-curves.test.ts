import fc from 'fast-check';
import { expect, it } from 'vitest';
import { methods } from '../../engine/protocol/contract.ts';
import { figuresToJson } from '../../engine/protocol/figure.ts';
import type { MetricEvent } from '../../engine/protocol/runs.ts';
import { pieceOf } from '../../engine/runs/piece-of.test-support.ts';
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

/** Lines as runs log them, with gaps: a metric that not all have, a resumed run's repeated steps, figures that are no finite numbers. */
const figure = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0));
const logged: fc.Arbitrary<MetricEvent> = fc
  .record({
    step: fc.nat(20),
    epoch: figure,
    seconds: figure,
    split: fc.constantFrom('train' as const, 'validation' as const, 'test' as const),
    values: fc.dictionary(fc.constantFrom('loss', 'accuracy', 'macro-f1'), figure),
    learningRate: fc.option(figure),
    gradientNorm: fc.option(figure),
    tokensPerSecond: fc.option(figure),
    measured: fc.option(fc.nat(3)),
  })
  .map(({ learningRate, gradientNorm, tokensPerSecond, measured, ...line }) => ({
    ...line,
    ...(learningRate === null ? {} : { learningRate }),
    ...(gradientNorm === null ? {} : { gradientNorm }),
    ...(tokensPerSecond === null ? {} : { tokensPerSecond }),
    ...(measured === null || line.split !== 'train'
      ? {}
      : { health: { step: Math.max(0, line.step - measured), modules: [], recurrences: [] } }),
  }));

it('takes what was logged in pieces of columns as it takes it line by line', () => {
  fc.assert(
    fc.property(fc.array(fc.array(logged, { maxLength: 12 }), { maxLength: 4 }), (pieces) => {
      const [lines, columns] = [new RunCurves(), new RunCurves()];
      for (const piece of pieces) {
        lines.append(piece);
        const { result } = methods['runs.metrics'];
        for (const _rest of columns.join(result.parse(JSON.parse(figuresToJson(pieceOf(piece))))))
          expect.fail('so few are added at once');
      }
      expect(columns.metrics()).toEqual(lines.metrics());
      for (const split of ['train', 'validation', 'test'] as const)
        for (const metric of [...lines.metrics(), 'loss']) expect(columns.get(metric, split)).toEqual(lines.get(metric, split));
      expect(columns.health).toEqual(lines.health);
    }),
  );
});

it('takes very many points with rests between them', () => {
  const curves = new RunCurves();
  const events = Array.from({ length: 20_000 }, (_, at) => event(at + 1, 1 / (at + 1)));
  expect([...curves.join(pieceOf(events))].length).toBeGreaterThan(3);
  const lines = new RunCurves();
  lines.append(events);
  expect(curves.get('loss', 'train')).toEqual(lines.get('loss', 'train'));
});
