import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newTestRecord } from '../manage/new-test-record.test-support.ts';
import { loadTrainedRun } from '../predict/trained-run.ts';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import type { MetricEvent } from '../protocol/runs.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { type Checkpoint, weightsOf } from './checkpoint.ts';
import { restoreRun } from './restore-run.ts';
import { RunFolder } from './run-folder.ts';
import type { RunRecord } from './run-record.ts';
import { RunStore } from './run-store.ts';
import { savedState } from './saved-state.ts';

let root = '';
let store = new RunStore('');
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-runs-'));
  store = new RunStore(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const task = syntheticTask('sequence-classification');
async function make(name = 'A run'): Promise<{ folder: RunFolder; record: RunRecord }> {
  const record = newTestRecord(task, name);
  const folder = store.folder(record.summary.id);
  await folder.create(record, task.data.encoding);
  return { folder, record };
}

const line = (step: number): MetricEvent => ({
  step,
  epoch: step / 10,
  seconds: step,
  split: 'train',
  values: { loss: 1 / step },
});

const checkpoint = (step: number): Checkpoint => ({
  state: {
    step,
    epoch: 0,
    batch: step,
    seconds: 0.1 + step / 3,
    dropout: [1, 2, 3, 4294967295],
    schedule: { scale: 1, best: null, stale: 0 },
    patience: { best: null, stale: 0 },
    best: null,
    validation: { loss: 0.1 + 0.2 },
    validatedStep: -1,
    window: { lossSum: 0.1 + 0.2, steps: 1, correct: 3, targets: 4 },
  },
  tensors: new Map([
    ['dense.weight', { dtype: 'F32' as const, shape: [2, 2], data: Float32Array.of(0.1, -0, 3e-39, step) }],
    ['optimizer.exp_avg.dense.weight', { dtype: 'F32' as const, shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
  ]),
});

describe('checkpoints', () => {
  it('come back bit for bit; the last two are kept', async () => {
    const { folder } = await make();
    for (const step of [1, 2, 3]) await folder.saveCheckpoint(checkpoint(step));
    expect(await folder.checkpoint()).toEqual(checkpoint(3));
    expect(await readdir(join(folder.path, 'checkpoints'))).toEqual(['step-000000002.safetensors', 'step-000000003.safetensors']);
  });

  it.each(['truncated', 'empty', 'flipped bit', 'not even safetensors'])('%s: falls back to the one before', async (damage) => {
    const { folder } = await make();
    await folder.saveCheckpoint(checkpoint(1));
    await folder.saveCheckpoint(checkpoint(2));
    const path = join(folder.path, 'checkpoints', 'step-000000002.safetensors');
    const bytes = await readFile(path);
    if (damage === 'truncated') await truncate(path, bytes.length - 5);
    else if (damage === 'empty') await truncate(path, 0);
    else if (damage === 'flipped bit') {
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
      await writeFile(path, bytes);
    } else await writeFile(path, 'hello');
    expect((await folder.checkpoint())?.state.step).toBe(1);
  });

  it('are absent rather than wrong when all are damaged', async () => {
    const { folder } = await make();
    await folder.saveCheckpoint(checkpoint(1));
    await truncate(join(folder.path, 'checkpoints', 'step-000000001.safetensors'), 20);
    expect(await folder.checkpoint()).toBeNull();
  });

  it('leave no temporary file behind', async () => {
    const { folder } = await make();
    await folder.saveCheckpoint(checkpoint(1));
    await folder.saveBest(checkpoint(1).tensors, 1);
    const names = await readdir(folder.path, { recursive: true });
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect((await folder.best())?.step).toBe(1);
  });
});

describe('metrics', () => {
  it('read up to a torn last line, and rewinding drops what the checkpoint does not know', async () => {
    const { folder } = await make();
    await folder.appendMetrics([line(1), line(2)]);
    await folder.saveCheckpoint(checkpoint(2));
    await folder.appendMetrics([line(3)]);
    await appendFile(join(folder.path, 'metrics.jsonl'), JSON.stringify(line(4)).slice(0, 30));
    const logged = { events: [line(1), line(2), line(3)], lost: 0 };
    expect(await folder.metrics()).toEqual(logged);
    expect(await folder.rewind(2)).toBe(0);
    await folder.appendMetrics([line(3)]);
    expect(await folder.metrics()).toEqual(logged);
  });

  it('keep what is whole around damaged lines, and say how many are lost', async () => {
    const { folder } = await make();
    await folder.appendMetrics([line(1)]);
    const torn = JSON.stringify(line(2)).slice(0, 30);
    await appendFile(join(folder.path, 'metrics.jsonl'), `${torn}${JSON.stringify(line(3))}\n\0\0\0\n{"step":"x"}\n`);
    await folder.appendMetrics([line(4), line(5)]);
    expect(await folder.metrics()).toEqual({ events: [line(1), line(4), line(5)], lost: 3 });
    expect(await folder.rewind(4)).toBe(3);
    expect(await folder.metrics()).toEqual({ events: [line(1), line(4)], lost: 0 });
  });
});

describe('figures that are no finite numbers', () => {
  const values = { loss: Number.NaN, perplexity: Number.POSITIVE_INFINITY, accuracy: 0.5 };

  it('are kept in the run, its metrics, its evaluation and its checkpoints', async () => {
    const { folder, record } = await make();
    const summary = { ...record.summary, validation: values, best: { step: 1, value: Number.NEGATIVE_INFINITY } };
    await folder.write({ ...record, summary: { ...summary, status: 'failed' } });
    expect((await folder.read()).summary).toEqual({ ...summary, status: 'failed' });
    const events = [{ ...line(1), values, gradientNorm: Number.POSITIVE_INFINITY }, line(2)];
    await folder.appendMetrics(events);
    expect((await folder.metrics()).events).toEqual(events);
    const saved = checkpoint(1);
    await folder.saveCheckpoint({ ...saved, state: { ...saved.state, validation: values } });
    expect((await folder.checkpoint())?.state.validation).toEqual(values);
  });

  it('that an older version wrote as null are read as not a number', async () => {
    const { folder, record } = await make();
    const old = {
      ...record,
      summary: { ...record.summary, validation: { loss: null, accuracy: 0.5 }, best: { step: 1, value: null } },
    };
    await writeFile(join(folder.path, 'run.json'), JSON.stringify(old));
    const { validation, best } = (await folder.read()).summary;
    expect(validation).toEqual({ loss: Number.NaN, accuracy: 0.5 });
    expect(best).toEqual({ step: 1, value: Number.NaN });
    await writeFile(
      join(folder.path, 'metrics.jsonl'),
      `${JSON.stringify({ ...line(1), gradientNorm: null })}\n${JSON.stringify(line(2))}\n`,
    );
    expect((await folder.metrics()).events).toEqual([{ ...line(1), gradientNorm: Number.NaN }, line(2)]);
  });
});

describe('who trains it', () => {
  it('one process at a time', async () => {
    const { folder } = await make();
    const release = await folder.lock();
    expect((await failureOf(folder.lock())).code).toBe('run-busy');
    expect((await store.folder(folder.path).read()).summary.status).toBe('running');
    expect((await failureOf(store.delete(folder.path))).code).toBe('run-busy');
    await release();
    await (await folder.lock())();
  });

  it.each([
    ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, started: null })],
    ['another process with the same number', JSON.stringify({ pid: process.pid, started: '1' })],
    ['a lock torn by a crash', ''],
  ])('%s: shown as interrupted, and free to resume', async (title, content) => {
    if (title.startsWith('another') && process.platform !== 'linux') return;
    const { folder } = await make();
    await writeFile(join(folder.path, 'lock'), content);
    const { status, message } = (await folder.read()).summary;
    expect(status).toBe('interrupted');
    expect(message).toContain('from the beginning');
    await (await folder.lock())();
  });
});

