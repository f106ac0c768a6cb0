import { placementOf } from '../../document/placed-blocks.ts';
import type { GraphEdge, GraphNode } from '../../document/schema.ts';

/**
 * Ids of what is inside of placed blocks once they are expanded: `block-1/recurrent-1`, in a copy of a repeated block
 * `block-1#0/recurrent-1`. No id of a document has `/` or `#` in it.
 */
export function insideId(block: Pick<GraphNode, 'id' | 'kind' | 'params'>, copy: number, id: string): string {
  const repeated = (placementOf(block)?.repeat ?? 1) > 1;
  return `${block.id}${repeated ? `#${copy}` : ''}/${id}`;
}

/** Where something of the expanded graph stands in the document. */
export interface Place {
  /** The placed blocks that lead there, from the canvas inwards. */
  readonly path: readonly string[];
  /** Which copy of each of them. */
  readonly copies: readonly number[];
  /** Its id where it stands. */
  readonly id: string;
}

export function placeOf(expandedId: string): Place {
  const steps = expandedId.split('/');
  const id = steps.pop() ?? '';
  const blocks = steps.map((step) => step.split('#'));
  return { path: blocks.map(([block = '']) => block), copies: blocks.map(([, copy = '0']) => Number(copy)), id };
}

/** How expanded blocks are named, for `inlineBlocks`. */
export const expandedNaming = {
  node: (block: GraphNode, copy: number, { id }: GraphNode): string => insideId(block, copy, id),
  edge: (block: GraphNode, copy: number, { id }: GraphEdge): string => insideId(block, copy, id),
};

/** Whether a node of the expanded graph came out of this placed block. */
export const liesIn = (id: string, block: string): boolean => id.startsWith(`${block}/`) || id.startsWith(`${block}#`);
