import { expect, it } from 'vitest';
import type { RecurrenceHealth } from '../../engine/protocol/health.ts';
import { gradientLines, moduleTable, recurrenceTable, stepNamesOf } from './health-figures.ts';

const lstm: RecurrenceHealth = {
  node: 'wrapper',
  layer: 0,
  direction: 'forward',
  distances: [0, 1, 5],
  gradients: [
    { state: 'h', norms: [3, 2, 1] },
    { state: 'c', norms: [0, 0.5, 0.25] },
  ],
  kept: 0.0123,
  steps: 21.6,
  squashed: [
    { name: 'f', low: 0.001, high: 0.25, carries: true },
    { name: 'g', low: 0.5, high: 0.314, carries: false },
  ],
  dead: 2,
  units: 24,
};

it('has the first step on the left, with its gradient', () => {
  expect(stepNamesOf(lstm)).toEqual(['−5', '−1', 'last']);
  expect(gradientLines(lstm).map(({ label, values }) => [label, values])).toEqual([
    ['‖∂L/∂h‖', [1, 2, 3]],
    ['‖∂L/∂c‖', [0.25, 0.5, 0]],
  ]);
});

it('tells what is left, what is near an end, and which units never change', () => {
  expect(recurrenceTable(lstm).rows).toEqual([
    ['left of the last step’s gradient', '1.2 % over 22 steps'],
    ['f near an end of its range', '0.1 % low, 25 % high (at one it keeps the state)'],
    ['g near an end of its range', '50 % low, 31 % high'],
    ['units that never change', '2 of 24'],
  ]);
  expect(recurrenceTable({ ...lstm, kept: null, squashed: [], dead: null }).rows).toEqual([
    ['left of the last step’s gradient', '–'],
    ['units that never change', 'too few steps to tell'],
  ]);
});

it('has a row for each layer with weights', () => {
  const table = moduleTable(
    { step: 7, modules: [{ node: 'a', gradient: 1, weight: 2, update: 0.01 }], recurrences: [] },
    (node) => `Layer ${node}`,
  );
  expect(table.rows).toEqual([['Layer a', 1, 2, 0.01]]);
  expect(table.head).toHaveLength(4);
});
