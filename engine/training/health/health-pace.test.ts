import { expect, it } from 'vitest';
import { HealthPace } from './health-pace.ts';

/** Trains so many steps of so many milliseconds. @returns the steps that were measured, and the largest share of time that it took until any moment */
function train(
  steps: number,
  stepTime: number,
  cost: (measured: number) => number,
  expected = 10,
): { at: number[]; share: number } {
  const pace = new HealthPace();
  const at: number[] = [];
  let [now, spent, most] = [1e6, 0, 0];
  for (let step = 0; step < steps; step++) {
    const due = pace.due(step, now, expected);
    now += stepTime;
    if (!due) continue;
    const wanted = cost(at.length);
    const took = Math.min(wanted, pace.budget(now));
    now += took;
    spent += took;
    most = Math.max(most, spent / (now - 1e6));
    if (took < wanted) {
      pace.givenUp(took, now);
      continue;
    }
    at.push(step);
    pace.measured(step, took, now);
  }
  return { at, share: most };
}

it('takes less than a twentieth of the time, whatever a step and a measurement cost', () => {
  for (const stepTime of [0.5, 10, 400])
    for (const cost of [1, 30, 500]) {
      const { at, share } = train(200_000, stepTime, () => cost);
      expect(at.length, `${stepTime} ${cost}`).toBeGreaterThan(1);
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

it('gives up what takes longer than there is time for, and tries again when there is more', () => {
  // It takes six seconds: 4.5 % are that much after 133.
  const { at, share } = train(60_000, 10, () => 6000);
  expect(at.length).toBeGreaterThan(0);
  expect(at[0]).toBeGreaterThan(13_000);
  expect(share).toBeLessThan(0.05);
});

it('waits longer after one that took long', () => {
  const { at } = train(10_000, 10, (measured) => (measured === 0 ? 1000 : 10), 500);
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(4500);
  expect((at[2] ?? 0) - (at[1] ?? 0)).toBeLessThan(80);
});
