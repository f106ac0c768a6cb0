import { blockKind, placementOf } from '../document/placed-blocks.ts';
import type { GraphNode, UnrollDocument } from '../document/schema.ts';
import { editInside } from '../graph/blocks/inside.ts';
import { insideId, placeOf } from '../graph/blocks/inside-id.ts';
import type { Remedy } from './finding.ts';

/**
 * A remedy that was found in the expanded graph as one of the document: inside of a block it is an edit of the block.
 *
 * @param within the placed block that the finding is in, as in the expanded graph
 * @returns `null` where it would wire something across the border of a block
 */
export function remedyInDocument(remedy: Remedy | null, document: UnrollDocument, within: GraphNode | undefined): Remedy | null {
  if (remedy === null || !document.nodes.some(({ kind }) => kind === blockKind)) return remedy;
  const made: Remedy = within === undefined ? remedy : { ...remedy, apply: (edited) => inside(remedy, edited, within) };
  const result = made.apply(document);
  const nodes = new Set(result.nodes.map(({ id }) => id));
  const whole = result.edges.every(({ from, to }) => nodes.has(from.node) && nodes.has(to.node));
  return whole && result !== document ? made : null;
}

function inside(remedy: Remedy, document: UnrollDocument, within: GraphNode): UnrollDocument {
  const renamed = (view: UnrollDocument, name: (id: string) => string): UnrollDocument => ({
    ...view,
    nodes: view.nodes.map((node) => ({ ...node, id: name(node.id) })),
    edges: view.edges.map(({ id, from, to }) => ({
      id: name(id),
      from: { ...from, node: name(from.node) },
      to: { ...to, node: name(to.node) },
    })),
  });
  const edited = editInside(document, placementOf(within)?.definition ?? '', (view) => {
    const fixed = remedy.apply(renamed(view, (id) => insideId(within, 0, id)));
    const known = new Set(fixed.nodes.map(({ id }) => id));
    const across = fixed.edges.some(({ from, to }) => !known.has(from.node) || !known.has(to.node));
    return across ? view : renamed(fixed, (id) => placeOf(id).id);
  });
  return edited.ok ? edited.document : document;
}
