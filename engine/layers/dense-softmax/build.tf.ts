import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { linear } from '../../kernels/linear.tf.ts';
import { type Builder, sameType, valueAt } from '../builder.tf.ts';

/** Raw outputs x Wᵀ + b per step or vector, one per class; softmax is left to the loss and to prediction. */
export const buildDenseSoftmax: Builder<'dense-softmax'> = ({ inputs, parameter }) => {
  const input = valueAt(inputs, 'input', 'sequence', 'vector');
  return { logits: sameType(input, linear(input.tensor, parameter('weight') as Tensor2D, parameter('bias') as Tensor1D)) };
};
