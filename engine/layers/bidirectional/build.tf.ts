import * as tf from '@tensorflow/tfjs-core';
import { lastStep } from '../../kernels/pooling.tf.ts';
import { type Builder, type Value, valueAt } from '../builder.tf.ts';
import { runStack } from '../stack.tf.ts';
import { addsInputs } from '../stack.ts';
import { wrapperResult } from '../wrapper-result.tf.ts';

/** How two directions of equal width become one. */
const merges = {
  concat: (a: tf.Tensor, b: tf.Tensor) => tf.concat([a, b], -1),
  sum: (a: tf.Tensor, b: tf.Tensor) => tf.add(a, b),
  mean: (a: tf.Tensor, b: tf.Tensor) => tf.mul(tf.add(a, b), 0.5),
  product: (a: tf.Tensor, b: tf.Tensor) => tf.mul(a, b),
} as const;

/**
 * The cell forwards and backwards (row L9), merged step by step, after each layer of a stack. `last` merges what the last layer gives at
 * the end of each direction: forwards after step T_x of each row, backwards after step 1.
 */
export const buildBidirectional: Builder<'bidirectional'> = (context) => {
  const { config, inputs, wanted } = context;
  const { time } = valueAt(inputs, 'sequence', 'sequence');
  const mode = config.output;
  const reads = wanted.has('output');
  const lastState = mode === 'last' && !addsInputs(config);
  const merge = <T extends tf.Tensor>([a, b]: readonly T[]): T => {
    if (a === undefined || b === undefined) throw new Error('bidirectional: expected two directions');
    return merges[config.merge](a, b) as T;
  };
  const { sequence, last, states } = runStack(context, {
    stack: config,
    reverse: [false, true],
    initial: null,
    merge: (sideBySide) => (config.merge === 'concat' ? sideBySide : merge(tf.split(sideBySide, 2, 2) as tf.Tensor3D[])),
    want: { sequence: reads && !lastState, last: reads && lastState, states: wanted.has('state') },
  });
  const outputs: Record<string, Value> = {};
  if (states !== null) outputs['state'] = { type: 'state', layers: states };
  if (last !== null) outputs['output'] = { type: 'vector', tensor: merge(last), differentiable: true };
  if (sequence !== null) {
    outputs['output'] =
      mode === 'last'
        ? { type: 'vector', tensor: lastOfHalves(sequence, time.mask), differentiable: true }
        : wrapperResult(mode, sequence, time);
  }
  return outputs;
};

/** Each direction's half of the features at the end of that direction: `[T, B, 2P]` → `[B, 2P]`. */
function lastOfHalves(sequence: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor2D {
  const [ahead, back] = tf.split(sequence, 2, 2) as tf.Tensor3D[];
  if (ahead === undefined || back === undefined) throw new Error('bidirectional: expected two directions');
  return tf.concat([lastStep(ahead, mask, false), lastStep(back, mask, true)], 1);
}
