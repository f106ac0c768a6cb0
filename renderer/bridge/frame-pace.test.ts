import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FramePace } from './frame-pace.ts';

/** Frames by hand; the rest of the time is vitest's. */
let frames: (() => void)[];
const frame = (): void => {
  for (const show of frames.splice(0)) show();
};
let taken: number[];
/** How long taking one keeps the window busy, in ms. */
let cost: number;
let spent: number;
let pace: FramePace<number>;
beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  taken = [];
  [cost, spent] = [0, 0];
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + spent);
  vi.stubGlobal('requestAnimationFrame', (show: () => void) => {
    frames.push(show);
    return show;
  });
  vi.stubGlobal('cancelAnimationFrame', (show: () => void) => {
    frames = frames.filter((other) => other !== show);
  });
  pace = new FramePace((item) => {
    taken.push(item);
    spent += cost;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('hands on together, in its order, what came before a frame', () => {
  pace.add(1);
  pace.add(2);
  expect(taken).toEqual([]);
  expect(frames).toHaveLength(1);
  frame();
  expect(taken).toEqual([1, 2]);
  vi.runAllTimers();
  expect(frames).toEqual([]);
});

it('rests for as long as it took', () => {
  cost = 200;
  pace.add(1);
  frame();
  pace.add(2);
  vi.advanceTimersByTime(150);
  expect(frames).toEqual([]);
  vi.advanceTimersByTime(60);
  frame();
  expect(taken).toEqual([1, 2]);
});

it('hands on what waits at once where that is asked for, and nothing twice', () => {
  pace.add(1);
  pace.flush();
  expect(taken).toEqual([1]);
  frame();
  expect(taken).toEqual([1]);
});

it('goes on in a window that is shown no frames', () => {
  pace.add(1);
  vi.advanceTimersByTime(1000);
  expect(taken).toEqual([1]);
  frame();
  pace.add(2);
  vi.advanceTimersByTime(1010);
  expect(taken).toEqual([1, 2]);
});

it('is not stopped by one that cannot be taken', () => {
  const odd = new FramePace<number>((item) => {
    if (item === 1) throw new Error('odd');
    taken.push(item);
  });
  odd.add(1);
  odd.add(2);
  expect(frame).toThrow('odd');
  vi.advanceTimersByTime(10);
  frame();
  expect(taken).toEqual([2]);
});
