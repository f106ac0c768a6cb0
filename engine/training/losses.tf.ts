import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from '../compile/loss-kind.ts';
import type { Batch } from '../data/dataset.ts';
import { targetWeights } from '../data/target-weights.ts';
import { fusedBackend, type OpBackend } from '../kernels/native-ops.tf.ts';
import { asRows } from '../kernels/product.tf.ts';

type Save = (tensors: tf.Tensor[]) => void;

/**
 * Loss of one batch, a scalar that gradients flow through.
 *
 * @param logits the head's raw output: `[T, B, C]` per step (`[U, B, C]` over a target sequence), `[B, C]` per sequence, `[B, K]` numbers
 * @param classWeights `[C]`, or `null`
 */
export function batchLoss(
  loss: Loss,
  logits: tf.Tensor,
  batch: Batch,
  timeReduction: 'mean' | 'sum',
  classWeights: Float32Array | null,
): tf.Scalar {
  switch (loss) {
    case 'cross-entropy':
    case 'binary-log-loss': {
      const ids = batch.tagTargets ?? batch.classTargets;
      if (ids === null) throw new Error(`${loss}: the batch has no class targets`);
      const weights = targetWeights(batch, timeReduction, classWeights);
      return loss === 'cross-entropy' ? crossEntropy(logits, ids, weights) : binaryLogLoss(logits, ids, weights);
    }
    case 'mse':
    case 'rmse': {
      if (batch.numberTargets === null) throw new Error(`${loss}: the batch has no number targets`);
      return squaredError(logits, batch.numberTargets, loss === 'rmse');
    }
  }
}

/**
 * `Σ w · -log softmax(x)[target]` with the fused gradient `w · (softmax(x) - onehot)`.
 *
 * @param logits `[…, C]`, N rows in all
 * @param targets `[N]` class ids
 * @param weights `[N]`, 0 where a row does not count
 */
export function crossEntropy(logits: tf.Tensor, targets: Int32Array, weights: Float32Array): tf.Scalar {
  const classes = logits.shape[logits.rank - 1] ?? 1;
  const rows = tf.tensor1d(targets, 'int32');
  const op = tf.customGrad((...args) => {
    const [x] = args as [tf.Tensor2D];
    const save = args[1] as unknown as Save;
    const fused = fusedBackend();
    if (fused) return fusedLoss(fused, 'UnrollCrossEntropy', [], [x, rows, tf.tensor1d(weights)], save);
    const weight = tf.tensor2d(weights, [weights.length, 1]);
    const shifted = tf.sub(x, tf.max(x, 1, true));
    const logProbabilities = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)));
    // A single class is what the stock op refuses.
    const one = classes === 1 ? tf.onesLike(x) : tf.oneHot(rows, classes).toFloat();
    const chosen = tf.mul(one, weight);
    save([logProbabilities, chosen, weight]);
    return {
      value: tf.neg(tf.sum(tf.mul(logProbabilities, chosen))),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [log, one, w] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
        return tf.mul(tf.sub(tf.mul(tf.exp(log), w), one), dy);
      },
    };
  });
  return op(asRows(logits)) as tf.Scalar;
}

/**
 * `Σ w · -log p(target)` with `p = sigmoid(x)` for class 1, from the logit so that it never overflows
 * (`torch.nn.BCEWithLogitsLoss`); fused gradient `w · (p - target)`.
 *
 * @param logits `[…, 1]`, N in all
 * @param targets `[N]`, 0 or 1
 * @param weights `[N]`
 */
export function binaryLogLoss(logits: tf.Tensor, targets: Int32Array, weights: Float32Array): tf.Scalar {
  const weight = tf.tensor1d(weights);
  const op = tf.customGrad((...args) => {
    const [x] = args as [tf.Tensor1D];
    const save = args[1] as unknown as Save;
    const fused = fusedBackend();
    if (fused) return fusedLoss(fused, 'UnrollBinaryLogLoss', [], [x, tf.tensor1d(targets, 'int32'), weight], save);
    const y = tf.tensor1d(Float32Array.from(targets));
    const terms = tf.add(tf.sub(tf.relu(x), tf.mul(x, y)), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
    save([x, y, weight]);
    return {
      value: tf.sum(tf.mul(terms, weight)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [logit, target, w] = saved as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
        return tf.mul(tf.mul(tf.sub(tf.sigmoid(logit), target), w), dy);
      },
    };
  });
  return op(logits.reshape([-1])) as tf.Scalar;
}

/** Mean of squared errors over rows and targets, or its root, in normalized units; `targets` is `[B, K]`. */
function squaredError(predicted: tf.Tensor, targets: Float32Array, root: boolean): tf.Scalar {
  const y = tf.tensor1d(targets);
  const op = tf.customGrad((...args) => {
    const [x] = args as [tf.Tensor1D];
    const save = args[1] as unknown as Save;
    const fused = fusedBackend();
    if (fused) {
      const wanted = { name: 'root', type: fused.binding.TF_ATTR_BOOL, value: root };
      return fusedLoss(fused, 'UnrollSquaredError', [wanted], [x, y], save);
    }
    const error = tf.sub(x, y);
    save([error]);
    return {
      value: tf.mean(tf.square(error)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(tf.mul(saved[0] ?? error, 2 / targets.length), dy),
    };
  });
  const found = op(predicted.reshape([-1])) as tf.Scalar;
  // The smallest term that keeps the square root's gradient finite when every prediction is exact.
  return root && fusedBackend() === null ? tf.sqrt(tf.add(found, 1e-12)) : found;
}

/** A loss with an op of ours, which gives its gradient too. */
function fusedLoss(
  backend: OpBackend,
  name: string,
  attributes: readonly object[],
  inputs: readonly tf.Tensor[],
  save: Save,
): { value: tf.Scalar; gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor } {
  const [value, gradient] = backend.executeMultipleOutputs(name, attributes, inputs, 2) as [tf.Scalar, tf.Tensor];
  save([gradient]);
  return { value, gradFunc: (dy, saved) => tf.mul(saved[0] ?? gradient, dy) };
}
