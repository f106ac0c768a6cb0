import { type ComponentType, useMemo } from 'react';
import type { Trace } from '../../engine/protocol/inspect.ts';
import { type FoundRecurrence, recurrenceOf, useInsight } from './store.ts';

/** What a view of the panel shows: a recurrence of a trace. */
export interface RecurrenceViewProps extends FoundRecurrence {
  readonly trace: Trace;
}

/** A view of the whole network. */
export function OfTrace({ View }: { readonly View: ComponentType<{ readonly trace: Trace }> }) {
  const trace = useInsight((s) => s.trace);
  return trace && <View trace={trace} />;
}

/** A view of the recurrence that is chosen; words in its place where nothing recurs. */
export function OfRecurrence({ View }: { readonly View: ComponentType<RecurrenceViewProps> }) {
  const trace = useInsight((s) => s.trace);
  const chosen = useInsight((s) => s.place);
  const found = useMemo(() => trace && recurrenceOf(trace, chosen), [trace, chosen]);
  if (trace === null) return null;
  if (found) return <View trace={trace} {...found} />;
  return (
    <p className="microscope__none">
      Nothing in this network recurs: there are no gates and states to look at. The cards on the canvas show what each layer
      gives.
    </p>
  );
}
