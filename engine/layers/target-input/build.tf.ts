import type { Builder } from '../builder.tf.ts';

/** The previous target tokens `[U, B]`. */
export const buildTargetInput: Builder<'target-input'> = ({ batch }) => {
  if (batch.target === null) throw new Error('the batch has no target sequence');
  return { tokens: { type: 'tokens', tensor: batch.target.tokens, time: batch.target.time } };
};
