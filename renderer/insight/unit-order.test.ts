import { expect, it } from 'vitest';
import { atOnce } from './in-slices.ts';
import type { Matrix } from './matrix.ts';
import { saturation, unitOrder } from './unit-order.ts';

const orderOf = (...of: Parameters<typeof unitOrder>): readonly number[] => atOnce(unitOrder(...of));

const matrix = (...rows: readonly (readonly number[])[]): Matrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float32Array.from(rows.flat()),
});

it('puts units side by side that do the same, those that are on most first', () => {
  // Units 0, 3 and 5 rise, 1 and 4 fall, 2 is always on.
  const values = matrix([0, 0.9, 1, 0.1, 1, 0.05], [0.5, 0.5, 1, 0.5, 0.45, 0.5], [0.9, 0, 1, 1, 0.1, 0.95]);
  const order = orderOf(values, 'similarity', '0..1');
  expect(order.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(order[0]).toBe(2);
  const places = new Map(order.map((unit, place) => [unit, place]));
  const rising = [0, 3, 5].map((unit) => places.get(unit) ?? -1);
  expect(Math.max(...rising) - Math.min(...rising)).toBe(2);
  expect(Math.abs((places.get(1) ?? 0) - (places.get(4) ?? 9))).toBe(1);
});

it('counts equal units too, and every unit once', () => {
  const order = orderOf(matrix(Array(40).fill(0.5), Array(40).fill(0.5)), 'similarity', '0..1');
  expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, unit) => unit));
});

it('orders by how often a unit is at an end of its range', () => {
  const values = matrix([0.5, 0.95, 0.05], [0.5, 0.5, 0.99], [0.5, 0.5, 0.5]);
  expect(orderOf(values, 'saturation', '0..1')).toEqual([2, 1, 0]);
  expect(saturation(values, 2, '0..1')).toBeCloseTo(2 / 3);
  expect(saturation(values, 2, '-1..1')).toBeCloseTo(1 / 3);
  expect(saturation(matrix([8, -10], [1, 9.5]), 1, 'free')).toBe(1);
  expect(orderOf(values, 'index', '0..1')).toEqual([0, 1, 2]);
});
