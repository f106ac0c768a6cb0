import { expect, it } from 'vitest';
import { tabsLeftOut } from './fitting-tabs.ts';

const widths = [50, 30, 60, 40];

it('all tabs are shown where they fit, to the pixel', () => {
  expect(tabsLeftOut(widths, 0, 180 + 3 * 2, 2)).toEqual([]);
  expect(tabsLeftOut(widths, 0, 180 + 3 * 2 - 1, 2)).toEqual([3]);
});

it('the last ones go first', () => {
  expect(tabsLeftOut(widths, 0, 90, 0)).toEqual([2, 3]);
  expect(tabsLeftOut(widths, 1, 90, 0)).toEqual([2, 3]);
});

it('the one that is open stays, and others make room for it', () => {
  expect(tabsLeftOut(widths, 3, 140, 0)).toEqual([2]);
  expect(tabsLeftOut(widths, 3, 95, 0)).toEqual([1, 2]);
  expect(tabsLeftOut(widths, 2, 10, 0)).toEqual([0, 1, 3]);
});

it('a narrower one does not overtake one that has no room', () => {
  expect(tabsLeftOut([50, 60, 10], 0, 65, 0)).toEqual([1, 2]);
});
