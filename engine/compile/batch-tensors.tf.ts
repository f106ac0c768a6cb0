import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../data/dataset.ts';

/** A batch on the backend, time-major. The caller disposes it, or makes it inside a tidy scope. */
export interface BatchTensors {
  /** `[T, B]` int32 */
  readonly tokens: tf.Tensor2D | null;
  /** `[T, B, F]` */
  readonly series: tf.Tensor3D | null;
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

type BatchInput = Pick<Batch, 'steps' | 'rows' | 'tokens' | 'series' | 'lengths'>;

export function toTensors({ steps, rows, tokens, series, lengths }: BatchInput): BatchTensors {
  const mask = new Float32Array(steps * rows);
  for (let t = 0; t < steps; t++) for (let b = 0; b < rows; b++) mask[t * rows + b] = t < (lengths[b] ?? 0) ? 1 : 0;
  return {
    tokens: tokens && tf.tensor2d(tokens, [steps, rows], 'int32'),
    series: series && tf.tensor3d(series, [steps, rows, series.length / (steps * rows)], 'float32'),
    lengths: tf.tensor1d(lengths, 'int32'),
    mask: tf.tensor2d(mask, [steps, rows]),
    steps,
    rows,
    rowLengths: lengths,
  };
}
