import { appendFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newTestRecord } from '../manage/new-test-record.test-support.ts';
import { UserError } from '../protocol/envelope.ts';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import type { MetricEvent, RunSummary } from '../protocol/runs.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import type { Checkpoint } from './checkpoint.ts';
import { restoreRun } from './restore-run.ts';
import type { RunFolder } from './run-folder.ts';
import { newRunId, RunStore } from './run-store.ts';
import { savedState } from './saved-state.ts';

let root = '';
let store = new RunStore('');
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-kept-'));
  store = new RunStore(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const task = syntheticTask('sequence-classification');
async function make(id: string, summary: Partial<RunSummary> = {}): Promise<RunFolder> {
  const record = newTestRecord(task, id);
  const folder = store.folder(id);
  await folder.create({ ...record, summary: { ...record.summary, id, ...summary } }, task.data.encoding);
  return folder;
}
const line = (step: number): MetricEvent => ({ step, epoch: 0, seconds: step, split: 'train', values: { loss: 1 } });
const checkpoint = (step: number): Checkpoint => ({
  state: {
    step,
    epoch: 3,
    batch: step,
    seconds: 12.5,
    dropout: [1, 2, 3, 4],
    schedule: { scale: 1, best: null, stale: 0 },
    patience: { best: null, stale: 0 },
    best: { step: 4, value: 0.75, loss: 1 },
    validation: { loss: 0.5 },
    validatedStep: -1,
    window: { lossSum: 0, steps: 1, correct: 0, targets: 0 },
  },
  tensors: new Map([['dense.weight', { dtype: 'F32' as const, shape: [1], data: Float32Array.of(step) }]]),
});

describe('a new run’s id', () => {
  const at = new Date('2026-02-03T04:05:06.789Z');
  it.each([
    ['Name tagger', 'name-tagger'],
    ['  Grüße & Co. ', 'gr-e-co'],
    ['日本', 'run'],
    ['', 'run'],
    ['x'.repeat(60), 'x'.repeat(40)],
  ])('of %j begins with %j and the time', (name, slug) => {
    expect(newRunId(name, at)).toMatch(new RegExp(`^${slug}-20260203-040506-[0-9a-z]{4}$`));
  });

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 50 }, () => newRunId('a', at))).size).toBeGreaterThan(45);
  });
});

describe('what was trained', () => {
  it('is found by its document or by ids, newest first, without what cannot be read', async () => {
    await make('old', { created: 1, documentName: 'words' });
    await make('new', { created: 2, documentName: 'words' });
    await make('other', { created: 3, documentName: 'else' });
    await mkdir(join(root, 'damaged'));
    await writeFile(join(root, 'damaged', 'run.json'), '{');
    const ids = async (which: Parameters<RunStore['documents']>[0]) => (await store.documents(which)).map(({ id }) => id);
    expect(await ids({ of: 'words' })).toEqual(['new', 'old']);
    expect(await ids({ ids: ['old', 'other', 'damaged', 'gone'] })).toEqual(['other', 'old']);
    expect(await store.documents({ ids: ['old'] })).toEqual([{ id: 'old', name: 'old', document: task.document }]);
  });

  it('is named by an id or a whole path, and by nothing that leads elsewhere', () => {
    expect(store.folder('a-b_C9').path).toBe(join(root, 'a-b_C9'));
    expect(store.folder(join(root, 'x')).path).toBe(join(root, 'x'));
    for (const name of ['', '..', 'a/b', 'a.b', 'x'.repeat(81)])
      expect(() => store.folder(name), name).toThrow('There is no run');
  });
});

describe('a run whose process is gone', () => {
  it('is interrupted, and says where it goes on; one that this process trains is not', async () => {
    const folder = await make('a', { status: 'running', step: 0 });
    expect((await folder.read()).summary).toMatchObject({
      status: 'interrupted',
      message: expect.stringContaining('from the beginning'),
    });
    const further = await make('b', { status: 'running', step: 9 });
    expect((await further.read()).summary.message).toContain('from step 9');
    const done = await make('c', { status: 'done' });
    expect((await done.read()).summary.status).toBe('done');
    await folder.alone(async () => {
      expect((await store.folder('a').read()).summary.status).toBe('running');
      // Who holds it himself is the one that goes on with it.
      expect((await folder.read()).summary.status).toBe('interrupted');
    });
  });
});

