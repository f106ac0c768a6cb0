import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import type { EventData, EventName, MethodResult } from '../../engine/protocol/contract.ts';
import type { MetricEvent, RunSummary } from '../../engine/protocol/runs.ts';
import { pieceOf } from '../../engine/runs/piece-of.test-support.ts';
import { engine } from '../bridge/engine.ts';
import { type FakeEngine, fakeEngine, settle } from '../bridge/fixtures/fake-engine.ts';
import { showMachine } from '../bridge/machine.ts';

/** What the engine says unasked: the store listens from the moment that it is loaded. */
const heard = new Map<string, (data: never) => void>();
vi.spyOn(engine, 'on').mockImplementation((event, listener) => {
  heard.set(event, listener as (data: never) => void);
  return () => undefined;
});
const {
  cancelStart,
  deleteRun,
  dismissFailure,
  loadRun,
  pause,
  refreshRuns,
  resume,
  showRun,
  startDocument,
  stop,
  trainSlower,
  useTrainingStore,
} = await import('./store.ts');
const say = <E extends EventName>(event: E, data: EventData<E>): void => heard.get(event)?.(data as never);

const document = emptyDocument('words');
const run = (id: string, status: RunSummary['status'] = 'done', more: Partial<RunSummary> = {}): RunSummary => ({
  id,
  name: id,
  documentName: 'words',
  status,
  created: 0,
  seconds: 1,
  epoch: 1,
  epochs: 2,
  step: 1,
  totalSteps: 10,
  backend: 'wasm',
  device: 'WASM',
  headline: { metric: 'accuracy', higherIsBetter: true, baseline: 0.5, baselineName: 'most frequent' },
  best: null,
  validation: null,
  parameters: 1,
  message: null,
  ...more,
});
const loss = (step: number, value: number): MetricEvent => ({
  step,
  epoch: 0,
  seconds: 0,
  split: 'train',
  values: { loss: value },
});
const details = (summary: RunSummary): MethodResult<'runs.get'> =>
  ({ summary, document, evaluation: null }) as unknown as MethodResult<'runs.get'>;
const progress = (summary: RunSummary): EventData<'run.progress'> => ({
  summary,
  tokensPerSecond: 1,
  secondsLeft: 2,
  memoryBytes: 3,
});

const state = useTrainingStore.getState;
const initial = state();
const values = (id: string) => state().curves[id]?.get('loss', 'train')?.value;
let fake: FakeEngine;
beforeEach(() => {
  fake = fakeEngine();
  useTrainingStore.setState(initial, true);
});
afterEach(async () => {
  for (const call of fake.asked) call.refuse('over');
  await settle();
  vi.restoreAllMocks();
});
/** Answers what is read of a run. */
async function history(summary: RunSummary, events: MetricEvent[], lost = 0): Promise<void> {
  await fake.next('runs.get').answer(details(summary));
  await fake.next('runs.metrics').answer(pieceOf(events, { lost }));
}

describe('reading a run', () => {
  it('joins its history with what it logs meanwhile, and goes on from there', async () => {
    const done = loadRun('a');
    say('run.metrics', { run: 'a', events: [loss(3, 0.3)] });
    say('run.metrics', { run: 'b', events: [loss(1, 9)] });
    await history(run('a', 'running'), [loss(1, 1), loss(2, 0.5)], 4);
    await done;
    expect(values('a')).toEqual([1, 0.5, 0.3]);
    expect(values('b')).toEqual([9]);
    expect(state()).toMatchObject({ lostLines: { a: 4 }, documents: { a: document }, ticks: { a: 1, b: 1 } });
    say('run.metrics', { run: 'a', events: [loss(4, 0.2)] });
    expect(values('a')).toEqual([1, 0.5, 0.3, 0.2]);
    expect(state().ticks['a']).toBe(2);
  });

  it('is done once for all that wait for it', async () => {
    const both = Promise.all([loadRun('a'), loadRun('a')]);
    let waited = false;
    void both.then(() => {
      waited = true;
    });
    await settle();
    expect(waited).toBe(false);
    await history(run('a'), []);
    await both;
    expect(fake.count('runs.get')).toBe(1);
    expect(state().documents['a']).toBe(document);
    void loadRun('a');
    expect(fake.count('runs.get')).toBe(2);
  });

  it('keeps what an event has told meanwhile', async () => {
    useTrainingStore.setState({ runs: [run('a', 'running')] });
    void showRun('a');
    say('run.progress', progress(run('a', 'done')));
    await history(run('a', 'running'), []);
    expect(state().runs.map(({ status }) => status)).toEqual(['done']);
    expect(state().pace['a']).toEqual({ tokensPerSecond: 1, secondsLeft: 2, memoryBytes: 3 });
  });

  it('that fails says why; it can be read again', async () => {
    const done = loadRun('a');
    await fake.next('runs.get').refuse('engine-crashed');
    await done;
    expect(state().failure?.code).toBe('engine-crashed');
    dismissFailure();
    expect(state().failure).toBeNull();
    void loadRun('a');
    expect(fake.count('runs.get')).toBe(2);
  });
});

