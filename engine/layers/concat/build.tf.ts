import * as tf from '@tensorflow/tfjs-core';
import type { Builder } from '../builder.tf.ts';
import { mergeValues } from '../merge-values.tf.ts';

/** Features side by side, in wire order. */
export const buildConcat: Builder<'concat'> = ({ inputs }) => ({
  output: mergeValues(inputs['inputs'] ?? [], (tensors) => tf.concat([...tensors], -1)),
});
