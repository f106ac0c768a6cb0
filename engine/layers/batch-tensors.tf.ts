import * as tf from '@tensorflow/tfjs-core';
import type { BatchInput } from './batch-input.ts';

/**
 * One time axis of a batch: how many of its T steps are real in each of its B rows. Every sequence carries its own, since a
 * pyramid shortens time and a decoder runs over the target's steps.
 */
export interface TimeAxis {
  /** `[B]` int32 */
  readonly lengths: tf.Tensor1D;
  /** `[T, B]`, 1 at real steps and 0 at padding */
  readonly mask: tf.Tensor2D;
  /** T */
  readonly steps: number;
  /** B */
  readonly rows: number;
  /** The lengths again, outside the backend, so that nothing waits for a device to answer. */
  readonly rowLengths: Int32Array;
}

/** A batch on the backend, time-major; its own time axis is that of the input. The caller disposes it, or makes it inside a tidy scope. */
export interface BatchTensors extends TimeAxis {
  /** `[T, B]` int32 */
  readonly tokens: tf.Tensor2D | null;
  /** `[T, B, F]` */
  readonly series: tf.Tensor3D | null;
  /** What a decoder reads, with a time axis of its own; `null` where the task has no target sequence. */
  readonly target: TargetTensors | null;
}

export interface TargetTensors {
  /** The previous target token at each step, `<bos>` first, `[U, B]` int32. */
  readonly tokens: tf.Tensor2D;
  readonly time: TimeAxis;
}

/** What is read of a batch, without masks. */
export function inputTensors(batch: BatchInput): Pick<BatchTensors, 'tokens' | 'series' | 'lengths'> {
  return { ...valuesOf(batch), lengths: tf.tensor1d(batch.lengths, 'int32') };
}

const valuesOf = ({ steps, rows, tokens, series }: BatchInput): Pick<BatchTensors, 'tokens' | 'series'> => ({
  tokens: tokens && tf.tensor2d(tokens, [steps, rows], 'int32'),
  series: series && tf.tensor3d(series, [steps, rows, series.length / (steps * rows)], 'float32'),
});

export function toTensors(batch: BatchInput): BatchTensors {
  const { steps, rows, lengths, target } = batch;
  return {
    ...valuesOf(batch),
    target: target
      ? { tokens: tf.tensor2d(target.inputs, [target.steps, rows], 'int32'), time: timeAxis(target.steps, target.lengths) }
      : null,
    ...timeAxis(steps, lengths),
  };
}

/** @param rowLengths real steps of each row `[B]`, each 1 … T */
export function timeAxis(steps: number, rowLengths: Int32Array): TimeAxis {
  const rows = rowLengths.length;
  const mask = new Float32Array(steps * rows);
  for (let t = 0; t < steps; t++) for (let b = 0; b < rows; b++) mask[t * rows + b] = t < (rowLengths[b] ?? 0) ? 1 : 0;
  return { lengths: tf.tensor1d(rowLengths, 'int32'), mask: tf.tensor2d(mask, [steps, rows]), steps, rows, rowLengths };
}
