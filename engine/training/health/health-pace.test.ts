import { expect, it } from 'vitest';
import { HealthPace } from './health-pace.ts';

/** Trains so many steps of so many milliseconds. @returns the steps that were measured, and the share of time that it took */
function train(
  steps: number,
  stepTime: number,
  cost: (measured: number) => number,
  expected = 10,
): { at: number[]; share: number } {
  const pace = new HealthPace();
  const at: number[] = [];
  let [now, spent] = [1e6, 0];
  for (let step = 0; step < steps; step++) {
    const due = pace.due(step, now, expected);
    now += stepTime;
    if (!due) continue;
    const took = cost(at.length);
    now += took;
    spent += took;
    at.push(step);
    pace.measured(step, took, now);
  }
  return { at, share: spent / (now - 1e6) };
}

it('takes less than a twentieth of the time, whatever a step and a measurement cost', () => {
  for (const stepTime of [0.5, 10, 400])
    for (const cost of [1, 30, 500]) {
      const { at, share } = train(200_000, stepTime, () => cost);
      expect(at.length, `${stepTime} ${cost}`).toBeGreaterThan(3);
      expect(share, `${stepTime} ${cost}`).toBeLessThan(0.05);
    }
});

it('measures nothing of a run that is over in two seconds', () => {
  expect(train(100, 19, () => 50).at).toEqual([]);
  expect(train(110, 19, () => 1).at[0]).toBe(106);
});

it('begins late where it is expected to take long', () => {
  expect(train(2000, 10, () => 100, 300).at[0]).toBe(1500);
});

it('leaves a bounded number of measurements in a long run', () => {
  const { at } = train(1_000_000, 100, () => 1);
  expect(at.length).toBeLessThan(2500);
  expect(at.at(-1)).toBeGreaterThan(990_000);
});

it('waits longer after one that took long', () => {
  const { at } = train(10_000, 10, (measured) => (measured === 0 ? 1000 : 10));
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(4500);
  expect((at[2] ?? 0) - (at[1] ?? 0)).toBeLessThan(80);
});

it('leaves ten steps in between where a step takes long and a measurement is over at once', () => {
  const { at } = train(1000, 400, () => 1);
  expect(at.slice(0, 4)).toEqual([5, 15, 25, 35]);
});
