import * as tf from '@tensorflow/tfjs-core';
import { type NativeBackend, nativeBackend } from './native-ops.tf.ts';

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
