import { describeSaliency } from '../inspect/describe-saliency.ts';
import { objectiveOf } from '../inspect/objective.tf.ts';
import { saliencyOf } from '../inspect/saliency.tf.ts';
import type { TraceStore } from '../inspect/trace-store.ts';
import type { Handlers } from '../protocol/contract.ts';
import type { InspectWork } from './inspect-work.ts';

/** Which steps of an input matter. */
export function saliencyService(traces: Pick<TraceStore, 'use'>, work: InspectWork): Pick<Handlers, 'inspect.saliency'> {
  return {
    'inspect.saliency': ({ trace, of, id }) =>
      traces.use(trace, async (kept) => {
        const objective = objectiveOf(kept.subject, kept.example, of);
        return describeSaliency(kept.subject, objective, await work.pieces(id, saliencyOf(kept, objective)));
      }),
  };
}
