import { blockInputKind, blockOutputKind, definitionOf, isBorder, placementOf } from '../../engine/document/placed-blocks.ts';
import type { GraphNode, UnrollDocument } from '../../engine/document/schema.ts';

type Blocks = UnrollDocument['blocks'];

/** Layers that lie in a block, those of its blocks with it, as often as they are repeated. */
export const layersIn = (blocks: Blocks, nodes: readonly GraphNode[]): number =>
  nodes.reduce((total, node) => {
    const definition = definitionOf({ blocks }, node);
    if (definition !== undefined) return total + (placementOf(node)?.repeat ?? 1) * layersIn(blocks, definition.nodes);
    return isBorder(node) ? total : total + 1;
  }, 0);

/** How often a definition is placed, anywhere in the document. */
export const usesOf = (document: Pick<UnrollDocument, 'nodes' | 'blocks'>, definition: string): number =>
  [document.nodes, ...document.blocks.map(({ nodes }) => nodes)]
    .flat()
    .filter((node) => placementOf(node)?.definition === definition).length;

export const counted = (count: number, thing: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? thing : `${thing}s`}`;

/** What a block's card, or that of a port inside, tells under its name; `null` for another node. */
export function blockSubtitle(blocks: Blocks, node: GraphNode): string | null {
  if (node.kind === blockInputKind) return 'input of this block';
  if (node.kind === blockOutputKind) return 'output of this block';
  const definition = definitionOf({ blocks }, node);
  if (definition === undefined) return null;
  const { repeat = 1 } = placementOf(node) ?? {};
  return `${repeat > 1 ? `×${repeat} · ` : ''}${counted(layersIn(blocks, definition.nodes), 'layer')}`;
}
