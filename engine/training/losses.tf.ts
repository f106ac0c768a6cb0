import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from '../compile/loss-kind.ts';
import type { Batch } from '../data/dataset.ts';
import { targetWeights } from '../data/target-weights.ts';
import { fusedBackend } from '../kernels/native-ops.tf.ts';
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
      const mean = meanSquaredError(logits, batch.numberTargets);
      // The smallest term that keeps the square root's gradient finite when every prediction is exact.
      return loss === 'mse' ? mean : tf.sqrt(tf.add(mean, 1e-12));
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
    if (fused) {
      const inputs = [x, rows, tf.tensor1d(weights)];
      const [value, gradient] = fused.executeMultipleOutputs('UnrollCrossEntropy', [], inputs, 2) as [tf.Scalar, tf.Tensor2D];
      save([gradient]);
      return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(saved[0] ?? gradient, dy) };
    }
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
  const y = tf.tensor1d(Float32Array.from(targets));
  const weight = tf.tensor1d(weights);
  const op = tf.customGrad((...args) => {
    const [x] = args as [tf.Tensor1D];
    const save = args[1] as unknown as Save;
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

/** Mean of squared errors over rows and targets, in normalized units; `targets` is `[B, K]`. */
export function meanSquaredError(predicted: tf.Tensor, targets: Float32Array): tf.Scalar {
  const y = tf.tensor1d(targets);
  const op = tf.customGrad((...args) => {
    const [x] = args as [tf.Tensor1D];
    const save = args[1] as unknown as Save;
    const error = tf.sub(x, y);
    save([error]);
    return {
      value: tf.mean(tf.square(error)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(tf.mul(saved[0] ?? error, 2 / targets.length), dy),
    };
  });
  return op(predicted.reshape([-1])) as tf.Scalar;
}
