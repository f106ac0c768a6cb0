import { expect, it } from 'vitest';
import { byDifference, stateDifference, whereDifferent } from './state-difference.ts';

const matrix = (rows: number[][]) => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float32Array.from(rows.flat()),
});

it('two runs differ where more than rounding is between them', () => {
  const before = matrix([
    [0.5, -1],
    [0.25, 1],
    [0.75, 1],
  ]);
  const after = matrix([
    [0.5 + 4e-6, -1],
    [0.5, 1],
    [0.75, 0],
  ]);
  const same = stateDifference(before, after, [0, 1, 2]);
  expect([...same.data]).toEqual([0, 0, 0.25, 0, 0, -1]);
  expect(whereDifferent(same, false)).toEqual({ first: 1, row: 2, unit: 1, change: -1, units: 2 });
  expect(whereDifferent(same, true).first).toBe(2);
  expect(byDifference(same)).toEqual([1, 0]);
  expect(whereDifferent(stateDifference(before, before, [0, 1, 2]), false).first).toBeNull();
});

it('a row is compared with what it was before, and a new one with nothing', () => {
  const before = matrix([[1], [2]]);
  const after = matrix([[1], [7], [2.5]]);
  expect([...stateDifference(before, after, [0, null, 1]).data]).toEqual([0, Number.NaN, 0.5]);
});