describe('what is damaged', () => {
  it('is told by its place; a run without files is none', async () => {
    expect((await failureOf(store.folder('gone').read())).message).toContain('run.json is missing');
    await writeFile(join(root, 'file'), '');
    expect((await failureOf(store.folder('file').read())).code).toBe('run-not-found');
    const folder = await make('a');
    await writeFile(join(folder.path, 'run.json'), '[]');
    expect((await failureOf(folder.read())).message).toMatch(/run\.json is damaged: Invalid input/);
    await rm(join(folder.path, 'encoding.json'));
    expect((await failureOf(folder.encoding())).message).toContain('encoding.json is missing');
    expect(await folder.evaluation()).toBeNull();
  });

  it('is no empty list of metrics: a folder in their place is an error', async () => {
    const folder = await make('a');
    expect(await folder.metrics()).toEqual({ events: [], lost: 0 });
    await mkdir(join(folder.path, 'metrics.jsonl'));
    await expect(folder.metrics()).rejects.toBeInstanceOf(UserError);
  });

  it('is rebuilt from the checkpoint and the document where the figures are gone', async () => {
    const folder = await make('a');
    const record = await folder.read();
    await folder.saveCheckpoint(checkpoint(7));
    await writeFile(join(folder.path, 'run.json'), JSON.stringify({ ...record, summary: 'gone' }));
    const { summary, done } = await restoreRun(folder);
    expect(summary).toMatchObject({
      id: 'a',
      name: task.document.name,
      documentName: task.document.name,
      status: 'interrupted',
      seconds: 12.5,
      epoch: 3,
      epochs: task.document.training.epochs,
      step: 7,
      totalSteps: 7,
      best: { step: 4, value: 0.75 },
      validation: { loss: 0.5 },
      notes: done,
    });
    const empty = await make('b');
    await writeFile(join(empty.path, 'run.json'), JSON.stringify({ ...record, summary: null }));
    expect((await restoreRun(empty)).summary).toMatchObject({ step: 0, seconds: 0, best: null, validation: null });
    const far = new RunStore(join(root, 'elsewhere')).folder(join(root, 'a folder'));
    await far.create(record, task.data.encoding);
    await writeFile(join(far.path, 'run.json'), JSON.stringify({ ...record, summary: {} }));
    expect((await restoreRun(far)).summary.id).toBe('restored');
  });

  it('leaves no run without a document, or where the best weights are all there was', async () => {
    const folder = await make('a');
    const { facts, ...rest } = await folder.read();
    await writeFile(join(folder.path, 'run.json'), JSON.stringify({ ...rest, facts: null }));
    expect((await failureOf(restoreRun(folder))).code).toBe('run-damaged');
    expect(await store.damaged()).toMatchObject([{ id: 'a', restorable: false, document: { name: task.document.name } }]);
    const best = await make('b');
    await best.saveBest(checkpoint(3).tensors, 3);
    await truncate(join(best.path, 'best', 'model.safetensors'), 20);
    expect((await failureOf(restoreRun(best))).code).toBe('best-damaged');
    expect((await failureOf(restoreRun(store.folder('gone')))).code).toBe('run-not-found');
    expect(facts).toBeDefined();
  });

  it('of metrics and checkpoints is told by number when training goes on', async () => {
    const folder = await make('a');
    await folder.appendMetrics([line(1)]);
    await appendFile(join(folder.path, 'metrics.jsonl'), 'x\n');
    expect((await savedState(folder)).notes).toEqual(['1 line of metrics.jsonl could not be read: the curves have a gap.']);
    // Before the first checkpoint nothing that was logged counts.
    expect(await folder.metrics()).toEqual({ events: [], lost: 0 });
    expect((await savedState(folder)).notes).toEqual([]);
    await appendFile(join(folder.path, 'metrics.jsonl'), 'x\ny\n');
    expect((await savedState(folder)).notes[0]).toMatch(/^2 lines of metrics/);
    await folder.saveCheckpoint(checkpoint(1));
    const path = (step: number): string => join(folder.path, 'checkpoints', `step-00000000${step}.safetensors`);
    await truncate(path(1), 20);
    expect((await failureOf(savedState(folder))).message).toMatch(/^The only checkpoint of this run is damaged \(step-000000001/);
    await folder.saveCheckpoint(checkpoint(2));
    await truncate(path(2), 20);
    expect((await failureOf(savedState(folder))).message).toMatch(/^All 2 checkpoints of this run are damaged \(step-000000002/);
  });
});

describe('the folder of a new run', () => {
  it('holds nothing that the run would write over', async () => {
    const folder = store.folder('a');
    await mkdir(folder.path);
    await writeFile(join(folder.path, 'thesis.txt'), 'mine');
    await folder.alone(() => folder.requireRoom());
    await writeFile(join(folder.path, 'metrics.jsonl'), 'mine');
    expect(await failureOf(folder.requireRoom())).toMatchObject({
      code: 'in-the-way',
      message: expect.stringContaining('holds metrics.jsonl already'),
    });
    await writeFile(join(folder.path, 'run.json'), 'mine');
    expect((await failureOf(folder.requireRoom())).code).toBe('run-exists');
  });
});
