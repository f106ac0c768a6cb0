import * as tf from '@tensorflow/tfjs-core';
import type { Value } from '../layers/builder.tf.ts';
import type { PlanModule } from '../layers/plan-module.ts';
import type { Watch } from '../layers/watch.tf.ts';
import { readArray } from './arrays.tf.ts';
import { inputReaders, stepsAndRows } from './input-readers.ts';
import { watched } from './watched.tf.ts';

/** Multiplies what a network first makes of each step of its input, and sums up how what is differentiated changes with the factors. */
export class ScaledInput implements Watch {
  anchor: tf.Tensor | null = null;
  /** Σ over rows of weight · (∂/∂ scaled x_t) · x_t, of each number of each step, by module: steps one after another. */
  readonly products = new Map<string, Float32Array>();
  readonly #readers: ReadonlySet<string>;
  readonly #factors: Float32Array;
  readonly #weights: Float32Array;

  /**
   * @param factors `[T, B]`
   * @param weights of the rows `[B]`; empty where nothing is differentiated
   */
  constructor(modules: readonly PlanModule[], factors: Float32Array, weights: Float32Array) {
    this.#readers = inputReaders(modules);
    this.#factors = factors;
    this.#weights = weights;
  }

  recurrence: Watch['recurrence'] = (_run, want, kernels) => kernels(want);

  value: Watch['value'] = (module, _port, value) => {
    if (!this.#readers.has(module) || value.type === 'tokens' || value.type === 'state') return value;
    const { steps, rows } = stepsAndRows(value);
    const x = value.tensor.reshape<tf.Tensor3D>([steps, rows, -1]);
    const scaled = tf.mul(x, tf.tensor3d(this.#factors, [steps, rows, 1])).reshape(value.tensor.shape);
    if (this.anchor === null) return { ...value, tensor: scaled } as Value;
    const tensor = watched(scaled, this.anchor, (d) => {
      const each = tf.mul(tf.mul(d.reshape(x.shape), x), tf.tensor3d(this.#weights, [1, rows, 1]));
      const { data } = readArray(tf.sum(each, 1));
      const before = this.products.get(module);
      this.products.set(module, before === undefined ? data : data.map((one, at) => one + (before[at] ?? 0)));
    });
    return { ...value, tensor, differentiable: true } as Value;
  };
}
