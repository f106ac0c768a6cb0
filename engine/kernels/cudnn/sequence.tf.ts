import * as tf from '@tensorflow/tfjs-core';
import { nativeBackend } from '../native-ops.tf.ts';
import type { CellWeights, RecurrenceGradients, StateParts } from '../recurrence.tf.ts';
import type { RecurrenceProblem } from '../recurrence.ts';
import type { SequenceOp } from '../sequence-op.tf.ts';
import { gradientScale } from './gradient-scale.tf.ts';
import {
  backwardOp,
  type CudnnInputs,
  type CudnnLayer,
  type CudnnOutputs,
  cudnnCell,
  forwardOp,
  fromParameters,
  toParameters,
} from './ops.tf.ts';
import { cudnnPrecision } from './precision.ts';
import { joinRows, onlyReal, reverseRows, splitRows, toFloat32, toPrecision } from './tensorflow-ops.tf.ts';

/** Whether cuDNN runs a problem here: its kernels are in use, it has the cell, and no row is empty. */
export const canUseCudnn = ({ cell, lengths }: RecurrenceProblem): boolean =>
  cudnnPrecision() !== null && nativeBackend() !== null && cudnnCell(cell) !== null && lengths.every((length) => length > 0);

/**
 * The whole sequence as one op of cuDNN, and its gradient as another. cuDNN's gates and biases are PyTorch's, so only the packing of
 * the weights is between them. A single backward direction, which cuDNN does not have, is a forward one over rows turned round.
 *
 * In float16 everything that comes in is rounded to it and everything that goes out is float32 again: weights, and what is between
 * layers, stay float32. Gradients are scaled on their way in and out (`gradient-scale.tf.ts`), so nothing outside has to know.
 */
