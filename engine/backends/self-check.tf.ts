import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../random.ts';

/** Sizes are odd and unequal on purpose: a kernel that swaps two dimensions or rounds a size up cannot pass. */
const sizes = { vocabulary: 11, embedding: 5, hidden: 7, steps: 6, batch: 3, classes: 3 } as const;

interface Reading {
  readonly name: string;
  readonly values: Float32Array;
}

/**
 * Runs a small masked LSTM between an embedding and a dense softmax, forward and backward, on the active backend and on the
 * JavaScript backend. The active backend is the same before and after.
 *
 * @returns largest error of any loss or gradient entry, relative to the largest entry of the same tensor; `Infinity` for NaN.
 */
export async function selfCheck(): Promise<number> {
  const backend = tf.getBackend();
  const found = await readings();
  await tf.setBackend('cpu');
  try {
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
  const { vocabulary: V, embedding: E, hidden: H, steps: T, batch: B, classes: C } = sizes;
  const random = new Random(7, 'self-check');
  const normal = (...shape: number[]): tf.Tensor => {
    const values = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.normal() * 0.5);
    return tf.tensor(values, shape, 'float32');
  };
  const parameters = {
    embedding: normal(V, E),
    input: normal(E, 4 * H),
    hidden: normal(H, 4 * H),
    bias: normal(4 * H),
    dense: normal(H, C),
  };
  const names = Object.keys(parameters);
  const ids = tf.tensor1d(
    Array.from({ length: T * B }, () => random.below(V)),
    'int32',
  );
  const lengths = [T, T - 2, T - 5];
  const mask = tf.tensor3d(
    Array.from({ length: T * B }, (_, i) => (Math.floor(i / B) < (lengths[i % B] ?? 0) ? 1 : 0)),
    [T, B, 1],
  );
  const target = tf.tensor2d([1, 0, 0, 0, 0, 1, 0, 1, 0], [B, C]);

  const loss = (embedding: tf.Tensor, input: tf.Tensor, hidden: tf.Tensor, bias: tf.Tensor, dense: tf.Tensor): tf.Scalar => {
    const product = tf.reshape(tf.add(tf.matMul(embed(embedding as tf.Tensor2D, ids), input as tf.Tensor2D), bias), [
      T,
      B,
      4 * H,
    ]);
    let h: tf.Tensor = tf.zeros([B, H]);
    let c: tf.Tensor = tf.zeros([B, H]);
    for (let t = 0; t < T; t++) {
      const gates = tf.add(
        tf.reshape(tf.slice(product, [t, 0, 0], [1, B, 4 * H]), [B, 4 * H]),
        tf.matMul(h as tf.Tensor2D, hidden as tf.Tensor2D),
      );
      const [i, f, g, o] = tf.split(gates, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const now = tf.reshape(tf.slice(mask, [t, 0, 0], [1, B, 1]), [B, 1]);
      const cell = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      const output = tf.mul(tf.sigmoid(o), tf.tanh(cell));
      c = tf.add(c, tf.mul(now, tf.sub(cell, c)));
      h = tf.add(h, tf.mul(now, tf.sub(output, h)));
    }
    const scores = tf.logSoftmax(tf.matMul(h as tf.Tensor2D, dense as tf.Tensor2D));
    return tf.neg(tf.mean(tf.sum(tf.mul(target, scores), 1)));
  };

  const { value, grads } = tf.valueAndGrads(loss as (...args: tf.Tensor[]) => tf.Tensor)(Object.values(parameters));
  const results = [value, ...grads];
  const read = await Promise.all(results.map((tensor) => tensor.data() as Promise<Float32Array>));
  tf.dispose([results, Object.values(parameters), ids, mask, target]);
  return read.map((values, at) => ({ name: at === 0 ? 'loss' : (names[at - 1] ?? ''), values: Float32Array.from(values) }));
}

/** Rows of the table; its own gradient, because not every backend has the scatter that the stock one uses. */
function embed(table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  const lookup = tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([]);
    return {
      value: tf.gather(input as tf.Tensor2D, ids),
      gradFunc: (dy: tf.Tensor) => tf.matMul(tf.oneHot(ids, table.shape[0]) as tf.Tensor2D, dy as tf.Tensor2D, true, false),
    };
  });
  return lookup(table) as tf.Tensor2D;
}
