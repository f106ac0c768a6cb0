import * as tf from '@tensorflow/tfjs-core';
import { fusedBackend, type OpBackend } from './native-ops.tf.ts';

/** Mean over each row's real steps: `[T, B, F]` → `[B, F]`. */
export function meanOverSteps(sequence: tf.Tensor3D, mask: tf.Tensor2D, lengths: tf.Tensor1D): tf.Tensor2D {
  const fused = fusedBackend();
  if (fused) return fusedPool(fused, 'mean', sequence, lengths);
  const sum = tf.sum(tf.mul(sequence, tf.expandDims(mask, 2)), 0);
  return tf.div(sum, tf.expandDims(tf.cast(lengths, 'float32'), 1));
}

/**
 * Maximum over each row's real steps: `[T, B, F]` → `[B, F]`. The gradient goes to the first step that holds the maximum, as in
 * PyTorch; the stock gradient gives it to every tied step.
 */
export function maxOverSteps(sequence: tf.Tensor3D, mask: tf.Tensor2D, lengths: tf.Tensor1D): tf.Tensor2D {
  const fused = fusedBackend();
  if (fused) return fusedPool(fused, 'max', sequence, lengths);
  // Padding is put far below anything a recurrent state can hold.
  const covered = tf.add(tf.mul(sequence, tf.expandDims(mask, 2)), tf.mul(tf.expandDims(tf.sub(mask, 1), 2), 3e38));
  const [steps] = sequence.shape;
  const op = tf.customGrad((...args) => {
    const [values] = args as [tf.Tensor3D];
    const save = args[1] as unknown as (tensors: tf.Tensor[]) => void;
    save([tf.argMax(values, 0)]);
    return {
      value: tf.max(values, 0),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [first] = saved as [tf.Tensor2D];
        const chosen = tf.equal(tf.range(0, steps, 1, 'int32').reshape([steps, 1, 1]), tf.expandDims(first, 0));
        return tf.mul(tf.expandDims(dy, 0), tf.cast(chosen, 'float32'));
      },
    };
  });
  return op(covered) as tf.Tensor2D;
}

/** The same with an op of ours, and its gradient. */
function fusedPool(backend: OpBackend, pool: 'max' | 'mean', sequence: tf.Tensor3D, lengths: tf.Tensor1D): tf.Tensor2D {
  const { TF_ATTR_INT, TF_ATTR_STRING } = backend.binding;
  const which = { name: 'pool', type: TF_ATTR_STRING, value: pool };
  const op = tf.customGrad((...args) => {
    const save = args[1] as unknown as (tensors: tf.Tensor[]) => void;
    const [pooled, at] = backend.executeMultipleOutputs('UnrollPool', [which], [sequence, lengths], 2) as [
      tf.Tensor2D,
      tf.Tensor,
    ];
    save([lengths, at]);
    const steps = { name: 'steps', type: TF_ATTR_INT, value: sequence.shape[0] };
    return {
      value: pooled,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        backend.executeSingleOutput('UnrollPoolGrad', [which, steps], [dy, ...saved]),
    };
  });
  return op(sequence) as tf.Tensor2D;
}

/** Each row's last real step, or its first one where time runs backwards: `[T, B, F]` → `[B, F]`. */
export function lastStep(sequence: tf.Tensor3D, mask: tf.Tensor2D, backwards: boolean): tf.Tensor2D {
  const [steps, rows, features] = sequence.shape;
  if (backwards || steps === 1) return sequence.slice(0, 1).reshape([rows, features]);
  // 1 where a real step is followed by padding, or by nothing.
  const after = tf.concat([mask.slice(1), tf.zeros<tf.Rank.R2>([1, rows])], 0);
  return tf.sum(tf.mul(sequence, tf.expandDims(tf.sub(mask, after), 2)), 0);
}
