import { Graph, layout } from '@dagrejs/dagre';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { cardSize } from './make-room.ts';

type Size = { readonly width: number; readonly height: number };
const cellGap = 56;

/**
 * Places for all nodes: the tensors' path from left to right, each cell under the wrapper that runs it. A cell and its wrapper
 * are one block for dagre, so that rows never cover a cell.
 */
export function autoLayout(
  document: UnrollDocument,
  sizes: ReadonlyMap<string, Size>,
): ReadonlyMap<string, { readonly x: number; readonly y: number }> {
  const sizeOf = (id: string): Size => sizes.get(id) ?? cardSize;
  const cells = new Set(document.nodes.filter((n) => findLayer(n.kind)?.family === 'cell').map((n) => n.id));
  /** wrapper → its first cells; a cell shared by wrappers stays with the first */
  const under = new Map<string, string[]>();
  const placed = new Set<string>();
  for (const edge of document.edges) {
    if (!cells.has(edge.from.node) || placed.has(edge.from.node)) continue;
    placed.add(edge.from.node);
    under.set(edge.to.node, [...(under.get(edge.to.node) ?? []), edge.from.node]);
  }
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 44, ranksep: 78, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of document.nodes) {
    if (placed.has(node.id)) continue;
    const own = sizeOf(node.id);
    const below = (under.get(node.id) ?? []).reduce((sum, id) => sum + cellGap + sizeOf(id).height, 0);
    // The block is as tall above as below, so that wrappers keep in line with their neighbours.
    graph.setNode(node.id, { width: own.width, height: own.height + 2 * below });
  }
  for (const edge of document.edges) {
    if (!placed.has(edge.from.node) && graph.hasNode(edge.from.node) && graph.hasNode(edge.to.node)) {
      graph.setEdge(edge.from.node, edge.to.node);
    }
  }
  layout(graph);
  const positions = new Map<string, { x: number; y: number }>();
  for (const id of graph.nodes()) {
    const { x, y } = graph.node(id) as { x: number; y: number };
    const own = sizeOf(id);
    const at = { x: Math.round(x - own.width / 2), y: Math.round(y - own.height / 2) };
    positions.set(id, at);
    let bottom = at.y + own.height;
    for (const cell of under.get(id) ?? []) {
      positions.set(cell, { x: Math.round(at.x + (own.width - sizeOf(cell).width) / 2), y: bottom + cellGap });
      bottom += cellGap + sizeOf(cell).height;
    }
  }
  moveNotesAside(document, positions, sizeOf);
  return positions;
}

/** Notes that would lie over a card line up below the graph; the others stay where they were put. */
function moveNotesAside(
  document: UnrollDocument,
  positions: Map<string, { x: number; y: number }>,
  sizeOf: (id: string) => Size,
): void {
  const cards = [...positions].map(([id, at]) => ({ ...at, ...sizeOf(id) }));
  let x = Math.min(0, ...cards.map((card) => card.x));
  const y = Math.max(0, ...cards.map((card) => card.y + card.height)) + cellGap;
  for (const { id, position, size } of document.comments) {
    const covers = cards.some(
      (card) =>
        position.x < card.x + card.width &&
        card.x < position.x + size.width &&
        position.y < card.y + card.height &&
        card.y < position.y + size.height,
    );
    if (!covers) continue;
    positions.set(id, { x, y });
    x += size.width + 22;
  }
}
