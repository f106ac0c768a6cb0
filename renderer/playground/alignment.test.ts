import { expect, it } from 'vitest';
import { bands, cellAfter, stepNames, strongest } from './alignment.ts';

it('names the steps of a memory by the input’s tokens', () => {
  expect(stepNames(3, ['a', ' ', 'b'])).toEqual(['a', '␣', 'b']);
});

it('names what the steps of a pyramid join, the last one shorter', () => {
  expect(stepNames(3, [...'abcde'])).toEqual(['ab', 'cd', 'e']);
  expect(stepNames(2, [...'abcde'])).toEqual(['abc', 'de']);
});

it('counts steps where no tokens explain them', () => {
  expect(stepNames(3, [])).toEqual(['1', '2', '3']);
  expect(stepNames(4, [...'abcde'])).toEqual(['1', '2', '3', '4']);
});

it('draws one band a step, stronger for more weight', () => {
  expect(bands([0, 1])).toBe(
    'linear-gradient(to right, color-mix(in srgb, var(--accent) 0%, var(--raised)) 0.000% 50.000%, color-mix(in srgb, var(--accent) 100%, var(--raised)) 50.000% 100.000%)',
  );
});

it('moves by keys and stays inside', () => {
  expect(cellAfter('ArrowRight', { row: 0, column: 1 }, 2, 2)).toEqual({ row: 0, column: 1 });
  expect(cellAfter('ArrowDown', { row: 0, column: 1 }, 2, 2)).toEqual({ row: 1, column: 1 });
  expect(cellAfter('End', { row: 1, column: 0 }, 2, 5)).toEqual({ row: 1, column: 4 });
  expect(cellAfter('Tab', { row: 0, column: 0 }, 2, 2)).toBeNull();
});

it('tells where a token looked most', () => {
  expect(strongest([0.1, 0.7, 0.2])).toBe(1);
});
