import { expect, it } from 'vitest';
import { emptyDocument } from '../document/schema.ts';
import { sweepSettings } from '../document/sweep-settings.ts';
import type { JournalEvent } from './journal.ts';
import type { SweepRecord } from './sweep-folder.ts';
import { sweepState } from './sweep-state.ts';

const vary = [{ node: null, field: 'epochs', range: { kind: 'choices', values: [1, 2, 3] } }] as const;
const record = (seeds: number, direction: 'minimize' | 'maximize' = 'minimize'): SweepRecord => ({
  format: 'unroll-sweep',
  version: 1,
  id: 'x',
  created: 1,
  document: { ...emptyDocument(), sweep: sweepSettings.parse({ vary, seeds }) },
  total: 3,
  objective: { metric: 'loss', direction },
  runs: null,
});
const drawn = (trial: number): JournalEvent => ({ event: 'trial', trial, values: [trial] });
const ended = (trial: number, value: number | null, seed = 0, status: 'done' | 'failed' | 'pruned' = 'done'): JournalEvent => ({
  event: 'end',
  trial,
  seed,
  status,
  value,
  reason: status === 'failed' ? 'no memory' : null,
  seconds: 1,
});
const state = (events: readonly JournalEvent[], of = record(1), active: readonly string[] = []) =>
  sweepState(of, '/s', events, { running: active.length > 0, active: new Set(active), message: null });

it('a trial waits, trains, and has its result once all of its seeds are done', () => {
  const of = record(2);
  expect(state([drawn(1)], of).trials[0]).toMatchObject({ status: 'waiting', value: null });
  expect(state([drawn(1), ended(1, 4)], of, ['x-t1-s2']).trials[0]).toMatchObject({ status: 'running', value: null });
  const both = state([drawn(1), ended(1, 4), ended(1, 6, 1)], of);
  expect(both.trials[0]).toMatchObject({ status: 'complete', value: 5, spread: Math.SQRT2 });
  expect(both.trials[0]?.runs.map(({ run, seed }) => [run, seed])).toEqual([
    ['/s/runs/x-t1-s1', 1],
    ['/s/runs/x-t1-s2', 2],
  ]);
});

it('one that failed has its reason, one that was ended early its last figure; neither is the best', () => {
  const events = [drawn(1), ended(1, null, 0, 'failed'), drawn(2), ended(2, 0.1, 0, 'pruned'), drawn(3), ended(3, 7)];
  const { trials, best, status } = state(events);
  expect(trials.map((trial) => [trial.status, trial.value, trial.reason])).toEqual([
    ['failed', null, 'no memory'],
    ['pruned', 0.1, null],
    ['complete', 7, null],
  ]);
  expect([best, status]).toEqual([3, 'done']);
});

it('the best is the least or the most, the first of equals', () => {
  const of = (results: readonly number[]): JournalEvent[] => results.flatMap((value, i) => [drawn(i + 1), ended(i + 1, value)]);
  expect([state(of([2, 1, 1])).best, state(of([1, 2, 2]), record(1, 'maximize')).best]).toEqual([2, 2]);
});

it('an importance counts until another trial ends; why a sweep was halted is told until it goes on', () => {
  const found: JournalEvent = { event: 'importance', importance: { method: 'fanova', shares: [1] } };
  expect(state([drawn(1), ended(1, 1), found]).importance).toEqual(found.importance);
  expect(state([drawn(1), ended(1, 1), found, drawn(2), ended(2, 2)]).importance?.method).toBe('variance');
  const halt: JournalEvent = { event: 'halt', message: 'The disk is full.' };
  expect(state([drawn(1), halt])).toMatchObject({ status: 'unfinished', message: 'The disk is full.' });
  expect(state([drawn(1), halt, ended(1, 1)]).message).toBeNull();
});
