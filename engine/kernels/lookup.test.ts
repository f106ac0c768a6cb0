import '../backends/gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import type { BackendName } from '../protocol/app.ts';
import { nativeRuntime } from '../toolchain/runtime.ts';
import { lookup } from './lookup.tf.ts';

const backends: readonly BackendName[] = ['javascript', 'wasm', ...(nativeRuntime() === null ? [] : (['tensorflow'] as const))];

describe.each(backends)('lookup on %s', (backend) => {
  beforeAll(async () => {
    await activateBackend(backend);
  });

  it('takes rows by id', () => {
    const table = tf.tensor2d([0, 0, 1, 2, 3, 4], [3, 2]);
    const ids = tf.tensor2d([2, 0, 1, 2], [2, 2], 'int32');
    expect([...lookup(table, ids).dataSync()]).toEqual([3, 4, 0, 0, 1, 2, 3, 4]);
    tf.dispose([table, ids]);
  });

  it('adds up the gradient of each row, and gives the padding row none even where one arrives', () => {
    const gradient = tf.tidy(() => {
      const ids = tf.tensor2d([2, 0, 1, 2], [2, 2], 'int32');
      const upstream = tf.tensor3d([1, 2, 10, 20, 3, 4, 5, 6], [2, 2, 2]);
      const table = tf.tensor2d([0, 0, 1, 2, 3, 4, 5, 6], [4, 2]);
      return tf.grad((t: tf.Tensor) => tf.sum(tf.mul(lookup(t as tf.Tensor2D, ids), upstream)))(table);
    });
    expect([...gradient.dataSync()]).toEqual([0, 0, 3, 4, 6, 8, 0, 0]);
    gradient.dispose();
  });
});
