import * as tf from '@tensorflow/tfjs-core';
import { stateParts } from '../layers/cell-parameters.ts';
import { currentImplementation } from './implementations.tf.ts';
import type { RecurrenceProblem } from './recurrence.ts';

/** Weights of one direction in PyTorch's names and orientation: `[G·H, I]`, `[G·H, H]`, `[G·H]`, `[G·H]` (`null` where the cell has one bias). */
export interface CellWeights {
  readonly inputWeight: tf.Tensor2D;
  readonly hiddenWeight: tf.Tensor2D;
  readonly inputBias: tf.Tensor1D;
  readonly hiddenBias: tf.Tensor1D | null;
}

/** Parts of a recurrent state, each `[B, H]`: h, and c for an LSTM. */
export type StateParts = readonly tf.Tensor2D[];

export interface RecurrenceOutput {
  /** State h after each step `[T, B, H]`, zero at padding steps; `null` when only the final state was asked for. */
  readonly sequence: tf.Tensor3D | null;
  /** State after each row's last real step (the first, for a backward recurrence); `null` when only the sequence was asked for. */
  readonly final: StateParts | null;
}

/** What a backend's implementation gives: the op's value and the gradients of its arguments. */
export interface RecurrenceImplementation {
  /**
   * @param x `[T, B, I]`
   * @param initial state before the first step
   * @returns `sequence` as in {@link RecurrenceOutput} (`null` unless wanted), the final state, and what `backward` needs
   */
  forward(
    problem: RecurrenceProblem,
    x: tf.Tensor3D,
    weights: CellWeights,
    initial: StateParts,
    wantSequence: boolean,
  ): { readonly sequence: tf.Tensor3D | null; readonly final: StateParts; readonly saved: readonly tf.Tensor[] };
  /**
   * @param dSequence gradient of the sequence, or `null` when it was not wanted
   * @param dFinal gradient of each part of the final state, or `null` when it was not wanted
   */
  backward(
    problem: RecurrenceProblem,
    x: tf.Tensor3D,
    weights: CellWeights,
    saved: readonly tf.Tensor[],
    dSequence: tf.Tensor3D | null,
    dFinal: StateParts | null,
  ): RecurrenceGradients;
}

export interface RecurrenceGradients {
  /** `[T, B, I]`, or `null` when the problem does not want it. */
  readonly x: tf.Tensor3D | null;
  readonly inputWeight: tf.Tensor2D;
  readonly hiddenWeight: tf.Tensor2D;
  readonly inputBias: tf.Tensor1D;
  readonly hiddenBias: tf.Tensor1D | null;
  readonly initial: StateParts;
}

/**
 * The recurrence op with its own gradient (back-propagation through time, row L15), run by the implementation that is fastest
 * on the current backend.
 *
 * @param x `[T, B, I]`
 * @param initial `null` starts from zeros
 */
export function recurrence(
  problem: RecurrenceProblem,
  x: tf.Tensor3D,
  weights: CellWeights,
  initial: StateParts | null,
  want: { readonly sequence: boolean; readonly final: boolean },
): RecurrenceOutput {
  const { steps, rows, cell } = problem;
  const parts = stateParts(cell).length;
  const start = initial ?? Array.from({ length: parts }, () => tf.zeros<tf.Rank.R2>([rows, cell.hidden]));
  const biases = weights.hiddenBias === null ? [weights.inputBias] : [weights.inputBias, weights.hiddenBias];
  const implementation = currentImplementation();

  // TensorFlow.js gives an op with a gradient of its own one value, so the sequence and the final state share one tensor.
  const op = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as (tensors: tf.Tensor[]) => void;
    const tensors = args.slice(0, -1) as tf.Tensor[];
    const run = unpack(tensors, parts);
    const result = implementation.forward(problem, run.x, run.weights, run.initial, want.sequence);
    const kept = [...result.saved];
    save([...tensors, ...kept]);
    const pieces: tf.Tensor3D[] = [];
    if (result.sequence !== null) pieces.push(result.sequence);
    if (want.final) pieces.push(...result.final.map((part) => part.expandDims<tf.Tensor3D>(0)));
    return {
      value: pieces.length === 1 && pieces[0] ? pieces[0] : tf.concat(pieces, 0),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const inputs = unpack(saved.slice(0, tensors.length), parts);
        const [dSequence, dFinal] = split(dy as tf.Tensor3D, want, steps, parts);
        const d = implementation.backward(problem, inputs.x, inputs.weights, saved.slice(tensors.length), dSequence, dFinal);
        const dBiases = d.hiddenBias === null ? [d.inputBias] : [d.inputBias, d.hiddenBias];
        return [d.x ?? tf.zerosLike(inputs.x), d.inputWeight, d.hiddenWeight, ...dBiases, ...d.initial];
      },
    };
  });
  const value = op(x, weights.inputWeight, weights.hiddenWeight, ...biases, ...start) as tf.Tensor3D;
  const [sequence, final] = split(value, want, steps, parts);
  return { sequence, final };
}

function unpack(tensors: readonly tf.Tensor[], parts: number): { x: tf.Tensor3D; weights: CellWeights; initial: StateParts } {
  const biases = tensors.slice(3, tensors.length - parts) as tf.Tensor1D[];
  return {
    x: tensors[0] as tf.Tensor3D,
    weights: {
      inputWeight: tensors[1] as tf.Tensor2D,
      hiddenWeight: tensors[2] as tf.Tensor2D,
      inputBias: biases[0] as tf.Tensor1D,
      hiddenBias: biases[1] ?? null,
    },
    initial: tensors.slice(tensors.length - parts) as tf.Tensor2D[],
  };
}

/** Sequence and final state out of the op's one value `[T? + parts?, B, H]`; also splits its gradient. */
function split(
  value: tf.Tensor3D,
  want: { readonly sequence: boolean; readonly final: boolean },
  steps: number,
  parts: number,
): [tf.Tensor3D | null, StateParts | null] {
  if (!want.final) return [value, null];
  const first = want.sequence ? steps : 0;
  const [, rows, hidden] = value.shape;
  const sequence = want.sequence ? value.slice(0, steps) : null;
  const part = (index: number): tf.Tensor2D =>
    (first + parts === 1 ? value : value.slice(first + index, 1)).reshape<tf.Tensor2D>([rows, hidden]);
  return [sequence, Array.from({ length: parts }, (_, index) => part(index))];
}
