import { expect, test } from 'vitest';
import { walkedTo } from './walked-to.ts';

test('arrow keys walk a step, Home and End to the ends, and no further', () => {
  expect(walkedTo('ArrowLeft', 3, 9)).toBe(2);
  expect(walkedTo('ArrowRight', 3, 9)).toBe(4);
  expect(walkedTo('ArrowLeft', 0, 9)).toBe(0);
  expect(walkedTo('ArrowRight', 9, 9)).toBe(9);
  expect(walkedTo('Home', 3, 9)).toBe(0);
  expect(walkedTo('End', 3, 9)).toBe(9);
});

test('other keys are left to others', () => {
  expect(walkedTo('ArrowUp', 3, 9)).toBeUndefined();
  expect(walkedTo('Enter', 3, 9)).toBeUndefined();
});
