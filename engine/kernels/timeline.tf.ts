import * as tf from '@tensorflow/tfjs-core';
import { type RecurrenceProblem, stepOrder } from './recurrence.ts';

/** Masks of one step: 1 where the row is real, and 1 where it is padding, `[B, 1]` each. */
interface StepMask {
  readonly real: tf.Tensor2D;
  readonly ended: tf.Tensor2D;
}

/** The steps of a recurrence in running order, with masks only where some row has ended. */
export interface Timeline {
  readonly order: readonly number[];
  /** By step; `null` where every row is real. */
  readonly masks: readonly (StepMask | null)[];
  /** `[T, B, 1]`; `null` when no row is padded. */
  readonly real: tf.Tensor3D | null;
}

export function timeline({ steps, rows, lengths, reverse }: Omit<RecurrenceProblem, 'cell'>): Timeline {
  const order = stepOrder(steps, reverse);
  const shortest = lengths.reduce((least, length) => Math.min(least, length), steps);
  if (shortest === steps) return { order, masks: Array.from({ length: steps }, () => null), real: null };
  const real = new Float32Array(steps * rows);
  for (let t = 0; t < steps; t++) for (let b = 0; b < rows; b++) real[t * rows + b] = t < (lengths[b] ?? 0) ? 1 : 0;
  const masks = Array.from({ length: steps }, (_, t): StepMask | null => {
    if (t < shortest) return null;
    const step = tf.tensor2d(real.slice(t * rows, (t + 1) * rows), [rows, 1]);
    return { real: step, ended: tf.sub(1, step) };
  });
  return { order, masks, real: tf.tensor3d(real, [steps, rows, 1]) };
}

/** `next` where the row is real, `previous` where it has ended: exact, since one factor is 0 and the other 1. */
export function keepEnded(mask: StepMask | null | undefined, next: tf.Tensor2D, previous: tf.Tensor2D): tf.Tensor2D {
  return mask ? next.mul(mask.real).add(previous.mul(mask.ended)) : next;
}

/** Adds the part of a state's gradient that passes an ended row unchanged. */
export function passEnded(mask: StepMask | null | undefined, gradient: tf.Tensor2D, next: tf.Tensor2D): tf.Tensor2D {
  return mask ? gradient.add(next.mul(mask.ended)) : gradient;
}

/** Zero at padding, for a whole `[T, B, …]` sequence. */
export function maskSequence<T extends tf.Tensor>(time: Timeline, sequence: T): T {
  if (time.real === null) return sequence;
  const mask = sequence.rank === 4 ? time.real.expandDims(3) : time.real;
  return sequence.mul(mask);
}

/** The item of a list that the caller knows to be there. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`step ${index} of ${items.length} is missing`);
  return item;
}
