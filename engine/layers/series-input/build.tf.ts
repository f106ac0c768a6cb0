import type { Builder } from '../builder.tf.ts';

/** The batch's normalized measurements `[T, B, F]`. */
export const buildSeriesInput: Builder<'series-input'> = ({ batch }) => {
  if (batch.series === null) throw new Error('the batch has no numeric series');
  return { sequence: { type: 'sequence', tensor: batch.series, time: batch, differentiable: false } };
};
