import type * as tf from '@tensorflow/tfjs-core';
import { scalar } from '@tensorflow/tfjs-core';
import { type NativeBackend, nativeBackend } from '../native-ops.tf.ts';
import type { CudnnPrecision } from './precision.ts';

/*
 * TensorFlow's ops by their names, for tensors of types that TensorFlow.js has no name for. Such a tensor is held as `bool`, whatever
 * its size: it can be given to the ops of this folder and disposed, not read, and not given to TensorFlow.js's own ops.
 */

/** TensorFlow's DT_INT8 and DT_HALF. */
const [int8, half] = [6, 19];

interface OutputMetadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The parts of tfjs-node's backend below its typed methods: tensors of types that TensorFlow.js does not know pass through them. */
interface RawBackend extends NativeBackend {
  readonly binding: NativeBackend['binding'] & {
    readonly TF_BOOL: number;
    readonly TF_INT32: number;
    executeOp(name: string, attributes: readonly object[], inputs: readonly number[], outputs: number): OutputMetadata[];
  };
  getInputTensorIds(inputs: readonly tf.Tensor[]): number[];
  createOutputTensor(metadata: OutputMetadata): tf.Tensor;
}

function rawBackend(op: string): RawBackend {
  const backend = nativeBackend() as RawBackend | null;
  if (backend === null) throw new Error(`${op} was called on another backend than native TensorFlow`);
  return backend;
}

/** Attributes as the binding takes them. */
export interface AttributeMaker {
  readonly type: (name: string, value: CudnnPrecision | 'int32') => object;
  readonly int: (name: string, value: number) => object;
  readonly float: (name: string, value: number) => object;
  readonly bool: (name: string, value: boolean) => object;
  readonly text: (name: string, value: string) => object;
}

export function attributesFor(op: string): AttributeMaker {
  const { TF_ATTR_TYPE, TF_ATTR_STRING, TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_FLOAT, TF_INT32 } = rawBackend(op).binding;
  const types = { float32: TF_FLOAT, float16: half, int32: TF_INT32 };
  return {
    type: (name, value) => ({ name, type: TF_ATTR_TYPE, value: types[value] }),
    int: (name, value) => ({ name, type: TF_ATTR_INT, value }),
    float: (name, value) => ({ name, type: TF_ATTR_FLOAT, value }),
    bool: (name, value) => ({ name, type: TF_ATTR_BOOL, value }),
    text: (name, value) => ({ name, type: TF_ATTR_STRING, value }),
  };
}

/** Runs an op whose inputs and outputs may be of type int8 or float16. */
export function execute(name: string, attributes: readonly object[], inputs: readonly tf.Tensor[], outputs: number): tf.Tensor[] {
  const backend = rawBackend(name);
  const found = backend.binding.executeOp(name, attributes, backend.getInputTensorIds(inputs), outputs);
  return found.map((one) => {
    const unknown = one.dtype === int8 || one.dtype === half;
    return backend.createOutputTensor(unknown ? { ...one, dtype: backend.binding.TF_BOOL } : one);
  });
}

function cast<T extends tf.Tensor>(tensor: T, from: CudnnPrecision, to: CudnnPrecision): T {
  if (from === to) return tensor;
  const { type, bool } = attributesFor('Cast');
  return execute('Cast', [type('SrcT', from), type('DstT', to), bool('Truncate', false)], [tensor], 1)[0] as T;
}

/** A tensor of float32 in the type in which cuDNN computes: rounded to nearest; beyond float16's range infinite. */
export const toPrecision = <T extends tf.Tensor>(tensor: T, precision: CudnnPrecision): T => cast(tensor, 'float32', precision);

/** The way back. */
export const toFloat32 = <T extends tf.Tensor>(tensor: T, precision: CudnnPrecision): T => cast(tensor, precision, 'float32');

/** Equal blocks along the first axis. */
export function splitRows(tensor: tf.Tensor, blocks: number, precision: CudnnPrecision): tf.Tensor[] {
  const { type, int } = attributesFor('Split');
  return execute('Split', [int('num_split', blocks), type('T', precision)], [scalar(0, 'int32'), tensor], blocks);
}

/** The way back of {@link splitRows}. */
export function joinRows<T extends tf.Tensor>(blocks: readonly T[], precision: CudnnPrecision): T {
  const [first] = blocks;
  if (first !== undefined && blocks.length === 1) return first;
  const { type, int } = attributesFor('ConcatV2');
  const attributes = [int('N', blocks.length), type('T', precision), type('Tidx', 'int32')];
  return execute('ConcatV2', attributes, [...blocks, scalar(0, 'int32')], 1)[0] as T;
}

/** Each row's first steps, as many as its length, in reverse order; what comes after them stays. Its own inverse. `[T, B, F]` */
export function reverseRows(sequence: tf.Tensor3D, lengths: tf.Tensor1D): tf.Tensor3D {
  const { type, int } = attributesFor('ReverseSequence');
  const attributes = [type('T', 'float32'), type('Tlen', 'int32'), int('seq_dim', 0), int('batch_dim', 1)];
  return execute('ReverseSequence', attributes, [sequence, lengths], 1)[0] as tf.Tensor3D;
}

/** Zero where `real [T, B, 1]` is false, whatever is there: a product would keep the NaN of memory that nobody wrote. `[T, B, F]` */
export function onlyReal(real: tf.Tensor3D, sequence: tf.Tensor3D): tf.Tensor3D {
  return execute('SelectV2', [attributesFor('SelectV2').type('T', 'float32')], [real, sequence, scalar(0)], 1)[0] as tf.Tensor3D;
}
