import * as tf from '@tensorflow/tfjs-core';
import type { RecurrenceProblem } from '../recurrence.ts';
import { heapTensor, heapView } from './heap.tf.ts';

/**
 * A state over time in one tensor `[T + 1, B, H]`, in order of time: a forward recurrence starts in slot 0 and leaves step t's result in
 * slot t + 1, a backward one starts in slot T and leaves it in slot t. So all previous states, and all results, are each contiguous.
 */
export interface History {
  readonly tensor: tf.Tensor3D;
  /** Offset of the state before step t, and of the one after it. */
  before(t: number): number;
  after(t: number): number;
}

export function historyOf({ steps, rows, reverse, cell }: RecurrenceProblem, tensor: tf.Tensor3D): History {
  const size = rows * cell.hidden;
  if (tensor.shape[0] !== steps + 1) throw new Error(`history: expected ${steps + 1} slots, got ${tensor.shape[0]}`);
  return {
    tensor,
    before: (t) => (reverse ? t + 1 : t) * size,
    after: (t) => (reverse ? t : t + 1) * size,
  };
}

export function startHistory(problem: RecurrenceProblem, initial: tf.Tensor2D): History {
  const { steps, rows, cell, reverse } = problem;
  const history = historyOf(problem, heapTensor<tf.Rank.R3>([steps + 1, rows, cell.hidden]));
  heapView(history.tensor).set(heapView(initial), history.before(reverse ? steps - 1 : 0));
  return history;
}

/** State before every step `[T, B, H]`. */
export const statesBefore = ({ tensor }: History, { steps, reverse }: RecurrenceProblem): tf.Tensor3D =>
  tf.slice(tensor, reverse ? 1 : 0, steps);

/** State after the last step that ran `[B, H]`. */
export function finalState({ tensor }: History, { steps, rows, reverse, cell }: RecurrenceProblem): tf.Tensor2D {
  return tf.slice(tensor, reverse ? 0 : steps, 1).reshape<tf.Tensor2D>([rows, cell.hidden]);
}

/** State after every step `[T, B, H]`, zero at padding. */
export function sequenceOf({ tensor }: History, { steps, rows, reverse, cell, lengths }: RecurrenceProblem): tf.Tensor3D {
  const sequence = tf.slice(tensor, reverse ? 0 : 1, steps);
  const view = heapView(sequence);
  lengths.forEach((length, b) => {
    for (let t = length; t < steps; t++) {
      const at = (t * rows + b) * cell.hidden;
      view.fill(0, at, at + cell.hidden);
    }
  });
  return sequence;
}
