import { targetAxis } from '../data/batches.ts';
import { UserError } from '../protocol/envelope.ts';
import type { GradientOf } from '../protocol/inspect.ts';
import { type Gradient, gradientOf } from './gradient.tf.ts';
import { objectiveOf } from './objective.tf.ts';
import type { KeptTrace } from './trace.tf.ts';

/** Gradients of one trace that are kept: views of the same one ask one after another. */
const most = 2;

/** Terms are compared with each other, each step with each: memory grows with the square of the steps. */
const mostSteps = 1000;

/** The last gradients of each trace, as long as the trace lives. */
export class KeptGradients {
  readonly #kept = new WeakMap<KeptTrace, Map<string, Gradient>>();

  /** @throws UserError as `objectiveOf`, or `too-long` */
  of(trace: KeptTrace, of: GradientOf): Gradient {
    const { batch } = trace.example;
    const steps = Math.max(batch.steps, targetAxis(batch).steps);
    if (steps > mostSteps) {
      throw new UserError({
        code: 'too-long',
        message: `A gradient is taken apart over ${mostSteps} steps at most; this has ${steps}.`,
        hint: 'Look at a shorter part.',
      });
    }
    const kept = this.#kept.get(trace) ?? new Map<string, Gradient>();
    this.#kept.set(trace, kept);
    const key = JSON.stringify(of);
    const gradient = kept.get(key) ?? gradientOf(trace.subject, trace.example, objectiveOf(trace.subject, trace.example, of));
    kept.delete(key);
    kept.set(key, gradient);
    for (const oldest of [...kept.keys()].slice(0, -most)) kept.delete(oldest);
    return gradient;
  }
}
