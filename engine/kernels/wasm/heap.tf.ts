import * as tf from '@tensorflow/tfjs-core';

/** What the WASM backend offers beyond an ordinary one: its tensors lie in a heap that JavaScript can reach. */
interface HeapBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
}

function heapBackend(): HeapBackend {
  const backend: unknown = tf.backend();
  if (typeof backend === 'object' && backend !== null && 'typedArrayFromHeap' in backend && 'makeOutput' in backend) {
    return backend as HeapBackend;
  }
  throw new Error(`expected the WASM backend, got ${tf.getBackend()}`);
}

/** A tensor whose contents are still undefined, to be filled through `heapView`. */
export function heapTensor<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
  return tf.engine().makeTensorFromTensorInfo(heapBackend().makeOutput(shape, 'float32')) as tf.Tensor<R>;
}

/** The tensor's numbers where they lie, without a copy. Valid only until the next operation: the heap moves when it grows. */
export const heapView = (tensor: tf.TensorInfo): Float32Array => heapBackend().typedArrayFromHeap(tensor);
