import * as tf from '@tensorflow/tfjs-core';
import { cellParameters } from '../cells/parameters.ts';
import { cellWeights } from '../kernels/cell-weights.tf.ts';
import { recurrence } from '../kernels/recurrence.tf.ts';
import type { AcceleratedCell } from '../shapes/value-type.ts';
import type { Form } from './kernel-check.tf.ts';

const sizes = { steps: 20, rows: 64, inputs: 128 };

/**
 * Milliseconds that a cell's kernels take forwards and back over a small batch on the current backend: medians of interleaved rounds.
 *
 * @param forms each runs the kernels in a way of its own
 */
export function kernelTimes(cell: AcceleratedCell, forms: readonly Form[], rounds = 5): number[] {
  const { steps, rows, inputs } = sizes;
  const specs = cellParameters(cell, inputs, '');
  const given = tf.tidy(() => [
    tf.randomNormal([steps, rows, inputs], 0, 0.5, 'float32', 1),
    ...specs.map(({ shape }, index) => tf.randomNormal([...shape], 0, 0.05, 'float32', 2 + index)),
  ]);
  const problem = { cell, steps, rows, lengths: new Int32Array(rows).fill(steps), reverse: false, inputGradient: true };
  const gradients = tf.grads((x, ...weights) => {
    const named = cellWeights((name) => weights[specs.findIndex((spec) => spec.name === name)] ?? null);
    const { sequence } = recurrence(problem, x as tf.Tensor3D, named, null, { sequence: true, final: false });
    return tf.sum(sequence ?? x);
  });
  const time = (form: Form): number => {
    const start = performance.now();
    tf.tidy(() =>
      form(() => gradients(given))
        .at(-1)
        ?.dataSync(),
    );
    return performance.now() - start;
  };
  const times = forms.map((): number[] => []);
  // The first round warms up.
  for (let round = 0; round <= rounds; round++)
    forms.forEach((form, index) => {
      const taken = time(form);
      if (round > 0) times[index]?.push(taken);
    });
  tf.dispose(given);
  return times.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN);
}
