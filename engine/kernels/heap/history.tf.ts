import * as tf from '@tensorflow/tfjs-core';
import type { RecurrenceProblem } from '../recurrence.ts';
import { heapTensor, heapView } from '../wasm/heap.tf.ts';

/**
 * A part of the state over time in one tensor `[T + 1, B, W]`, in order of time: a forward recurrence starts in slot 0 and leaves step t's result in
 * slot t + 1, a backward one starts in slot T and leaves it in slot t. So all previous states, and all results, are each contiguous.
 */
export interface History {
  readonly tensor: tf.Tensor3D;
  /** Offset of the state before step t, and of the one after it. */
  before(t: number): number;
  after(t: number): number;
}

export function historyOf({ steps, rows, reverse }: RecurrenceProblem, tensor: tf.Tensor3D): History {
  const size = rows * tensor.shape[2];
  if (tensor.shape[0] !== steps + 1) throw new Error(`history: expected ${steps + 1} slots, got ${tensor.shape[0]}`);
  return {
    tensor,
    before: (t) => (reverse ? t + 1 : t) * size,
    after: (t) => (reverse ? t : t + 1) * size,
  };
}

export function startHistory(problem: RecurrenceProblem, initial: tf.Tensor2D): History {
  const { steps, rows, reverse } = problem;
  const history = historyOf(problem, heapTensor<tf.Rank.R3>([steps + 1, rows, initial.shape[1]]));
  heapView(history.tensor).set(heapView(initial), history.before(reverse ? steps - 1 : 0));
  return history;
}

/** State before every step `[T, B, W]`. */
export const statesBefore = ({ tensor }: History, { steps, reverse }: RecurrenceProblem): tf.Tensor3D =>
  tf.slice(tensor, reverse ? 1 : 0, steps);

/** State after every step `[T, B, W]`. */
export const statesAfter = ({ tensor }: History, { steps, reverse }: RecurrenceProblem): tf.Tensor3D =>
  tf.slice(tensor, reverse ? 0 : 1, steps);

/** State after the last step that ran `[B, W]`. */
export function finalState({ tensor }: History, { steps, rows, reverse }: RecurrenceProblem): tf.Tensor2D {
  return tf.slice(tensor, reverse ? 0 : steps, 1).reshape<tf.Tensor2D>([rows, tensor.shape[2]]);
}

/** State after every step `[T, B, W]`, zero at padding. */
export function sequenceOf(history: History, problem: RecurrenceProblem): tf.Tensor3D {
  const { steps, rows, lengths } = problem;
  const width = history.tensor.shape[2];
  const sequence = statesAfter(history, problem);
  const view = heapView(sequence);
  lengths.forEach((length, b) => {
    for (let t = length; t < steps; t++) {
      const at = (t * rows + b) * width;
      view.fill(0, at, at + width);
    }
  });
  return sequence;
}
