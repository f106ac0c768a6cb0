import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { initializeParameters } from '../compile/initialize.ts';
import type { Evaluation, MetricEvent } from '../protocol/runs.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { Ledger } from '../training/ledger.ts';
import { type SessionFacts, sessionFacts } from '../training/session-facts.ts';
import type { SessionProgress } from '../training/sink.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { FolderSink, type RunEvents } from './folder-sink.ts';
import { newTestRecord } from './new-test-record.test-support.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-sink-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const evaluationOf = (split: Evaluation['split'], accuracy: number): Evaluation => ({
  split,
  step: 3,
  values: { accuracy },
  baseline: {},
  baselineName: 'none',
  classes: [],
  confusion: null,
  series: null,
  examples: [],
});

const progress: SessionProgress = {
  epoch: 1.5,
  step: 12,
  totalSteps: 40,
  seconds: 3,
  best: { step: 8, value: 0.5 },
  validation: { accuracy: 0.25 },
  tokensPerSecond: 20,
  secondsLeft: 7,
  memoryBytes: 0,
};

async function open(judgedOn: SessionFacts['validationSplit'] = 'validation', name = judgedOn as string) {
  const task = syntheticTask('sequence-classification');
  const facts = { ...sessionFacts(task.data, task.document.training), validationSplit: judgedOn };
  const record = newTestRecord(task, 'run', facts);
  const folder = new RunFolder(join(root, name));
  await folder.create(record, task.data.encoding);
  const sent: Parameters<RunEvents['emit']>[] = [];
  const sink = new FolderSink(folder, record, { emit: (...told) => void sent.push(told) });
  return { folder, sink, sent };
}

