import type { GraphNode } from '../../engine/document/schema.ts';
import type { Trace, TracedNode } from '../../engine/protocol/inspect.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { useInsight } from './store.ts';
import { normAt, prefixOf, tracedNode } from './traced-nodes.ts';

/** A node of the canvas as the trace has it; `null` while nothing is looked into. */
export function useTracedNode({ id, kind }: Pick<GraphNode, 'id' | 'kind'>): {
  readonly trace: Trace;
  readonly node: TracedNode;
} | null {
  const trace = useInsight((s) => s.trace);
  const node = useInsight((s) => {
    if (s.trace === null) return null;
    const { whole, level } = useDocumentStore.getState();
    return tracedNode(s.trace, `${prefixOf(whole, level)}${id}`, kind);
  });
  return trace && node ? { trace, node } : null;
}

/** What a wire's label says of the step under the cursor; `null` while nothing is looked into. */
export function useNorm(source: string, port: string): number | null {
  return useInsight((s) => {
    if (s.trace === null) return null;
    const { whole, level, document } = useDocumentStore.getState();
    const kind = document.nodes.find((node) => node.id === source)?.kind ?? '';
    const node = tracedNode(s.trace, `${prefixOf(whole, level)}${source}`, kind);
    return node && normAt(s.trace, node, port, s.cursor);
  });
}
