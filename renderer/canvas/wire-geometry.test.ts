import { expect, test } from 'vitest';
import { wireThrough } from './wire-geometry.ts';

const curves = [
  { id: 'upper', start: { x: 0, y: 0 }, end: { x: 200, y: 0 }, vertical: false },
  { id: 'lower', start: { x: 0, y: 40 }, end: { x: 200, y: 40 }, vertical: false },
];

test('a node dropped on a wire finds it; beside it finds none', () => {
  expect(wireThrough(curves, { x: 80, y: -20, width: 40, height: 40 })).toBe('upper');
  expect(wireThrough(curves, { x: 80, y: 50, width: 40, height: 40 })).toBeNull();
});

test('of two wires under a node, the one nearer to its centre is taken', () => {
  expect(wireThrough(curves, { x: 60, y: -10, width: 80, height: 80 })).toBe('lower');
});

test('a vertical wire is followed down its curve', () => {
  const cell = [{ id: 'cell', start: { x: 0, y: 200 }, end: { x: 100, y: 0 }, vertical: true }];
  expect(wireThrough(cell, { x: 40, y: 90, width: 20, height: 20 })).toBe('cell');
  expect(wireThrough(cell, { x: 0, y: 20, width: 20, height: 20 })).toBeNull();
});

test('a wire that runs back to the row below is found half-way between the rows, and not on the straight line', () => {
  const back = [{ id: 'back', start: { x: 1000, y: 0 }, end: { x: 0, y: 300 }, vertical: false }];
  expect(wireThrough(back, { x: 100, y: 130, width: 40, height: 40 })).toBe('back');
  expect(wireThrough(back, { x: 240, y: 210, width: 40, height: 40 })).toBeNull();
  expect(wireThrough(back, { x: 1010, y: 60, width: 40, height: 40 })).toBe('back');
});
