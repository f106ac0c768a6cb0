import * as tf from '@tensorflow/tfjs-core';

/** What the native backend offers beyond an ordinary one: any TensorFlow op by its name. */
interface NativeBackend {
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_FLOAT: number };
  executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly tf.Tensor[]): tf.Tensor;
}

function nativeBackend(): NativeBackend | null {
  if (tf.getBackend() !== 'tensorflow') return null;
  return tf.backend() as unknown as NativeBackend;
}

function fused<T extends tf.Tensor>(native: NativeBackend, name: string, y: T, dy: T): T {
  const { TF_ATTR_TYPE: type, TF_FLOAT: value } = native.binding;
  return native.executeSingleOutput(name, [{ name: 'T', type, value }], [y, dy]) as T;
}

/** `dy σ'`, with σ' from σ's value y: dy * y * (1 - y). One op on native TensorFlow. Same shapes. */
export function throughSigmoid<T extends tf.Tensor>(y: T, dy: T): T {
  const native = nativeBackend();
  if (native !== null) return fused(native, 'SigmoidGrad', y, dy);
  return tf.tidy(() => tf.mul(dy, tf.mul(y, tf.sub(1, y))));
}

/** `dy tanh'`, with tanh' from tanh's value y: dy * (1 - y²). One op on native TensorFlow. Same shapes. */
export function throughTanh<T extends tf.Tensor>(y: T, dy: T): T {
  const native = nativeBackend();
  if (native !== null) return fused(native, 'TanhGrad', y, dy);
  return tf.tidy(() => tf.mul(dy, tf.sub(1, tf.square(y))));
}
