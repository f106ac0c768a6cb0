import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { pieceOf } from '../../engine/runs/piece-of.test-support.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { showMachine } from '../bridge/machine.ts';
import { compare, useRunSelection } from '../runs/selection-store.ts';
import { useUiStore } from '../store/ui-store.ts';
import { useToasts } from '../ui/toast-store.ts';
import { endSeries, goOn, trainSeeds, useSeedSeries } from './seed-series.ts';
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
  fake.answers['series.keep'] = () => ({ held: true });
  endSeries();
  useToasts.setState({ toasts: [] });
  useTrainingStore.setState(
    { ...initial, loaded: true, runs: [run('first', 'done')], documents: { first: seeded(2 ** 31 - 2) } },
    true,
  );
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

  it('stays with its machine: another one is told nothing of it, and what it has itself goes on there', async () => {
    void trainSeeds(run('first', 'done'), 2);
    await settle();
    await begin('a');
    const kept = fake.count('series.keep');
    showMachine({ kind: 'there', joined: 1, host: 'gpu-box', hostname: 'g', platform: 'linux', home: '/h', documents: '/d' });
    expect(useTrainingStore.getState()).toMatchObject({ runs: [], loaded: false, active: null });
    expect(series()).toBeNull();
    fake.answers['series.take'] = () => ({ series: { first: run('there', 'done'), seeds: [1, 2], runs: ['x'] } });
    useTrainingStore.setState({ runs: [run('there', 'done'), run('x', 'running')], loaded: true });
    await settle();
    expect(series()).toMatchObject({ seeds: [1, 2], runs: ['x'] });
    expect(series()?.halted).toBeUndefined();
    expect(fake.count('series.keep')).toBe(kept);
    showMachine({ kind: 'here', joined: 2 });
  });

  it.each(['stopped', 'failed', 'deleted'] as const)(
    'ends where one is %s, says so, and goes on when asked to',
    async (status) => {
      void trainSeeds(run('first', 'done'));
      await settle();
      await begin('a');
      expect(series()?.seeds).toHaveLength(5);
      if (status === 'deleted') useTrainingStore.setState({ runs: [run('first', 'done')] });
      else become(status, 'a');
      await settle();
      expect(series()?.halted).toContain(status);
      expect(fake.count('training.start')).toBe(1);
      const [told] = useToasts.getState().toasts;
      expect(told).toMatchObject({ title: 'The seeds of “first” end with 1 of 5' });
      expect(told?.text).toContain(status);
      told?.action?.run();
      await settle();
      expect(series()?.halted).toBeUndefined();
      // The one that was not done is begun again.
      expect(await begin('b')).toBe(2 ** 31 - 1);
      expect(series()).toMatchObject({ runs: ['b'], seeds: { length: 5 } });
    },
  );

  /** The window is loaded again: of the series, what was kept; of the runs, what the engine lists. */
  async function reload(kept: ReturnType<typeof series>, runs: readonly RunSummary[]): Promise<void> {
    useTrainingStore.setState({ ...initial, loaded: false, runs: [], documents: {} }, true);
    useSeedSeries.setState({ series: null });
    fake.answers['series.take'] = () => ({ series: kept });
    fake.answers['runs.get'] = ({ run: id }) =>
      ({
        summary: useTrainingStore.getState().runs.find((one) => one.id === id),
        document: seeded(id === 'first' ? 7 : 8),
        evaluation: null,
      }) as never;
    fake.answers['runs.metrics'] = () => pieceOf([]);
    useTrainingStore.setState({ runs, loaded: true });
    await settle();
  }
  const kept = (...runs: string[]) => ({ first: run('first', 'done'), seeds: [8, 9], runs });

  it('goes on in a window that is loaded again: from the run that is done, or once it is', async () => {
    await reload(kept('a'), [run('a', 'done'), run('first', 'done')]);
    expect(await begin('b')).toBe(9);
    await reload(kept('a'), [run('a', 'running'), run('first', 'done')]);
    expect(fake.count('training.start')).toBe(1);
    become('done', 'a');
    await settle();
    expect(await begin('b')).toBe(9);
  });

  it('says so where a run was cut off meanwhile', async () => {
    await reload(kept('a'), [run('a', 'interrupted'), run('first', 'done')]);
    expect(useToasts.getState().toasts[0]?.title).toBe('The seeds of “first” end with 1 of 2');
    expect(fake.count('training.start')).toBe(0);
  });

  it('takes up the run whose start the window did not live to see, and begins none twice', async () => {
    const unseen = { ...run('a', 'running'), created: 5 };
    await reload(kept(), [unseen, run('first', 'done')]);
    expect(series()?.runs).toEqual(['a']);
    expect(fake.count('training.start')).toBe(0);
  });

  it('ends where a run does not start, or is ended by hand; runs that are none of it change nothing', async () => {
    void trainSeeds(run('first', 'done'));
    await settle();
    await fake.next('training.start').refuse('run-busy');
    expect(series()?.halted).toBe('the run with seed 2147483647 did not start');
    // One that was halted gives way to another.
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
    await fake.next('runs.metrics').answer(pieceOf([]));
    expect(await begin('a')).toBe(8);
    expect(series()?.runs).toEqual(['a']);
    endSeries();
    useTrainingStore.setState({ documents: {} });
    void trainSeeds(run('first', 'done'), 1);
    await fake.next('runs.get').refuse('run-damaged');
    expect([series(), useToasts.getState().toasts]).toEqual([null, []]);
  });

  it('is kept by the engine as it is, and is another window’s where that has one', async () => {
    const keeps = () =>
      fake.asked.flatMap(({ method, params }) => (method === 'series.keep' ? [(params as { series: unknown }).series] : []));
    void trainSeeds(run('first', 'done'), 2);
    await settle();
    await begin('a');
    expect(keeps().at(-1)).toEqual(series());
    expect(series()).toMatchObject({ runs: ['a'] });
    fake.answers['series.keep'] = () => ({ held: false });
    become('done', 'a');
    await settle();
    await begin('b');
    expect(series()).toBeNull();
    const told = keeps().length;
    // What the engine hands over is not told back to it.
    fake.answers['series.keep'] = () => ({ held: true });
    await reload(kept('a'), [run('a', 'running'), run('first', 'done')]);
    expect(series()?.runs).toEqual(['a']);
    expect(keeps()).toHaveLength(told);
  });

  it('found halted after a restart waits until somebody goes on with it; a run that ended badly is not taken for one of it', async () => {
    const halted = { ...kept('a'), halted: '“a” is interrupted' };
    const cut = { ...run('a', 'interrupted'), created: 5 };
    await reload(halted, [cut, run('first', 'done')]);
    expect(series()).toEqual(halted);
    expect([fake.count('training.start'), useToasts.getState().toasts]).toEqual([0, []]);
    goOn();
    await settle();
    expect(await begin('b')).toBe(8);
    expect(series()).toMatchObject({ runs: ['b'], seeds: [8, 9] });
  });
});
