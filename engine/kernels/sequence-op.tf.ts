import * as tf from '@tensorflow/tfjs-core';
import type { CellWeights, RecurrenceGradients, RecurrenceImplementation, StateParts } from './recurrence.tf.ts';
import type { RecurrenceProblem } from './recurrence.ts';

/** What one run of a {@link SequenceOp} gives. */
export interface SequenceRun {
  /** h of each direction after each step `[T, B, D·P]`, zero at padding steps. */
  readonly sequence: tf.Tensor3D;
  /** Each part of each direction's final state. Taken apart only when asked for. */
  final(): StateParts;
  /** What `backward` needs; may be empty when nothing was to be kept. */
  readonly saved: readonly tf.Tensor[];
}

/**
 * An op of the native backend that runs a cell over a whole padded batch: in one direction, or in both at once, the second of two
 * sets of weights against the first (`reverse` then has no meaning). States are h and c of the first direction, then of the second.
 */
export interface SequenceOp {
  /** Whether no parts at all stand for an initial state of zeros. */
  readonly startsFromZeros: boolean;
  /**
   * @param x `[T, B, I]`
   * @param keep whether a gradient may be asked for
   */
  forward(
    problem: RecurrenceProblem,
    x: tf.Tensor3D,
    weights: readonly CellWeights[],
    initial: StateParts,
    keep: boolean,
  ): SequenceRun;
  /**
   * @param dSequence `[T, B, D·P]`; `null`: zero
   * @param dFinal of each part of each direction; `null`: zero
   * @returns the gradients of each direction; `x`, which they share, is with the first
   */
  backward(
    problem: RecurrenceProblem,
    x: tf.Tensor3D,
    weights: readonly CellWeights[],
    initial: StateParts,
    saved: readonly tf.Tensor[],
    dSequence: tf.Tensor3D | null,
    dFinal: StateParts | null,
  ): RecurrenceGradients[];
}

/** Whether a gradient is being recorded: what it needs is kept only then. */
export const mayBeDifferentiated = (): boolean => tf.engine().state.gradientDepth > 0;

/** A sequence op as the implementation of the recurrence in one direction. */
export const oneDirection = (op: SequenceOp): RecurrenceImplementation => ({
  startsFromZeros: op.startsFromZeros,

  forward(problem, x, weights, initial, wantSequence) {
    const run = op.forward(problem, x, [weights], initial, mayBeDifferentiated());
    return { sequence: wantSequence ? run.sequence : null, final: run.final(), saved: run.saved };
  },

  backward(problem, x, weights, saved, dSequence, dFinal, initial) {
    const [gradients] = op.backward(problem, x, [weights], initial, saved, dSequence, dFinal);
    if (gradients === undefined) throw new Error('the op for a whole sequence gave no gradient');
    return gradients;
  },
});
