import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FakeEngine, fakeEngine } from '../bridge/fixtures/fake-engine.ts';
import { useToasts } from '../ui/toast-store.ts';
import { groupBy, readSettings, showColumn, sortBy, useRunSettings, useRunTable } from './table-store.ts';

let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
  useToasts.setState({ toasts: [] });
  useRunTable.setState({ columns: ['a', 'b'], order: null, group: null });
});
afterEach(() => vi.restoreAllMocks());

it('columns are shown last, each once, and hidden again', () => {
  showColumn('c', true);
  showColumn('a', true);
  expect(useRunTable.getState().columns).toEqual(['b', 'c', 'a']);
  showColumn('c', false);
  expect(useRunTable.getState().columns).toEqual(['b', 'a']);
});

it('a click on a column sorts downwards, the next upwards, the third not; another column begins anew', () => {
  const orders = ['a', 'a', 'a', 'a', 'b'].map((column) => {
    sortBy(column);
    return useRunTable.getState().order;
  });
  const down = { column: 'a', descending: true };
  expect(orders).toEqual([down, { column: 'a', descending: false }, null, down, { column: 'b', descending: true }]);
  groupBy('a');
  expect(useRunTable.getState().group).toBe('a');
});

it('settings of a run are read once; those that could not be read, again', async () => {
  void readSettings(['a', 'b']);
  void readSettings(['b', 'c']);
  const [first, second] = [fake.next('runs.settings'), fake.next('runs.settings')];
  expect([first.params, second.params]).toEqual([{ runs: ['a', 'b'] }, { runs: ['c'] }]);
  const epochs = [{ group: 'Training' as const, setting: 'epochs', value: '5' }];
  await first.answer({ settings: { a: epochs, b: [] } });
  await second.refuse('run-damaged');
  expect(useRunSettings.getState().settings).toEqual({ a: epochs, b: [] });
  expect(useToasts.getState().toasts[0]?.title).toContain('settings of the runs cannot be read');
  await readSettings(['a', 'b']);
  expect(fake.count('runs.settings')).toBe(2);
  void readSettings(['a', 'c']);
  const again = fake.next('runs.settings');
  expect(again.params).toEqual({ runs: ['c'] });
  await again.answer({ settings: { c: [] } });
  expect(Object.keys(useRunSettings.getState().settings)).toEqual(['a', 'b', 'c']);
});
