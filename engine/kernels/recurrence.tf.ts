import * as tf from '@tensorflow/tfjs-core';
import { stateWidths } from '../shapes/value-type.ts';
import { implementationFor } from './implementations.tf.ts';
import { listValues, opOfSeveralValues, unlistValues } from './op-value.tf.ts';
import type { RecurrenceProblem } from './recurrence.ts';

/** Weights of one direction in PyTorch's orientation. P is the width of h: H, unless the cell projects it. */
export interface CellWeights {
  /** `[G·H, I]` */
  readonly inputWeight: tf.Tensor2D;
  /** `[G·H, P]` */
  readonly hiddenWeight: tf.Tensor2D;
  /** `[G·H]` */
  readonly inputBias: tf.Tensor1D;
  /** `[G·H]`; `null` where the cell has one bias. */
  readonly hiddenBias: tf.Tensor1D | null;
  /** `[P, H]`; `null` where h is not projected. */
  readonly projection: tf.Tensor2D | null;
  /** `[N·H]`, of the gates that see c in their order; `null` without peepholes. */
  readonly peepholes: tf.Tensor1D | null;
}

/** Parts of a recurrent state: h `[B, P]`, and c `[B, H]` for an LSTM. */
export type StateParts = readonly tf.Tensor2D[];

export interface RecurrenceOutput {
  /** State h after each step `[T, B, P]`, zero at padding steps; `null` when only the final state was asked for. */
  readonly sequence: tf.Tensor3D | null;
  /** State after each row's last real step (the first, for a backward recurrence); `null` when only the sequence was asked for. */
  readonly final: StateParts | null;
}

/** What a backend's implementation gives: the op's value and the gradients of its arguments. */
export interface RecurrenceImplementation {
  /** Whether no parts at all stand for an initial state of zeros. */
  readonly startsFromZeros?: boolean;
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
   * @param initial as `forward` was given it
   */
  backward(
    problem: RecurrenceProblem,
    x: tf.Tensor3D,
    weights: CellWeights,
    saved: readonly tf.Tensor[],
    dSequence: tf.Tensor3D | null,
    dFinal: StateParts | null,
    initial: StateParts,
  ): RecurrenceGradients;
}

export interface RecurrenceGradients {
  /** `[T, B, I]`, or `null` when the problem does not want it. */
  readonly x: tf.Tensor3D | null;
  readonly inputWeight: tf.Tensor2D;
  readonly hiddenWeight: tf.Tensor2D;
  readonly inputBias: tf.Tensor1D;
  readonly hiddenBias: tf.Tensor1D | null;
  /** `null` where the cell has none, as in the weights. */
  readonly projection: tf.Tensor2D | null;
  readonly peepholes: tf.Tensor1D | null;
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
  const { rows, cell } = problem;
  const implementation = implementationFor(problem);
  const zeros = implementation.startsFromZeros ? [] : stateWidths(cell);
  const start = initial ?? zeros.map((width) => tf.zeros<tf.Rank.R2>([rows, width]));
  const { inputWeight, hiddenWeight, inputBias, ...optional } = weights;
  const present = optionalWeights.filter((name) => optional[name] !== null);
  const extra = present.flatMap((name) => optional[name] ?? []);

  const tensors = [x, inputWeight, hiddenWeight, inputBias, ...extra, ...start];
  const values = opOfSeveralValues(tensors, (save) => {
    const result = implementation.forward(problem, x, weights, start, want.sequence);
    save([...tensors, ...result.saved]);
    return {
      values: listValues(result.sequence, want.final ? result.final : null),
      gradients(dValues, saved) {
        const inputs = unpack(saved.slice(0, tensors.length), present, start.length);
        const [dSequence, dFinal] = unlistValues(dValues, want);
        const kept = saved.slice(tensors.length);
        const d = implementation.backward(problem, inputs.x, inputs.weights, kept, dSequence, dFinal, inputs.initial);
        const dExtra = present.flatMap((name) => d[name] ?? []);
        return [d.x ?? tf.zerosLike(inputs.x), d.inputWeight, d.hiddenWeight, d.inputBias, ...dExtra, ...d.initial];
      },
    };
  });
  const [sequence, final] = unlistValues(values, want);
  return { sequence, final };
}

/** Weights that not every cell has, in the order in which the op takes them. */
const optionalWeights = ['hiddenBias', 'projection', 'peepholes'] as const;

function unpack(
  tensors: readonly tf.Tensor[],
  present: readonly (typeof optionalWeights)[number][],
  parts: number,
): { x: tf.Tensor3D; weights: CellWeights; initial: StateParts } {
  const extra = (name: (typeof optionalWeights)[number]): tf.Tensor | null => tensors[4 + present.indexOf(name)] ?? null;
  const has = (name: (typeof optionalWeights)[number]): boolean => present.includes(name);
  return {
    x: tensors[0] as tf.Tensor3D,
    weights: {
      inputWeight: tensors[1] as tf.Tensor2D,
      hiddenWeight: tensors[2] as tf.Tensor2D,
      inputBias: tensors[3] as tf.Tensor1D,
      hiddenBias: has('hiddenBias') ? (extra('hiddenBias') as tf.Tensor1D) : null,
      projection: has('projection') ? (extra('projection') as tf.Tensor2D) : null,
      peepholes: has('peepholes') ? (extra('peepholes') as tf.Tensor1D) : null,
    },
    initial: tensors.slice(tensors.length - parts) as tf.Tensor2D[],
  };
}
