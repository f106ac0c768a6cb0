import { nodeOf } from '../../engine/document/node-of.ts';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import type { InferredShapes } from '../../engine/graph/infer-shapes.ts';
import { findLayer } from '../../engine/layers/registry.ts';

/** Width of the input of a cell's steps, where it is wired; `null` while that is not known, or differs between the places where it runs. */
export function inputWidthOf(document: UnrollDocument, inferred: InferredShapes, id: string): number | null {
  const widths = document.edges.flatMap(({ from, to }) => {
    if (from.node !== id) return [];
    const wrapper = nodeOf(document, to.node);
    const port = findLayer(wrapper?.kind ?? '')?.inputs.find(({ accepts }) => accepts.includes('sequence'));
    const value = inferred.inputs.get(to.node)?.[port?.name ?? '']?.[0];
    return [value?.type === 'sequence' ? value.features : null];
  });
  const [first = null] = widths;
  return widths.every((width) => width === first) ? first : null;
}
