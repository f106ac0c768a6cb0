import * as tf from '@tensorflow/tfjs-core';
import type { StateParts } from '../../kernels/recurrence.tf.ts';
import { type TimeAxis, timeAxis } from '../batch-tensors.tf.ts';
import { type Builder, type Value, valueAt } from '../builder.tf.ts';
import { runLayer } from '../stack.tf.ts';
import { wrapperResult } from '../wrapper-result.tf.ts';

/**
 * Layer after layer: k neighbouring steps side by side, then the cell over the shorter sequence, in both directions or forwards. The
 * state is that of the last layer; `last` is its h after each direction's last step.
 */
export const buildPyramid: Builder<'pyramid'> = (context) => {
  const { config, inputs, wanted } = context;
  const reverse = config.directions === 'both' ? [false, true] : [false];
  const { tensor, time: whole, differentiable } = valueAt(inputs, 'sequence', 'sequence');
  let input = { tensor, time: whole, differentiable };
  let states: StateParts[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    const time = joinedTime(input.time, config.join);
    const joined = { ...input, tensor: joinSteps(input.tensor, input.time.mask, config.join), time };
    const top = layer === config.layers - 1;
    const want = { sequence: true, final: top && (wanted.has('state') || config.output === 'last') };
    const run = runLayer(context, { layer, reverse, initial: null, input: joined, want });
    states = [...run.final];
    if (run.sequence === null) throw new Error('pyramid: no sequence');
    input = { tensor: run.sequence, time, differentiable: true };
  }
  const outputs: Record<string, Value> = {};
  if (states.length > 0) outputs['state'] = { type: 'state', layers: states };
  const last = states.flatMap(([h]) => h ?? []);
  outputs['output'] =
    config.output === 'last'
      ? { type: 'vector', tensor: tf.concat(last, 1), differentiable: true }
      : wrapperResult(config.output, input.tensor, input.time);
  return outputs;
};

/** The time axis when every k steps have become one; an odd rest is a step too. */
function joinedTime({ steps, rowLengths }: TimeAxis, join: number): TimeAxis {
  return timeAxis(
    Math.ceil(steps / join),
    rowLengths.map((length) => Math.ceil(length / join)),
  );
}

/** `[T, B, F]` → `[⌈T / k⌉, B, k·F]`: k steps side by side, zeros where the row has ended. */
function joinSteps(sequence: tf.Tensor3D, mask: tf.Tensor2D, join: number): tf.Tensor3D {
  const [steps, rows, features] = sequence.shape;
  const shorter = Math.ceil(steps / join);
  const real = tf.mul(sequence, tf.expandDims(mask, 2));
  const rest = shorter * join - steps;
  const whole = rest === 0 ? real : tf.concat([real, tf.zeros([rest, rows, features])], 0);
  const groups = tf.transpose(tf.reshape(whole, [shorter, join, rows, features]), [0, 2, 1, 3]);
  return tf.reshape(groups, [shorter, rows, join * features]);
}
