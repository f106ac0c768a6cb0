import * as tf from '@tensorflow/tfjs-core';
import type { BinaryOp, UnaryOp } from '../../cells/step/graph.ts';

/** Added to a variance before its root, as in `torch.nn.LayerNorm`. */
const epsilon = 1e-5;

const overUnits = (a: tf.Tensor2D): tf.Tensor2D => tf.mean(a, 1, true);
const centred = (a: tf.Tensor2D): tf.Tensor2D => tf.sub(a, overUnits(a));
const inverseDeviation = (a: tf.Tensor2D): tf.Tensor2D => tf.rsqrt(tf.add(overUnits(tf.square(centred(a))), epsilon));

/** Each operation on rows `[N, F]`; sums and means over units give `[N, 1]`. */
export const unary: Readonly<Record<UnaryOp, (a: tf.Tensor2D) => tf.Tensor2D>> = {
  negative: tf.neg,
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  relu: tf.relu,
  softplus: tf.softplus,
  exp: tf.exp,
  log: tf.log,
  sqrt: tf.sqrt,
  abs: tf.abs,
  softmax: (a) => tf.softmax(a),
  layernorm: (a) => tf.mul(centred(a), inverseDeviation(a)),
  step: (a) => tf.step(a),
  sign: tf.sign,
  inverseDeviation,
  sumUnits: (a) => tf.sum(a, 1, true),
  meanUnits: overUnits,
};

/** Each operation on rows of the same shape, or of one that is repeated over rows or units. */
export const binary: Readonly<Record<BinaryOp, (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D>> = {
  add: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
  min: tf.minimum,
  max: tf.maximum,
};