describe('the list', () => {
  it('is newest first, leaves out what is no run, and forgets a deleted one', async () => {
    expect(await new RunStore(join(root, 'nothing')).list()).toEqual([]);
    const one = await make('one');
    await one.folder.write({ ...one.record, summary: { ...one.record.summary, created: 1, status: 'done' } });
    const two = await make('two');
    await mkdir(join(root, 'not-a-run'));
    await mkdir(join(root, 'damaged'));
    await writeFile(join(root, 'damaged', 'run.json'), '{"format":');
    expect((await store.list()).map(({ name }) => name)).toEqual(['two', 'one']);
    await store.delete(two.record.summary.id);
    expect((await store.list()).map(({ name }) => name)).toEqual(['one']);
    expect(await readdir(root)).not.toContain(two.record.summary.id);
  });

  it('deletes nothing that is not a run', async () => {
    const folder = join(root, 'precious');
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.txt'), 'all my work');
    expect((await failureOf(store.delete(folder))).code).toBe('run-not-found');
    expect(await readdir(folder)).toEqual(['thesis.txt']);
    expect((await failureOf((async () => store.delete('../precious'))())).code).toBe('run-not-found');
  });

  it('says which file of a run is damaged', async () => {
    const { folder } = await make();
    await writeFile(join(folder.path, 'run.json'), '{"format":"unroll-run","version":1}');
    const failure = await failureOf(folder.read());
    expect(failure.code).toBe('run-damaged');
    expect(failure.message).toContain('run.json');
  });

  it('does not write over another run', async () => {
    const { folder, record } = await make();
    expect((await failureOf(folder.create(record, task.data.encoding))).code).toBe('run-exists');
  });
});

