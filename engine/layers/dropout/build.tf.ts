import { type Builder, sameType, valueAt } from '../builder.tf.ts';
import { invertedDropout } from '../inverted-dropout.tf.ts';

/** Inverted dropout while training; nothing otherwise. */
export const buildDropout: Builder<'dropout'> = ({ config, inputs, mode }) => {
  const input = valueAt(inputs, 'input', 'sequence', 'vector');
  return { output: sameType(input, invertedDropout(input.tensor, config.rate, mode), input.differentiable) };
};
