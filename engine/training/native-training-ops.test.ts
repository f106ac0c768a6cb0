import '../backends/gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import { trainingSettings } from '../document/training-settings.ts';
import { lookup } from '../kernels/lookup.tf.ts';
import { fusedBackend, fusedOps, nativeBackend } from '../kernels/native-ops.tf.ts';
import { Random } from '../random.ts';
import { DeviceOptimizer } from './device-optimizer.tf.ts';
import { FusedAdam } from './fused-adam.tf.ts';
import { crossEntropy } from './losses.tf.ts';
import type { OptimizerOptions } from './optimizer.tf.ts';

await activateBackend('tensorflow').catch(() => undefined);
const reason = fusedOps() === null ? 'native TensorFlow with our own ops is not prepared' : null;
if (reason !== null) console.warn(`the native training ops are not tested here: ${reason}`);
const skipped = reason !== null && process.env['UNROLL_REQUIRE_ALL'] !== '1';

const random = new Random(17, 'native training ops');
const numbers = (size: number): number[] => Array.from({ length: size }, () => random.normal());

function expectClose(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = 2e-6): void {
  expect(found.length).toBe(wanted.length);
  const worst = Array.from(
    found,
    (value, i) => Math.abs(value - (wanted[i] ?? Number.NaN)) / Math.max(1, Math.abs(wanted[i] ?? 0)),
  );
  expect(Math.max(0, ...worst)).toBeLessThan(tolerance);
}