describe('what a session finds, in its folder', () => {
  it('keeps the test split’s figures apart from those of validation', async () => {
    const { folder, sink, sent } = await open();
    await sink.evaluation(evaluationOf('validation', 0.75));
    expect(sink.summary.test).toBeUndefined();
    await sink.evaluation(evaluationOf('test', 0.5));
    expect((await folder.evaluation())?.split).toBe('validation');
    expect((await folder.evaluation())?.values).toEqual({ accuracy: 0.75 });
    expect(sink.summary).toMatchObject({ test: { accuracy: 0.5 }, validation: null });
    await sink.end('done', null);
    expect((await folder.read()).summary.test).toEqual({ accuracy: 0.5 });
    expect(sent.filter(([event]) => event === 'run.evaluation')).toHaveLength(2);
  });

  it('keeps what a session notes, once, on the disk and in the windows', async () => {
    const { folder, sink, sent } = await open('validation', 'noted');
    for (const text of ['too large', 'too large', 'and more']) await sink.note(text);
    expect((await folder.read()).summary.notes).toEqual(['too large', 'and more']);
    expect(sent.filter(([event]) => event === 'run.progress')).toHaveLength(2);
  });

  it('shows figures of a run without a validation split as those of training', async () => {
    const { sink } = await open('train');
    sink.progress({ ...progress, validation: null });
    expect(sink.summary.validation).toBeNull();
    expect(sink.summary).not.toHaveProperty('training');
    sink.progress(progress);
    expect(sink.summary).toMatchObject({ validation: null, training: { accuracy: 0.25 } });
    const other = (await open()).sink;
    other.progress(progress);
    expect(other.summary.validation).toEqual({ accuracy: 0.25 });
    expect(other.summary).not.toHaveProperty('training');
  });

  it('tells how far it is, with the lines since the last time, in order', async () => {
    const { sink, sent, folder } = await open();
    const line = (step: number): MetricEvent => ({ step, epoch: step, seconds: 1, split: 'train', values: { loss: step } });
    const now = vi.spyOn(performance, 'now').mockReturnValue(10_000);
    await sink.metrics(line(1));
    await sink.metrics(line(2));
    now.mockReturnValue(10_100);
    await sink.metrics(line(3));
    // The first goes at once; after that they wait a tenth of a second, or for the next report.
    expect(sent.map(([event, data]) => [event, 'events' in data ? data.events.map(({ step }) => step) : null])).toEqual([
      ['run.metrics', [1]],
    ]);
    sink.progress(progress);
    now.mockReturnValue(10_201);
    await sink.metrics(line(4));
    now.mockRestore();
    sink.announce();
    expect(sent.slice(1).map(([event, data]) => [event, 'events' in data ? data.events.map(({ step }) => step) : null])).toEqual([
      ['run.metrics', [2, 3]],
      ['run.progress', null],
      ['run.metrics', [4]],
      ['run.progress', null],
    ]);
    expect((await folder.metrics()).events.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(sent[2]?.[1]).toMatchObject({
      summary: { epoch: 1.5, step: 12, totalSteps: 40, seconds: 3, best: { step: 8, value: 0.5 } },
      tokensPerSecond: 20,
      secondsLeft: 7,
    });
    expect(sent[4]?.[1]).toMatchObject({ tokensPerSecond: 20, secondsLeft: null });
  });

  it('keeps for a film the weights of checkpoints that follow a validation, and of no others', async () => {
    const { sink, folder, sent } = await open();
    const { document, data, plan } = syntheticTask('sequence-classification');
    const start = new Ledger(document.training, sessionFacts(data, document.training), null).state;
    const weights = initializeParameters(plan, 1);
    const slots = new Map([...weights].map(([name, tensor]) => [`optimizer.m.${name}`, tensor] as const));
    const save = (step: number, validatedStep: number) =>
      sink.checkpoint({ state: { ...start, step, validatedStep }, tensors: new Map([...weights, ...slots]) });
    await save(5, 5);
    expect(await folder.filmed()).toEqual([]);
    await sink.film.begin({ kind: 'text', text: 'c a b' });
    await save(10, 10);
    await save(12, 10);
    await save(15, 15);
    expect(await folder.filmed()).toEqual([5, 10, 15]);
    const best = vi.spyOn(RunFolder.prototype, 'best');
    expect([...(await folder.weightsAt(10)).keys()]).toEqual([...weights.keys()]);
    // One of a checkpoint, which no film has: the best weights are of another step, and are not read.
    expect([...(await folder.weightsAt(12)).keys()]).toEqual([...weights.keys()]);
    expect(best).not.toHaveBeenCalled();
    best.mockRestore();
    expect(sent.filter(([event]) => event === 'film.moment').map(([, data]) => data)).toEqual([
      { run: sink.summary.id, step: 10 },
      { run: sink.summary.id, step: 15 },
    ]);
  });

  it('saves with a checkpoint where it is, and at the end how it ended', async () => {
    const { sink, folder } = await open();
    const { document, data, plan } = syntheticTask('sequence-classification');
    const state = {
      ...new Ledger(document.training, sessionFacts(data, document.training), null).state,
      step: 5,
      seconds: 2,
      best: { step: 4, value: 0.5, loss: 1 },
      validation: { accuracy: 0.5 },
    };
    const weights = initializeParameters(plan, 1);
    await sink.checkpoint({ state, tensors: weights });
    const saved = await folder.read();
    expect(saved.summary).toMatchObject({ step: 5, seconds: 2, best: { step: 4, value: 0.5 }, validation: { accuracy: 0.5 } });
    expect((await folder.checkpoint())?.state.step).toBe(5);
    await sink.best(weights, null, 4);
    expect((await folder.best())?.step).toBe(4);
    await sink.checkpoint({ state: { ...state, best: null }, tensors: weights });
    expect((await folder.read()).summary.best).toBeNull();
    await sink.describe({ name: 'other' });
    await sink.end('failed', 'no memory', 'out-of-memory');
    expect((await folder.read()).summary).toMatchObject({
      name: 'other',
      status: 'failed',
      message: 'no memory',
      failure: 'out-of-memory',
    });
    const { sink: done } = await open('validation', 'second');
    await done.end('done', null);
    expect(done.summary).toMatchObject({ status: 'done', message: null });
    expect(done.summary).not.toHaveProperty('failure');
  });
});