export const cudnnOp: SequenceOp = {
  startsFromZeros: false,

  forward(problem, x, weights, initial, keep) {
    const layer = layerOf(problem, x, weights.length);
    const inputs = inputsOf(problem, layer, x, initial, pack(layer, weights));
    const { sequence, h, c, reserve, host } = forwardOp(layer, inputs, keep);
    const wide = widened(layer);
    return {
      sequence: turned(problem, weights.length, wide(sequence), inputs.lengths),
      final: () => unstackStates(problem, h, c, wide),
      saved: [inputs.parameters, sequence, h, c, reserve, host],
    };
  },

  backward(problem, x, weights, initial, saved, dSequence, dFinal) {
    const [parameters, sequence, h, c, reserve, host] = saved as [
      tf.Tensor1D,
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const layer = layerOf(problem, x, weights.length);
    const inputs = inputsOf(problem, layer, x, initial, parameters);
    const outputs: CudnnOutputs = { sequence, h, c, reserve, host };
    const real = layer.ragged ? realSteps(problem) : null;
    const masked = (tensor: tf.Tensor3D): tf.Tensor3D => (real === null ? tensor : onlyReal(real, tensor));
    const upstream = {
      sequence: dSequence === null ? zeros(outputs.sequence) : turned(problem, weights.length, masked(dSequence), inputs.lengths),
      ...(dFinal === null ? { h: zeros(h), c: zeros(c) } : stackStates(problem, dFinal)),
    };
    const scale = layer.precision === 'float16' ? scaleOf(problem, layer, masked(x), initial, sequence, upstream) : null;
    const narrow = narrowed(layer);
    const scaled = <T extends tf.Tensor>(tensor: T): T => narrow(scale === null ? tensor : tf.mul(tensor, scale));
    const d = backwardOp(layer, inputs, outputs, {
      sequence: scaled(upstream.sequence),
      h: scaled(upstream.h),
      c: scaled(upstream.c),
    });
    const wide = widened(layer, scale);
    const dx = problem.inputGradient ? masked(turned(problem, weights.length, wide(d.x), inputs.lengths)) : null;
    const states = unstackStates(problem, d.h, d.c, wide);
    const parts = initial.length / weights.length;
    return unpack(layer, d.parameters, wide).map((direction, index) => ({
      ...direction,
      x: index === 0 ? dx : null,
      initial: states.slice(index * parts, (index + 1) * parts),
    }));
  },
};

/** Changes the type of a tensor that cuDNN takes or gives. */
type Convert = <T extends tf.Tensor>(tensor: T) => T;

const narrowed =
  ({ precision }: CudnnLayer): Convert =>
  (tensor) =>
    toPrecision(tensor, precision);

/** @param scale what the tensor was multiplied by */
const widened =
  ({ precision }: CudnnLayer, scale: tf.Scalar | null = null): Convert =>
  <T extends tf.Tensor>(tensor: T): T => {
    const wide = toFloat32(tensor, precision);
    return scale === null ? wide : tf.div<T>(wide, scale);
  };

/** By the shape alone: the tensor may be of a type that TensorFlow.js does not know. */
const zeros = <T extends tf.Tensor>(like: T): T => tf.zeros(like.shape) as T;

function scaleOf(
  { cell, steps }: RecurrenceProblem,
  layer: CudnnLayer,
  x: tf.Tensor3D,
  initial: StateParts,
  sequence: tf.Tensor3D,
  { sequence: dSequence, h, c }: Pick<CudnnOutputs, 'sequence' | 'h' | 'c'>,
): tf.Scalar {
  // h of the others is never larger than 1, or than it was at first.
  const unbounded = cudnnCell(cell)?.unbounded === true ? [widened(layer)(sequence)] : [];
  const states = cell.states.length > 1 ? [h, c as tf.Tensor3D] : [h];
  return gradientScale(steps, { sequence: dSequence, states }, [x, ...initial, ...unbounded]);
}

const layerOf = ({ cell, steps, lengths }: RecurrenceProblem, x: tf.Tensor3D, directions: number): CudnnLayer => ({
  cell,
  directions,
  inputs: x.shape[2],
  ragged: lengths.some((length) => length < steps),
  precision: cudnnPrecision() ?? 'float32',
});

function inputsOf(
  problem: RecurrenceProblem,
  layer: CudnnLayer,
  x: tf.Tensor3D,
  initial: StateParts,
  parameters: tf.Tensor1D,
): CudnnInputs {
  const lengths = tf.tensor1d(problem.lengths, 'int32');
  const narrow = narrowed(layer);
  const { h, c } = stackStates(problem, initial);
  return { x: narrow(turned(problem, layer.directions, x, lengths)), h: narrow(h), c: narrow(c), parameters, lengths };
}

/** For a single backward direction each row's real steps in reverse order, otherwise the sequence itself. */
const turned = (problem: RecurrenceProblem, directions: number, sequence: tf.Tensor3D, lengths: tf.Tensor1D): tf.Tensor3D =>
  problem.reverse && directions === 1 ? reverseRows(sequence, lengths) : sequence;

/** h (and c) of each direction, one after the other, as cuDNN's `[D, B, H]`; it wants something for c in any case. */
function stackStates({ cell }: RecurrenceProblem, parts: StateParts): { readonly h: tf.Tensor3D; readonly c: tf.Tensor } {
  if (cell.states.length === 1) return { h: tf.stack([...parts]) as tf.Tensor3D, c: tf.scalar(0) };
  const every = (first: number): tf.Tensor3D => tf.stack(parts.filter((_, index) => index % 2 === first)) as tf.Tensor3D;
  return { h: every(0), c: every(1) };
}

function unstackStates({ cell }: RecurrenceProblem, h: tf.Tensor3D, c: tf.Tensor, wide: Convert): tf.Tensor2D[] {
  const hidden = tf.unstack(wide(h)) as tf.Tensor2D[];
  if (cell.states.length === 1) return hidden;
  const cells = tf.unstack(wide(c) as tf.Tensor3D) as tf.Tensor2D[];
  return hidden.flatMap((part, index) => [part, cells[index] ?? part]);
}

/** True at the real steps of each row `[T, B, 1]`. */
function realSteps({ steps, rows, lengths }: RecurrenceProblem): tf.Tensor3D {
  const real = Uint8Array.from({ length: steps * rows }, (_, at) => (Math.floor(at / rows) < (lengths[at % rows] ?? 0) ? 1 : 0));
  return tf.tensor3d(real, [steps, rows, 1], 'bool');
}

function pack(layer: CudnnLayer, weights: readonly CellWeights[]): tf.Tensor1D {
  const gates = cudnnCell(layer.cell)?.gates ?? 1;
  const narrow = narrowed(layer);
  const blocks = (tensor: tf.Tensor): tf.Tensor[] => splitRows(narrow(tensor), gates, layer.precision);
  const matrices = weights.flatMap(({ inputWeight, hiddenWeight }) => [...blocks(inputWeight), ...blocks(hiddenWeight)]);
  const biases = weights.flatMap(({ inputBias, hiddenBias }) => [
    ...blocks(inputBias),
    ...blocks(hiddenBias ?? tf.zerosLike(inputBias)),
  ]);
  return toParameters(layer, matrices, biases);
}

type WeightGradients = Omit<RecurrenceGradients, 'x' | 'initial'>;

function unpack(layer: CudnnLayer, packed: tf.Tensor1D, wide: Convert): WeightGradients[] {
  const gates = cudnnCell(layer.cell)?.gates ?? 1;
  const { matrices, biases } = fromParameters(layer, packed);
  return Array.from({ length: layer.directions }, (_, direction): WeightGradients => {
    const joined = <T extends tf.Tensor>(all: readonly T[], half: number): T => {
      const first = (2 * direction + half) * gates;
      return wide(joinRows(all.slice(first, first + gates), layer.precision));
    };
    return {
      inputWeight: joined(matrices, 0),
      hiddenWeight: joined(matrices, 1),
      inputBias: joined(biases, 0),
      hiddenBias: joined(biases, 1),
      projection: null,
      peepholes: null,
    };
  });
}
