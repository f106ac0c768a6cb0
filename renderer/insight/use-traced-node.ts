import type { Trace, TracedNode } from '../../engine/protocol/inspect.ts';
import { useInsight } from './store.ts';
import { normAt, tracedOnCanvas } from './traced-nodes.ts';

/** A node of the canvas as the trace has it; `null` while nothing is looked into. */
export function useTracedNode(id: string): {
  readonly trace: Trace;
  readonly node: TracedNode;
} | null {
  const trace = useInsight((s) => s.trace);
  const node = useInsight((s) => s.trace && tracedOnCanvas(s.trace).get(id));
  return trace && node ? { trace, node } : null;
}

/** What a wire's label says of the step under the cursor; `null` while nothing is looked into. */
export function useNorm(source: string, port: string): number | null {
  return useInsight((s) => {
    const node = s.trace && tracedOnCanvas(s.trace).get(source);
    return s.trace && node ? normAt(s.trace, node, port, s.cursor) : null;
  });
}
