import '../backends/gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkChains } from '../backends/chain-check.tf.ts';
import { activateBackend } from '../backends/choose.tf.ts';
import { cellLibrary } from '../cells/library.ts';
import { acceleratedCell } from '../cells/registry.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import { epochBatches, makeBatch } from '../data/batches.ts';
import { withComposedOnly } from '../kernels/composed-only.ts';
import { areChainsTrusted, trustChains } from '../kernels/native/chain-op.tf.ts';
import { fusedOps, requireFusedBackend } from '../kernels/native-ops.tf.ts';
import { trustPrograms } from '../kernels/program-trust.ts';
import { Random } from '../random.ts';
import { HealthProbe } from './health/health-probe.tf.ts';
import { judgedBy } from './judged-by.ts';
import { type SyntheticTask, syntheticTask } from './synthetic-task.test-support.ts';
import { TrainStep } from './train-step.tf.ts';

await activateBackend('tensorflow').catch(() => undefined);
const reason = fusedOps() === null ? 'native TensorFlow with our own ops is not prepared' : null;
if (reason !== null) console.warn(`training steps as one op are not tested here: ${reason}`);
const skipped = reason !== null && process.env['UNROLL_REQUIRE_ALL'] !== '1';
const backends = skipped ? (['wasm'] as const) : (['tensorflow', 'wasm'] as const);

/** The task with a cell out of its equations in its network, in two layers. */
function withEquations(task: SyntheticTask, equations: string): SyntheticTask {
  const document = {
    ...task.document,
    nodes: task.document.nodes.map((one) => {
      if (one.kind === 'gru-cell') return { ...one, kind: 'custom-cell', params: { hidden: 8, equations } };
      return one.kind === 'recurrent' ? { ...one, params: { ...one.params, layers: 2 } } : one;
    }),
  };
  const compiled = compilePlan(document, task.data.encoding.facts);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return { ...task, document, plan: compiled.plan };
}

const lstm = acceleratedCell('lstm-cell', { hidden: 8 }).equations;
const gated = cellLibrary.find(({ title }) => title === 'Minimal gated unit')?.equations ?? '';

const tasks: Readonly<Record<string, SyntheticTask>> = {
  classes: syntheticTask('sequence-classification', { clipNorm: 1 }),
  tags: syntheticTask('step-tagging', { optimizer: { kind: 'adamw' }, weightDecay: 0.1, classWeights: 'balanced' }),
  numbers: syntheticTask('sequence-regression', { clipValue: 0.1 }),
  forecasts: syntheticTask('forecasting', { loss: 'rmse' }),
  'classes, by the equations of an LSTM': withEquations(syntheticTask('sequence-classification', { clipNorm: 1 }), lstm),
  'tags, by a minimal gated unit': withEquations(syntheticTask('step-tagging'), gated),
};

/** The plan with a module whose weights stay as they are. */
const frozen = (plan: Plan, kind: string): Plan => ({
  ...plan,
  modules: plan.modules.map((module) =>
    module.kind === kind ? { ...module, parameters: module.parameters.map((spec) => ({ ...spec, trainable: false })) } : module,
  ),
});

/** Ops of the backend's that something calls, by name. */
async function called<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly ops: ReadonlyMap<string, number> }> {
  const ops = new Map<string, number>();
  const backend = requireFusedBackend();
  const spies = (['executeSingleOutput', 'executeMultipleOutputs'] as const).map((name) => vi.spyOn(backend, name));
  const result = await run();
  for (const spy of spies) {
    for (const [op] of spy.mock.calls) ops.set(op, (ops.get(op) ?? 0) + 1);
    spy.mockRestore();
  }
  return { result, ops };
}

interface Training {
  readonly figures: number[][];
  readonly weights: Map<string, number[]>;
  readonly slots: Map<string, number[]>;
  readonly outputs: number[];
}

/** Twelve steps over batches of all lengths, the last one smaller. */
async function train({ plan, data, document }: SyntheticTask, probed: readonly number[] = []): Promise<Training> {
  const { loss, classWeights } = judgedBy(plan, data, document.training);
  const model = new Model(plan, initializeParameters(plan, 5));
  const step = new TrainStep(model, loss, document.training, classWeights);
  const chance = new Random(9, 'whole step');
  const { train: split } = data.splits;
  const all = epochBatches(split, { batchSize: 21, seed: 4, epoch: 0, shuffle: true });
  const batches = all.map((indices) => makeBatch(split, indices, data.encoding.facts.features));
  const figures: number[][] = [];
  for (const [i, batch] of batches.entries()) {
    const probe = probed.includes(i) ? new HealthProbe() : undefined;
    const found = step.run(batch, 0.01, chance, undefined, 0, probe);
    probe?.dispose();
    figures.push([...found.dataSync()]);
    found.dispose();
  }
  const [batch] = batches;
  const outputs = batch ? tf.tidy(() => [...model.forward(toTensors(batch), { dropout: null }).dataSync()]) : [];
  const listed = (tensors: ReadonlyMap<string, { readonly data: ArrayLike<number> }>): Map<string, number[]> =>
    new Map([...tensors].map(([name, tensor]) => [name, Array.from(tensor.data)]));
  const result = { figures, weights: listed(await model.read()), slots: listed(await step.optimizer.read()), outputs };
  step.optimizer.dispose();
  model.dispose();
  return result;
}

