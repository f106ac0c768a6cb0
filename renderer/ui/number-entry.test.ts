import { expect, test } from 'vitest';
import { parseEntry, stepEntry } from './number-entry.ts';

test('a number within limits is taken, with a comma or a point', () => {
  expect(parseEntry(' 0,5 ', { min: 0, max: 1 })).toEqual({ ok: true, value: 0.5 });
  expect(parseEntry('1e-3', {})).toEqual({ ok: true, value: 0.001 });
});

test('what cannot be taken says what to type', () => {
  expect(parseEntry('0', { min: 1, integer: true })).toEqual({ ok: false, message: 'At least 1.' });
  expect(parseEntry('2.5', { integer: true })).toEqual({ ok: false, message: 'Type a whole number.' });
  expect(parseEntry('abc', {})).toEqual({ ok: false, message: '“abc” is not a number.' });
  expect(parseEntry('', {})).toEqual({ ok: false, message: 'Type a number.' });
});

test('an empty nullable field means null', () => {
  expect(parseEntry('', { nullable: true })).toEqual({ ok: true, value: null });
});

test('steps stay within limits and follow the magnitude', () => {
  expect(stepEntry(128, 1, { integer: true, max: 128 })).toBe(128);
  expect(stepEntry(0.002, 1, {})).toBeCloseTo(0.012, 6);
  expect(stepEntry(0.5, -1, { min: 0 })).toBeCloseTo(0.49, 6);
});
