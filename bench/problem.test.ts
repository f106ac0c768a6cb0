import { describe, expect, test } from 'vitest';
import { rowTitle, stepCases } from './cases.ts';
import { batchOf, renamed, stepTensors, taskPlan, torchNames } from './problem.ts';

const lstm = stepCases.find(({ task: { cell, directions, layers } }) => cell === 'lstm' && directions === 2 && layers === 2);
if (lstm === undefined) throw new Error('no such case');

describe('a task’s weights and batch', () => {
  test('stacked layers get the names that one PyTorch module has', () => {
    const names = [...torchNames(taskPlan(lstm.task)).values()];
    expect(names).toContain('rnn.weight_ih_l0');
    expect(names).toContain('rnn.weight_hh_l1_reverse');
    expect(names.filter((name) => name.startsWith('rnn.'))).toHaveLength(16);
    expect(names.filter((name) => !name.startsWith('rnn.'))).toEqual(['embedding.weight', 'head.weight', 'head.bias']);
  });

  test('come back under our names, the same', () => {
    const { tensors } = stepTensors(lstm.task);
    const plan = taskPlan(lstm.task);
    const ours = renamed(plan, tensors, true);
    for (const [name, theirs] of torchNames(plan)) expect(ours.get(name)).toBe(tensors.get(theirs));
  });

  test('ragged rows have lengths in range, padding behind them, and only real tokens are counted', () => {
    const ragged = stepCases.find(({ task }) => task.shortest < task.steps)?.task;
    if (ragged === undefined) throw new Error('no ragged case');
    const { tensors, tokens } = stepTensors(ragged);
    const batch = batchOf(tensors);
    expect(Math.max(...batch.lengths)).toBe(batch.steps);
    expect(Math.min(...batch.lengths)).toBeGreaterThanOrEqual(ragged.shortest);
    expect(tokens).toBe(batch.tokens?.filter((id) => id !== 0).length);
  });
});

test('the table has every row of the comparison, each once', () => {
  const native = stepCases.filter(({ backend }) => backend === 'tensorflow');
  expect(native).toHaveLength(7 * 3 * 2 * 2);
  expect(new Set(stepCases.map(rowTitle)).size).toBe(stepCases.length);
  expect(stepCases.filter(({ quick }) => quick)).toHaveLength(9);
});
