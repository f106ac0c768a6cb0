import { composed } from './composed.tf.ts';
import type { RecurrenceImplementation } from './recurrence.tf.ts';
import type { RecurrenceProblem } from './recurrence.ts';

/** The implementation that runs a recurrence on the current backend. */
export function implementationFor(_problem: RecurrenceProblem): RecurrenceImplementation {
  return composed;
}
