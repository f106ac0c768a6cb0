import { targetAxis } from '../data/batches.ts';
import { givingWay } from '../event-loop.ts';
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
  readonly #kept = new WeakMap<KeptTrace, Map<string, Promise<Gradient>>>();

  /**
   * Gives way to other work; whoever asks again meanwhile gets the same.
   *
   * @throws UserError as `objectiveOf`, or `too-long`
   */
  async of(trace: KeptTrace, of: GradientOf): Promise<Gradient> {
    const { batch } = trace.example;
    const steps = Math.max(batch.steps, targetAxis(batch).steps);
    if (steps > mostSteps) {
      throw new UserError({
        code: 'too-long',
        message: `A gradient is taken apart over ${mostSteps} steps at most; this has ${steps}.`,
        hint: 'Look at a shorter part.',
      });
    }
    const kept = this.#kept.get(trace) ?? new Map<string, Promise<Gradient>>();
    this.#kept.set(trace, kept);
    const key = JSON.stringify(of);
    const { subject, example } = trace;
    const known = kept.get(key);
    const gradient = known ?? givingWay(gradientOf(subject, example, objectiveOf(subject, example, of)));
    // What has failed is asked again.
    if (known === undefined) gradient.catch(() => kept.delete(key));
    kept.delete(key);
    kept.set(key, gradient);
    for (const oldest of [...kept.keys()].slice(0, -most)) kept.delete(oldest);
    return gradient;
  }
}
