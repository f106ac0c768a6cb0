import * as tf from '@tensorflow/tfjs-core';
import { type Builder, valueAt } from '../builder.tf.ts';
import { only } from '../ports.ts';

/** A one at the token's id: `[T, B]` → `[T, B, V]`. */
export const buildOneHot: Builder<'one-hot'> = ({ inputs, module }) => {
  const width = only(module.inputTypes, 'tokens', 'tokens').vocabulary;
  if (width === null) throw new Error('one-hot without a vocabulary');
  // Cast afterwards: asked for float32, the WASM kernel writes an integer's bits.
  const { tensor, time } = valueAt(inputs, 'tokens', 'tokens');
  const rows = tf.cast(tf.oneHot(tensor, width), 'float32') as tf.Tensor3D;
  return { sequence: { type: 'sequence', tensor: rows, time, differentiable: false } };
};
