import * as tf from '@tensorflow/tfjs-core';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import { checkBatch, checkPlan, checkTargets } from './check-network.ts';

export interface Reading {
  readonly name: string;
  readonly values: Float32Array;
}

/**
 * Runs a small network of the product's own layers, forward and backward over a padded batch, on the active backend and on the
 * JavaScript backend. The active backend is the same before and after.
 *
 * @returns largest error of the loss or of any gradient entry, relative to the largest entry of the same tensor; `Infinity` for
 *   NaN.
 * @throws what the backend throws.
 */
export async function selfCheck(): Promise<number> {
  const backend = tf.getBackend();
  try {
    const found = await readings();
    await tf.setBackend('cpu');
    return largestError(await readings(), found);
  } finally {
    await tf.setBackend(backend);
  }
}

export function largestError(expected: readonly Reading[], found: readonly Reading[]): number {
  let worst = 0;
  expected.forEach(({ name, values }, at) => {
    const other = found[at]?.values;
    if (found[at]?.name !== name || other?.length !== values.length) worst = Number.POSITIVE_INFINITY;
    const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
    values.forEach((value, index) => {
      const error = Math.abs(value - (other?.[index] ?? Number.NaN)) / scale;
      worst = Number.isFinite(error) ? Math.max(worst, error) : Number.POSITIVE_INFINITY;
    });
  });
  return worst;
}

async function readings(): Promise<Reading[]> {
  const plan = checkPlan();
  const model = new Model(plan, initializeParameters(plan, 7));
  const names = [...model.variables.keys()];
  const batch = toTensors(checkBatch);
  const { classes, rows } = checkTargets;
  const target = tf.tensor2d(
    rows.flatMap((row) => classes.map((_, index) => (index === row ? 1 : 0))),
    [rows.length, classes.length],
  );
  const { value, grads } = tf.variableGrads(() => {
    const scores = tf.logSoftmax(model.forward(batch, { dropout: null }));
    return tf.neg(tf.mean(tf.sum(tf.mul(target, scores), -1))) as tf.Scalar;
  }, [...model.variables.values()]);
  const gradients = [...model.variables.values()].map((variable) => grads[variable.name]);
  const read = await Promise.all([value, ...gradients].map((tensor) => tensor?.data() ?? new Float32Array([Number.NaN])));
  tf.dispose([value, grads, target, batch.tokens, batch.lengths, batch.mask].filter((item) => item !== null));
  model.dispose();
  return read.map((values, at) => ({ name: names[at - 1] ?? 'loss', values: Float32Array.from(values) }));
}
