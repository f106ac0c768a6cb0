import * as tf from '@tensorflow/tfjs-core';
import { heapTensor, heapView } from './heap.tf.ts';

/**
 * A part of a tensor, copied within the heap.
 *
 * @param begin first index on each axis
 * @param size how many on each axis
 * @param shape of the result, if it is another than `size`
 */
export function cut(x: tf.TensorInfo, begin: readonly number[], size: readonly number[], shape = size): tf.TensorInfo {
  const part = heapTensor([...shape]);
  if (part.size === 0) return part;
  const sizes = [...size];
  // From the last axis on that is not taken whole, numbers lie side by side.
  const last = Math.max(
    0,
    sizes.findLastIndex((count, axis) => count !== x.shape[axis]),
  );
  const strides = x.shape.map((_, axis) => tf.util.sizeFromShape(x.shape.slice(axis + 1)));
  const run = tf.util.sizeFromShape(sizes.slice(last));
  const [from, to] = [heapView(x), heapView(part)];
  let place = 0;
  const copy = (axis: number, before: number): void => {
    const stride = strides[axis] ?? 1;
    const start = before + (begin[axis] ?? 0) * stride;
    if (axis === last) {
      to.set(from.subarray(start, start + run), place);
      place += run;
      return;
    }
    for (let i = 0; i < (sizes[axis] ?? 0); i++) copy(axis + 1, start + i * stride);
  };
  copy(0, 0);
  return part;
}
