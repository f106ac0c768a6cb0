import '../backends/gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import { makeBatch } from '../data/batches.ts';
import type { Batch } from '../data/dataset.ts';
import { trainingSettings } from '../document/training-settings.ts';
import { Random } from '../random.ts';
import { batchLoss } from './losses.tf.ts';
import { syntheticTask } from './synthetic-task.test-support.ts';
import { countCorrect, TrainStep, trainedParameters } from './train-step.tf.ts';

beforeAll(async () => {
  await startJavascript();
});

describe('targets that the most probable class hits', () => {
  const batch = (given: Partial<Batch>): Batch => ({
    steps: 2,
    rows: 3,
    tokens: null,
    series: null,
    lengths: Int32Array.of(2, 1, 2),
    classTargets: null,
    tagTargets: null,
    numberTargets: null,
    examples: Uint32Array.of(0, 1, 2),
    ...given,
  });
  const count = (logits: tf.Tensor, given: Partial<Batch>): number | undefined =>
    tf.tidy(() => countCorrect(logits, batch(given), tf.tensor2d([1, 1, 1, 1, 0, 1], [2, 3])).dataSync()[0]);

  it('are counted by sequence', () => {
    const logits = tf.tensor2d([
      [1, 2, 0],
      [3, 0, 0],
      [0, 0, 1],
    ]);
    expect(count(logits, { classTargets: Int32Array.of(1, 1, 2) })).toBe(2);
    const odds = tf.tensor2d([[0.5], [-0.5], [0]]);
    expect(count(odds, { classTargets: Int32Array.of(1, 0, 0) })).toBe(3);
    expect(count(odds, { classTargets: Int32Array.of(1, 1, 1) })).toBe(1);
    tf.dispose([logits, odds]);
  });

  it('are counted by step, without padding', () => {
    const said = [1, 0, 1, 1, 1, 0];
    const logits = tf.tensor3d(
      said.flatMap((id) => (id === 1 ? [0, 1] : [1, 0])),
      [2, 3, 2],
    );
    expect(count(logits, { tagTargets: Int32Array.from(said) })).toBe(5);
    expect(count(logits, { tagTargets: Int32Array.of(1, 1, 1, 0, 1, 0) })).toBe(3);
    const odds = tf.tensor3d(
      said.map((id) => id - 0.5),
      [2, 3, 1],
    );
    expect(count(odds, { tagTargets: Int32Array.from(said) })).toBe(5);
    tf.dispose([logits, odds]);
  });
});

/** The plan with a module whose weights stay as they are. */
const frozen = (plan: Plan, kind: string): Plan => ({
  ...plan,
  modules: plan.modules.map((module) =>
    module.kind === kind ? { ...module, parameters: module.parameters.map((spec) => ({ ...spec, trainable: false })) } : module,
  ),
});

it.each(['sequence-classification', 'sequence-regression'] as const)(
  'a step of %s descends along the gradient of the loss, of all weights but frozen ones',
  async (kind) => {
    const task = syntheticTask(kind);
    const plan = frozen(task.plan, 'embedding');
    const settings = trainingSettings.parse({ optimizer: { kind: 'sgd' }, clipNorm: null });
    const loss = kind === 'sequence-classification' ? 'cross-entropy' : 'mse';
    const model = new Model(plan, initializeParameters(plan, 3));
    const names = trainedParameters(model).map(({ name }) => name);
    expect(names).toHaveLength(model.variables.size - 1);
    expect(names.some((name) => name.startsWith('embedding'))).toBe(false);
    const batch = makeBatch(
      task.data.splits.train,
      Uint32Array.from({ length: 20 }, (_, i) => i),
      null,
    );
    const chance = new Random(8);
    const state = [...chance.state];
    const before = await model.read();
    const lossOf = (): number =>
      tf.tidy(() => {
        const mode = { dropout: Random.fromState(state) };
        const logits = model.forward(toTensors(batch), mode);
        return batchLoss(loss, logits, batch, 'mean', null).dataSync()[0] ?? Number.NaN;
      });
    const first = lossOf();
    const step = new TrainStep(model, loss, settings, null);
    const tensors = tf.memory().numTensors;
    const rate = 1e-3;
    const figures = step.run(batch, rate, chance);
    expect(tf.memory().numTensors).toBe(tensors + 1);
    const [value = 0, correct = 0, norm = 0] = figures.dataSync();
    figures.dispose();
    expect(value).toBeCloseTo(first, 5);
    if (kind === 'sequence-regression') expect(correct).toBe(0);
    else expect(correct).toBeGreaterThan(0);
    const after = await model.read();
    // SGD moves by the rate along the gradient, so the loss falls by its squared norm, to first order.
    const moved = Math.hypot(
      ...[...after].flatMap(([name, { data }]) => Array.from(data, (weight, i) => weight - (before.get(name)?.data[i] ?? 0))),
    );
    expect(moved / rate / norm).toBeCloseTo(1, 2);
    expect((first - lossOf()) / (rate * norm ** 2)).toBeCloseTo(1, 1);
    expect(after.get('embedding.weight')).toEqual(before.get('embedding.weight'));
    expect([...chance.state]).not.toEqual(state);
    step.optimizer.dispose();
    model.dispose();
  },
);
