import { describe, expect, it } from 'vitest';
import { mainThreadWork, percentile } from './frame-work.ts';

const main = { ph: 'X', pid: 1, tid: 10 };
const task = (ts: number, tdur: number) => ({ ...main, name: 'RunTask', ts, dur: 3 * tdur, tdur });
const input = (type: string, ts: number) => ({ ...main, name: 'EventDispatch', ts, tdur: 1, args: { data: { type } } });

describe('mainThreadWork', () => {
  it('gives each move what was done until the next one, of the processor’s time, in milliseconds', () => {
    const work = mainThreadWork([
      task(0, 50_000), // before any input
      task(1000, 2000),
      input('pointermove', 1500),
      input('mousemove', 1600),
      task(9000, 500), // scheduled by the first move
      task(20_000, 7000),
      input('pointermove', 20_100),
      input('pointermove', 20_200), // handled by the same task: one frame
      task(40_000, 1000),
      input('wheel', 40_001),
      { ...main, name: 'Layout', ts: 40_002, tdur: 900 }, // inside that task
      { ...task(41_000, 90_000), tid: 11 }, // another thread
      { name: 'thread_name', ph: 'M', pid: 1, tid: 10, args: {} },
    ]);
    expect(work).toEqual({ frames: [2.5, 7, 1], total: 10.5, longest: 7 });
  });

  it('gives the heaviest frame where more than one is drawn before the next move', () => {
    const drawn = (ts: number) => ({ ...main, name: 'BeginCommitCompositorFrame', ph: 'I', ts });
    const work = mainThreadWork([
      task(0, 3000),
      input('wheel', 100),
      drawn(200), // in the task that handles it: one frame
      task(5000, 1000),
      task(20_000, 6000), // nobody moved: a frame of its own
      drawn(20_100),
      task(27_000, 500),
      task(40_000, 2000),
      drawn(40_100),
      task(60_000, 1000),
      input('wheel', 60_100),
    ]);
    expect(work).toEqual({ frames: [6.5, 1], total: 13.5, longest: 6 });
  });

  it('counts a key’s work in the total, and knows no frame without a move unless it is asked for keys', () => {
    const events = [task(0, 5000), task(100, 4000), input('keydown', 120), task(7000, 300)];
    expect(mainThreadWork(events)).toEqual({ frames: [], total: 4.3, longest: 4 });
    expect(mainThreadWork(events, ['keydown'])).toEqual({ frames: [4.3], total: 4.3, longest: 4 });
  });

  it('says that a trace without input cannot be read', () => {
    expect(() => mainThreadWork([task(0, 1)])).toThrow('no input');
  });
});

it('takes the nearest rank for a percentile', () => {
  const values = Array.from({ length: 40 }, (_, i) => 40 - i);
  expect([0.5, 0.95, 1].map((share) => percentile(values, share))).toEqual([20, 38, 40]);
  expect(percentile([], 0.5)).toBeNaN();
});
