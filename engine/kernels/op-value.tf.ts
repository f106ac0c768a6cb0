import * as tf from '@tensorflow/tfjs-core';
import type { StateParts } from './recurrence.tf.ts';

type Save = (tensors: tf.Tensor[]) => void;

interface Run {
  readonly values: tf.Tensor[];
  /** Gradients of the inputs from those of the values (zeros where a value was not used). */
  gradients(d: tf.Tensor[], saved: tf.Tensor[]): tf.Tensor[];
}

/** What `tf.customGrad` calls; unlike it, it takes an op with several values. */
interface Engine {
  runKernelFunc(op: {
    readonly inputs: Readonly<Record<number, tf.Tensor>>;
    forwardFunc(backend: unknown, save: Save): tf.Tensor[];
    backwardsFunc(d: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]): Record<number, () => tf.Tensor>;
  }): tf.Tensor[];
}

/** An op with a gradient of its own, as `tf.customGrad`, but with several values: none has to be copied into one tensor with the others. */
export function opOfSeveralValues(inputs: readonly tf.Tensor[], forward: (save: Save) => Run): tf.Tensor[] {
  let run: Run | null = null;
  const engine = tf.engine() as unknown as Engine;
  return engine.runKernelFunc({
    inputs: { ...inputs },
    forwardFunc(_backend, save) {
      run = forward(save);
      return run.values;
    },
    backwardsFunc(d, saved) {
      const gradients = run?.gradients(Array.isArray(d) ? d : [d], saved) ?? [];
      return Object.fromEntries(gradients.map((gradient, input) => [input, () => gradient]));
    },
  });
}

/** Sequence `[T, B, F]` and final state as one list, without what was not wanted. */
export const listValues = (sequence: tf.Tensor3D | null, final: StateParts | null): tf.Tensor[] => [
  ...(sequence === null ? [] : [sequence]),
  ...(final ?? []),
];

/** The two again, out of such a list. */
export function unlistValues(
  values: readonly tf.Tensor[],
  want: { readonly sequence: boolean; readonly final: boolean },
): [tf.Tensor3D | null, StateParts | null] {
  const sequence = want.sequence ? (values[0] as tf.Tensor3D) : null;
  return [sequence, want.final ? (values.slice(want.sequence ? 1 : 0) as tf.Tensor2D[]) : null];
}