describe('a damaged run', () => {
  it('is listed with what is wrong and what is left of it; restored where enough is, deleted where wanted', async () => {
    const { folder, record } = await make('kept');
    await folder.saveCheckpoint(checkpoint(7));
    const { id } = record.summary;
    const damaged = { ...record, summary: { ...record.summary, validation: 'gone', best: { step: 'x' } } };
    await writeFile(join(folder.path, 'run.json'), JSON.stringify(damaged));
    await mkdir(join(root, 'torn'));
    await writeFile(join(root, 'torn', 'run.json'), '{"format":');
    await mkdir(join(root, 'begun'));
    await writeFile(join(root, 'begun', 'encoding.json'), '{}');
    await mkdir(join(root, 'other'));
    await writeFile(join(root, 'other', 'thesis.txt'), 'all my work');
    const found = (await store.damaged()).sort((a, b) => a.id.localeCompare(b.id));
    expect(found.map((run) => run.id)).toEqual([id, 'begun', 'torn'].sort());
    const [kept, torn] = [id, 'torn'].map((name) => found.find((run) => run.id === name));
    expect(kept).toMatchObject({ restorable: true, document: { name: task.document.name } });
    expect(kept?.problem).toContain('run.json is damaged: summary.best.step: ');
    expect(torn).toMatchObject({ restorable: false, document: null });
    expect(torn?.problem).toContain('run.json is damaged: it is not whole JSON.');
    expect((await failureOf(restoreRun(store.folder('torn')))).code).toBe('run-damaged');

    const { summary, done } = await restoreRun(folder);
    expect(done).toHaveLength(1);
    expect(summary).toMatchObject({ id, name: 'kept', status: 'interrupted', step: record.summary.step, best: null });
    expect(summary.validation).toEqual(checkpoint(7).state.validation);
    expect(summary.notes).toEqual(done);
    expect((await store.list()).map((run) => run.name)).toEqual(['kept']);
    expect((await restoreRun(folder)).done).toEqual([]);

    await store.delete('torn');
    await store.delete('begun');
    expect((await failureOf(store.delete('other'))).code).toBe('run-not-found');
    expect(await store.damaged()).toEqual([]);
    expect((await readdir(root)).sort()).toEqual([id, 'other'].sort());
  });

  it('of a newer version says so', async () => {
    const { folder, record } = await make();
    await writeFile(join(folder.path, 'run.json'), JSON.stringify({ ...record, version: 2 }));
    expect((await failureOf(folder.read())).code).toBe('run-newer');
  });

  it('whose best weights are damaged says so, and takes those of the checkpoint when it is restored', async () => {
    const { folder } = await make();
    await folder.saveBest(checkpoint(3).tensors, 3);
    await folder.saveCheckpoint(checkpoint(5));
    await truncate(join(folder.path, 'best', 'model.safetensors'), 40);
    const failure = await failureOf(loadTrainedRun(folder));
    expect(failure).toMatchObject({ code: 'best-damaged', hint: expect.stringContaining('unroll restore') });
    const { done } = await restoreRun(folder);
    expect(done[0]).toContain('of step 5');
    expect((await folder.best())?.step).toBe(5);
  });

  it('goes on without its damaged best weights, and says so; takes them from a checkpoint of the same step', async () => {
    const { folder } = await make();
    const best = { step: 3, value: 0.9, loss: 1 };
    const at = (step: number): Checkpoint => ({ ...checkpoint(step), state: { ...checkpoint(step).state, best } });
    await folder.saveBest(checkpoint(3).tensors, 3);
    await folder.saveCheckpoint(at(3));
    const file = join(folder.path, 'best', 'model.safetensors');
    await truncate(file, 40);
    const same = await savedState(folder);
    expect(same.best).toEqual(weightsOf(at(3)));
    expect(same.notes[0]).toContain('again those of step 3');
    await folder.saveCheckpoint(at(5));
    await truncate(file, 40);
    const anew = await savedState(folder);
    expect(anew).toMatchObject({ best: null, checkpoint: { state: { step: 5, best: null } } });
    expect(anew.notes[0]).toContain('chosen anew');
    await folder.saveBest(checkpoint(3).tensors, 3);
    expect(await savedState(folder)).toEqual({ checkpoint: at(5), best: checkpoint(3).tensors, notes: [] });
  });

  it('does not begin again from the start when all its checkpoints are damaged', async () => {
    const { folder } = await make();
    expect(await savedState(folder)).toEqual({ checkpoint: null, best: null, notes: [] });
    await folder.appendMetrics([line(1), line(2)]);
    await folder.saveCheckpoint(checkpoint(1));
    await folder.saveCheckpoint(checkpoint(2));
    const path = (step: number): string => join(folder.path, 'checkpoints', `step-00000000${step}.safetensors`);
    await truncate(path(2), 20);
    const older = await savedState(folder);
    expect(older.checkpoint?.state.step).toBe(1);
    expect(older.notes[0]).toContain('step-000000002.safetensors is damaged: training goes on from step 1');
    await truncate(path(1), 20);
    const failure = await failureOf(savedState(folder));
    expect(failure.code).toBe('checkpoints-damaged');
    expect(failure.hint).toContain('start again');
    await folder.saveBest(checkpoint(1).tensors, 1);
    expect((await failureOf(savedState(folder))).hint).toContain('a new run can train on from them');
    expect((await folder.metrics()).events).toEqual([line(1)]);
  });
});

