import * as tf from '@tensorflow/tfjs-core';
import { nativeBackend } from '../native-ops.tf.ts';
import type { CellWeights, RecurrenceGradients, StateParts } from '../recurrence.tf.ts';
import type { RecurrenceProblem } from '../recurrence.ts';
import type { SequenceOp } from '../sequence-op.tf.ts';
import {
  backwardOp,
  type CudnnInputs,
  type CudnnLayer,
  type CudnnOutputs,
  cudnnCell,
  forwardOp,
  fromParameters,
  onlyReal,
  reverseRows,
  toParameters,
} from './ops.tf.ts';

let inUse = false;

/** Puts cuDNN's kernels into use, once they have passed their check (`check.tf.ts`), or out of it. */
export function setCudnn(use: boolean): void {
  inUse = use;
}

/** Whether cuDNN runs a problem here: its kernels are in use, it has the cell, and no row is empty. */
export const canUseCudnn = ({ cell, lengths }: RecurrenceProblem): boolean =>
  inUse && nativeBackend() !== null && cudnnCell(cell) !== null && lengths.every((length) => length > 0);

/**
 * The whole sequence as one op of cuDNN, and its gradient as another. cuDNN's gates and biases are PyTorch's, so only the packing of
 * the weights is between them. A single backward direction, which cuDNN does not have, is a forward one over rows turned round.
 */
export const cudnnOp: SequenceOp = {
  startsFromZeros: false,

  forward(problem, x, weights, initial, keep) {
    const layer = layerOf(problem, x, weights.length);
    const inputs = inputsOf(problem, x, initial, pack(layer, weights));
    const { sequence, h, c, reserve, host } = forwardOp(layer, inputs, keep);
    return {
      sequence: turned(problem, weights.length, sequence, inputs.lengths),
      final: () => unstackStates(problem, h, c),
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
    const inputs = inputsOf(problem, x, initial, parameters);
    const outputs: CudnnOutputs = { sequence, h, c, reserve, host };
    const real = layer.ragged ? realSteps(problem) : null;
    const upstream = {
      sequence:
        dSequence === null
          ? tf.zerosLike(sequence)
          : turned(problem, weights.length, real === null ? dSequence : onlyReal(real, dSequence), inputs.lengths),
      ...(dFinal === null ? { h: tf.zerosLike(h), c: tf.zerosLike(c) } : stackStates(problem, dFinal)),
    };
    const d = backwardOp(layer, inputs, outputs, upstream);
    const dx = problem.inputGradient ? turned(problem, weights.length, d.x, inputs.lengths) : null;
    const input = dx === null || real === null ? dx : onlyReal(real, dx);
    const states = unstackStates(problem, d.h, d.c);
    const parts = initial.length / weights.length;
    return unpack(layer, d.parameters).map((direction, index) => ({
      ...direction,
      x: index === 0 ? input : null,
      initial: states.slice(index * parts, (index + 1) * parts),
    }));
  },
};

const layerOf = ({ cell, steps, lengths }: RecurrenceProblem, x: tf.Tensor3D, directions: number): CudnnLayer => ({
  cell,
  directions,
  inputs: x.shape[2],
  ragged: lengths.some((length) => length < steps),
});

function inputsOf(problem: RecurrenceProblem, x: tf.Tensor3D, initial: StateParts, parameters: tf.Tensor1D): CudnnInputs {
  const lengths = tf.tensor1d(problem.lengths, 'int32');
  const parts = problem.cell.kind === 'lstm-cell' ? 2 : 1;
  return { x: turned(problem, initial.length / parts, x, lengths), ...stackStates(problem, initial), parameters, lengths };
}

/** For a single backward direction each row's real steps in reverse order, otherwise the sequence itself. */
const turned = (problem: RecurrenceProblem, directions: number, sequence: tf.Tensor3D, lengths: tf.Tensor1D): tf.Tensor3D =>
  problem.reverse && directions === 1 ? reverseRows(sequence, lengths) : sequence;

/** h (and c) of each direction, one after the other, as cuDNN's `[D, B, H]`; it wants something for c in any case. */
function stackStates({ cell }: RecurrenceProblem, parts: StateParts): { readonly h: tf.Tensor3D; readonly c: tf.Tensor } {
  if (cell.kind !== 'lstm-cell') return { h: tf.stack([...parts]) as tf.Tensor3D, c: tf.scalar(0) };
  const every = (first: number): tf.Tensor3D => tf.stack(parts.filter((_, index) => index % 2 === first)) as tf.Tensor3D;
  return { h: every(0), c: every(1) };
}

function unstackStates({ cell }: RecurrenceProblem, h: tf.Tensor3D, c: tf.Tensor): tf.Tensor2D[] {
  const hidden = tf.unstack(h) as tf.Tensor2D[];
  if (cell.kind !== 'lstm-cell') return hidden;
  const cells = tf.unstack(c as tf.Tensor3D) as tf.Tensor2D[];
  return hidden.flatMap((part, index) => [part, cells[index] ?? part]);
}

/** True at the real steps of each row `[T, B, 1]`. */
function realSteps({ steps, rows, lengths }: RecurrenceProblem): tf.Tensor3D {
  const real = Uint8Array.from({ length: steps * rows }, (_, at) => (Math.floor(at / rows) < (lengths[at % rows] ?? 0) ? 1 : 0));
  return tf.tensor3d(real, [steps, rows, 1], 'bool');
}

function pack(layer: CudnnLayer, weights: readonly CellWeights[]): tf.Tensor1D {
  const gates = cudnnCell(layer.cell)?.gates ?? 1;
  const blocks = (tensor: tf.Tensor): tf.Tensor[] => tf.split(tensor, gates, 0);
  const matrices = weights.flatMap(({ inputWeight, hiddenWeight }) => [...blocks(inputWeight), ...blocks(hiddenWeight)]);
  const biases = weights.flatMap(({ inputBias, hiddenBias }) => [
    ...blocks(inputBias),
    ...blocks(hiddenBias ?? tf.zerosLike(inputBias)),
  ]);
  return toParameters(layer, matrices, biases);
}

type WeightGradients = Omit<RecurrenceGradients, 'x' | 'initial'>;

function unpack(layer: CudnnLayer, packed: tf.Tensor1D): WeightGradients[] {
  const gates = cudnnCell(layer.cell)?.gates ?? 1;
  const { matrices, biases } = fromParameters(layer, packed);
  return Array.from({ length: layer.directions }, (_, direction): WeightGradients => {
    const joined = <T extends tf.Tensor>(all: readonly T[], half: number): T => {
      const first = (2 * direction + half) * gates;
      return tf.concat(all.slice(first, first + gates), 0) as T;
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
