import * as tf from '@tensorflow/tfjs-core';
import type { RecurrenceImplementation } from '../recurrence.tf.ts';
import { mayBeDifferentiated, runBackward, runForward } from './ops.tf.ts';

/**
 * The recurrence as one op of ours on native TensorFlow (`src/`): all steps in C++, each row for its own length, with the gates
 * computed while the product's sums are still in registers.
 */
export const fused: RecurrenceImplementation = {
  forward(problem, x, weights, initial, wantSequence) {
    const { sequence, final, gates, cells } = runForward(problem, x, [weights], initial, mayBeDifferentiated());
    return {
      sequence: wantSequence ? sequence : null,
      final: tf.unstack(final) as tf.Tensor2D[],
      saved: [sequence, gates, cells, ...initial],
    };
  },

  backward(problem, x, weights, saved, dSequence, dFinal) {
    const [kept, initial] = [saved.slice(0, 3), saved.slice(3) as tf.Tensor2D[]];
    const [gradients] = runBackward(problem, x, [weights], initial, kept, dSequence, dFinal);
    if (gradients === undefined) throw new Error('the fused recurrence gave no gradient');
    return gradients;
  },
};
