import * as tf from '@tensorflow/tfjs-core';
import { type Builder, valueAt } from '../builder.tf.ts';

/** `[N, h, w, c]` → `[B, h·w·c]` or `[T, B, h·w·c]`, channel by channel as `torch.flatten` of PyTorch's `[N, c, h, w]`; or the mean, `[…, c]`. */
export const buildFlatten: Builder<'flatten'> = ({ config, inputs }) => {
  const { tensor, time, differentiable } = valueAt(inputs, 'pictures', 'pictures');
  const [count, height, width, channels] = tensor.shape;
  const features = config.mode === 'mean' ? channels : height * width * channels;
  const flat: tf.Tensor = config.mode === 'mean' ? tf.mean(tensor, [1, 2]) : tf.transpose(tensor, [0, 3, 1, 2]);
  if (time === null) {
    return { output: { type: 'vector', tensor: flat.reshape<tf.Tensor2D>([count, features]), differentiable } };
  }
  const sequence = flat.reshape<tf.Tensor3D>([time.steps, time.rows, features]);
  return { output: { type: 'sequence', tensor: sequence, time, differentiable } };
};
