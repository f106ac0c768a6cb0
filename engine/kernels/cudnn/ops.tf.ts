import * as tf from '@tensorflow/tfjs-core';
import type { AcceleratedCell } from '../../shapes/value-type.ts';
import type { CudnnPrecision } from './precision.ts';
import { type AttributeMaker, attributesFor, execute } from './tensorflow-ops.tf.ts';

/** What cuDNN calls a cell. */
interface CudnnCell {
  readonly mode: string;
  readonly gates: number;
  /** Whether its state can leave the range of float16. */
  readonly unbounded?: boolean;
}

/** By the name of a cell's kernels. */
const cudnnCells: Readonly<Record<string, CudnnCell>> = {
  'rnn-tanh': { mode: 'rnn_tanh', gates: 1 },
  'rnn-relu': { mode: 'rnn_relu', gates: 1, unbounded: true },
  'gru-reset-after': { mode: 'gru', gates: 3 },
  lstm: { mode: 'lstm', gates: 4 },
};

/** What cuDNN has of a cell; `null` where it does not have the cell. */
export const cudnnCell = ({ kernel }: AcceleratedCell): CudnnCell | null => cudnnCells[kernel.name] ?? null;

/** One layer of cuDNN. */
export interface CudnnLayer {
  readonly cell: AcceleratedCell;
  readonly directions: number;
  /** I */
  readonly inputs: number;
  /** Whether some row is shorter than the batch. */
  readonly ragged: boolean;
  /** The type of every tensor of numbers that its ops take and give. */
  readonly precision: CudnnPrecision;
}

interface Settings extends AttributeMaker {
  readonly all: readonly object[];
}

/** The attributes that all ops of cuDNN share. */
function settings({ cell, directions, ragged, precision }: CudnnLayer): Settings {
  const kind = cudnnCell(cell);
  if (kind === null) throw new Error('cuDNN was asked for a cell that it does not have');
  const make = attributesFor('cuDNN');
  const { type, int, float, text } = make;
  const all = [
    type('T', precision),
    text('rnn_mode', kind.mode),
    text('input_mode', 'linear_input'),
    text('direction', directions === 2 ? 'bidirectional' : 'unidirectional'),
    float('dropout', 0),
    // Without dropout no seed is used. TensorFlow keeps one cuDNN descriptor for the shapes that a kernel has seen, and asks only when
    // it makes it whether batches are padded; a seed of its own gives ragged batches a kernel, and so descriptors, of their own.
    int('seed', ragged ? 1 : 0),
    int('seed2', 0),
  ];
  return { ...make, all };
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
