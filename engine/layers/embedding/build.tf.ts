import type { Tensor2D } from '@tensorflow/tfjs-core';
import { lookup } from '../../kernels/lookup.tf.ts';
import { type Builder, valueAt } from '../builder.tf.ts';

/** Rows of the table by token id: `[T, B]` → `[T, B, D]`. */
export const buildEmbedding: Builder<'embedding'> = ({ config, inputs, parameter }) => {
  const { tensor } = valueAt(inputs, 'tokens', 'tokens');
  return {
    sequence: { type: 'sequence', tensor: lookup(parameter('weight') as Tensor2D, tensor), differentiable: !config.frozen },
  };
};
