import * as tf from '@tensorflow/tfjs-core';
import { heapTensor, heapView } from './heap.tf.ts';
import { Layout, type Place } from './layout.ts';
import { requireWasmKernels } from './process-kernels.ts';

/** A matrix, or many of one shape: `[…, rows, columns]`. */
interface Matrices {
  readonly outer: number[];
  readonly rows: number;
  readonly columns: number;
}

const matricesOf = ({ shape }: tf.TensorInfo): Matrices => ({
  outer: shape.slice(0, -2),
  rows: shape.at(-2) ?? 1,
  columns: shape.at(-1) ?? 1,
});

/**
 * Products of matrices, pair by pair.
 *
 * @param a `[…, M, K]`, or `[…, K, M]` where it is turned
 * @param b `[…, K, N]`, or `[…, N, K]`
 * @returns `[…, M, N]`; `null` where the pairs would have to be found by broadcasting, or there is nothing to multiply
 */
export function multiply(a: tf.TensorInfo, b: tf.TensorInfo, turnA: boolean, turnB: boolean): tf.TensorInfo | null {
  const [left, right] = [matricesOf(a), matricesOf(b)];
  const sizes = [a, b].map(({ shape }) => tf.util.sizeFromShape(shape));
  if (!tf.util.arraysEqual(left.outer, right.outer) || sizes.includes(0)) return null;
  const [m, k] = turnA ? [left.columns, left.rows] : [left.rows, left.columns];
  const [n, depth] = turnB ? [right.rows, right.columns] : [right.columns, right.rows];
  if (k !== depth) throw new Error(`matrices of shapes [${a.shape}] and [${b.shape}] cannot be multiplied`);
  const product = heapTensor([...left.outer, m, n]);
  const layout = new Layout();
  const given = (tensor: tf.TensorInfo): Place => layout.input(tf.util.sizeFromShape(tensor.shape), () => heapView(tensor));
  const call = [tf.util.sizeFromShape(left.outer), m, n, k, Number(turnA), Number(turnB), given(a), given(b)];
  requireWasmKernels().run('multiply', layout, [...call, layout.output(product.size, () => heapView(product))]);
  return product;
}
