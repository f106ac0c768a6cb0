import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model } from '../compile/materialize.tf.ts';
import { managedRuns } from '../manage/managed-runs.test-support.ts';
import { RunInspections } from '../manage/run-inspections.ts';
import { readText } from '../predict/predict.tf.ts';
import type { MethodName, MethodParams, MethodResult } from '../protocol/contract.ts';
import { methods } from '../protocol/contract.ts';
import type { Numbers } from '../protocol/inspect.ts';
import { RunFolder } from '../runs/run-folder.ts';
import { inspectService } from '../services/inspect.ts';
import { reversalTask } from '../training/reversal-task.test-support.ts';
import { syntheticTask } from '../training/synthetic-task.test-support.ts';
import { describeTrace } from './describe-trace.ts';
import { exampleOf, exampleOfSplit } from './example.ts';
import { cellsOfTasks, withGraph } from './tasks.test-support.ts';
import { traceExample } from './trace.tf.ts';

beforeAll(async () => {
  await startJavascript();
});

describe('what is traced', () => {
  for (const name of ['sequence-classification', 'step-tagging', 'sequence-regression'] as const)
    it.each(cellsOfTasks)(`of a ${name} by $title is what its kernels give, and says why`, async (cell) => {
      const { plan, data, document } = withGraph(syntheticTask(name, {}, 20), cell, { layers: 2 });
      const { encoding } = data;
      const model = new Model(plan, initializeParameters(plan, 3));
      const before = tf.memory().numTensors;
      const subject = { run: 'r', weights: 'best', step: 7, model, encoding, training: document.training } as const;
      const trace = await traceExample(subject, exampleOf(encoding, readText(encoding, 'a c zz b'), null, null));
      const told = methods['inspect.trace'].result.parse(describeTrace('t', trace));
      expect(tf.memory().numTensors).toBe(before);
      expect(told.steps.map(({ token, unknown }) => [token, unknown])).toEqual([
        ['a', false],
        ['c', false],
        ['zz', true],
        ['b', false],
      ]);
      expect(told).toMatchObject({ step: 7, target: null, loss: null });
      expect(told.equality.difference).toBeLessThan(1e-6);
      const wrapper = told.nodes.find(({ recurrent }) => recurrent.length > 0);
      expect(wrapper?.recurrent).toHaveLength(wrapper?.kind === 'bidirectional' ? 4 : 2);
      for (const kept of trace.recurrences) expect(kept.values.get("h'")?.data.some((value) => value !== 0)).toBe(true);
      model.dispose();
    });

  it('differs from the kernels where its equations are others', async () => {
    const { plan, data, document } = withGraph(syntheticTask('step-tagging', {}, 20), cellsOfTasks[2] ?? cellsOfTasks[0], {});
    const { encoding } = data;
    const wrong = JSON.parse(JSON.stringify(plan).replaceAll('(1 - z) * n', '(1.01 - z) * n')) as typeof plan;
    const model = new Model(wrong, initializeParameters(plan, 3));
    const subject = { run: 'r', weights: 'best', step: 7, model, encoding, training: document.training } as const;
    const trace = await traceExample(subject, exampleOf(encoding, readText(encoding, 'a c b'), null, null));
    expect(describeTrace('t', trace).equality.difference).toBeGreaterThan(1e-3);
    model.dispose();
  });

  it('is of an example with its target, whose loss it has', async () => {
    const task = syntheticTask('step-tagging', {}, 20);
    const { encoding, splits } = task.data;
    const model = new Model(task.plan, initializeParameters(task.plan, 3));
    const subject = { run: 'r', weights: 'best', step: 7, model, encoding, training: task.document.training } as const;
    const told = describeTrace('t', await traceExample(subject, exampleOfSplit(encoding, splits.test, 4)));
    expect(told.target?.kind).toBe('tags');
    expect(told.target?.values).toHaveLength(told.steps.length);
    if (told.prediction.kind !== 'tags') throw new Error(told.prediction.kind);
    const losses = told.prediction.tags.map(({ ranked }, t) => {
      const right = ranked.find(({ label }) => label === told.target?.values[t]);
      return -Math.log(right?.probability ?? 0);
    });
    expect(told.losses?.map((loss) => loss.toFixed(9))).toEqual(losses.map((loss) => loss.toFixed(9)));
    expect(told.loss).toBeCloseTo(losses.reduce((a, b) => a + b, 0) / losses.length, 9);
    model.dispose();
  });

  it('of a model that says sequences is of what it says itself where nobody said what it should', async () => {
    const task = reversalTask({ hidden: 6, examples: 9, layers: 2 });
    const { encoding, splits } = task.data;
    const model = new Model(task.plan, initializeParameters(task.plan, 8));
    const subject = { run: 'r', weights: 'best', step: 7, model, encoding, training: task.document.training } as const;
    const given = describeTrace('t', await traceExample(subject, exampleOfSplit(encoding, splits.test, 0)));
    expect(given.target).toMatchObject({ kind: 'tokens', given: true });
    const [said] = given.prediction.kind === 'sequence' ? given.prediction.hypotheses : [];
    const read = readText(encoding, given.steps.map(({ token }) => token).join(' '));
    const own = describeTrace('t', await traceExample(subject, exampleOf(encoding, read, null, said ?? null)));
    const tokens = [...(said?.tokens ?? []), ...(said?.finished ? ['<eos>'] : [])];
    expect(own.target).toEqual({ kind: 'tokens', values: tokens, given: false });
    const decoder = own.nodes.find(({ kind }) => kind === 'decoder');
    expect(decoder?.outputs[0]?.steps.map(({ token }) => token)).toEqual(['<bos>', ...tokens.slice(0, -1)]);
    // Reading its own tokens, it looks where it looked while it said them.
    const aligned = decode(decoder?.attention ?? { shape: [], data: '' });
    for (const [i, weight] of (said?.alignment ?? []).flat().entries()) expect(aligned[i]).toBeCloseTo(weight, 5);
    // What each token was believed is what the loss is made of.
    for (const [u, probability] of (said?.probabilities ?? []).entries())
      expect(own.losses?.[u]).toBeCloseTo(-Math.log(probability), 4);
    model.dispose();
  });
});

