import type { GraphEdge } from '../../engine/document/schema.ts';
import { portKey } from '../../engine/graph/infer-shapes.ts';
import { formatShape } from '../../engine/shapes/value-type.ts';
import { useDocumentStore } from '../store/document-store.ts';

/** What flows in a wire: its type and shape. */
export function useFlowWords({ from }: GraphEdge): string {
  const value = useDocumentStore((s) => s.inferred.outputs.get(portKey(from.node, from.port)));
  return value ? `${value.type} ${formatShape(value)}` : 'not known yet';
}
