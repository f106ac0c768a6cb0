import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import type { EventData, EventName } from '../../engine/protocol/contract.ts';
import type { RunSummary } from '../../engine/protocol/runs.ts';
import { pieceOf } from '../../engine/runs/piece-of.test-support.ts';
import { engine, useConnection } from '../bridge/engine.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useStartCheck } from './start-check.ts';

const heard = new Map<string, (data: never) => void>();
vi.spyOn(engine, 'on').mockImplementation((event, listener) => {
  heard.set(event, listener as (data: never) => void);
  return () => undefined;
});
const store = await import('./store.ts');
const say = <E extends EventName>(event: E, data: EventData<E>): void => heard.get(event)?.(data as never);

const run = (id: string, status: RunSummary['status'] = 'done', created = 0): RunSummary =>
  ({ id, name: id, status, created, best: null }) as RunSummary;
const trained = emptyDocument('trained');
const state = store.useTrainingStore.getState;
const initial = state();
const ids = () => state().runs.map(({ id }) => id);
let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
  store.useTrainingStore.setState(initial, true);
  useDocumentStore.getState().load({ document: emptyDocument('mine'), path: null });
  useDocumentStore.setState((s) => ({ meaning: { ...s.meaning, problems: [] } }));
});
afterEach(async () => {
  for (const call of fake.asked) call.refuse('over');
  await settle();
  vi.restoreAllMocks();
});
async function history(id: string, evaluation: object | null = null): Promise<void> {
  const [details, metrics] = [fake.next('runs.get'), fake.next('runs.metrics')];
  expect([details.params, metrics.params]).toEqual([{ run: id }, { run: id }]);
  await details.answer({ summary: run(id), document: trained, evaluation } as never);
  await metrics.answer(pieceOf([]));
}

describe('a new run', () => {
  it('of what is on the canvas starts once it was asked what is worth a warning', async () => {
    useDocumentStore.setState((s) => ({
      meaning: { ...s.meaning, problems: [{ severity: 'warning', node: 'a', edge: null, message: 'x', fix: '', remedy: null }] },
    }));
    void store.startTraining();
    await settle();
    useStartCheck.getState().question?.answer(false);
    await settle();
    expect(fake.asked).toEqual([]);
    void store.startTraining();
    await settle();
    useStartCheck.getState().question?.answer(true);
    await settle();
    // While it is made ready there is no other.
    void store.startTraining();
    await settle();
    expect(fake.asked.map(({ params }) => params)).toEqual([{ document: useDocumentStore.getState().document }]);
  });

  it('from another’s weights is asked about beside that one’s document, which is read where it must be', async () => {
    void store.startTraining('a');
    await history('a');
    expect(fake.next('training.start').params).toMatchObject({ document: { name: 'mine' }, from: 'a' });
    store.useTrainingStore.setState({ pending: null });
    const data = (name: string) => ({ source: { kind: 'template', name }, tokenizer: { level: 'word' } }) as never;
    store.useTrainingStore.setState({ documents: { a: { ...trained, data: data('names') } } });
    useDocumentStore.setState(({ whole }) => ({ whole: { ...whole, data: data('reversal') } }));
    void store.startTraining('a');
    await settle();
    expect(fake.count('runs.get')).toBe(1);
    expect(useStartCheck.getState().question?.run?.name).toBe('trained');
    useStartCheck.getState().question?.answer(false);
  });

  it('that goes on from a run has its document; without one there is none', async () => {
    void store.trainOn(run('a'));
    await history('a');
    expect(fake.next('training.start').params).toEqual({ document: trained, from: 'a' });
    store.useTrainingStore.setState({ pending: null });
    void store.trainOn(run('a'));
    await settle();
    expect(fake.count('runs.get')).toBe(1);
    for (const begin of [store.trainOn, store.trainSlower]) {
      store.useTrainingStore.setState({ pending: null });
      const done = begin(run('b'));
      await fake.next('runs.get').refuse('run-damaged');
      await done;
    }
    expect(fake.count('training.start')).toBe(2);
  });

  it('that cannot be cancelled says why', async () => {
    void store.cancelStart();
    await fake.next('training.cancel').refuse('engine-crashed');
    expect(state().failure?.code).toBe('engine-crashed');
  });
});

