import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from './pace.ts';

let now = 0;
beforeEach(() => {
  now = 5000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => void vi.restoreAllMocks());

it('says nothing before the first step, and counts what was trained before', () => {
  const pace = new Pace();
  pace.start(60);
  now += 1500;
  expect(pace.seconds).toBe(61.5);
  expect(pace.tokensPerSecond).toBeNull();
  expect(pace.secondsLeft(10, 1)).toBeNull();
});

it('is a running average in which each new step counts a tenth', () => {
  const pace = new Pace();
  pace.start(0);
  now += 2000;
  pace.step(100);
  expect(pace.tokensPerSecond).toBeCloseTo(50, 10);
  now += 1000;
  pace.step(200);
  // 2 s and 100 tokens a step, moved by a tenth of the way to 1 s and 200.
  expect(pace.tokensPerSecond).toBeCloseTo(110 / 1.9, 10);
  expect(pace.secondsLeft(10, 3)).toBeCloseTo(19, 10);
});

it('times a validation apart from the steps', async () => {
  const pace = new Pace();
  pace.start(0);
  now += 1000;
  pace.step(10);
  const found = await pace.validation(async () => {
    now += 4000;
    return 7;
  });
  expect(found).toBe(7);
  now += 1000;
  pace.step(10);
  expect(pace.tokensPerSecond).toBeCloseTo(10, 10);
  expect(pace.secondsLeft(5, 2)).toBeCloseTo(5 + 2 * 4, 10);
  expect(pace.seconds).toBe(6);
});

it('has no speed where no time has passed', () => {
  const pace = new Pace();
  pace.start(0);
  pace.step(10);
  expect(pace.tokensPerSecond).toBeNull();
  expect(pace.secondsLeft(5, 1)).toBe(0);
});
