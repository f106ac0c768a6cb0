import * as tf from '@tensorflow/tfjs-core';
import { affine, asRows, product, sumOfRows } from './product.tf.ts';

/**
 * `x Wᵀ + b` over the last axis, as `torch.nn.functional.linear`.
 *
 * @param x `[…, I]`
 * @param weight `[O, I]`
 * @param bias `[O]`
 * @returns `[…, O]`
 */
export function linear(x: tf.Tensor, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor {
  const op = tf.customGrad((...args) => {
    const [input, w, b] = args as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
    const save = args[3] as unknown as (tensors: tf.Tensor[]) => void;
    save([input, w]);
    return {
      value: affine(input, w, b),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [rows, matrix] = saved as [tf.Tensor2D, tf.Tensor2D];
        const gradient = dy as tf.Tensor2D;
        return [product(gradient, matrix), product(gradient, rows, true, false), sumOfRows(gradient)];
      },
    };
  });
  const rows = op(asRows(x), weight, bias);
  return x.rank === 2 ? rows : rows.reshape([...x.shape.slice(0, -1), weight.shape[0]]);
}
