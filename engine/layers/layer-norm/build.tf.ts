import * as tf from '@tensorflow/tfjs-core';
import { type Builder, sameType, valueAt } from '../builder.tf.ts';

/** (x - mean) / √(variance + ε) * weight + bias over the feature axis; the variance divides by F, as in PyTorch. */
export const buildLayerNorm: Builder<'layer-norm'> = ({ config, inputs, parameter }) => {
  const input = valueAt(inputs, 'input', 'sequence', 'vector');
  const centred = tf.sub(input.tensor, tf.mean(input.tensor, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, config.epsilon)));
  return { output: sameType(input, tf.add(tf.mul(normal, parameter('weight')), parameter('bias'))) };
};
