import { describe, expect, it } from 'vitest';
import { isWithin, linePath, numberAxis, settingAxis } from './parallel-geometry.ts';
import { choicesFrom, choicesText, rangeAs } from './range-text.ts';

const text = (value: unknown): string => String(value);

describe('an axis', () => {
  it('of numbers has its ends at the bottom and the top, a log one equal factors equally far apart', () => {
    const linear = numberAxis('x', 0, 8, false, text);
    expect([0, 2, 8, 9].map((value) => linear.place(value))).toEqual([0, 0.25, 1, 1]);
    const log = numberAxis('x', 1e-4, 1, true, text);
    expect(log.place(1e-2)).toBeCloseTo(0.5, 12);
    expect(log.ticks.map(({ label }) => label)).toEqual(['0.0001', '0.001', '0.01', '0.1', '1']);
    expect([log.place(null), log.place(Number.NaN), log.place('a')]).toEqual([null, null, null]);
    expect(numberAxis('x', 3, 3, true, text).place(3)).toBe(0.5);
    const steps = settingAxis('x', { kind: 'log', from: 4, to: 16, step: 2 }, [4, 16], text);
    expect(steps.ticks.map(({ label }) => label)).toEqual(['4', '8', '16']);
    expect(steps.ticks[1]?.at).toBeCloseTo(0.5, 12);
  });

  it('of choices has a place for each, also for what is not among them any more', () => {
    const axis = settingAxis('x', { kind: 'choices', values: ['a', null] }, ['b', 'a'], text);
    expect(['a', null, 'b', 'c'].map((value) => axis.place(value))).toEqual([0, 0.5, 1, null]);
    expect(settingAxis('x', { kind: 'choices', values: [1] }, [], text).place(1)).toBe(0.5);
  });
});

it('a line goes through every brush or does not count, and breaks where it has no place', () => {
  const brushes = new Map([[1, { from: 0.4, to: 0.6 }]]);
  expect([
    isWithin([0, 0.5], brushes),
    isWithin([0, 0.7], brushes),
    isWithin([0, null], brushes),
    isWithin([0], new Map()),
  ]).toEqual([true, false, false, true]);
  const y = (place: number): number => 100 - 100 * place;
  expect(linePath([0, 1], [0, 10], y)).toBe('M0,100C5,100 5,0 10,0');
  expect(linePath([0, null, 1], [0, 10, 20], y)).toBe('M0,100M20,0');
});

it('choices are written and read with commas', () => {
  expect(choicesFrom(' 4, 8.5 ,off, yes,no, word,, 4')).toEqual([4, 8.5, null, true, false, 'word']);
  expect(choicesText(choicesFrom('4, off, yes, word'))).toBe('4, off, yes, word');
});

it('a range of another kind keeps its numbers; a log one is above 0', () => {
  expect(rangeAs({ kind: 'choices', values: [8, null, 2] }, 'linear')).toEqual({ kind: 'linear', from: 2, to: 8 });
  expect(rangeAs({ kind: 'linear', from: 0, to: 4, step: 1 }, 'log')).toEqual({ kind: 'log', from: 0.04, to: 4 });
  expect(rangeAs({ kind: 'log', from: 1, to: 4, step: 2 }, 'choices')).toEqual({ kind: 'choices', values: [1, 4] });
});
