import { expect, it } from 'vitest';
import { findFixedPoints } from './find-fixed-points.ts';
import { blockOf } from './random-step.test-support.ts';

/** h ← tanh(1.2 h + 0.1): one fixed point on the right; on the left the state only slows down, where the search from there ends. */
const cell = {
  equations: "h' = tanh(W x + U h)",
  hidden: 1,
  parameters: new Map([
    ['W', blockOf([[1]])],
    ['U', blockOf([[1.2]])],
  ]),
};
const question = () => ({
  kind: 'fixedPoints' as const,
  cell,
  input: blockOf([[0.1]]),
  starts: blockOf([[-0.45], [0.9]]),
  stop: new Int32Array(new SharedArrayBuffer(4)),
});

it('finds the point that a state goes to by itself, also where the search from the state ends elsewhere', () => {
  const told: number[] = [];
  const { points, searched } = findFixedPoints(question(), (done) => told.push(done));
  expect(searched).toBe(2);
  expect(told).toEqual([1, 2]);
  let wanted = 0.9;
  for (let i = 0; i < 2000; i++) wanted = Math.tanh(1.2 * wanted + 0.1);
  const [stable] = points.filter(({ converged }) => converged);
  expect(stable).toMatchObject({ kind: 'stable', starts: [0, 1] });
  expect(stable?.state[0]).toBeCloseTo(wanted, 8);
  const [slow] = points.filter(({ converged }) => !converged);
  expect(slow?.starts).toEqual([0]);
  expect(slow?.speed).toBeGreaterThan(1e-3);
});

it('ends when it is told to', () => {
  const asked = question();
  const { points, searched } = findFixedPoints(asked, () => Atomics.store(asked.stop, 0, 1));
  expect(searched).toBe(1);
  expect(points.some(({ converged }) => converged)).toBe(true);
});
