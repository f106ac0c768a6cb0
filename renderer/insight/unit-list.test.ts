import { expect, it } from 'vitest';
import { unitList, unitWords } from './unit-list.ts';

it('units are read as they are written, and written as they are read', () => {
  expect(unitList('all', 8)).toEqual({ units: null });
  expect(unitList(' ', 8)).toEqual({ units: null });
  expect(unitList('7', 8)).toEqual({ units: [7] });
  expect(unitList('5-7, 1,1', 8)).toEqual({ units: [1, 5, 6, 7] });
  expect(unitList('8', 8)).toEqual({ problem: 'Units are 0 to 7.' });
  expect(unitList('5-2', 8)).toEqual({ problem: 'Units are 0 to 7.' });
  expect(unitList('x', 8)).toEqual({ problem: 'Write units as 3, 5-8, or all.' });
  expect(unitWords(null)).toBe('all units');
  expect(unitWords([3])).toBe('unit 3');
  expect(unitWords([1, 5, 6, 7])).toBe('units 1, 5–7');
});
