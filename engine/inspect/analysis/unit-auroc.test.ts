import { expect, it } from 'vitest';
import type { Block } from '../../cells/step/evaluate.ts';
import { randomBlock } from './random-step.test-support.ts';
import { unitAuroc } from './unit-auroc.ts';

/** The share of pairs that a unit has in the right order, equal ones half: by counting every pair. */
function byPairs({ rows, width, data }: Block, labels: readonly boolean[], unit: number): number {
  let [wins, pairs] = [0, 0];
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < rows; b++) {
      if (labels[a] !== true || labels[b] === true) continue;
      pairs++;
      const [x = 0, y = 0] = [data[a * width + unit], data[b * width + unit]];
      wins += x > y ? 1 : x === y ? 0.5 : 0;
    }
  }
  return wins / pairs;
}

it('is the share of pairs that each unit has in order', () => {
  const values = randomBlock(40, 6, 'values');
  // Ties too.
  const rounded = { ...values, data: values.data.map((value) => Math.round(value * 2) / 2) };
  const labels = Array.from({ length: 40 }, (_, i) => (values.data[i * 6] ?? 0) > 0.1);
  const found = [...unitAuroc(rounded, labels)];
  expect(found).toHaveLength(6);
  found.forEach((value, unit) => {
    expect(value).toBeCloseTo(byPairs(rounded, labels, unit), 14);
  });
});

it('says nothing where there is no pair, or a value is none', () => {
  const values: Block = { rows: 2, width: 2, data: Float64Array.of(1, Number.NaN, 2, 3) };
  expect([...unitAuroc(values, [true, false])]).toEqual([0, null]);
  expect([...unitAuroc(values, [true, true])]).toEqual([null, null]);
  expect(() => [...unitAuroc(values, [true])]).toThrow('1 labels for 2 places');
});
