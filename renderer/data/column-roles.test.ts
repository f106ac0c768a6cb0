import { expect, it } from 'vitest';
import { roleOf, withRole } from './column-roles.ts';

const mapping = { inputColumns: ['text'], targetColumns: ['label'], groupColumn: null };
const text = { single: true, series: false };

it('tells a column’s role', () => {
  expect(['text', 'label', 'id'].map((column) => roleOf(mapping, column))).toEqual(['input', 'target', 'ignored']);
});

it('releases the first input when a text task gets another', () => {
  expect(withRole(mapping, 'body', 'input', text)).toEqual({
    inputColumns: ['body'],
    targetColumns: ['label'],
    groupColumn: null,
  });
});

it('moves a column from one role to another', () => {
  expect(withRole(mapping, 'label', 'group', text)).toEqual({ inputColumns: ['text'], targetColumns: [], groupColumn: 'label' });
  const grouped = { ...mapping, groupColumn: 'id' };
  expect(withRole(grouped, 'id', 'ignored', text).groupColumn).toBeNull();
});

it('keeps reading the column that a forecast predicts', () => {
  const series = { inputColumns: ['temp'], targetColumns: ['temp'], groupColumn: null };
  expect(withRole(series, 'wind', 'target', { single: false, series: true })).toEqual({
    inputColumns: ['temp', 'wind'],
    targetColumns: ['temp', 'wind'],
    groupColumn: null,
  });
  expect(withRole(series, 'wind', 'input', { single: false, series: true }).targetColumns).toEqual(['temp']);
});
