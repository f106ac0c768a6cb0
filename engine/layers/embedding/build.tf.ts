import type { Tensor2D } from '@tensorflow/tfjs-core';
import { lookup } from '../../kernels/lookup.tf.ts';
import { type Builder, valueAt } from '../builder.tf.ts';

/** Rows of the table by token id: `[T, B]` → `[T, B, D]`. */
export const buildEmbedding: Builder<'embedding'> = ({ config, inputs, parameter }) => {
  const { tensor, time } = valueAt(inputs, 'tokens', 'tokens');
  const rows = lookup(parameter('weight') as Tensor2D, tensor);
  return { sequence: { type: 'sequence', tensor: rows, time, differentiable: !config.frozen } };
};
