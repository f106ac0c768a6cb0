import * as tf from '@tensorflow/tfjs-core';
import type { Builder } from '../builder.tf.ts';
import { runCell } from '../cell-run.tf.ts';
import { wrapperResult } from '../wrapper-result.tf.ts';

/** How two directions of equal width become one. */
const merges = {
  concat: (a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b], -1),
  sum: (a: tf.Tensor, b: tf.Tensor) => tf.add(a, b),
  mean: (a: tf.Tensor, b: tf.Tensor) => tf.mul(tf.add(a, b), 0.5),
  product: (a: tf.Tensor, b: tf.Tensor) => tf.mul(a, b),
} as const;

/**
 * The cell forwards and backwards (row L9), merged step by step. `last` merges the two final states: the forward one after step T_x
 * of each row, the backward one after step 1.
 */
export const buildBidirectional: Builder<'bidirectional'> = (context) => {
  const { config, batch } = context;
  const want = { sequence: config.output !== 'last', final: config.output === 'last' };
  const forward = runCell(context, { suffix: '', reverse: false, initial: null, want });
  const backward = runCell(context, { suffix: '_reverse', reverse: true, initial: null, want });
  const merge = merges[config.merge];
  if (config.output === 'last') {
    const [a, b] = [forward.final?.[0], backward.final?.[0]];
    if (a === undefined || b === undefined) throw new Error('bidirectional: no final state');
    return { output: { type: 'vector', tensor: merge(a, b) as tf.Tensor2D, differentiable: true } };
  }
  if (forward.sequence === null || backward.sequence === null) throw new Error('bidirectional: no sequence');
  return { output: wrapperResult(config.output, merge(forward.sequence, backward.sequence) as tf.Tensor3D, batch) };
};
