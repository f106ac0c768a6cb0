import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { compare, useRunSelection } from '../runs/selection-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { useToasts } from '../ui/toast-store.ts';
import { endSeries, trainSeeds, useSeedSeries } from './seed-series.ts';
import { useTrainingStore } from './store.ts';

const empty = emptyDocument('words');
const seeded = (seed: number) => ({ ...empty, training: { ...empty.training, seed } });
const run = (id: string, status: RunSummary['status']): RunSummary => ({ id, name: id, status, created: 0 }) as RunSummary;
const series = () => useSeedSeries.getState().series;
const become = (status: RunSummary['status'], id: string): void =>
  useTrainingStore.setState(({ runs }) => ({ runs: runs.map((one) => (one.id === id ? run(id, status) : one)) }));

const initial = useTrainingStore.getState();
let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
  endSeries();
  useToasts.setState({ toasts: [] });
  useTrainingStore.setState({ ...initial, runs: [run('first', 'done')], documents: { first: seeded(2 ** 31 - 2) } }, true);
});
afterEach(() => vi.restoreAllMocks());

/** The engine begins the run that was asked for. @returns its seed */
async function begin(id: string): Promise<number | undefined> {
  const call = fake.next('training.start');
  await call.answer(run(id, 'running'));
  return call.params.document.training.seed;
}

describe('training with other seeds', () => {
  it('begins one run after another, with the seeds that follow; then offers to compare all of them', async () => {
    void trainSeeds(run('first', 'done'), 2);
    await settle();
    // A seed has 31 bits.
    expect(await begin('a')).toBe(2 ** 31 - 1);
    for (const status of ['paused', 'running'] as const) become(status, 'a');
    await settle();
    expect(fake.count('training.start')).toBe(1);
    become('done', 'a');
    await settle();
    expect(await begin('b')).toBe(0);
    expect(series()).toMatchObject({ seeds: [2 ** 31 - 1, 0], runs: ['a', 'b'] });
    become('done', 'b');
    await settle();
    expect(series()).toBeNull();
    const [told] = useToasts.getState().toasts;
    expect(told?.title).toBe('Trained 2 seeds of “first”');
    useTrainingStore.setState(({ documents }) => ({ documents: { ...documents, other: empty } }));
    compare('other', true);
    told?.action?.run();
    expect(useRunSelection.getState().compared).toEqual(['first', 'a', 'b']);
    expect(useUiStore.getState().tab).toBe('runs');
  });

  it.each(['stopped', 'failed', 'deleted'] as const)('ends where one is %s', async (status) => {
    void trainSeeds(run('first', 'done'));
    await settle();
    await begin('a');
    expect(series()?.seeds).toHaveLength(5);
    if (status === 'deleted') useTrainingStore.setState({ runs: [run('first', 'done')] });
    else become(status, 'a');
    await settle();
    expect(series()).toBeNull();
    expect(fake.count('training.start')).toBe(1);
    expect(useToasts.getState().toasts).toEqual([]);
  });

  it('ends where a run does not start, or is ended by hand; runs that are none of it change nothing', async () => {
    void trainSeeds(run('first', 'done'));
    await settle();
    await fake.next('training.start').refuse('run-busy');
    expect(series()).toBeNull();
    void trainSeeds(run('first', 'done'));
    await settle();
    await begin('a');
    // One series at a time.
    await trainSeeds(run('first', 'done'));
    become('failed', 'first');
    expect(series()?.runs).toEqual(['a']);
    endSeries();
    become('done', 'a');
    await settle();
    expect(fake.count('training.start')).toBe(2);
  });

  it('stays ended where that was asked for while the next run was made ready', async () => {
    void trainSeeds(run('first', 'done'));
    await settle();
    endSeries();
    await begin('a');
    expect(series()).toBeNull();
    become('done', 'a');
    await settle();
    expect(fake.count('training.start')).toBe(1);
  });

  it('reads the document of a run that is not there yet; without one nothing begins', async () => {
    useTrainingStore.setState({ documents: {} });
    // Asked for twice, it is one series.
    void trainSeeds(run('first', 'done'), 1);
    void trainSeeds(run('first', 'done'), 1);
    const summary = run('first', 'done');
    await fake.next('runs.get').answer({ summary, document: seeded(7), evaluation: null } as never);
    await fake.next('runs.metrics').answer({ events: [], lost: 0 });
    expect(await begin('a')).toBe(8);
    expect(series()?.runs).toEqual(['a']);
    endSeries();
    useTrainingStore.setState({ documents: {} });
    void trainSeeds(run('first', 'done'), 1);
    await fake.next('runs.get').refuse('run-damaged');
    expect([series(), useToasts.getState().toasts]).toEqual([null, []]);
  });
});
