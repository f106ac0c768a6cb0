import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { linear } from '../../kernels/linear.tf.ts';
import { type Builder, sameType, valueAt } from '../builder.tf.ts';

/** Raw outputs x Wᵀ + b per step or vector, one, for the second class; the logistic function is left to the loss and to prediction. */
export const buildDenseSigmoid: Builder<'dense-sigmoid'> = ({ inputs, parameter }) => {
  const input = valueAt(inputs, 'input', 'sequence', 'vector');
  return { logits: sameType(input, linear(input.tensor, parameter('weight') as Tensor2D, parameter('bias') as Tensor1D)) };
};
