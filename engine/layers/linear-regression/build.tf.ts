import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { linear } from '../../kernels/linear.tf.ts';
import { type Builder, sameType, valueAt } from '../builder.tf.ts';

/** Raw outputs x Wᵀ + b per step or vector, one per target, in normalized units. */
export const buildLinearRegression: Builder<'linear-regression'> = ({ inputs, parameter }) => {
  const input = valueAt(inputs, 'input', 'sequence', 'vector');
  return { logits: sameType(input, linear(input.tensor, parameter('weight') as Tensor2D, parameter('bias') as Tensor1D)) };
};
