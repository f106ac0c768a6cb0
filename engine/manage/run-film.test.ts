import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Model } from '../compile/materialize.tf.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { predictText } from '../predict/predict.tf.ts';
import type { MetricEvent } from '../protocol/runs.ts';
import { weightsOf } from '../runs/checkpoint.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { managedRuns } from './managed-runs.test-support.ts';
import { RunFilms } from './run-films.ts';
import { RunInspections } from './run-inspections.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'unroll-film-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(root, { recursive: true, force: true });
});

const input = { kind: 'text', text: 'c a b' } as const;
const task = (epochs = 6) =>
  syntheticTask('sequence-classification', { device: 'wasm', epochs, batchSize: 60, learningRate: 0.02 }, 60);

const withoutClock = ({ seconds: _seconds, tokensPerSecond: _speed, health: _health, ...rest }: MetricEvent): object => rest;
const bytesOf = (weights: ReadonlyMap<string, NamedTensor> | undefined) =>
  [...(weights ?? [])].map(([name, { data }]) => [
    name,
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
  ]);

/** The weights of each validation, as the checkpoint that follows it has them. */
function validated() {
  const seen = new Map<number, ReadonlyMap<string, NamedTensor>>();
  const save = RunFolder.prototype.saveCheckpoint;
  vi.spyOn(RunFolder.prototype, 'saveCheckpoint').mockImplementation(function (this: RunFolder, checkpoint) {
    if (checkpoint.state.validatedStep === checkpoint.state.step) seen.set(checkpoint.state.step, weightsOf(checkpoint));
    return save.call(this, checkpoint);
  });
  return seen;
}

describe('the film of a run', () => {
  it('has its first weights and those of each validation; losses and weights are the same bit for bit as without', async () => {
    const { document, data } = task();
    const { manager, train, sent } = managedRuns(root, async () => data);
    const seen = validated();
    const filmed = await train({ document, film: input });
    const films = new RunFilms(manager);
    const film = await films.get(filmed.id);
    expect(film).toMatchObject({ on: true, input, dropped: 0, most: 64, bytes: 4 * filmed.parameters });
    expect(film.moments.map(({ step }) => step)).toEqual([0, ...seen.keys()]);
    expect(seen.size).toBe(6);
    expect(sent.filter((event) => event === 'film.moment').length).toBeGreaterThanOrEqual(6);
    const folder = manager.folder(filmed.id);
    for (const [step, weights] of seen) expect(bytesOf(await folder.weightsAt(step)), `step ${step}`).toEqual(bytesOf(weights));

    const plain = await train({ document });
    expect((await films.get(plain.id)).on).toBeNull();
    const other = manager.folder(plain.id);
    const logged = async (of: RunFolder) => (await of.metrics()).events.map(withoutClock);
    expect(await logged(folder)).toEqual(await logged(other));
    const tensorsOf = async (of: RunFolder) => bytesOf((await of.checkpoint())?.tensors);
    expect(await tensorsOf(folder)).toEqual(await tensorsOf(other));
  });

  it('shows any kept moment: what the network said then', async () => {
    const { document, data, plan } = task();
    const { manager, train } = managedRuns(root, async () => data);
    const { id: run } = await train({ document, film: input });
    const inspections = new RunInspections(manager);
    const folder = manager.folder(run);
    const said = [];
    for (const step of (await new RunFilms(manager).get(run)).moments.map((moment) => moment.step)) {
      const trace = await inspections.trace({ run, input, weights: { step } });
      expect([trace.step, trace.weights]).toEqual([step, { step }]);
      const model = new Model(plan, await folder.weightsAt(step));
      expect(trace.prediction).toEqual(await predictText({ model, encoding: data.encoding }, input.text));
      model.dispose();
      said.push(JSON.stringify(trace.prediction));
    }
    expect(new Set(said).size, 'it learned something from each to the next').toBe(said.length);
    const reading = vi.spyOn(RunFolder.prototype, 'weightsAt');
    await inspections.trace({ run, input: { kind: 'text', text: 'a b' }, weights: { step: 0 } });
    expect(reading, 'weights that are kept are not read again').not.toHaveBeenCalled();
    await expect(inspections.trace({ run, input, weights: { step: 1_000 } })).rejects.toMatchObject({
      failure: { code: 'no-moment', hint: expect.stringContaining('0, ') },
    });
  });

  it('begins while the run trains with what is there, goes on over a pause, and is deleted with the run', async () => {
    const { document, data } = task(4000);
    const { manager, when, ended } = managedRuns(root, async () => data);
    const films = new RunFilms(manager);
    let [reached, end] = [when(({ best }) => best !== null), ended()];
    const { id: run } = await manager.startRun({ document });
    await reached;
    expect((await films.get(run)).on).toBeNull();
    expect((await films.keep(run, input)).on).toBe(true);
    await manager.pause(run);
    await end;
    const paused = (await films.get(run)).moments.filter(({ kept }) => kept);
    expect(paused.length).toBeGreaterThan(0);
    const more = (paused.at(-1)?.step ?? 0) + 20;
    [reached, end] = [when(({ step }) => step > more), ended()];
    await manager.resumeRun(run);
    await reached;
    await manager.pause(run);
    await end;
    const resumed = (await films.get(run)).moments.filter(({ kept }) => kept);
    expect(resumed.at(-1)?.step).toBeGreaterThan(paused.at(-1)?.step ?? 0);

    expect((await films.keep(run, null)).on, 'what is kept stays').toBe(false);
    expect((await films.get(run)).moments.filter(({ kept }) => kept)).toEqual(resumed);
    const { path } = manager.folder(run);
    expect(await manager.delete(run)).toEqual([]);
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('forgets what came after the checkpoint that training goes on from', async () => {
    const { document, data } = task(4000);
    const { manager, when, ended } = managedRuns(root, async () => data);
    const [reached, end] = [when(({ step }) => step > 20), ended()];
    const { id: run } = await manager.startRun({ document, film: input });
    await reached;
    await manager.pause(run);
    await end;
    const folder = manager.folder(run);
    const last = (await folder.checkpoint())?.state.step ?? 0;
    await folder.saveMoment((await folder.weightsAt(0)) ?? new Map(), last + 1);
    expect(await folder.filmed()).toContain(last + 1);
    const resumed = await manager.resumeRun(run);
    expect(await folder.filmed()).not.toContain(last + 1);
    const stopped = ended();
    await manager.stop(resumed.id);
    await stopped;
  });

  it('ends where the disk refuses it, with a note, and training goes on; a run that is done begins none', async () => {
    const { document, data } = task();
    const { manager, train } = managedRuns(root, async () => data);
    const save = RunFolder.prototype.saveMoment;
    vi.spyOn(RunFolder.prototype, 'saveMoment').mockImplementation(function (this: RunFolder, weights, step) {
      return step === 0 ? save.call(this, weights, step) : Promise.reject(new Error('the disk is full'));
    });
    const done = await train({ document, film: input });
    expect(done.status).toBe('done');
    expect(done.notes).toEqual([expect.stringMatching(/^The film ended at step \d+: the disk is full$/)]);
    await expect(new RunFilms(manager).keep(done.id, input)).rejects.toMatchObject({ failure: { code: 'already-done' } });
  });
});
