import * as tf from '@tensorflow/tfjs-core';
import { product } from '../product.tf.ts';
import { at, type Timeline } from '../timeline.tf.ts';

/**
 * State before each step `[T, B, H]`, from the state after each step and the initial state `[B, H]`: shifted one step along the
 * direction of the recurrence.
 */
export function previousStates(after: tf.Tensor3D, first: tf.Tensor2D, { order }: Timeline): tf.Tensor3D {
  const steps = after.shape[0];
  const initial = first.expandDims<tf.Tensor3D>(0);
  if (steps === 1) return initial;
  const backwards = at(order, 0) !== 0;
  return backwards ? tf.concat([after.slice(1, steps - 1), initial], 0) : tf.concat([initial, after.slice(0, steps - 1)], 0);
}

/** `h → h Wᵀ` with the transposed matrix made once for all steps. */
export function stepMatrix(weight: tf.Tensor2D): (h: tf.Tensor2D) => tf.Tensor2D {
  const transposed = tf.transpose(weight);
  return (h) => product(h, transposed);
}

/** Adds step t's own gradient to the one that came from the step after. */
export function stepGradients(sequence: tf.Tensor3D | null): (t: number, carried: tf.Tensor2D) => tf.Tensor2D {
  if (sequence === null) return (_t, carried) => carried;
  const steps = tf.unstack(sequence) as tf.Tensor2D[];
  return (t, carried) => carried.add(at(steps, t));
}

/** Equal parts along the last axis: the gates of a stacked matrix product. */
export function gates<N extends number>(stacked: tf.Tensor2D, count: N): tf.Tensor2D[] {
  return tf.split(stacked, count, 1);
}

/** 1 - a */
export const complement = <T extends tf.Tensor>(a: T): T => tf.sub(1, a);
