import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { useTrainingStore } from '../training/store.ts';
import { useToasts } from '../ui/toast-store.ts';
import { compare, compareNone, deleteRuns, showDetails, useRunSelection } from './selection-store.ts';

const state = useRunSelection.getState;
const toasts = () => useToasts.getState().toasts;
const runs = ['a', 'b'].map((id) => ({ id, name: `run ${id}` }));

let fake: FakeEngine;
beforeEach(() => {
  vi.useFakeTimers();
  fake = fakeEngine();
  useToasts.setState({ toasts: [] });
  useRunSelection.setState({ compared: [], shown: null, leaving: [] });
});
afterEach(async () => {
  for (const call of fake.asked) call.refuse('over');
  await settle();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('deleting runs', () => {
  it('hides them at once, and deletes them when the time to undo is over', async () => {
    compare('a', true);
    compare('c', true);
    showDetails('b');
    deleteRuns(runs);
    expect(state()).toEqual({ compared: ['c'], shown: null, leaving: ['a', 'b'] });
    expect(toasts()[0]?.title).toBe('Deleted 2 runs');
    vi.advanceTimersByTime(5999);
    expect(fake.count('runs.delete')).toBe(0);
    vi.advanceTimersByTime(1);
    await fake.next('runs.delete').answer({ kept: [] });
    expect(state().leaving).toEqual(['a', 'b']);
    await fake.next('runs.delete').answer({ kept: ['notes.txt'] });
    expect(state().leaving).toEqual([]);
    expect(toasts().at(-1)).toMatchObject({ title: 'One file in the folder stays', text: 'Not written by the run: notes.txt' });
  });

  it('is undone in time; later it says that it is too late', async () => {
    showDetails('c');
    deleteRuns(runs.slice(0, 1));
    deleteRuns(runs.slice(1));
    expect(toasts().map(({ title }) => title)).toEqual(['Deleted “run a”', 'Deleted “run b”']);
    expect(state()).toMatchObject({ shown: 'c', leaving: ['a', 'b'] });
    toasts()[0]?.action?.run();
    expect(state().leaving).toEqual(['b']);
    vi.advanceTimersByTime(60_000);
    expect(fake.count('runs.delete')).toBe(1);
    toasts()[1]?.action?.run();
    expect(state().leaving).toEqual(['b']);
    expect(toasts().at(-1)?.title).toBe('It is too late: the files are deleted.');
    await fake.next('runs.delete').answer({ kept: ['1', '2', '3', '4', '5', '6'] });
    expect(toasts().at(-1)).toMatchObject({
      title: '6 files in the folder stay',
      text: 'Not written by the run: 1, 2, 3, 4, 5 …',
    });
  });

  it('tells of no files where none stay, and of five without more', async () => {
    for (const kept of [[], ['1', '2', '3', '4', '5']]) {
      useToasts.setState({ toasts: [] });
      deleteRuns(runs.slice(0, 1));
      vi.advanceTimersByTime(6000);
      await fake.next('runs.delete').answer({ kept });
      expect(
        toasts()
          .slice(1)
          .map(({ text }) => text),
      ).toEqual(kept.length === 0 ? [] : ['Not written by the run: 1, 2, 3, 4, 5']);
    }
  });

  it('that fails shows them again, and says why', async () => {
    deleteRuns(runs.slice(0, 1));
    vi.advanceTimersByTime(6000);
    await fake.next('runs.delete').refuse('run-busy');
    expect(state().leaving).toEqual([]);
    expect(toasts().at(-1)?.title).toBe('Not deleted: refused: run-busy');
  });
});

it('compares runs in the order in which they were ticked, each once', () => {
  for (const id of ['b', 'a', 'b']) compare(id, true);
  expect(state().compared).toEqual(['a', 'b']);
  compare('a', false);
  expect(state().compared).toEqual(['b']);
  // Read while it is not there yet, and once.
  expect(fake.asked.filter(({ method }) => method === 'runs.get').map(({ params }) => params)).toEqual([
    { run: 'b' },
    { run: 'a' },
  ]);
  compareNone();
  expect(state().compared).toEqual([]);
  useTrainingStore.setState({ documents: { c: emptyDocument() } });
  compare('c', true);
  compare('d', false);
  showDetails('c');
  expect(fake.count('runs.get')).toBe(2);
});