describe('a long run', () => {
  const place = (byte: number) => ({ file: 'one', byte });
  const begin = async () => {
    const done = loadRun('a');
    await fake.next('runs.get').answer(details(run('a')));
    return { done, next: () => fake.next('runs.metrics') };
  };

  it('is read in pieces: the next is asked for before one is taken in, and how far it is is told', async () => {
    const { done, next } = await begin();
    expect(state().reading).toEqual({ a: 0 });
    const first = next();
    expect(first.params).toEqual({ run: 'a' });
    await first.answer(pieceOf([loss(1, 1), loss(2, 0.5)], { next: place(30), bytes: 120, lost: 1 }));
    expect(state().reading).toEqual({ a: 0.25 });
    expect(values('a'), 'nothing of it is shown yet').toBeUndefined();
    const second = next();
    expect(second.params).toEqual({ run: 'a', after: place(30) });
    say('run.metrics', { run: 'a', events: [loss(4, 0.2)] });
    await second.answer(pieceOf([loss(3, 0.3)], { from: 30, bytes: 120, lost: 2 }));
    await done;
    expect(values('a')).toEqual([1, 0.5, 0.3, 0.2]);
    expect(state()).toMatchObject({ lostLines: { a: 3 }, reading: {} });
    expect(fake.count('runs.metrics')).toBe(2);
  });

  it('whose file was replaced meanwhile is read from its beginning', async () => {
    const { done, next } = await begin();
    await next().answer(pieceOf([loss(1, 1), loss(2, 0.5)], { next: place(30), bytes: 120, lost: 4 }));
    await next().answer(pieceOf([loss(1, 1)], { next: { file: 'two', byte: 20 }, bytes: 40 }));
    await next().answer(pieceOf([loss(2, 0.6)], { from: 20, bytes: 40 }));
    await done;
    expect(values('a')).toEqual([1, 0.6]);
    expect(state().lostLines).toEqual({ a: 0 });
  });

  it('of a machine that was left is read no further', async () => {
    const { done, next } = await begin();
    const first = next();
    showMachine({ kind: 'here', joined: 1 });
    await first.answer(pieceOf([loss(1, 1)], { next: place(30), bytes: 120 }));
    await done;
    expect(fake.count('runs.metrics')).toBe(1);
    expect(state()).toMatchObject({ curves: {}, reading: {} });
    showMachine({ kind: 'here', joined: 0 });
  });
});

describe('the list of runs', () => {
  const listed = async (...runs: RunSummary[]): Promise<void> => {
    void refreshRuns();
    await fake.next('runs.list').answer({ runs, damaged: [] });
  };

  it('is newest first, and shows the one that trains, that was shown, or that was cut off', async () => {
    await listed(run('old', 'done', { created: 1 }), run('new', 'done', { created: 2 }));
    expect(state()).toMatchObject({ loaded: true, active: null });
    expect(state().runs.map(({ id }) => id)).toEqual(['new', 'old']);
    useTrainingStore.setState({ active: 'old' });
    await listed(run('old'), run('new', 'interrupted', { created: 2 }));
    expect(state().active).toBe('old');
    useTrainingStore.setState({ active: 'gone' });
    await listed(run('old', 'interrupted'), run('new', 'done', { created: 2 }));
    expect(state().active).toBeNull();
    await listed(run('old'), run('new', 'interrupted', { created: 2 }));
    expect(state().active).toBe('new');
    await listed(run('old', 'paused'), run('new', 'interrupted', { created: 2 }));
    expect(state().active).toBe('old');
  });

  it('says why it cannot be read', async () => {
    void refreshRuns();
    await fake.next('runs.list').refuse('no-permission');
    expect(state()).toMatchObject({ loaded: true, failure: { code: 'no-permission' } });
  });

  it('does not bring back a run that is deleted meanwhile', async () => {
    useTrainingStore.setState({ runs: [run('a'), run('b')], active: 'a' });
    void refreshRuns();
    const deleted = deleteRun('a');
    await fake.next('runs.delete').answer({ kept: ['notes.txt'] });
    expect(await deleted).toEqual(['notes.txt']);
    await fake.next('runs.list').answer({ runs: [run('a'), run('b')], damaged: [] });
    expect(state().runs.map(({ id }) => id)).toEqual(['b']);
    expect(state().active).toBeNull();
  });
});

