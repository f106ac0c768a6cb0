import { getBackend } from '@tensorflow/tfjs-core';
import { composed } from './composed.tf.ts';
import { heap } from './heap.tf.ts';
import { canFuse } from './native/ops.tf.ts';
import { fused } from './native/recurrence.tf.ts';
import type { RecurrenceImplementation } from './recurrence.tf.ts';
import type { RecurrenceProblem } from './recurrence.ts';
import { webGpu } from './webgpu.tf.ts';

/** The fastest implementation of the recurrence op for a problem on the current backend; all give the same numbers within rounding. */
export function implementationFor(problem: RecurrenceProblem): RecurrenceImplementation {
  if (getBackend() === 'wasm') return heap;
  if (getBackend() === 'webgpu') return webGpu;
  return canFuse(problem) ? fused : composed;
}
