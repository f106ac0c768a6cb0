import { nodeOf } from '../../engine/document/node-of.ts';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { moveTo } from '../../engine/graph/edit.ts';
import { findLayer } from '../../engine/layers/registry.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A card before it is measured. */
export const cardSize: Size = { width: 178, height: 62 };

/** Between two cards of a row, px: a wire with its shape. */
const gap = 56;
/** Cards of one column may stand so far apart, px. */
const column = 24;

/**
 * Room for a node that was put into a wire: it comes to lie between its two neighbours, and whatever stands where the next one stands,
 * or further right, moves right by what is missing. Nothing else moves where there is room, nor where the wire runs backwards.
 *
 * @param sizes of cards in px, by node; unknown ones count as one of the usual size
 */
export function makeRoom(document: UnrollDocument, id: string, sizes: ReadonlyMap<string, Size>): UnrollDocument {
  const widthOf = (name: string): number => (sizes.get(name) ?? cardSize).width;
  const isTensor = (name: string): boolean => findLayer(nodeOf(document, name)?.kind ?? '')?.family !== 'cell';
  const node = nodeOf(document, id);
  const before = nodeOf(document, document.edges.find((e) => e.to.node === id && isTensor(e.from.node))?.from.node);
  const after = nodeOf(document, document.edges.find((e) => e.from.node === id)?.to.node);
  if (!node || !before || !after || after.position.x <= before.position.x) return document;
  const width = widthOf(id);
  const first = before.position.x + widthOf(before.id) + gap;
  const x = Math.max(first, Math.min(node.position.x, after.position.x - gap - width));
  const missing = Math.max(0, x + width + gap - after.position.x);
  const moved = [...document.nodes, ...document.comments].filter(
    (item) => item.id !== id && item.id !== before.id && missing > 0 && item.position.x >= after.position.x - column,
  );
  const places = new Map(moved.map((item) => [item.id, { x: item.position.x + missing, y: item.position.y }]));
  // Where its neighbours stand in one row, it joins them.
  const row = before.position.y;
  const joins = after.position.y === row && Math.abs(node.position.y - row) <= cardSize.height / 2;
  return moveTo(document, places.set(id, { x, y: joins ? row : node.position.y }));
}
