import { definitionOf } from './placed-blocks.ts';
import type { GraphNode, UnrollDocument } from './schema.ts';

/** The node of that id on a canvas; `undefined` where there is none. */
export const nodeOf = (
  { nodes }: { readonly nodes: readonly GraphNode[] },
  id: string | null | undefined,
): GraphNode | undefined => nodes.find((node) => node.id === id);

/** A node inside of blocks, by the placed blocks that lead there from the canvas inwards; `undefined` where the way, or the node, is not there. */
export function nodeAt(
  document: Pick<UnrollDocument, 'nodes' | 'blocks'>,
  path: readonly string[],
  id: string,
): GraphNode | undefined {
  let canvas: { readonly nodes: readonly GraphNode[] } | undefined = document;
  for (const step of path) {
    const block: GraphNode | undefined = canvas && nodeOf(canvas, step);
    canvas = block && definitionOf(document, block);
  }
  return canvas && nodeOf(canvas, id);
}