describe.skipIf(skipped)('our native training ops', () => {
  beforeAll(async () => {
    expect(reason).toBeNull();
    await activateBackend('tensorflow');
  });

  /** Runs on native TensorFlow with our ops, and on the JavaScript backend. */
  async function both(run: () => tf.Tensor[]): Promise<[number[][], number[][]]> {
    const values = (): number[][] => tf.tidy(() => run().map((tensor) => [...tensor.dataSync()]));
    await activateBackend('tensorflow');
    expect(fusedBackend()).not.toBeNull();
    const fused = values();
    await activateBackend('javascript');
    const plain = values();
    await activateBackend('tensorflow');
    return [fused, plain];
  }

  it.each([
    [1, 1],
    [3, 2],
    [700, 40],
    [5, 1003],
  ])('cross entropy of %i rows of %i classes, padding without weight', async (rows, classes) => {
    const logits = numbers(rows * classes).map((value) => value * 8);
    const targets = Int32Array.from({ length: rows }, () => random.below(classes));
    const weights = Float32Array.from({ length: rows }, (_unused, i) => (i % 3 === 1 ? 0 : random.uniform() / rows));
    const [fused, plain] = await both(() => {
      const op = tf.valueAndGrad((x: tf.Tensor) => tf.mul(crossEntropy(x, targets, weights), 3) as tf.Scalar);
      const { value, grad } = op(tf.tensor2d(logits, [rows, classes]));
      return [value, grad];
    });
    fused.forEach((values, i) => {
      expectClose(values, plain[i] ?? []);
    });
  });

  it('cross entropy of logits that would overflow', async () => {
    const [fused, plain] = await both(() => [
      crossEntropy(tf.tensor2d([[1e30, -1e30, 0]]), Int32Array.of(0), Float32Array.of(1)),
    ]);
    expectClose(fused[0] ?? [], plain[0] ?? []);
  });

  it('sums the rows of an embedding, padding left out', async () => {
    const ids = Int32Array.from({ length: 6 * 50 }, () => random.below(random.below(2) === 0 ? 3 : 37));
    const [fused, plain] = await both(() => {
      const weights = tf.tensor2d(numbersOnce, [37, 5]);
      const grad = tf.grad((table: tf.Tensor) =>
        tf.sum(tf.square(lookup(table as tf.Tensor2D, tf.tensor2d(ids, [6, 50], 'int32')))),
      );
      return [grad(weights)];
    });
    expectClose(fused[0] ?? [], plain[0] ?? [], 1e-5);
    expect(fused[0]?.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
  });
  const numbersOnce = numbers(37 * 5);

  it.each([
    ['adam', {}],
    ['adam', { weightDecay: 0.1, clipNorm: 0.5 }],
    ['adamw', { weightDecay: 0.1, clipValue: 0.3 }],
    ['adamw', { weightDecay: 0.01, clipNorm: null }],
  ] as const)('%s %j updates as the composed rule does, and is saved and loaded', async (kind, changes) => {
    const settings = trainingSettings.parse({ optimizer: { kind }, ...changes });
    const { optimizer, weightDecay, clipNorm, clipValue } = settings;
    if (optimizer.kind !== 'adam' && optimizer.kind !== 'adamw') throw new Error(optimizer.kind);
    const options = { optimizer, weightDecay, clipNorm, clipValue };
    const starts = [numbers(20_000), numbers(7), numbers(1)];
    const make = (
      create: (options: OptimizerOptions & { optimizer: typeof optimizer }) => typeof DeviceOptimizer | typeof FusedAdam,
    ) => {
      const parameters = starts.map((values, i) => ({
        name: `p${i}`,
        variable: tf.variable(tf.tensor1d(values)),
        decay: i !== 1,
      }));
      return { parameters, rule: new (create(options))(parameters, options) };
    };
    const fused = make(() => FusedAdam);
    const plain = make(() => DeviceOptimizer);
    const gradients = Array.from({ length: 4 }, () => [numbers(20_000), numbers(7)]);
    const apply = (rule: DeviceOptimizer | FusedAdam, step: number): number =>
      tf.tidy(() => {
        const given = Object.fromEntries((gradients[step] ?? []).map((values, i) => [`p${i}`, tf.tensor1d(values)]));
        return rule.apply(given, 0.01).dataSync()[0] ?? Number.NaN;
      });
    for (let step = 0; step < 3; step++) expectClose([apply(fused.rule, step)], [apply(plain.rule, step)], 1e-5);
    const saved = await fused.rule.read();
    const loaded = make(() => FusedAdam);
    loaded.rule.load(saved, 3);
    loaded.parameters.forEach(({ variable }, i) => {
      const now = fused.parameters[i]?.variable;
      if (now) variable.assign(now);
    });
    const kept = [...saved].map(([name, { data }]) => [name, [...data]]);
    for (const { rule } of [fused, plain, loaded]) apply(rule, 3);
    // What was read stays as it was, although the op writes over its averages.
    expect([...saved].map(([name, { data }]) => [name, [...data]])).toEqual(kept);
    const values = (one: typeof fused): number[][] => one.parameters.map(({ variable }) => [...variable.dataSync()]);
    const [a, b, c] = [values(fused), values(plain), values(loaded)];
    a.forEach((each, i) => {
      expectClose(each, b[i] ?? []);
    });
    expect(c).toEqual(a);
    for (const { parameters, rule } of [fused, plain, loaded]) {
      rule.dispose();
      for (const { variable } of parameters) variable.dispose();
    }
  });

  it('refuses shapes and numbers that do not fit, as errors', () => {
    const backend = nativeBackend();
    if (backend === null) throw new Error('not native');
    const call = (name: string, attributes: object[], inputs: tf.Tensor[], outputs: number) => () =>
      tf.tidy(() => void backend.executeMultipleOutputs(name, attributes, inputs, outputs));
    const rows = { name: 'rows', type: backend.binding.TF_ATTR_INT, value: 4 };
    const table = tf.zeros([3, 2]);
    expect(call('UnrollAddRows', [rows], [table, tf.tensor1d([0, 1, 4], 'int32')], 1)).toThrow('outside of the table');
    expect(call('UnrollAddRows', [rows], [table, tf.tensor1d([0, 1], 'int32')], 1)).toThrow('must have the shape');
    const weights = tf.ones([3]);
    expect(call('UnrollCrossEntropy', [], [table, tf.tensor1d([0, 1, 2], 'int32'), weights], 2)).toThrow('none of 2 classes');
    expect(call('UnrollCrossEntropy', [], [table, tf.tensor1d([0, 1], 'int32'), weights], 2)).toThrow('must have the shape');
    const count = { name: 'N', type: backend.binding.TF_ATTR_INT, value: 1 };
    const adam = [tf.zeros([8]), tf.zeros([4]), tf.zeros([3]), tf.zeros([4]), tf.zeros([4])];
    expect(call('UnrollAdam', [count], adam, 2)).toThrow('gradient must have the shape');
  });
});
