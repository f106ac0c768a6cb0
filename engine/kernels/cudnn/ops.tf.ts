import * as tf from '@tensorflow/tfjs-core';
import type { CellDescription } from '../../shapes/value-type.ts';
import { type NativeBackend, nativeBackend } from '../native-ops.tf.ts';

/** TensorFlow's DT_INT8, which TensorFlow.js has no name for. */
const int8 = 6;

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

/**
 * Runs an op of TensorFlow whose outputs may be of type int8. Such a tensor is held under the name `bool`, of the same size: it can be
 * given to other ops and disposed, not read.
 */
function execute(name: string, attributes: readonly object[], inputs: readonly tf.Tensor[], outputs: number): tf.Tensor[] {
  const backend = rawBackend(name);
  const found = backend.binding.executeOp(name, attributes, backend.getInputTensorIds(inputs), outputs);
  return found.map((one) => backend.createOutputTensor(one.dtype === int8 ? { ...one, dtype: backend.binding.TF_BOOL } : one));
}

/** What cuDNN calls a cell, and how many gates it has; `null` where cuDNN does not have the cell. */
export function cudnnCell(cell: CellDescription): { readonly mode: string; readonly gates: number } | null {
  switch (cell.kind) {
    case 'rnn-cell':
      return cell.activation === 'tanh' || cell.activation === 'relu' ? { mode: `rnn_${cell.activation}`, gates: 1 } : null;
    case 'gru-cell':
      return cell.form === 'reset-after' ? { mode: 'gru', gates: 3 } : null;
    case 'lstm-cell':
      return cell.peepholes || cell.coupled || cell.projection > 0 ? null : { mode: 'lstm', gates: 4 };
  }
}

/** One layer of cuDNN. */
export interface CudnnLayer {
  readonly cell: CellDescription;
  readonly directions: number;
  /** I */
  readonly inputs: number;
  /** Whether some row is shorter than the batch. */
  readonly ragged: boolean;
}

interface Settings {
  readonly all: readonly object[];
  readonly int: (name: string, value: number) => object;
  readonly bool: (name: string, value: boolean) => object;
}

/** The attributes that all ops of cuDNN share. */
function settings({ cell, directions, ragged }: CudnnLayer): Settings {
  const backend = nativeBackend();
  const kind = cudnnCell(cell);
  if (backend === null || kind === null) throw new Error('cuDNN was asked for a cell that it does not have here');
  const { TF_ATTR_TYPE, TF_ATTR_STRING, TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_FLOAT } = backend.binding;
  const int = (name: string, value: number): object => ({ name, type: TF_ATTR_INT, value });
  const text = (name: string, value: string): object => ({ name, type: TF_ATTR_STRING, value });
  const all = [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    text('rnn_mode', kind.mode),
    text('input_mode', 'linear_input'),
    text('direction', directions === 2 ? 'bidirectional' : 'unidirectional'),
    { name: 'dropout', type: TF_ATTR_FLOAT, value: 0 },
    // Without dropout no seed is used. TensorFlow keeps one cuDNN descriptor for the shapes that a kernel has seen, and asks only when
    // it makes it whether batches are padded; a seed of its own gives ragged batches a kernel, and so descriptors, of their own.
    int('seed', ragged ? 1 : 0),
    int('seed2', 0),
  ];
  return { all, int, bool: (name, value) => ({ name, type: TF_ATTR_BOOL, value }) };
}

/** Sizes as the ops take them: layers, hidden units, inputs. */
const sizes = ({ cell, inputs }: CudnnLayer): tf.Tensor[] => [1, cell.hidden, inputs].map((n) => tf.scalar(n, 'int32'));

/**
 * cuDNN's own form of a layer's weights, whose layout only it knows.
 *
 * @param matrices of each direction, each gate's `[H, I]`, then each gate's `[H, H]`; gates as in PyTorch
 * @param biases `[H]`, in the same order
 */
export function toParameters(layer: CudnnLayer, matrices: readonly tf.Tensor[], biases: readonly tf.Tensor[]): tf.Tensor1D {
  const { all, int } = settings(layer);
  const inputs = [...sizes(layer), ...matrices, ...biases];
  const [packed] = execute('CudnnRNNCanonicalToParams', [...all, int('num_params', matrices.length)], inputs, 1);
  return packed as tf.Tensor1D;
}

