import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../../kernels/linear.tf.ts';
import { type Builder, sameType, valueAt } from '../builder.tf.ts';

/** g(x Wᵀ + b) on each step or vector. */
export const buildDense: Builder<'dense'> = ({ config, inputs, parameter }) => {
  const input = valueAt(inputs, 'input', 'sequence', 'vector');
  const z = linear(input.tensor, parameter('weight') as tf.Tensor2D, parameter('bias') as tf.Tensor1D);
  const activations = { identity: (x: tf.Tensor) => x, relu: tf.relu, tanh: tf.tanh, sigmoid: tf.sigmoid } as const;
  return { output: sameType(input, activations[config.activation](z)) };
};
