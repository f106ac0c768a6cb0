import { nodeOf } from '../../engine/document/node-of.ts';
import type { GraphNode, UnrollDocument } from '../../engine/document/schema.ts';
import { checkConnection } from '../../engine/graph/check-connection.ts';
import { connect, moveTo, type PortRef } from '../../engine/graph/edit.ts';
import type { DataFacts } from '../../engine/shapes/data-facts.ts';
import { possibleWires, type WireEnds } from './auto-wire.ts';
import { type CardSizes, cardRect, commentRect } from './comments-aside.ts';
import { freeBelow, freePlace } from './free-place.ts';
import type { PortEnd } from './port-choices.ts';
import { type Aside, cellInput, cellOutput, cellRefusal, cellWire, replaceCell } from './replace-cell.ts';
import type { Rect } from './view.ts';

type Position = GraphNode['position'];

/** Between a new card and those that it was added to, px: a wire with its shape. */
const gap = 56;

export interface Canvas {
  readonly document: UnrollDocument;
  readonly facts: DataFacts;
  /** Of the cards that were drawn, px. */
  readonly sizes: CardSizes;
}

export interface Added {
  readonly document: UnrollDocument;
  readonly id: string;
  readonly wired: readonly WireEnds[];
  /** Wires to choose among: more than one is possible, so none was drawn. */
  readonly open: readonly WireEnds[];
  /** The cell whose place it took, where that one is wired nowhere now. */
  readonly orphan: string | null;
  /** Names of the settings that it took from that cell, or from one that is still needed. */
  readonly kept: readonly string[];
  /** Why it could not take the place of a wrapper's cell. */
  readonly refused: { readonly message: string; readonly fix: string } | null;
}

/**
 * A new node comes to lie beside others: right of them, wired where only one wire is possible; left where it gives them something, a cell
 * below its wrapper, in the place of the one that is there.
 *
 * @param canvas with the new node
 * @param id of the new node
 * @param others nodes that it is added to
 * @param byHand whether it was put where it lies; it stays there
 */
export function addBeside(canvas: Canvas, id: string, others: readonly string[], byHand: boolean): Added {
  const { document: placed, facts } = canvas;
  const [only] = others;
  const wrapper = only !== undefined && others.length === 1 && !byHand ? cellInput(placed, only) : null;
  const cell = cellOutput(placed, id);
  if (cell && wrapper && cellWire(placed, wrapper)) {
    const ends = { from: cell, to: wrapper };
    const below = placeBy(canvas, id, others, { side: 'before', wires: [ends] });
    return draw({ ...canvas, document: below }, id, ends, false);
  }
  const possible = possibleWires(placed, facts, others, id);
  const document = byHand || others.length === 0 ? placed : placeBy(canvas, id, others, possible);
  if (!possible.clear) return { ...unwired(id), document, open: possible.wires };
  return {
    ...unwired(id),
    document: possible.wires.reduce((d, { from, to }) => connect(d, from, to), document),
    wired: possible.wires,
  };
}

/**
 * A new node is wired to a port of another.
 *
 * @param canvas with the new node
 * @param own the new node's port
 * @param byHand whether it was put where it lies; otherwise it comes to lie beside the other
 */
export function addWired(canvas: Canvas, own: PortRef, other: PortEnd, byHand: boolean): Added {
  const id = own.node;
  const ends = other.direction === 'output' ? { from: other.port, to: own } : { from: own, to: other.port };
  const side = other.direction === 'output' ? 'after' : 'before';
  const document = byHand ? canvas.document : placeBy(canvas, id, [other.port.node], { side, wires: [ends] });
  return draw({ ...canvas, document }, id, ends, byHand);
}

/** Draws the wire of a new node; a cell takes over from the one that is there. */
function draw({ document, facts, sizes }: Canvas, id: string, ends: WireEnds, byHand: boolean): Added {
  if (ends.from.node !== id || cellInput(document, ends.to.node)?.port !== ends.to.port) {
    const check = checkConnection(document, facts, ends.from, ends.to);
    if (!check.ok) return { ...unwired(id), document, refused: check };
    return { ...unwired(id), document: connect(document, ends.from, ends.to), wired: [ends] };
  }
  const refused = cellRefusal(document, facts, ends);
  if (refused) return { ...unwired(id), document, refused };
  const aside: Aside = (swapped, old) => {
    const own = rectOf({ document: swapped, sizes }, old.id);
    return freeBelow({ ...own, x: own.x + own.width + gap }, obstacles({ document: swapped, sizes }, old.id));
  };
  const { document: next, old, orphaned, kept } = replaceCell(document, ends, byHand ? null : aside);
  return { ...unwired(id), document: next, wired: [ends], orphan: orphaned ? old : null, kept };
}

const unwired = (id: string) => ({ id, wired: [], open: [], orphan: null, kept: [], refused: null });

const rectOf = ({ document, sizes }: Pick<Canvas, 'document' | 'sizes'>, id: string): Rect => {
  const node = nodeOf(document, id);
  return node ? cardRect(document, node, sizes) : { x: 0, y: 0, width: 0, height: 0 };
};

/** What lies on the canvas beside one node. */
function obstacles({ document, sizes }: Pick<Canvas, 'document' | 'sizes'>, without: string | null): readonly Rect[] {
  return [
    ...document.nodes.filter(({ id }) => id !== without).map((node) => cardRect(document, node, sizes)),
    ...document.comments.map(commentRect),
  ];
}

/** A free place near the wanted one. */
export const freeNear = (canvas: Pick<Canvas, 'document' | 'sizes'>, wanted: Rect): Position =>
  freePlace(wanted, obstacles(canvas, null));

/** The document with a node put where its wires with the others lead: cells below their wrapper, everything else from left to right. */
function placeBy(
  { document, sizes }: Pick<Canvas, 'document' | 'sizes'>,
  id: string,
  others: readonly string[],
  { side, wires }: { readonly side: 'after' | 'before'; readonly wires: readonly WireEnds[] },
): UnrollDocument {
  const rects = others.map((other) => rectOf({ document, sizes }, other));
  const { width, height } = rectOf({ document, sizes }, id);
  const left = Math.min(...rects.map(({ x }) => x));
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const top = Math.min(...rects.map(({ y }) => y));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  const ofCell = wires.length > 0 && wires.every(({ to }) => cellInput(document, to.node)?.port === to.port);
  const taken = obstacles({ document, sizes }, id);
  if (ofCell) {
    const y = side === 'before' ? bottom + gap : top - gap - height;
    return moveTo(document, new Map([[id, freePlace({ x: left, y, width, height }, taken)]]));
  }
  const x = side === 'after' ? right + gap : left - gap - width;
  return moveTo(document, new Map([[id, freeBelow({ x, y: top, width, height }, taken)]]));
}