/** The way back of {@link toParameters}. Not its second version: that one's kernel works for projected cells only. */
export function fromParameters(
  layer: CudnnLayer,
  packed: tf.Tensor1D,
): { readonly matrices: readonly tf.Tensor2D[]; readonly biases: readonly tf.Tensor1D[] } {
  const { all, int } = settings(layer);
  const count = 2 * layer.directions * (cudnnCell(layer.cell)?.gates ?? 0);
  const found = execute('CudnnRNNParamsToCanonical', [...all, int('num_params', count)], [...sizes(layer), packed], 2 * count);
  return { matrices: found.slice(0, count) as tf.Tensor2D[], biases: found.slice(count) as tf.Tensor1D[] };
}

/** What the forward op takes. */
export interface CudnnInputs {
  /** `[T, B, I]` */
  readonly x: tf.Tensor3D;
  /** `[D, B, H]` */
  readonly h: tf.Tensor3D;
  /** `[D, B, H]`; a scalar for other cells than the LSTM. */
  readonly c: tf.Tensor;
  readonly parameters: tf.Tensor1D;
  /** `[B]` int32, each 1 … T: cuDNN has no empty rows. */
  readonly lengths: tf.Tensor1D;
}

/** What it gives, and what its gradient takes again. `reserve` and `host` are cuDNN's own notes. */
export interface CudnnOutputs {
  /** `[T, B, D·H]` */
  readonly sequence: tf.Tensor3D;
  readonly h: tf.Tensor3D;
  readonly c: tf.Tensor;
  readonly reserve: tf.Tensor;
  readonly host: tf.Tensor;
}

const listed = ({ x, h, c, parameters, lengths }: CudnnInputs): tf.Tensor[] => [x, h, c, parameters, lengths];

export function forwardOp(layer: CudnnLayer, inputs: CudnnInputs, keep: boolean): CudnnOutputs {
  const { all, int, bool } = settings(layer);
  const attributes = [...all, int('num_proj', 0), bool('is_training', keep), bool('time_major', true)];
  const [sequence, h, c, reserve, host] = execute('CudnnRNNV3', attributes, listed(inputs), 5);
  return { sequence, h, c, reserve, host } as CudnnOutputs;
}

/** @param upstream gradients of the outputs that have one, in their shapes */
export function backwardOp(
  layer: CudnnLayer,
  inputs: CudnnInputs,
  outputs: CudnnOutputs,
  upstream: Pick<CudnnOutputs, 'sequence' | 'h' | 'c'>,
): Omit<CudnnInputs, 'lengths'> {
  const { all, int, bool } = settings(layer);
  const { sequence, h, c, reserve, host } = outputs;
  const [x, dh, dc, parameters] = execute(
    'CudnnRNNBackpropV3',
    [...all, int('num_proj', 0), bool('time_major', true)],
    [...listed(inputs), sequence, h, c, upstream.sequence, upstream.h, upstream.c, reserve, host],
    4,
  );
  return { x, h: dh, c: dc, parameters } as Omit<CudnnInputs, 'lengths'>;
}

/** Each row's first steps, as many as its length, in reverse order; what comes after them stays. Its own inverse. `[T, B, F]` */
export function reverseRows(sequence: tf.Tensor3D, lengths: tf.Tensor1D): tf.Tensor3D {
  const { TF_ATTR_TYPE, TF_ATTR_INT, TF_FLOAT, TF_INT32 } = rawBackend('ReverseSequence').binding;
  const attributes = [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'Tlen', type: TF_ATTR_TYPE, value: TF_INT32 },
    { name: 'seq_dim', type: TF_ATTR_INT, value: 0 },
    { name: 'batch_dim', type: TF_ATTR_INT, value: 1 },
  ];
  return execute('ReverseSequence', attributes, [sequence, lengths], 1)[0] as tf.Tensor3D;
}

/** Zero where `real [T, B, 1]` is false, whatever is there: a product would keep the NaN of memory that nobody wrote. `[T, B, F]` */
export function onlyReal(real: tf.Tensor3D, sequence: tf.Tensor3D): tf.Tensor3D {
  const { TF_ATTR_TYPE, TF_FLOAT } = rawBackend('SelectV2').binding;
  const attributes = [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }];
  return execute('SelectV2', attributes, [real, sequence, tf.scalar(0)], 1)[0] as tf.Tensor3D;
}
