import type { GradientOf } from '../protocol/inspect.ts';
import { type Gradient, gradientOf } from './gradient.tf.ts';
import { objectiveOf } from './objective.tf.ts';
import type { KeptTrace } from './trace.tf.ts';

/** Gradients of one trace that are kept: views of the same one ask one after another. */
const most = 2;

/** The last gradients of each trace, as long as the trace lives. */
export class KeptGradients {
  readonly #kept = new WeakMap<KeptTrace, Map<string, Gradient>>();

  /** @throws UserError as `objectiveOf` */
  of(trace: KeptTrace, of: GradientOf): Gradient {
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