describe('runs', () => {
  it('that are paused, stopped or gone on with where there is none are no failure', async () => {
    await Promise.all([store.pause(), store.stop(), store.resume()]);
    expect(state().failure).toBeNull();
  });

  it('that are gone on with are shown while they are made ready, and then; not where that is refused', async () => {
    store.useTrainingStore.setState({ runs: [run('a', 'interrupted'), run('b')], active: 'b' });
    void store.resume('a');
    const preparing = { step: 'reading', fraction: 0.5, rows: 3 };
    say('data.progress', preparing);
    expect(state().preparing).toEqual(preparing);
    await fake.next('training.resume').refuse('run-busy');
    expect(state().active).toBe('b');
    void store.resume('a');
    await fake.next('training.resume').answer(run('a', 'running'));
    expect(state().active).toBe('a');
    expect(store.activeRun(state())?.status).toBe('running');
    expect(store.activeRun({ ...state(), active: 'gone' })).toBeNull();
  });

  it('are newest first, each once, as far as they are known', async () => {
    for (const [id, created] of [
      ['b', 2],
      ['c', 3],
      ['a', 1],
    ] as const)
      say('run.progress', { summary: run(id, 'running', created), tokensPerSecond: 1, secondsLeft: 1, memoryBytes: 1 });
    expect(ids()).toEqual(['c', 'b', 'a']);
    // The first one that trains is shown, and stays.
    expect(state().active).toBe('b');
    say('run.progress', { summary: run('a', 'done', 1), tokensPerSecond: 1, secondsLeft: 1, memoryBytes: 1 });
    expect(state().runs.map(({ status }) => status)).toEqual(['running', 'running', 'done']);
    void store.loadRun('old');
    await history('old', { split: 'validation' });
    expect(ids()).toEqual(['c', 'b', 'a', 'old']);
    expect(state().evaluations['old']).toEqual({ split: 'validation' });
  });

  it('are named, repaired, judged and deleted', async () => {
    const damaged = ['a', 'b'].map((id) => ({ id })) as never;
    store.useTrainingStore.setState({ runs: [run('a'), run('b')], damaged, active: 'b' });
    const words = { name: 'mine' } as never;
    void store.describeRun('a', words);
    const described = fake.next('runs.describe');
    expect(described.params).toEqual({ run: 'a', words });
    await described.answer({ ...run('a'), name: 'mine' });
    expect(state().runs.map(({ name }) => name)).toEqual(['mine', 'b']);
    const judged = store.evaluateRun('a', 'test');
    const evaluate = fake.next('runs.evaluate');
    expect(evaluate.params).toEqual({ run: 'a', split: 'test' });
    await evaluate.answer({ split: 'test' } as never);
    expect(await judged).toEqual({ split: 'test' });
    const deleted = store.deleteRun('a');
    const call = fake.next('runs.delete');
    expect(call.params).toEqual({ run: 'a' });
    await call.answer({ kept: [] });
    await deleted;
    expect([ids(), state().damaged.map(({ id }) => id), state().active]).toEqual([['b'], ['b'], 'b']);
    const restored = store.restoreRun('b');
    const repair = fake.next('runs.restore');
    expect(repair.params).toEqual({ run: 'b' });
    await repair.answer({ done: ['rebuilt'] } as never);
    await fake.next('runs.list').answer({ runs: [], damaged: [] });
    expect(await restored).toEqual(['rebuilt']);
  });

  it('are read again when the engine is back', () => {
    useConnection.setState({ status: 'lost' });
    expect(fake.count('runs.list')).toBe(0);
    useConnection.setState(({ generation }) => ({ generation: generation + 1 }));
    expect(fake.count('runs.list')).toBe(1);
  });
});
