import * as tf from '@tensorflow/tfjs-core';
import { dropoutMask } from '../../kernels/dropout-mask.ts';
import { type Builder, sameType, valueAt } from '../builder.tf.ts';

/** Inverted dropout while training; nothing otherwise. */
export const buildDropout: Builder<'dropout'> = ({ config, inputs, mode }) => {
  const input = valueAt(inputs, 'input', 'sequence', 'vector');
  if (!mode.training || mode.dropout === null || config.rate === 0) return { output: input };
  const mask = tf.tensor(dropoutMask(input.tensor.size, config.rate, mode.dropout), input.tensor.shape);
  return { output: sameType(input, tf.mul(input.tensor, mask), input.differentiable) };
};
