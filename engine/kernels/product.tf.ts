import * as tf from '@tensorflow/tfjs-core';
import { roundsProducts } from './native/rounded-products.ts';
import { nativeBackend } from './native-ops.tf.ts';
import { heapView } from './wasm/heap.tf.ts';

/**
 * Matrix product of two matrices, each optionally transposed. Of `aᵀ b`, the wider side is never transposed: turning the small
 * result round is cheaper. Our kernel for WASM turns what it packs anyway.
 */
export function product(a: tf.Tensor2D, b: tf.Tensor2D, transposeA = false, transposeB = false): tf.Tensor2D {
  return tf.tidy(() => {
    if (transposeA && !transposeB && a.shape[1] > b.shape[1] && tf.getBackend() !== 'wasm')
      return tf.transpose(plainProduct(b, a, true, false));
    return plainProduct(a, b, transposeA, transposeB);
  });
}

function plainProduct(a: tf.Tensor2D, b: tf.Tensor2D, transposeA: boolean, transposeB: boolean): tf.Tensor2D {
  const native = nativeBackend();
  if (native !== null && roundsProducts() && isWorthRounding(a, b, transposeB)) {
    const { TF_ATTR_BOOL } = native.binding;
    const turned = Object.entries({ transpose_a: transposeA, transpose_b: transposeB });
    const attributes = turned.map(([name, value]) => ({ name, type: TF_ATTR_BOOL, value }));
    return native.executeSingleOutput('UnrollRoundedProduct', attributes, [a, b]) as tf.Tensor2D;
  }
  if (native !== null) {
    // The stock binding multiplies matrices as batches of one, which costs a third more.
    const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT } = native.binding;
    const attributes = [
      { name: 'transpose_a', type: TF_ATTR_BOOL, value: transposeA },
      { name: 'transpose_b', type: TF_ATTR_BOOL, value: transposeB },
      { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    ];
    return native.executeSingleOutput('MatMul', attributes, [a, b]) as tf.Tensor2D;
  }
  return tf.matMul(a, b, transposeA, transposeB);
}

/** In narrow products most of a vector is empty, and small ones take no time: these stay float32. */
function isWorthRounding(a: tf.Tensor2D, b: tf.Tensor2D, transposeB: boolean): boolean {
  const columns = b.shape[transposeB ? 0 : 1];
  return columns >= 16 && a.size * columns >= 1 << 20;
}

/** `x Wᵀ + b`, in one operation where the backend has it: `[N, I]`, `[O, I]`, `[O]` → `[N, O]`. */
export function affine(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  if (['wasm', 'tensorflow'].includes(tf.getBackend())) return tf.tidy(() => tf.add(product(x, weight, false, true), bias));
  return tf.fused.matMul({ a: x, b: weight, transposeB: true, bias }) as tf.Tensor2D;
}

/**
 * Sum of a matrix's rows `[N, F]` → `[F]`: a bias's gradient. The stock sum over the
 * first axis transposes first on WASM, and runs slower than a product with ones on native TensorFlow.
 */
export function sumOfRows(matrix: tf.Tensor2D): tf.Tensor1D {
  const [rows, width] = matrix.shape;
  if (tf.getBackend() === 'tensorflow') return tf.matMul(tf.ones([1, rows]), matrix).reshape([width]);
  if (tf.getBackend() !== 'wasm') return tf.sum(matrix, 0);
  const view = heapView(matrix);
  const sums = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    const at = row * width;
    for (let j = 0; j < width; j++) sums[j] = (sums[j] as number) + (view[at + j] as number);
  }
  return tf.tensor1d(Float32Array.from(sums));
}

/** `[T, B, F]` as `[T·B, F]`; a matrix stays as it is. */
export function asRows(value: tf.Tensor): tf.Tensor2D {
  if (value.rank === 2) return value as tf.Tensor2D;
  const width = value.shape[value.rank - 1] ?? 1;
  return value.reshape([-1, width]);
}
