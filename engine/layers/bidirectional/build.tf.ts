import * as tf from '@tensorflow/tfjs-core';
import { type Builder, type Value, valueAt } from '../builder.tf.ts';
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
  const { config, inputs, wanted } = context;
  const last = config.output === 'last';
  const reads = wanted.has('output');
  const want = { sequence: reads && !last, final: wanted.has('state') || (reads && last) };
  const forward = runCell(context, { suffix: '_l0', reverse: false, initial: null, want });
  const backward = runCell(context, { suffix: '_l0_reverse', reverse: true, initial: null, want });
  const merge = merges[config.merge];
  const outputs: Record<string, Value> = {};
  if (forward.final !== null && backward.final !== null) {
    const [a, b] = [forward.final[0], backward.final[0]];
    if (last && a && b) outputs['output'] = { type: 'vector', tensor: merge(a, b) as tf.Tensor2D, differentiable: true };
    outputs['state'] = { type: 'state', layers: [forward.final, backward.final] };
  }
  if (forward.sequence !== null && backward.sequence !== null && config.output !== 'last') {
    const merged = merge(forward.sequence, backward.sequence) as tf.Tensor3D;
    outputs['output'] = wrapperResult(config.output, merged, valueAt(inputs, 'sequence', 'sequence').time);
  }
  return outputs;
};
