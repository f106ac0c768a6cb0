import type { Builder } from '../builder.tf.ts';

/** The batch's token ids `[T, B]`. */
export const buildTokenInput: Builder<'token-input'> = ({ batch }) => {
  if (batch.tokens === null) throw new Error('the batch has no tokens');
  return { tokens: { type: 'tokens', tensor: batch.tokens, time: batch } };
};
