import { blockFault } from './block-limits.ts';
import { blockKind, isBorder, placementOf } from './placed-blocks.ts';
import type { BlockDefinition, UnrollDocument } from './schema.ts';

/** Ids must be unique, wires must end at nodes that exist, and blocks must stand for definitions that end somewhere. */
export function brokenReference(document: UnrollDocument): string | null {
  return (
    repeated('block', document.blocks) ??
    onCanvas(document, document) ??
    document.blocks.map((block) => inBlock(block, document)).find((fault) => fault !== null) ??
    blockFault(document)?.message ??
    null
  );
}

function inBlock(block: BlockDefinition, document: UnrollDocument): string | null {
  const fault = onCanvas(block, document);
  return fault === null ? null : `block “${block.name}”: ${fault}`;
}

type Canvas = Pick<UnrollDocument, 'nodes' | 'edges' | 'comments' | 'frames'>;

function onCanvas(canvas: Canvas, document: UnrollDocument): string | null {
  for (const [what, items] of [
    ['node', canvas.nodes],
    ['wire', canvas.edges],
    ['comment', canvas.comments],
    ['frame', canvas.frames],
  ] as const) {
    const fault = repeated(what, items);
    if (fault !== null) return fault;
  }
  const nodes = new Set(canvas.nodes.map(({ id }) => id));
  for (const edge of canvas.edges) {
    for (const end of [edge.from, edge.to]) {
      if (!nodes.has(end.node)) return `wire “${edge.id}” ends at a node that does not exist: “${end.node}”`;
    }
  }
  const known = new Set(document.blocks.map(({ id }) => id));
  for (const node of canvas.nodes) {
    const placed = placementOf(node);
    if (placed !== null && !known.has(placed.definition)) return `node “${node.id}” is a block that is not in the file`;
    if (placed === null && node.kind === blockKind)
      return `node “${node.id}” is a block, and needs the id of its definition and how often it is repeated (1 to 1,000)`;
  }
  const border = canvas === document ? canvas.nodes.find(isBorder) : undefined;
  return border === undefined ? null : `node “${border.id}” is the port of a block, and lies in none`;
}

function repeated(what: string, items: readonly { readonly id: string }[]): string | null {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id)) return `two ${what}s have the id “${id}”`;
    seen.add(id);
  }
  return null;
}
