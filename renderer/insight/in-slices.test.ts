import { expect, it, vi } from 'vitest';
import { inSlices } from './in-slices.ts';

function* counting(upTo: number, took: number) {
  for (let count = 0; count < upTo; count++) {
    vi.setSystemTime(Date.now() + took);
    vi.spyOn(performance, 'now').mockReturnValue(Date.now());
    yield;
  }
  return upTo;
}

it('leaves the rest of each frame to others, and is ended before its time', () => {
  vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  vi.spyOn(performance, 'now').mockReturnValue(0);
  const done = vi.fn();
  inSlices(counting(10, 2), done);
  expect(done).not.toHaveBeenCalled();
  let turns = 0;
  for (; done.mock.calls.length === 0; turns++) vi.runOnlyPendingTimers();
  expect(done).toHaveBeenCalledExactlyOnceWith(10);
  expect(turns).toBe(4);
  const never = vi.fn();
  const end = inSlices(counting(10, 2), never);
  vi.runOnlyPendingTimers();
  end();
  vi.runAllTimers();
  expect(never).not.toHaveBeenCalled();
  vi.useRealTimers();
  vi.restoreAllMocks();
});
