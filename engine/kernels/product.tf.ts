import * as tf from '@tensorflow/tfjs-core';

/**
 * Matrix product of two matrices, each optionally transposed. The WASM backend multiplies transposed operands with a plain loop,
 * so there the operand is transposed first and the product stays in its fast kernel.
 */
export function product(a: tf.Tensor2D, b: tf.Tensor2D, transposeA = false, transposeB = false): tf.Tensor2D {
  if (tf.getBackend() !== 'wasm') return tf.matMul(a, b, transposeA, transposeB);
  return tf.tidy(() => tf.matMul(transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b));
}

/** `[T, B, F]` as `[T·B, F]`; a matrix stays as it is. */
export function asRows(value: tf.Tensor): tf.Tensor2D {
  const width = value.shape[value.rank - 1] ?? 1;
  return value.reshape([-1, width]);
}
