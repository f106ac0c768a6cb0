import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { BatchTensors } from '../compile/batch-tensors.tf.ts';
import { maxOverSteps, meanOverSteps } from '../kernels/pooling.tf.ts';
import type { Value } from './builder.tf.ts';
import type { OutputMode } from './wrapper-output.ts';

/** The wrapper's output from its sequence `[T, B, H]`: every step, or pooled over real steps (row L14). */
export function wrapperResult(mode: Exclude<OutputMode, 'last'>, sequence: Tensor3D, batch: BatchTensors): Value {
  switch (mode) {
    case 'every-step':
      return { type: 'sequence', tensor: sequence, differentiable: true };
    case 'mean':
      return { type: 'vector', tensor: meanOverSteps(sequence, batch.mask, batch.lengths), differentiable: true };
    case 'max':
      return { type: 'vector', tensor: maxOverSteps(sequence, batch.mask), differentiable: true };
  }
}
