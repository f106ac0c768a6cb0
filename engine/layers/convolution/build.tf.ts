import * as tf from '@tensorflow/tfjs-core';
import { convolve, largestOfSquares } from '../../kernels/convolution.tf.ts';
import { type Builder, valueAt } from '../builder.tf.ts';

const activations = { relu: tf.relu, tanh: tf.tanh, identity: (x: tf.Tensor) => x } as const;

/** g(conv(x) + b), then the maximum of each square: `[N, h, w, c]` → `[N, ⌊h / p⌋, ⌊w / p⌋, filters]`. */
export const buildConvolution: Builder<'convolution'> = ({ config, inputs, parameter }) => {
  const { tensor, time } = valueAt(inputs, 'pictures', 'pictures');
  const features = convolve(tensor, parameter('weight') as tf.Tensor4D, parameter('bias') as tf.Tensor1D);
  const active = activations[config.activation](features) as tf.Tensor4D;
  return { output: { type: 'pictures', tensor: largestOfSquares(active, config.pool), time, differentiable: true } };
};
