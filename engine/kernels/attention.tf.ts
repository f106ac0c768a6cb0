import * as tf from '@tensorflow/tfjs-core';
import type { AttentionScore } from './attention-score.ts';
import { linear } from './linear.tf.ts';

/** Far below any score, and still finite: a memory step that is padding gets the weight 0 exactly. */
const coveredScore = -1e9;

/**
 * Attention of every step over a memory.
 *
 * @param states h `[U, B, H]`
 * @param memory `[T, B, M]`
 * @param mask 1 at real memory steps `[T, B]`
 * @param parameter `key.weight` … as in `attentionParameters`
 * @returns `output` `[U, B, H]`, and `alignment` `[B, U, T]`: how much each memory step counted, summing to 1
 */
export function attend(
  score: AttentionScore,
  states: tf.Tensor3D,
  memory: tf.Tensor3D,
  mask: tf.Tensor2D,
  parameter: (name: string) => tf.Tensor,
): { readonly output: tf.Tensor3D; readonly alignment: tf.Tensor3D } {
  const queries = tf.transpose(states, [1, 0, 2]);
  const steps = tf.transpose(memory, [1, 0, 2]);
  const scores = scoring[score](queries, steps, parameter);
  const covered = tf.mul(tf.sub(1, tf.expandDims(tf.transpose(mask), 1)), coveredScore);
  const alignment = tf.softmax(tf.add(scores, covered)) as tf.Tensor3D;
  const context = tf.transpose(tf.matMul(alignment, steps), [1, 0, 2]);
  const joined = tf.concat([context, states], 2);
  const z = linear(joined, parameter('join.weight') as tf.Tensor2D, parameter('join.bias') as tf.Tensor1D);
  const output = tf.tanh(z) as tf.Tensor3D;
  return { output, alignment };
}

type Scoring = (queries: tf.Tensor3D, steps: tf.Tensor3D, parameter: (name: string) => tf.Tensor) => tf.Tensor3D;

/** Scores `[B, U, T]` from states `[B, U, H]` and memory `[B, T, M]`. */
const scoring: Readonly<Record<AttentionScore, Scoring>> = {
  dot: (queries, steps) => tf.matMul(queries, steps, false, true),
  general: (queries, steps, parameter) => tf.matMul(queries, rowsTimes(steps, parameter('key.weight')), false, true),
  additive: (queries, steps, parameter) => {
    const keys = linear(steps, parameter('key.weight') as tf.Tensor2D, parameter('key.bias') as tf.Tensor1D);
    const sum = tf.add(tf.expandDims(rowsTimes(queries, parameter('query.weight')), 2), tf.expandDims(keys, 1));
    return tf.squeeze(rowsTimes(tf.tanh(sum), parameter('score.weight')), [3]);
  },
};

/** `x Wᵀ` over the last axis. */
function rowsTimes(x: tf.Tensor, weight: tf.Tensor): tf.Tensor3D {
  return linear(x, weight as tf.Tensor2D, tf.zeros<tf.Rank.R1>([weight.shape[0] ?? 0])) as tf.Tensor3D;
}