describe.each(backends)('a training step as one op on %s', (device) => {
  beforeAll(async () => {
    if (device === 'tensorflow') expect(reason).toBeNull();
    await activateBackend(device);
  });
  afterEach(() => trustChains(true));

  it('is in use after its check, which covers every loss', async () => {
    expect(areChainsTrusted()).toBe(true);
    expect(withComposedOnly(areChainsTrusted)).toBe(false);
    for (const { error, name } of await checkChains()) expect({ name, right: error < 1e-4 }).toEqual({ name, right: true });
  });

  it.each(Object.keys(tasks))('of %s gives the same numbers as layer by layer, to the last bit', async (name) => {
    const task = tasks[name];
    if (task === undefined) throw new Error(name);
    for (const one of [task, { ...task, plan: frozen(task.plan, 'embedding') }]) {
      const calls = tf.memory().numTensors;
      const { result: whole, ops } = await called(() => train(one));
      expect(ops.get('UnrollStep')).toBe(whole.figures.length);
      expect(ops.get('UnrollForward')).toBe(1);
      expect([...ops.keys()].sort()).toEqual(['DeepCopy', 'UnrollForward', 'UnrollStep']);
      expect(tf.memory().numTensors).toBe(calls);
      // What a step looks like is asked of some: they run layer by layer, and change nothing.
      const mixed = await train(one, [2, 3, 7]);
      trustChains(false);
      const { result: single, ops: ofSingle } = await called(() => train(one));
      expect(ofSingle.has('UnrollStep')).toBe(false);
      trustChains(true);
      expect(whole.figures.flat().every(Number.isFinite)).toBe(true);
      expect(whole).toEqual(single);
      expect(mixed).toEqual(single);
      // All steps run before it first waits.
      const composed = await withComposedOnly(() => train(one));
      for (const [i, [loss = 0]] of whole.figures.entries()) expect(loss).toBeCloseTo(composed.figures[i]?.[0] ?? Number.NaN, 3);
    }
  });

  it('with a cell out of its equations is no op where such programs are not trusted', async () => {
    const task = tasks['tags, by a minimal gated unit'];
    if (task === undefined) throw new Error('no task');
    trustPrograms(device, false);
    const { ops } = await called(() => train(task)).finally(() => trustPrograms(device, true));
    expect([...ops.keys()].filter((op) => op === 'UnrollStep' || op === 'UnrollProgram')).toEqual([]);
  });

  it('writes over no tensor that somebody else holds', async () => {
    const task = tasks['classes'];
    if (task === undefined) throw new Error('no task');
    const { plan, data, document } = task;
    const start = initializeParameters(plan, 5);
    const before = new Map([...start].map(([name, { data: values }]) => [name, Array.from(values)]));
    const model = new Model(plan, start);
    const step = new TrainStep(model, 'cross-entropy', document.training, null);
    const batch = makeBatch(
      data.splits.train,
      Uint32Array.from({ length: 9 }, (_, i) => i),
      null,
    );
    const run = (): void => step.run(batch, 0.1, new Random(1)).dispose();
    const name = 'head.weight';
    const weights = (): number[] => [...(model.variables.get([...before.keys()].at(-2) ?? name)?.dataSync() ?? [])];
    run();
    // Neither the numbers that the model was made of, nor those that it is given later.
    expect(new Map([...start].map(([key, { data: values }]) => [key, Array.from(values)]))).toEqual(before);
    const read = await model.read();
    const first = weights();
    const kept = new Map([...read].map(([key, { data: values }]) => [key, Array.from(values)]));
    run();
    expect(weights()).not.toEqual(first);
    model.assign(read);
    expect(weights()).toEqual(first);
    run();
    expect(weights()).not.toEqual(first);
    expect(new Map([...read].map(([key, { data: values }]) => [key, Array.from(values)]))).toEqual(kept);
    step.optimizer.dispose();
    model.dispose();
  });
});
