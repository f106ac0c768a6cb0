import * as tf from '@tensorflow/tfjs-core';
import type { Model } from '../compile/materialize.tf.ts';
import { neverSaid } from '../data/dataset.ts';
import type { BatchTensors, TargetTensors } from '../layers/batch-tensors.tf.ts';
import type { Random } from '../random.ts';

/**
 * Scheduled sampling for all steps at once (Duckworth, Neelakantan, Goodrich, Kaiser & Bengio 2019, “Parallel Scheduled Sampling”;
 * the idea is that of Bengio, Vinyals, Jaitly & Shazeer 2015): a first pass with the true previous tokens, without gradient or dropout,
 * gives what the model itself would say at each step; then each previous token is replaced by it with probability `share`. So the
 * decoder meets its own mistakes while it learns.
 *
 * @param share 0 … 1
 * @param chance one number is drawn per target token, also where nothing is replaced
 * @returns the same batch with other tokens for the decoder to read
 */
export function withOwnTokens(model: Model, input: BatchTensors, share: number, chance: Random): BatchTensors {
  const { target } = input;
  if (target === null) return input;
  const { steps, rows, rowLengths } = target.time;
  const replaced = new Uint8Array(steps * rows);
  for (let u = 0; u < steps; u++) {
    for (let b = 0; b < rows; b++) {
      // Step 0 reads <bos>, whatever the model would say.
      if (u < (rowLengths[b] ?? 0)) replaced[u * rows + b] = chance.uniform() < share && u > 0 ? 1 : 0;
    }
  }
  const tokens = tf.tidy(() => {
    const logits = model.forward(input, { dropout: null }) as tf.Tensor3D;
    const own = saidAfter(logits, target);
    return tf.where(tf.tensor2d(replaced, [steps, rows], 'bool'), own, target.tokens).toInt() as tf.Tensor2D;
  });
  return { ...input, target: { ...target, tokens } };
}

/** The most probable token after each step, as what the next step reads `[U, B]`. */
function saidAfter(logits: tf.Tensor3D, { tokens, time }: TargetTensors): tf.Tensor2D {
  const covered = new Float32Array(logits.shape[2]);
  for (const id of neverSaid) covered[id] = Number.NEGATIVE_INFINITY;
  const said = tf.argMax(tf.add(logits, tf.tensor1d(covered)), 2);
  const first = tokens.slice([0, 0], [1, -1]);
  return tf.concat([first, said.slice([0, 0], [time.steps - 1, -1]).toInt()]) as tf.Tensor2D;
}
