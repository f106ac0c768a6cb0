import * as tf from '@tensorflow/tfjs-core';
import { isComposedOnly } from './composed-only.ts';
import { wasmOps } from './wasm/op.tf.ts';

/** What runs an op by its name. */
export interface OpBackend {
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_STRING: number;
    readonly TF_FLOAT: number;
    readonly TF_INT32: number;
  };
  executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(name: string, attributes: readonly object[], inputs: readonly tf.Tensor[], outputs: number): tf.Tensor[];
}

/** What the native backend offers beyond an ordinary one: any TensorFlow op. */
export interface NativeBackend extends OpBackend {
  /** TensorFlow lists a GPU, and computes there whatever has a kernel for it. */
  readonly isUsingGpuDevice: boolean;
}

/** The native backend when it is the current one. Its ops are not seen by automatic differentiation. */
export function nativeBackend(): NativeBackend | null {
  if (tf.getBackend() !== 'tensorflow') return null;
  return tf.backend() as unknown as NativeBackend;
}

let instructions: string | null = null;

/** Instruction set of our own ops (`kernels/native`) once they are registered with the TensorFlow of this process; `null` before. */
export const fusedOps = (): string | null => instructions;

/** Called when the addon with our ops has been loaded; `null` takes them out of use. */
export function setFusedOps(set: string | null): void {
  instructions = set;
}

/**
 * What runs our own ops, where they compute on the current backend: native TensorFlow, but not where there is a GPU, since they are for the
 * processor; or WebAssembly.
 */
export function fusedBackend(): OpBackend | null {
  if (isComposedOnly()) return null;
  if (tf.getBackend() === 'wasm') return wasmOps();
  const backend = instructions === null ? null : nativeBackend();
  return backend?.isUsingGpuDevice ? null : backend;
}

/** The same, where the caller has made sure of it. */
export function requireFusedBackend(): OpBackend {
  const backend = fusedBackend();
  if (backend === null) throw new Error('an op of our own was called where it is not registered');
  return backend;
}
