import { expect, test } from 'vitest';
import { stepCases } from './cases.ts';
import { expectedSeconds, secondsLeft } from './schedule.ts';

test('time left follows from the pace of what is done, and is unknown before that', () => {
  expect(secondsLeft(5, [], [10, 20])).toBeNull();
  expect(secondsLeft(30, [10], [10, 20])).toBe(90);
  expect(secondsLeft(30, [10, 20], [])).toBe(0);
});

test('rows are weighed by their size', () => {
  const of = (name: string, directions: number, layers: number): number => {
    const found = stepCases.find(
      (row) => row.name === name && row.task.cell === 'lstm' && row.task.directions === directions && row.task.layers === layers,
    );
    if (found === undefined) throw new Error('no such row');
    return expectedSeconds(found, 7);
  };
  expect(of('E64 H128 B64 T400', 1, 1)).toBeGreaterThan(of('E64 H128 B64 T80', 1, 1));
  expect(of('E64 H128 B64 T80', 2, 2)).toBeGreaterThan(of('E64 H128 B64 T80', 1, 2));
});

test('the whole table is planned for less than 35 minutes', () => {
  const seconds = stepCases.reduce((sum, row) => sum + expectedSeconds(row, 7), 0);
  expect(seconds).toBeLessThan(35 * 60);
});
