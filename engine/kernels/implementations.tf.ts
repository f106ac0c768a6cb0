import { getBackend } from '@tensorflow/tfjs-core';
import { composed } from './composed.tf.ts';
import { heap } from './heap.tf.ts';
import type { RecurrenceImplementation } from './recurrence.tf.ts';

/**
 * The fastest implementation of the recurrence op on the current backend; all give the same numbers within rounding. Kernels of our
 * own for native TensorFlow will live in `kernels/native` and be chosen here.
 */
export function currentImplementation(): RecurrenceImplementation {
  return getBackend() === 'wasm' ? heap : composed;
}
