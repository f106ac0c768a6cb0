import { describeTrace } from '../inspect/describe-trace.ts';
import { whatIf } from '../inspect/holds/what-if.tf.ts';
import type { RunInspections } from '../manage/run-inspections.ts';
import type { Handlers } from '../protocol/contract.ts';
import type { whatIfMethods } from '../protocol/what-if.ts';
import { cancelled, type InspectWork } from './inspect-work.ts';

/** What would be if something inside were held, or a token were another. */
export function whatIfService(inspections: RunInspections, work: InspectWork): Pick<Handlers, keyof typeof whatIfMethods> {
  const { traces } = inspections;
  return {
    'inspect.whatIf': ({ trace, holds, edit, of }) =>
      traces.use(trace, async (kept) => {
        const { trace: changed, was, before, after } = await whatIf(kept, holds, edit, of);
        return { trace: describeTrace(traces.add(changed), changed), was: [...was], before, after };
      }),
    'inspect.whatIfSplit': ({ trace, id, ...options }) =>
      traces.use(trace, (kept) =>
        work.run(id, async (tell, signal) => {
          const found = await inspections.heldFigures(kept, options, (done, of) => tell({ done, of }), signal);
          if (found === null) throw cancelled;
          return found;
        }),
      ),
  };
}
