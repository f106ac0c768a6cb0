import * as tf from '@tensorflow/tfjs-core';

/** What the native backend offers beyond an ordinary one: any TensorFlow op by its name. */
export interface NativeBackend {
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_ATTR_BOOL: number; readonly TF_FLOAT: number };
  executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly tf.Tensor[]): tf.Tensor;
}

/** The native backend when it is the current one. Its ops are not seen by automatic differentiation. */
export function nativeBackend(): NativeBackend | null {
  if (tf.getBackend() !== 'tensorflow') return null;
  return tf.backend() as unknown as NativeBackend;
}