describe('a disk that refuses', () => {
  it('full: says so (writing to /dev/full)', async () => {
    if (process.platform !== 'linux') return;
    const { folder } = await make();
    await rm(join(folder.path, 'metrics.jsonl'), { force: true });
    await symlink('/dev/full', join(folder.path, 'metrics.jsonl'));
    const failure = await failureOf(folder.appendMetrics([line(1)]));
    expect(failure.code).toBe('disk-full');
    expect(failure.message).toContain(folder.path);
    expect(failure.hint).toContain('Free some space');
  });
});

it('reads a run again only when its file is another: a new run is named without reading all of them', async () => {
  const [first, second] = [await make('first'), await make('second')];
  for (const { folder, record } of [first, second])
    await folder.write({ ...record, summary: { ...record.summary, status: 'done' } });
  const read = vi.spyOn(RunFolder.prototype, 'read');
  const names = async (): Promise<string[]> => (await store.list()).map(({ name }) => name).sort();
  expect(await names()).toEqual(['first', 'second']);
  expect(read).toHaveBeenCalledTimes(2);
  await store.documents({ of: first.record.summary.documentName });
  expect(read).toHaveBeenCalledTimes(2);
  await second.folder.write({ ...second.record, summary: { ...second.record.summary, status: 'done', name: 'other' } });
  expect(await names()).toEqual(['first', 'other']);
  expect(read).toHaveBeenCalledTimes(3);
  // Whether one that trains still does is looked up each time.
  await second.folder.write(second.record);
  await names();
  await names();
  expect(read).toHaveBeenCalledTimes(5);
  read.mockRestore();
});
