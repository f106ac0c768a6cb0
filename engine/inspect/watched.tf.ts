import * as tf from '@tensorflow/tfjs-core';

/**
 * The same tensor, whose gradient is looked at as it passes.
 *
 * @param anchor what is differentiated by: a gradient arrives at whatever depends on it, data included
 */
export function watched(tensor: tf.Tensor, anchor: tf.Tensor, look: (d: tf.Tensor) => void): tf.Tensor {
  const op = tf.customGrad((...args) => {
    const [x] = args as [tf.Tensor];
    return {
      value: x.clone(),
      gradFunc: (d: tf.Tensor) => {
        look(d);
        return [d, tf.scalar(0)];
      },
    };
  });
  return op(tensor, anchor);
}
