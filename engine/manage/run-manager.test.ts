import { mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TaskKind } from '../document/data-binding.ts';
import { methods } from '../protocol/contract.ts';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import { prediction } from '../protocol/predict.ts';
import type { RunSummary } from '../protocol/runs.ts';
import { RunFolder } from '../runs/run-folder.ts';
import type { Prepare } from '../training/run-setup.ts';
import { type SyntheticTask, syntheticTask } from '../training/synthetic-task.test-support.ts';
import { commandAfterDivergence } from './failed-run.ts';
import { managedRuns } from './managed-runs.test-support.ts';
import { RunModels } from './run-models.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-manager-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** `root` is another one for each test. */
function manage(task: SyntheticTask, prepare: Prepare = async () => task.data) {
  const runs = managedRuns(root, prepare);
  const until = (status: RunSummary['status']) => runs.when((summary) => summary.status === status);
  return { ...runs, models: new RunModels(runs.manager), until };
}

const make = (kind: TaskKind, training: Record<string, unknown> = {}): SyntheticTask =>
  syntheticTask(kind, { device: 'wasm', epochs: 2, batchSize: 16, ...training });

/** A run that trains, so many steps after its start. */
async function training(settings: Record<string, unknown>, steps: number) {
  const task = make('sequence-classification', settings);
  const managed = manage(task);
  const begun = managed.when(({ step }) => step >= steps);
  const { id } = await managed.manager.startRun({ document: task.document });
  await begun;
  return { ...managed, task, id };
}

/** A run that has ended. */
async function trained(kind: TaskKind, settings: Record<string, unknown>) {
  const task = make(kind, settings);
  const managed = manage(task);
  const done = managed.until('done');
  const { id } = await managed.manager.startRun({ document: task.document });
  await done;
  return { ...managed, task, id };
}

describe('a run whose checkpoints are all damaged', () => {
  it('says so when it is looked at, and in the list from then on, until one is whole again', async () => {
    const { manager, id } = await training({ checkpointEverySteps: 4 }, 9);
    await manager.pause(id);
    const notes = async () => [(await manager.get(id)).summary.notes, (await manager.list())[0]?.notes];
    expect(await notes()).toEqual([undefined, undefined]);
    const place = join(root, id, 'checkpoints');
    const names = await readdir(place);
    const whole = await Promise.all(names.map((name) => readFile(join(place, name))));
    for (const name of names) await writeFile(join(place, name), 'cut off');
    const told = expect.stringMatching(
      /^All 2 checkpoints of this run are damaged .* it cannot go on\. Its best weights, of step \d+, are whole/,
    );
    expect(await notes()).toEqual([[told], [told]]);
    expect((await failureOf(manager.resumeRun(id))).code).toBe('checkpoints-damaged');
    await writeFile(join(place, names[0] ?? ''), whole[0] ?? '');
    expect(await notes()).toEqual([undefined, undefined]);
  });

  it('goes on from the one that is whole, which it says, and from the start where there is none yet', async () => {
    const { manager, id } = await training({ checkpointEverySteps: 4, epochs: 50 }, 9);
    await manager.pause(id);
    const place = join(root, id, 'checkpoints');
    await writeFile(join(place, 'step-000000999.safetensors'), 'cut off');
    const told = expect.stringMatching(/^The checkpoint \S+ is damaged: training goes on from step \d+\.$/);
    expect((await manager.resumeRun(id)).notes).toEqual([told]);
    await manager.pause(id);
    expect((await manager.resumeRun(id)).notes).toEqual([told, told]);
    await manager.pause(id);
    // As it lies after an end of the program before the first one.
    await rm(place, { recursive: true });
    expect(await manager.resumeRun(id)).toMatchObject({ step: 0, seconds: 0, notes: [told, told] });
    await manager.pause(id);
  });
});

