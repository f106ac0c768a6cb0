import * as tf from '@tensorflow/tfjs-core';
import type { Builder } from '../builder.tf.ts';
import { mergeValues } from '../merge-values.tf.ts';

/** Element-wise sum. */
export const buildAdd: Builder<'add'> = ({ inputs }) => ({
  output: mergeValues(inputs['inputs'] ?? [], (tensors) => tf.addN([...tensors])),
});
