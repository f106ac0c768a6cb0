import * as tf from '@tensorflow/tfjs-core';
import type { StateParts } from './recurrence.tf.ts';

/**
 * TensorFlow.js gives an op with a gradient of its own one value, so the sequence and the final state share one tensor. What it holds,
 * one after the other: the sequence `[T, B, F]`, and each part of the final state.
 */
export interface ValueLayout {
  readonly want: { readonly sequence: boolean; readonly final: boolean };
  readonly steps: number;
  readonly rows: number;
  /** F */
  readonly features: number;
  /** Width of each part of the state. */
  readonly widths: readonly number[];
}

export function joinValue(sequence: tf.Tensor3D | null, final: StateParts | null): tf.Tensor {
  const pieces: tf.Tensor[] = [...(sequence === null ? [] : [sequence]), ...(final ?? [])];
  return pieces.length === 1 && pieces[0] ? pieces[0] : tf.concat1d(pieces.map((piece) => piece.flatten()));
}

/** Sequence and final state out of the op's one value; also splits its gradient. What was not wanted is `null`. */
export function splitValue(value: tf.Tensor, layout: ValueLayout): [tf.Tensor3D | null, StateParts | null] {
  const { want, steps, rows, features, widths } = layout;
  if (!want.final) return [value as tf.Tensor3D, null];
  if (!want.sequence && widths.length === 1) return [null, [value as tf.Tensor2D]];
  let at = 0;
  const next = <R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> => {
    const size = shape.reduce((product, n) => product * n, 1);
    at += size;
    return value.slice(at - size, size).reshape(shape);
  };
  const sequence = want.sequence ? next<tf.Rank.R3>([steps, rows, features]) : null;
  return [sequence, widths.map((width) => next<tf.Rank.R2>([rows, width]))];
}
