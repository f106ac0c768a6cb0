import * as tf from '@tensorflow/tfjs-core';
import { fusedBackend, type OpBackend } from './native-ops.tf.ts';

/**
 * Rows of a table by id, with a gradient of our own: the padding id 0 gets none, and backends without `UnsortedSegmentSum`
 * (WASM) or with a slow one (JavaScript) add the rows up over typed arrays.
 *
 * @param table `[V, D]`
 * @param ids `[T, B]` int32
 * @returns `[T, B, D]`
 */
export function lookup(table: tf.Tensor2D, ids: tf.Tensor2D): tf.Tensor3D {
  const [rows, width] = table.shape;
  const fused = fusedBackend();
  if (fused !== null) return fusedLookup(fused, table, ids);
  const op = tf.customGrad((...args) => {
    const [weights] = args as [tf.Tensor2D];
    const flat = ids.flatten();
    const save = args[1] as unknown as (tensors: tf.Tensor[]) => void;
    save([flat]);
    return {
      value: tf.gather(weights, flat),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [index] = saved as [tf.Tensor1D];
        return addRows(dy as tf.Tensor2D, index, rows, width);
      },
    };
  });
  return op(table).reshape([...ids.shape, width]);
}

/** The same with an op of ours for the gradient. Both take the ids in any shape, so nothing is reshaped on the way. */
function fusedLookup(backend: OpBackend, table: tf.Tensor2D, ids: tf.Tensor2D): tf.Tensor3D {
  const { TF_ATTR_INT, TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding;
  const types = [
    { name: 'Tparams', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'Tindices', type: TF_ATTR_TYPE, value: TF_INT32 },
  ];
  const rows = { name: 'rows', type: TF_ATTR_INT, value: table.shape[0] };
  const op = tf.customGrad((...args) => {
    const save = args[1] as unknown as (tensors: tf.Tensor[]) => void;
    save([ids]);
    return {
      value: backend.executeSingleOutput('Gather', types, [table, ids]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        backend.executeSingleOutput('UnrollAddRows', [rows], [dy, saved[0] ?? ids]),
    };
  });
  return op(table) as tf.Tensor3D;
}

/** Sums the rows of `values [N, D]` with the same id into `[V, D]`; rows with id 0 are dropped. */
function addRows(values: tf.Tensor2D, ids: tf.Tensor1D, rows: number, width: number): tf.Tensor2D {
  switch (tf.getBackend()) {
    case 'wasm':
    case 'cpu':
      return addRowsOnHost(values, ids, rows, width);
    case 'tensorflow': {
      // TensorFlow drops negative segment ids, so padding costs nothing.
      const segments = ids.sub(tf.equal(ids, 0).toInt()).toInt() as tf.Tensor1D;
      return tf.unsortedSegmentSum(values, segments, rows) as tf.Tensor2D;
    }
    default: {
      const real = values.mul(tf.notEqual(ids, 0).toFloat().expandDims(1));
      return tf.scatterND(ids.expandDims(1), real, [rows, width]);
    }
  }
}

function addRowsOnHost(values: tf.Tensor2D, ids: tf.Tensor1D, rows: number, width: number): tf.Tensor2D {
  const from = values.dataSync();
  const index = ids.dataSync();
  const sums = new Float32Array(rows * width);
  for (let row = 0; row < index.length; row++) {
    const id = index[row] ?? 0;
    if (id === 0) continue;
    const source = row * width;
    const target = id * width;
    for (let column = 0; column < width; column++) {
      sums[target + column] = (sums[target + column] ?? 0) + (from[source + column] ?? 0);
    }
  }
  return tf.tensor2d(sums, [rows, width]);
}
