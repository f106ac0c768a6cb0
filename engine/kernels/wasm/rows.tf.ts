import * as tf from '@tensorflow/tfjs-core';
import { heapTensor, heapView } from './heap.tf.ts';

/**
 * Rows of a table by their numbers, copied whole.
 *
 * @param shape of the ids; the result has the table's further axes after it
 * @throws RangeError for a number that the table has no row for
 */
export function gatherRows(table: tf.TensorInfo, ids: Int32Array, shape: readonly number[]): tf.Tensor {
  const [rows = 0, ...others] = table.shape;
  const width = tf.util.sizeFromShape(others);
  const gathered = heapTensor([...shape, ...others]);
  const [from, to] = [heapView(table), heapView(gathered)];
  ids.forEach((id, row) => {
    if (id < 0 || id >= rows) throw new RangeError(`there is no row ${id} among the ${rows} of a table`);
    to.set(from.subarray(id * width, (id + 1) * width), row * width);
  });
  return gathered;
}
