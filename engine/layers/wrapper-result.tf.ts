import type { Tensor3D } from '@tensorflow/tfjs-core';
import { maxOverSteps, meanOverSteps } from '../kernels/pooling.tf.ts';
import type { TimeAxis } from './batch-tensors.tf.ts';
import type { Value } from './builder.tf.ts';
import type { OutputMode } from './wrapper-output.ts';

/** The wrapper's output from its sequence `[T, B, H]`: every step, or pooled over real steps (row L14). */
export function wrapperResult(mode: Exclude<OutputMode, 'last'>, sequence: Tensor3D, time: TimeAxis): Value {
  switch (mode) {
    case 'every-step':
      return { type: 'sequence', tensor: sequence, time, differentiable: true };
    case 'mean':
      return { type: 'vector', tensor: meanOverSteps(sequence, time.mask, time.lengths), differentiable: true };
    case 'max':
      return { type: 'vector', tensor: maxOverSteps(sequence, time.mask, time.lengths), differentiable: true };
  }
}
