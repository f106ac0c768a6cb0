import { expect, it } from 'vitest';
import { evenAxis, logAxis } from './chart-scale.ts';

it('spans powers of ten, and has no place for what has no logarithm', () => {
  const axis = logAxis([0.3, 2e-5, 0, Number.NaN]);
  expect(axis.ticks.map(({ label }) => label)).toEqual(['1', '1e-1', '1e-2', '1e-3', '1e-4', '1e-5']);
  expect(axis.place(1)).toBeCloseTo(1);
  expect(axis.place(1e-5)).toBeCloseTo(0);
  expect(axis.place(10 ** -2.5)).toBeCloseTo(0.5);
  expect([axis.place(0), axis.place(-1), axis.place(Number.NaN)]).toEqual([null, null, null]);
});

it('shows at most fourteen decades: what is less lies at the bottom', () => {
  const axis = logAxis([1, 1e-30]);
  expect(axis.place(1e-14)).toBeCloseTo(0);
  expect(axis.place(1e-30)).toBe(0);
});

it('stands for one number, and for none', () => {
  expect(logAxis([10]).ticks.map(({ label }) => label)).toEqual(['10', '1']);
  expect(logAxis([]).ticks.map(({ label }) => label)).toEqual(['1', '1e-1']);
});

it('has even steps around zero', () => {
  const axis = evenAxis([0.46, -0.06], String);
  expect(axis.ticks.map(({ label }) => Number(label))).toEqual([-0.2, 0, 0.2, 0.4, 0.6]);
  expect(axis.place(0)).toBeCloseTo(0.25);
  expect(evenAxis([], String).place(0)).toBe(0);
});
