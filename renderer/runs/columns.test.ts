import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { columnSource, columnsOf, groupRuns, type RunSettings, runsToCsv, sortRuns, spreadOf } from './columns.ts';

const run = (id: string, best: number | null, more: Partial<RunSummary> = {}): RunSummary => ({
  id,
  name: id,
  documentName: 'tagger',
  status: 'done',
  created: Date.UTC(2026, 0, 2, 3, 4, 5),
  seconds: 10,
  epoch: 2,
  epochs: 2,
  step: 4,
  totalSteps: 4,
  backend: 'wasm',
  device: 'WASM',
  headline: { metric: 'accuracy', higherIsBetter: true, baseline: 0.5, baselineName: 'most frequent class' },
  best: best === null ? null : { step: 4, value: best },
  validation: null,
  parameters: 12,
  message: null,
  ...more,
});
const rate = (value: string) => [{ group: 'Training' as const, setting: 'learning rate', value }];
const settings: RunSettings = { a: rate('0.01'), b: rate('0.002'), c: rate('1e-4') };
const runs = [run('a', 0.7), run('b', null), run('c', 0.9, { validation: { loss: 0.25 } })];
const columns = columnsOf(columnSource(runs), settings);
const ids = (list: readonly RunSummary[]): string[] => list.map(({ id }) => id);
const column = (id: string) => {
  const found = columns.find((c) => c.id === id);
  if (!found) throw new Error(`no column ${id}`);
  return found;
};

describe('the table of runs', () => {
  it('has a column for each metric and each setting that a run has', () => {
    expect(columns.map(({ title }) => title)).toEqual(expect.arrayContaining(['loss (validation)', 'learning rate', 'Best']));
    expect(column('validation:loss').text(runs[0] ?? run('', 0))).toBe('–');
    expect(column('setting:Training learning rate').text(runs[1] ?? run('', 0))).toBe('0.002');
  });

  it('sorts numbers as numbers, also those of settings', () => {
    const by = (descending: boolean): string[] =>
      ids(sortRuns(runs, columns, { column: 'setting:Training learning rate', descending }));
    expect(by(false)).toEqual(['c', 'b', 'a']);
    expect(by(true)).toEqual(['a', 'b', 'c']);
  });

  it('keeps runs without a figure last, whichever way it sorts', () => {
    expect(ids(sortRuns(runs, columns, { column: 'best', descending: true }))).toEqual(['c', 'a', 'b']);
    expect(ids(sortRuns(runs, columns, { column: 'best', descending: false }))).toEqual(['a', 'c', 'b']);
    const diverged = [run('x', Number.NaN), ...runs];
    expect(ids(sortRuns(diverged, columns, { column: 'best', descending: true })).slice(0, 2)).toEqual(['c', 'a']);
    expect(ids(sortRuns(diverged, columns, { column: 'best', descending: false })).slice(0, 2)).toEqual(['a', 'c']);
  });

  it('keeps its order without a sort, and with one by what no run has', () => {
    expect(ids(sortRuns(runs, columns, null))).toEqual(['a', 'b', 'c']);
    expect(ids(sortRuns(runs, columns, { column: 'setting:Graph gone', descending: true }))).toEqual(['a', 'b', 'c']);
  });

  it('groups by the words of a column', () => {
    const twice = [run('a', 0.7), run('c', 0.9), run('d', 0.8)];
    const groups = groupRuns(twice, { ...column('status'), text: ({ id }) => (id === 'c' ? 'x' : 'y') });
    expect(groups.map(({ label, runs: members }) => [label, ids(members)])).toEqual([
      ['y', ['a', 'd']],
      ['x', ['c']],
    ]);
  });

  it('tells mean and deviation of runs that one metric judges', () => {
    const spread = spreadOf([run('a', 0.7), run('b', 0.9), run('c', null)]);
    expect(spread?.mean).toBeCloseTo(0.8);
    expect(spread?.deviation).toBeCloseTo(Math.sqrt(0.02));
    expect(spreadOf([run('a', 0.7)])).toBeNull();
    const other = run('b', 0.9, { headline: { metric: 'rmse', higherIsBetter: false, baseline: 1, baselineName: 'mean' } });
    expect(spreadOf([run('a', 0.7), other])).toBeNull();
  });

  it('leaves as CSV with all digits, quotes and no formulas', () => {
    const wild = run('w', 1 / 3, { name: '=HYPERLINK("x")', note: 'a,b', tags: ['one', 'two'] });
    const csv = runsToCsv([wild], ['best', 'note', 'tags', 'created'].map(column));
    expect(csv).toBe(
      'run,Best,Note,Tags,Started\r\n"\'=HYPERLINK(""x"")",0.3333333333333333,"a,b","one, two",2026-01-02T03:04:05.000Z\r\n',
    );
  });
});

it('an event of a run that trains changes no column; a figure that no run had does', () => {
  const of = (validation: Record<string, number>) => columnSource([run('a', 0.7, { validation }), run('b', null)]);
  expect(of({ loss: 0.5 })).toEqual(of({ loss: 0.25 }));
  expect(of({ loss: 0.5, 'macro-f1': 1 })).not.toEqual(of({ loss: 0.5 }));
  expect(columnSource(runs.slice(1))).not.toEqual(columnSource(runs));
});
