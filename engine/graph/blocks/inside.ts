import { blockFault } from '../../document/block-limits.ts';
import { placementOf } from '../../document/placed-blocks.ts';
import type { BlockDefinition, UnrollDocument } from '../../document/schema.ts';
import type { Refused } from './names.ts';

/** The inside of a block as a document of its own, so that every edit of a canvas works there. Its blocks are the document's. */
export function insideOf(document: UnrollDocument, definition: BlockDefinition): UnrollDocument {
  const { nodes, edges, comments, frames } = definition;
  return { ...document, nodes, edges, comments, frames };
}

export type EditedInside = { readonly ok: true; readonly document: UnrollDocument } | Refused;

/**
 * One edit inside a block: all that are placed change with it, and wires to ports that are gone go, too. The same document where nothing
 * changed.
 *
 * @returns refused where the edit is, where the block came to lie in itself, and where the graph came to hold more than can be expanded
 */
export function editInside(
  document: UnrollDocument,
  id: string,
  edit: (inside: UnrollDocument) => UnrollDocument | Refused,
): EditedInside {
  const before = document.blocks.find((block) => block.id === id);
  if (before === undefined) return { ok: true, document };
  const view = insideOf(document, before);
  const after = edit(view);
  if ('ok' in after) return after;
  if (after === view) return { ok: true, document };
  const { nodes, edges, comments, frames } = after;
  const inside = { nodes, edges, comments, frames };
  // Data and training are no part of a canvas, and stay as the edit left them.
  const { nodes: _nodes, edges: _edges, comments: _comments, frames: _frames, ...rest } = after;
  const blocks = after.blocks.map((block) => (block.id === id ? { ...block, ...inside } : block));
  const ports = new Set(nodes.map((node) => node.id));
  const gone = new Set(before.nodes.flatMap((node) => (ports.has(node.id) ? [] : [node.id])));
  const written = withoutPorts({ ...document, ...rest, blocks }, id, gone);
  const fault = blockFault(written);
  return fault === null ? { ok: true, document: written } : { ok: false, ...fault };
}

function withoutPorts(document: UnrollDocument, definition: string, gone: ReadonlySet<string>): UnrollDocument {
  if (gone.size === 0) return document;
  const prune = <T extends Pick<BlockDefinition, 'nodes' | 'edges'>>(canvas: T): T => {
    const placed = new Set(canvas.nodes.filter((node) => placementOf(node)?.definition === definition).map(({ id }) => id));
    const edges = canvas.edges.filter(
      ({ from, to }) => !(placed.has(from.node) && gone.has(from.port)) && !(placed.has(to.node) && gone.has(to.port)),
    );
    return edges.length === canvas.edges.length ? canvas : { ...canvas, edges };
  };
  return { ...prune(document), blocks: document.blocks.map(prune) };
}
