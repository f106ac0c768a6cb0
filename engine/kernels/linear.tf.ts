import * as tf from '@tensorflow/tfjs-core';
import { fusedBackend, type OpBackend } from './native-ops.tf.ts';
import { affine, asRows, product, sumOfRows } from './product.tf.ts';

/** Multiplications beyond which TensorFlow's own product is as fast as ours. */
const smallProduct = 2 ** 25;

/** Whether `[N, I]` times `[O, I]` is one for our op: the same ones layer by layer and within a whole step, so that the numbers are the same. */
export const isSmallProduct = (rows: number, inputs: number, outputs: number): boolean => rows * inputs * outputs <= smallProduct;

/**
 * `x Wᵀ + b` over the last axis, as `torch.nn.functional.linear`.
 *
 * @param x `[…, I]`
 * @param weight `[O, I]`
 * @param bias `[O]`
 * @returns `[…, O]`
 */
export function linear(x: tf.Tensor, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor {
  const given = asRows(x);
  const [outputs, inputs] = weight.shape;
  const fused = isSmallProduct(given.shape[0], inputs, outputs) ? fusedBackend() : null;
  const op = tf.customGrad((...args) => {
    const [input, w, b] = args as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
    const save = args[3] as unknown as (tensors: tf.Tensor[]) => void;
    save([input, w]);
    return {
      value: fused ? fused.executeSingleOutput('UnrollLinear', [], [input, w, b]) : affine(input, w, b),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [rows, matrix] = saved as [tf.Tensor2D, tf.Tensor2D];
        const gradient = dy as tf.Tensor2D;
        if (fused) return fusedGradient(fused, rows, matrix, gradient);
        return [product(gradient, matrix), product(gradient, rows, true, false), sumOfRows(gradient)];
      },
    };
  });
  const rows = op(given, weight, bias);
  return x.rank === 2 ? rows : rows.reshape([...x.shape.slice(0, -1), outputs]);
}

function fusedGradient(backend: OpBackend, ...inputs: readonly tf.Tensor2D[]): tf.Tensor[] {
  const wanted = { name: 'input_gradient', type: backend.binding.TF_ATTR_BOOL, value: true };
  return backend.executeMultipleOutputs('UnrollLinearGrad', [wanted], inputs, 3);
}
