import type * as tf from '@tensorflow/tfjs-core';
import type { AcceleratedCell } from '../shapes/value-type.ts';
import { gruRelevanceBefore } from './composed/gru-relevance-before.tf.ts';
import { gruResetAfter } from './composed/gru-reset-after.tf.ts';
import { gruSimplified } from './composed/gru-simplified.tf.ts';
import { lstm } from './composed/lstm.tf.ts';
import { vanilla } from './composed/vanilla.tf.ts';
import { affine, asRows, product, sumOfRows } from './product.tf.ts';
import type { CellWeights, RecurrenceImplementation, StateParts } from './recurrence.tf.ts';
import { maskSequence, type Timeline, timeline } from './timeline.tf.ts';

/** One cell's steps, written with whole-batch tensor operations. */
export interface ComposedCell {
  /** Bias that the input product of all steps takes with it, `[G·H]`. */
  inputBias(weights: CellWeights): tf.Tensor1D;
  /**
   * @param input the input's share of the gates for all steps `[T, B, G·H]`, bias included
   * @returns `hidden` h after each step `[T, B, P]`; `final` state; `saved` for `backward`
   */
  forward(
    input: tf.Tensor3D,
    weights: CellWeights,
    initial: StateParts,
    time: Timeline,
  ): { readonly hidden: tf.Tensor3D; readonly final: StateParts; readonly saved: readonly tf.Tensor[] };
  /**
   * @param dHidden gradient of h after each step `[T, B, P]`, zero at padding; `null` is all zero
   * @param dFinal gradient of the final state; `null` is all zero
   */
  backward(
    saved: readonly tf.Tensor[],
    weights: CellWeights,
    dHidden: tf.Tensor3D | null,
    dFinal: StateParts | null,
    time: Timeline,
  ): {
    /** Gradient of the input's share of the gates `[T, B, G·H]`, zero at padding. */
    readonly input: tf.Tensor3D;
    readonly hiddenWeight: tf.Tensor2D;
    /** `null` where the cell has one bias, or where both biases have the same gradient. */
    readonly hiddenBias: tf.Tensor1D | null;
    /** Absent where the cell has none. */
    readonly projection?: tf.Tensor2D;
    readonly peepholes?: tf.Tensor1D;
    readonly initial: StateParts;
  };
}

/** By the name of a cell's kernels. */
const composedCells: Readonly<Record<string, (cell: AcceleratedCell) => ComposedCell>> = {
  'rnn-tanh': () => vanilla('tanh'),
  'rnn-sigmoid': () => vanilla('sigmoid'),
  'rnn-relu': () => vanilla('relu'),
  'rnn-identity': () => vanilla('identity'),
  'gru-reset-after': () => gruResetAfter,
  'gru-relevance-before': () => gruRelevanceBefore,
  'gru-simplified': () => gruSimplified,
  lstm,
  'lstm-peepholes': lstm,
  'lstm-projected': lstm,
  'lstm-peepholes-projected': lstm,
  'lstm-coupled': lstm,
  'lstm-coupled-peepholes': lstm,
  'lstm-coupled-projected': lstm,
  'lstm-coupled-peepholes-projected': lstm,
};

function composedCell(cell: AcceleratedCell): ComposedCell {
  const make = composedCells[cell.kernel.name];
  if (make === undefined) throw new Error(`no composed form of ${cell.kernel.name}`);
  return make(cell);
}

/**
 * The recurrence out of TensorFlow.js operations, on any backend: one input product for all steps before the loop, few operations
 * per step, and one weight-gradient product after it. The gradient is written by hand: everything in it that does not depend on the
 * step after is computed for all steps at once.
 */
export const composed: RecurrenceImplementation = {
  forward(problem, x, weights, initial, wantSequence) {
    const cell = composedCell(problem.cell);
    const time = timeline(problem);
    const gates = affine(asRows(x), weights.inputWeight, cell.inputBias(weights));
    const input = gates.reshape<tf.Tensor3D>([problem.steps, problem.rows, -1]);
    const { hidden, final, saved } = cell.forward(input, weights, initial, time);
    const sequence = wantSequence ? maskSequence(time, hidden) : null;
    return { sequence, final, saved };
  },
  backward(problem, x, weights, saved, dSequence, dFinal) {
    const time = timeline(problem);
    const dHidden = dSequence === null ? null : maskSequence(time, dSequence);
    const d = composedCell(problem.cell).backward(saved, weights, dHidden, dFinal, time);
    const dGates = asRows(d.input);
    const inputBias = sumOfRows(dGates);
    const shared = weights.hiddenBias === null ? null : inputBias.clone();
    return {
      x: problem.inputGradient ? product(dGates, weights.inputWeight).reshape<tf.Tensor3D>(x.shape) : null,
      inputWeight: product(dGates, asRows(x), true, false),
      hiddenWeight: d.hiddenWeight,
      inputBias,
      hiddenBias: d.hiddenBias ?? shared,
      projection: d.projection ?? null,
      peepholes: d.peepholes ?? null,
      initial: d.initial,
    };
  },
};