describe('training', () => {
  it('is started once, shows its progress, and then its run', async () => {
    const first = startDocument(document);
    expect(state().pending).toBe('start');
    expect(await startDocument(document)).toBeNull();
    const preparing = { step: 'reading', fraction: 0.5, rows: 3 };
    say('data.progress', preparing);
    expect(state().preparing).toEqual(preparing);
    const call = fake.next('training.start');
    expect(call.params).toEqual({ document });
    await call.answer(run('a', 'running'));
    expect((await first)?.id).toBe('a');
    expect(state()).toMatchObject({ pending: null, preparing: null, active: 'a', documents: { a: document } });
    say('data.progress', preparing);
    expect(state().preparing).toBeNull();
    expect(fake.count('training.start')).toBe(1);
  });

  it('that is cancelled says nothing; that is refused says why', async () => {
    const started = startDocument(document, 'b');
    const call = fake.next('training.start');
    expect(call.params).toEqual({ document, from: 'b' });
    const cancelled = cancelStart();
    await fake.next('training.cancel').answer({});
    await cancelled;
    await call.refuse('cancelled');
    expect(await started).toBeNull();
    expect(state()).toMatchObject({ pending: null, failure: null, active: null });
    void startDocument(document);
    await fake.next('training.start').refuse('out-of-memory');
    expect(state().failure?.code).toBe('out-of-memory');
    void startDocument(document);
    expect(state().failure).toBeNull();
  });

  it('pauses, stops and goes on where there is a run for it', async () => {
    await pause();
    await stop();
    await resume();
    expect(fake.asked).toEqual([]);
    useTrainingStore.setState({ runs: [run('a', 'running'), run('b')], active: 'b' });
    void pause();
    expect(state().pending).toBe('pause');
    const call = fake.next('training.pause');
    expect(call.params).toEqual({ run: 'a' });
    await call.answer(run('a', 'paused'));
    expect(state().runs.find(({ id }) => id === 'a')?.status).toBe('paused');
    void resume();
    const again = fake.next('training.resume');
    expect(again.params).toEqual({ run: 'a' });
    await again.answer(run('a', 'running'));
    expect(state().active).toBe('a');
    void stop();
    const last = fake.next('training.stop');
    expect(last.params).toEqual({ run: 'a' });
    await last.answer(run('a', 'stopped'));
    useTrainingStore.setState({ active: 'b' });
    void resume();
    expect(fake.next('training.resume').params).toEqual({ run: 'b' });
  });

  it('goes on slower from the best weights, at a tenth of the rate', async () => {
    const best = run('a', 'failed', { best: { step: 1, value: 2 } });
    void trainSlower(best);
    await history(best, []);
    await settle();
    const call = fake.next('training.start');
    expect(call.params).toMatchObject({
      from: 'a',
      document: { training: { learningRate: document.training.learningRate / 10 } },
    });
    await call.refuse('x');
    void trainSlower(run('a', 'failed'));
    await settle();
    expect(fake.next('training.start').params).not.toHaveProperty('from');
  });

  it('keeps the last evaluation of a run, but not one that was asked for of the test split', () => {
    const evaluation = (split: string) => ({ split }) as never;
    say('run.evaluation', { run: 'a', evaluation: evaluation('validation') });
    say('run.evaluation', { run: 'a', evaluation: evaluation('test') });
    expect(state().evaluations['a']).toEqual({ split: 'validation' });
  });
});