const decode = ({ data }: Numbers): number[] => {
  const bytes = Buffer.from(data, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
};

describe('a run', () => {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'unroll-inspects-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('is looked at while it trains, and afterwards with its best and its last weights', async () => {
    const task = syntheticTask(
      'sequence-classification',
      { device: 'javascript', epochs: 3000, batchSize: 60, learningRate: 0.02 },
      60,
    );
    let preparing = async (): Promise<unknown> => undefined;
    const { manager, when, ended } = managedRuns(root, async () => {
      await preparing();
      return task.data;
    });
    const [running, done] = [when(({ step }) => step >= 1), ended()];
    const inspections = new RunInspections(manager);
    const service = inspectService(inspections, { emit: () => undefined });
    const ask = async <M extends Extract<MethodName, `inspect.${string}`>>(method: M, params: MethodParams<M>) => {
      const handler = service[method] as (given: unknown) => Promise<unknown>;
      return methods[method].result.parse(await handler(methods[method].params.parse(params))) as MethodResult<M>;
    };
    const { id: run } = await manager.startRun({ document: task.document });
    await running;
    const input = { kind: 'text', text: 'c a b' } as const;
    const live = await ask('inspect.trace', { run, input, weights: 'live', target: 'yes' });
    expect(live.step).toBeGreaterThanOrEqual(1);
    expect(live.target).toEqual({ kind: 'class', values: ['yes'], given: true });
    await manager.stop(run);
    await done;
    await expect(ask('inspect.trace', { run, input, weights: 'live' })).rejects.toMatchObject({
      failure: { code: 'not-training' },
    });
    await expect(ask('inspect.trace', { run, input, target: 'maybe' })).rejects.toMatchObject({
      failure: { code: 'wrong-target' },
    });
    const before = tf.memory().numTensors;
    const best = await ask('inspect.trace', { run, input });
    const held = tf.memory().numTensors;
    const fromDisk = vi.spyOn(RunFolder.prototype, 'best');
    const again = await ask('inspect.trace', { run, input: { kind: 'example', split: 'test', index: 2 } });
    expect(fromDisk, 'weights that are kept are not read again').not.toHaveBeenCalled();
    fromDisk.mockRestore();
    expect(tf.memory().numTensors, 'traces of the same weights share them').toBe(held);
    const last = await ask('inspect.trace', { run, input, weights: 'last' });
    expect(last.step).toBeGreaterThanOrEqual(best.step);
    const node = best.nodes.find(({ recurrent }) => recurrent.length > 0)?.node ?? '';
    const { values } = await ask('inspect.values', { trace: best.trace, node, names: ['x', 'h', "h'"] });
    const [h, next] = [values['h'], values["h'"]].map((one) => decode(one ?? { shape: [], data: '' }));
    const units = values['h']?.shape[1] ?? 0;
    expect(h?.slice(0, units)).toEqual(Array.from({ length: units }, () => 0));
    for (const [i, value] of (h ?? []).slice(units).entries()) expect(value).toBeCloseTo(next?.[i] ?? Number.NaN, 6);
    await expect(ask('inspect.values', { trace: best.trace, node, names: ['q'] })).rejects.toMatchObject({
      failure: { code: 'not-traced' },
    });
    const gradient = await ask('inspect.gradient', { trace: again.trace });
    const arrived = gradient.nodes.find((one) => one.node === node)?.recurrent[0]?.states['h'];
    const whole = await ask('inspect.gradientValues', { trace: again.trace, node, names: ['h', 'x'] });
    expect(whole.values['h']?.shape).toEqual([arrived?.length, units]);
    await expect(ask('inspect.gradient', { trace: best.trace })).rejects.toMatchObject({ failure: { code: 'no-target' } });
    const { says } = await ask('inspect.connectivity', { trace: best.trace });
    expect(says).toEqual([best.prediction.kind === 'class' ? best.prediction.ranked[0]?.label : '']);
    for (const { trace } of [live, again, last]) await ask('inspect.forget', { trace });
    // The last trace of its weights goes while the next one waits for the data.
    preparing = () => ask('inspect.forget', { trace: best.trace });
    const late = await ask('inspect.trace', { run, input: { kind: 'example', split: 'test', index: 2 } });
    expect(late.prediction).toEqual(again.prediction);
    await ask('inspect.forget', { trace: late.trace });
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
    await expect(ask('inspect.output', { trace: best.trace, node, port: 'output' })).rejects.toMatchObject({
      failure: { code: 'no-trace' },
    });
  });
});