describe('a run', () => {
  it('trains, is listed, and reads back as the contract says', async () => {
    const task = make('step-tagging');
    const { manager, models, sent, until } = manage(task);
    const done = until('done');
    const started = await manager.startRun({ document: task.document, name: 'first' });
    expect(started).toMatchObject({ name: 'first', status: 'running', step: 0, totalSteps: 30, backend: 'wasm' });
    const ended = await done;
    expect(ended).toMatchObject({ status: 'done', step: 30, epoch: 2, message: null });
    expect(new Set(sent)).toEqual(new Set(['run.progress', 'run.metrics', 'run.evaluation']));
    const got = methods['runs.get'].result.parse(await manager.get(started.id));
    expect(got.summary.validation?.['accuracy']).toBe(got.evaluation?.values['accuracy']);
    const lines = (await manager.folder(started.id).metrics()).events;
    expect(lines.filter(({ split }) => split === 'train').map(({ step }) => step)).toEqual(
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
    expect(lines.filter(({ split }) => split === 'validation').map(({ step }) => step)).toEqual([15, 30]);
    expect((await manager.describe(started.id, { name: 'renamed', tags: ['baseline'] })).name).toBe('renamed');
    // Two at once: none is refused, and none undoes the other.
    await Promise.all([
      manager.describe(started.id, { note: 'half of the data' }),
      manager.describe(started.id, { tags: ['baseline', 'short'] }),
    ]);
    expect(await manager.list()).toMatchObject([{ name: 'renamed', tags: ['baseline', 'short'], note: 'half of the data' }]);
    const { settings } = methods['runs.settings'].result.parse(await manager.settings([started.id, 'none-such']));
    expect(Object.keys(settings)).toEqual([started.id]);
    expect(settings[started.id]).toContainEqual({ group: 'Training', setting: 'epochs', value: '2' });
    const test = methods['runs.evaluate'].result.parse(await models.evaluate(started.id, 'test'));
    expect(test.values['accuracy']).toBeGreaterThan(0.5);
    expect((await failureOf(manager.resumeRun(started.id))).code).toBe('already-done');
    expect(await manager.stop(started.id)).toMatchObject({ status: 'done', message: null });
    await manager.delete(started.id);
    expect(await manager.list()).toEqual([]);
  });

  it('pauses, lets another one train, resumes and ends', async () => {
    const task = make('sequence-classification', { epochs: 6 });
    const { manager, when, until } = manage(task);
    const begun = when(({ step }) => step >= 5);
    const { id, name } = await manager.startRun({ document: task.document });
    expect((await failureOf(manager.startRun({ document: task.document }))).code).toBe('busy');
    expect((await failureOf(manager.delete(id))).code).toBe('busy');
    expect((await failureOf(manager.restore(id))).code).toBe('busy');
    await begun;
    expect((await manager.list())[0]?.step).toBeGreaterThanOrEqual(5);
    expect(await manager.describe(id, { note: 'while it trains' })).toMatchObject({ id, note: 'while it trains' });
    const paused = await manager.pause(id);
    expect(paused).toMatchObject({ status: 'paused', note: 'while it trains' });
    expect(await manager.restore(id)).toEqual({ summary: paused, done: [] });
    expect((await manager.get(id)).summary.status).toBe('paused');
    const other = until('done');
    await manager.startRun({ document: task.document, overrides: { epochs: 1 } });
    expect((await manager.list()).map((run) => run.id === id)).toEqual([false, true]);
    expect(await other).toMatchObject({ totalSteps: 15, name: `${name} · epochs 1` });
    const done = until('done');
    const resumed = await manager.resumeRun(id);
    expect(resumed.step).toBe(paused.step);
    expect(resumed).not.toHaveProperty('notes');
    expect((await done).step).toBe(90);
  });

  it('is put away at the end of the program: what trains is paused, what is being made ready is not begun', async () => {
    const task = make('sequence-classification', { epochs: 50 });
    const { prepare, reading } = endlessData();
    let data: Prepare = async () => task.data;
    const { manager, when } = manage(task, (binding, signal) => data(binding, signal));
    await manager.putAway();
    const begun = when(({ step }) => step >= 2);
    const { id } = await manager.startRun({ document: task.document });
    await begun;
    await manager.putAway();
    expect((await manager.get(id)).summary.status).toBe('paused');
    expect(manager.isTraining).toBe(false);
    data = prepare;
    const start = failureOf(manager.startRun({ document: task.document }));
    await reading;
    await manager.putAway();
    expect((await start).code).toBe('cancelled');
  });

  it('that was interrupted can be stopped', async () => {
    const { manager, id } = await training({ epochs: 50 }, 2);
    await manager.pause(id);
    // As a program that was killed leaves it.
    const path = join(root, id, 'run.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace(/"status":\s*"paused"/, '"status": "running"'));
    expect((await manager.get(id)).summary.status).toBe('interrupted');
    expect((await manager.stop(id)).status).toBe('stopped');
    expect((await manager.get(id)).summary.status).toBe('stopped');
  });

  it('stops with weights that can be used, and goes on from there', async () => {
    const { manager, models, id } = await training({ epochs: 50 }, 3);
    const stopped = await manager.stop(id);
    expect(stopped.status).toBe('stopped');
    expect(stopped.best).not.toBeNull();
    expect((await models.predictText(id, 'a b c')).kind).toBe('class');
    expect((await manager.stop(id)).status).toBe('stopped');
  });

  it('lies where it is told, and is found there by its path', async () => {
    const task = make('sequence-classification', { epochs: 1, device: 'wasm' });
    const { manager, models, until } = manage(task);
    const folder = join(root, 'elsewhere', 'my run');
    const done = until('done');
    await manager.startRun({ document: task.document, folder, device: 'javascript' });
    expect((await done).backend).toBe('javascript');
    expect((await manager.get(folder)).document.training.device).toBe('javascript');
    expect((await manager.get(folder)).summary.status).toBe('done');
    expect((await models.predictText(folder, 'a')).kind).toBe('class');
    // Before anything is read for it.
    const unread = manage(task, () => Promise.reject(new Error('the data is read')));
    expect((await failureOf(unread.manager.startRun({ document: task.document, folder }))).code).toBe('run-exists');
  });
});

/** Data that is never ready: preparing it ends only when it is cancelled. */
function endlessData() {
  let begun: () => void = () => undefined;
  const reading = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const prepare: Prepare = (_binding, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      begun();
    });
  return { prepare, reading };
}

describe('while the data is being prepared', () => {
  it('a start can be cancelled: it leaves nothing behind, and another one may begin', async () => {
    const task = make('sequence-classification', { epochs: 1 });
    const { prepare, reading } = endlessData();
    let data: Prepare = prepare;
    const { manager, until } = manage(task, (binding, signal) => data(binding, signal));
    const start = failureOf(manager.startRun({ document: task.document }));
    await reading;
    expect((await failureOf(manager.startRun({ document: task.document }))).code).toBe('busy');
    await manager.cancelStart();
    expect((await start).code).toBe('cancelled');
    expect(await manager.list()).toEqual([]);
    expect(manager.isTraining).toBe(false);
    data = async () => task.data;
    const done = until('done');
    await manager.startRun({ document: task.document });
    expect((await done).status).toBe('done');
  });

  it.each(['pause', 'stop', 'delete'] as const)('%s ends the resuming of a run', async (action) => {
    const task = make('sequence-classification', { epochs: 50 });
    const { prepare, reading } = endlessData();
    let data: Prepare = async () => task.data;
    const { manager, when } = manage(task, (binding, signal) => data(binding, signal));
    const begun = when(({ step }) => step >= 2);
    const { id } = await manager.startRun({ document: task.document });
    await begun;
    const { step } = await manager.pause(id);
    data = prepare;
    const resumed = failureOf(manager.resumeRun(id));
    await reading;
    const after = await manager[action](id);
    expect((await resumed).code).toBe('cancelled');
    if (action === 'delete') expect(await manager.list()).toEqual([]);
    else expect(after).toMatchObject({ status: action === 'pause' ? 'paused' : 'stopped', step });
  });

  it('cancelling when nothing starts changes nothing', async () => {
    const { manager } = manage(make('sequence-classification'));
    await manager.cancelStart();
    expect(manager.isTraining).toBe(false);
  });
});

describe('what goes wrong', () => {
  it('a diverging loss fails the run and says what to do; the run can be read afterwards', async () => {
    const settings = { optimizer: { kind: 'sgd' }, learningRate: 100, clipNorm: null, epochs: 40, batchSize: 8 };
    const task = make('sequence-regression', settings);
    const { manager, until } = manage(task);
    const failed = until('failed');
    const { id } = await manager.startRun({ document: task.document });
    const { message } = await failed;
    expect(message).toContain('Lower the learning rate');
    expect(message).toContain('No weights were saved before that.');
    expect(await commandAfterDivergence(new RunFolder(join(root, id)))).toBe(
      'Start again with: unroll train FILE --learning-rate 10',
    );
    expect((await manager.get(id)).summary).toMatchObject({ status: 'failed', failure: 'loss-not-finite', best: null });
    expect(manager.live(id)).toBeNull();
    expect((await manager.folder(id).metrics()).events.at(-1)?.values['loss']).not.toSatisfy(Number.isFinite);
    expect((await failureOf(manager.startRun({ document: task.document, from: id }))).code).toBe('no-weights');
  });

  it('the best weights of a run that diverged are kept, named, and go on at another rate', async () => {
    const warmup = { schedule: { kind: 'step', every: 1, factor: 1 }, warmupSteps: 0 };
    const task = make('sequence-regression', { ...warmup, optimizer: { kind: 'sgd' }, learningRate: 0.05, epochs: 1 });
    const { manager, models, until } = manage(task);
    const first = until('done');
    const { id: good } = await manager.startRun({ document: task.document });
    const before = await first;
    const failed = until('failed');
    // Its first validation comes before it diverges.
    const overrides = { learningRate: 1.5, clipNorm: null, epochs: 40, checkpointEverySteps: 1 };
    const { id } = await manager.startRun({ document: task.document, from: good, overrides });
    const { message, best } = await failed;
    const step = best?.step ?? 0;
    expect(step).toBeGreaterThan(0);
    expect(message).toContain(`The best weights, of step ${step} (rmse `);
    expect(message).not.toContain('unroll train');
    expect(await commandAfterDivergence(new RunFolder(join(root, id)))).toBe(
      `Train on from them with: unroll train --from ${join(root, id)} --learning-rate 0.15`,
    );
    const { summary, evaluation } = methods['runs.get'].result.parse(await manager.get(id));
    expect(summary.best?.value).toSatisfy(Number.isFinite);
    expect(JSON.parse(await readFile(join(root, id, 'run.json'), 'utf8')).summary.best.step).toBe(step);
    expect(evaluation).not.toBeNull();
    const predicted = await models.predictText(id, 'a b');
    expect(predicted.kind === 'numbers' && predicted.values.every(Number.isFinite)).toBe(true);
    const went = until('done');
    const { document } = await manager.get(id);
    await manager.startRun({ document, from: id, overrides: { learningRate: 0.01, epochs: 1 } });
    expect((await went).best?.value).toBeLessThan((before.best?.value ?? 0) * 2);
  });

  it('a disk that fills up while training fails the run with its reason', async () => {
    if (process.platform !== 'linux') return;
    const task = make('sequence-classification', { epochs: 50 });
    const { manager, until, when } = manage(task);
    const folder = join(root, 'full');
    const failed = until('failed');
    const begun = when(({ step }) => step >= 2);
    await manager.startRun({ document: task.document, folder });
    await begun;
    // From here on a logged line meets a full device.
    await symlink('/dev/full', join(root, 'link'));
    await rename(join(root, 'link'), join(folder, 'metrics.jsonl'));
    expect((await failed).message).toContain('the disk is full');
  });

  it.each(['moved', 'removed'] as const)(
    'a folder that is %s while it trains ends the run in words, and is not made again',
    async (how) => {
      const { manager, models, when, until, id } = await training({ epochs: 500 }, 20);
      const failed = until('failed');
      const [path, moved] = [join(root, id), join(root, 'moved')];
      if (how === 'moved') await rename(path, moved);
      else await rm(path, { recursive: true, maxRetries: 9, retryDelay: 5 });
      expect(await failed).toMatchObject({ failure: 'run-folder-gone', message: expect.stringContaining(path) });
      expect(await readdir(root)).toEqual(how === 'moved' ? ['moved'] : []);
      expect(manager.isTraining).toBe(false);
      if (how === 'removed') return;
      // Whole where it is now: used, and resumed from its last checkpoint.
      expect((await models.predictText(moved, 'a b')).kind).toBe('class');
      const went = when(({ step }) => step > 25);
      await manager.resumeRun(moved);
      await went;
      await manager.stop(moved);
    },
  );

  it('of two that resume one run, one trains and the other leaves its metrics alone', async () => {
    const { task, id, ...one } = await training({ epochs: 50 }, 20);
    const two = manage(task);
    expect((await failureOf(two.manager.resumeRun(id))).code).toBe('run-busy');
    expect((await failureOf(two.manager.describe(id, { name: 'mine' }))).code).toBe('run-busy');
    expect((await failureOf(two.manager.delete(id))).code).toBe('run-busy');
    expect((await two.manager.get(id)).summary.status).toBe('running');
    expect((await two.models.predictText(id, 'a b')).kind).toBe('class');
    await one.manager.pause(id);
    const both = await Promise.allSettled([one.manager.resumeRun(id), two.manager.resumeRun(id)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const winner = both[0]?.status === 'fulfilled' ? one : two;
    const { step } = await winner.manager.stop(id);
    const { events, lost } = await two.manager.folder(id).metrics();
    expect(lost).toBe(0);
    const steps = events.filter(({ split }) => split === 'train').map((event) => event.step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(steps.at(-1)).toBeLessThanOrEqual(step);
  });

  it('resuming over other data is refused', async () => {
    const { manager, task, id } = await training({ epochs: 50 }, 2);
    await manager.pause(id);
    const changed = { ...task.data, encoding: { ...task.data.encoding, fingerprint: 'another' } };
    const other = manage({ ...task, data: changed });
    expect((await failureOf(other.manager.resumeRun(id))).code).toBe('data-changed');
  });

  it('a graph that cannot be trained names its node', async () => {
    const task = make('sequence-classification');
    const document = { ...task.document, edges: task.document.edges.filter(({ to }) => to.node !== 'head') };
    const failure = await failureOf(manage(task).manager.startRun({ document }));
    expect(failure.code).toBe('graph-has-problems');
    expect(failure.node).toBe('head');
  });

  it('a run that is not there', async () => {
    const { manager } = manage(make('sequence-classification'));
    expect((await failureOf(manager.get('no-such-run'))).code).toBe('run-not-found');
    expect((await failureOf(manager.pause('no-such-run'))).code).toBe('not-running');
  });
});

describe('predicting', () => {
  it('uses the live weights while the run trains', async () => {
    const task = make('sequence-classification', { epochs: 200, learningRate: 0.02 });
    const { manager, models, when } = manage(task);
    const started = when(({ step }) => step >= 1);
    const later = when(({ step }) => step >= 60);
    const { id } = await manager.startRun({ document: task.document });
    await started;
    const early = await models.predictText(id, 'b c d a');
    await later;
    const now = await models.predictText(id, 'b c d a');
    expect(now).not.toEqual(early);
    await manager.stop(id);
  });

  it.each<[TaskKind, 'class' | 'tags' | 'numbers']>([
    ['sequence-classification', 'class'],
    ['step-tagging', 'tags'],
    ['sequence-regression', 'numbers'],
  ])('%s from text gives %s', async (kind, expected) => {
    const { models, id } = await trained(kind, { epochs: 1 });
    const result = prediction.parse(await models.predictText(id, 'a b zzz'));
    expect(result.kind).toBe(expected);
    if (result.kind === 'class') {
      expect(result.unknown).toEqual([false, false, true]);
      expect(result.ranked.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
    }
    if (result.kind === 'tags') expect(result.tags).toHaveLength(3);
    expect((await failureOf(models.predictText(id, '  '))).code).toBe('empty-input');
    expect((await failureOf(models.predictSeries(id, [[1]]))).code).toBe('wrong-input');
  });

  it('a forecast is in the data’s units, and equals the evaluation of the same window', async () => {
    const { manager, models, task, id } = await trained('forecasting', { epochs: 2 });
    const { series, starts } = task.data.splits.validation;
    const rows = Array.from(series?.subarray(starts?.[7] ?? 0, (starts?.[7] ?? 0) + 12) ?? [], (value) => [value * 2 + 10]);
    const result = prediction.parse(await models.predictSeries(id, rows));
    const { evaluation } = await manager.get(id);
    expect(result.kind === 'numbers' && result.values[0]).toBeCloseTo(evaluation?.series?.[7]?.predicted ?? Number.NaN, 4);
    const failure = await failureOf(models.predictSeries(id, [[1], [2, 3]]));
    expect(failure).toMatchObject({ code: 'bad-input', row: 2 });
  });
});
