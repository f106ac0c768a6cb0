import * as tf from '@tensorflow/tfjs-core';

/** What the largest sum of a weight's gradient is brought to, if nothing grows on its way: a sixteenth of float16's largest number. */
const target = 4096;

/** Powers of two whose reciprocals are normal numbers of float32, too. */
const largestExponent = 126;

/**
 * The power of two by which gradients are multiplied before they are rounded to float16, whose numbers reach from 6·10⁻⁸ (6·10⁻⁵ with
 * all bits) to 65504. A gradient is linear in those that come in, so the results, divided by it, are those of the gradients themselves.
 *
 * The largest numbers on the way are sums over rows and steps: weights' gradients. One of them is at most the sum of what comes into a
 * hidden unit, times the steps through which each part of it is carried (at most T), times the largest number that it is multiplied
 * with. That bound is brought to {@link target}; a recurrence through which gradients grow has the rest of the range for it, and beyond
 * it gives infinity. Computed where the tensors are: nothing is read back. A gradient that is NaN or infinite stays so.
 *
 * @param steps T
 * @param gradients of the sequence `[T, B, D·H]` and of each part of the final state `[D, B, H]`
 * @param factors what gate gradients are multiplied with: x, states; numbers below 1 do not count
 */
export function gradientScale(
  steps: number,
  gradients: { readonly sequence: tf.Tensor3D; readonly states: readonly tf.Tensor3D[] },
  factors: readonly tf.Tensor[],
): tf.Scalar {
  return tf.tidy(() => {
    const size = (tensor: tf.Tensor, axes: number[]): tf.Tensor => tf.reshape(tf.sum(tf.abs(tensor), axes), [-1]);
    const incoming = tf.addN([size(gradients.sequence, [0, 1]), ...gradients.states.map((state) => size(state, [1]))]);
    const factor = factors.reduce<tf.Tensor>((largest, one) => tf.maximum(largest, tf.max(tf.abs(one))), tf.scalar(1));
    // The product itself may be beyond float32.
    const logarithm = tf.addN([tf.log(tf.max(incoming)), tf.log(factor), tf.scalar(Math.log(steps / target))]);
    const exponent = tf.neg(tf.ceil(tf.div(logarithm, Math.LN2)));
    return tf.pow(2, tf.clipByValue(exponent, -largestExponent, largestExponent)) as tf.Scalar;
  });
}
