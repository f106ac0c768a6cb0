import { Graph, layout } from '@dagrejs/dagre';
import { nodeOf } from '../../engine/document/node-of.ts';
import type { GraphEdge, UnrollDocument } from '../../engine/document/schema.ts';
import { moveTo } from '../../engine/graph/edit.ts';
import { frameMembers, setFrame } from '../../engine/graph/frames.ts';
import { sortTopologically } from '../../engine/graph/sort-topologically.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { clearWires } from './clear-wires.ts';
import { type CardSizes, cardRect, commentRect } from './comments-aside.ts';
import { around, foldRows, type Placed } from './fold-rows.ts';
import { freePlace } from './free-place.ts';
import { orderByPorts } from './port-order.ts';
import { placeOf } from './port-places.ts';
import type { Rect } from './view.ts';

type Place = { readonly x: number; readonly y: number };
type Size = { readonly width: number; readonly height: number };

const cellGap = 56;
/** Between parts of a graph that no wire joins, px. */
const partGap = 66;
/** What is not wired stands in rows at least this wide, px. */
const looseRow = 1100;
/** Room in a frame around what lies in it, px: its title stands above. */
const frameRoom = { side: 33, top: 66 };
/** A comment this near to a node is of that node, and goes with it, px. */
const beside = 160;

/** Where everything comes to lie, and the sizes that frames come to have. */
export interface Arranged {
  readonly places: ReadonlyMap<string, Place>;
  readonly frames: ReadonlyMap<string, Size>;
}

/** The document as it was arranged. */
export const withArranged = (document: UnrollDocument, { places, frames }: Arranged): UnrollDocument =>
  [...frames].reduce((next, [id, size]) => setFrame(next, id, { size }), moveTo(document, places));

/**
 * The document arranged: the tensors' path from left to right, in rows where it is long; each cell under the wrapper that runs it; what
 * lies in a frame stays in it, and nothing else comes to lie there. Comments go with the node that they stand beside, and lie on none.
 */
export const autoLayout = (document: UnrollDocument, sizes: CardSizes): UnrollDocument =>
  withArranged(document, arranged(document, sizes));

/** @param tell how much of it is done, 0–1 */
export function arranged(document: UnrollDocument, sizes: CardSizes, tell: (done: number) => void = () => undefined): Arranged {
  const { places, frames } = new Arrangement(document, sizes, tell).level(null);
  const notes = commentsBeside(document, withArranged(document, { places, frames }), sizes, places);
  return { places: new Map([...places, ...notes]), frames };
}

/** Something that is laid out as one, and what of it lies where in it. */
interface Unit extends Size {
  readonly places: ReadonlyMap<string, Place>;
  readonly frames: ReadonlyMap<string, Size>;
  /** How far down the line is on which it stands with its neighbours, px: a node's first ports, so that wires are straight. */
  readonly line: number;
}

class Arrangement {
  readonly #document: UnrollDocument;
  readonly #boxes: ReadonlyMap<string, Rect>;
  /** The smallest frame that something lies in. */
  readonly #frameOf = new Map<string, string>();
  readonly #tell: (done: number) => void;
  /** Units that were laid out, and those that there may be. */
  #done = 0;

  constructor(document: UnrollDocument, sizes: CardSizes, tell: (done: number) => void) {
    this.#document = document;
    this.#tell = tell;
    this.#boxes = new Map([
      ...document.nodes.map((node) => [node.id, cardRect(document, node, sizes)] as const),
      ...document.comments.map((comment) => [comment.id, commentRect(comment)] as const),
    ]);
    const area = ({ size }: { readonly size: Size }): number => size.width * size.height;
    for (const { id } of document.frames.toSorted((a, b) => area(a) - area(b))) {
      for (const member of frameMembers(document, id, (one) => this.#boxes.get(one)))
        if (!this.#frameOf.has(member)) this.#frameOf.set(member, id);
    }
  }

  /** What lies in a frame and in no smaller one, or in none, laid out from 0, 0. */
  level(frame: string | null): Unit {
    const here = ({ id }: { readonly id: string }): boolean => (this.#frameOf.get(id) ?? null) === frame;
    const { nodes, comments, frames, edges } = this.#document;
    const units = new Map<string, Unit>();
    for (const inner of frames.filter(here)) units.set(inner.id, this.#framed(inner.id));
    const under = cellsUnder(this.#document, (id) => here({ id }));
    const hung = new Set([...under.values()].flat());
    for (const { id } of nodes.filter(here)) if (!hung.has(id)) units.set(id, this.#withCells(id, under.get(id) ?? []));
    if (frame !== null) for (const { id } of comments.filter(here)) units.set(id, this.#withCells(id, []));
    const unitOf = new Map([...units].flatMap(([unit, { places }]) => [...places.keys()].map((id) => [id, unit] as const)));
    const wires = edges.filter(({ from, to }) => {
      const [a, b] = [unitOf.get(from.node), unitOf.get(to.node)];
      return a !== undefined && b !== undefined && a !== b;
    });
    const corner = new Map<string, Place>();
    let top = 0;
    for (const part of parts(units, wires, unitOf)) {
      const placed = part.length === 1 ? new Map() : this.#rows(part, units, wires, unitOf);
      for (const [id, { x, y }] of placed) corner.set(id, { x, y: y + top });
      const rects = [...placed].map(([id, at]) => ({ ...at, ...(units.get(id) as Unit) }));
      if (rects.length > 0) top += around(rects).height + partGap;
    }
    const wide = Math.max(looseRow, ...[...corner].map(([id, { x }]) => x + (units.get(id)?.width ?? 0)));
    const loose = [...units].filter(([id]) => !corner.has(id));
    for (const [id, at] of shelves(loose, wide)) corner.set(id, { x: at.x, y: at.y + top });
    return joined(units, corner);
  }

  #ofCell({ from }: GraphEdge): boolean {
    return findLayer(nodeOf(this.#document, from.node)?.kind ?? '')?.family === 'cell';
  }

  #did(units: number): void {
    this.#done += units;
    this.#tell(this.#done / Math.max(1, this.#document.nodes.length + this.#document.frames.length));
  }

  #framed(id: string): Unit {
    const inner = this.level(id);
    const frame = this.#document.frames.find((one) => one.id === id);
    const empty = inner.places.size === 0;
    const size = empty
      ? (frame?.size ?? { width: 0, height: 0 })
      : { width: inner.width + 2 * frameRoom.side, height: inner.height + frameRoom.top + frameRoom.side };
    const places = [...inner.places].map(([one, { x, y }]) => [one, { x: x + frameRoom.side, y: y + frameRoom.top }] as const);
    return {
      ...size,
      places: new Map([[id, { x: 0, y: 0 }], ...places]),
      frames: new Map([...inner.frames, [id, size]]),
      line: size.height / 2,
    };
  }

  /** A node with its cells one under the other below it. */
  #withCells(id: string, cells: readonly string[]): Unit {
    const own = this.#boxes.get(id) ?? { width: 0, height: 0 };
    const places = new Map<string, Place>([[id, { x: 0, y: 0 }]]);
    let bottom = own.height;
    for (const cell of cells) {
      const size = this.#boxes.get(cell) ?? own;
      places.set(cell, { x: Math.round((own.width - size.width) / 2), y: bottom + cellGap });
      bottom += cellGap + size.height;
    }
    return { width: own.width, height: bottom, places, frames: new Map(), line: placeOf([], 0) };
  }

  /** Units that wires join, in one row or several. */
  #rows(
    part: readonly string[],
    units: ReadonlyMap<string, Unit>,
    wires: readonly GraphEdge[],
    unitOf: ReadonlyMap<string, string>,
  ): ReadonlyMap<string, Place> {
    const graph = new Graph();
    graph.setGraph({ rankdir: 'LR', nodesep: 44, ranksep: 78, marginx: 0, marginy: 0 });
    graph.setDefaultEdgeLabel(() => ({}));
    for (const id of part) {
      const { width, height, line } = units.get(id) as Unit;
      // As tall above the line as below it, as dagre aligns by the middle.
      graph.setNode(id, { width, height: 2 * Math.max(line, height - line) });
    }
    const ends = ({ from, to }: GraphEdge) => [unitOf.get(from.node) ?? '', unitOf.get(to.node) ?? ''] as const;
    const own = wires.filter((wire) => part.includes(ends(wire)[0]));
    // The wires of a cell that stands under another layer make no room for themselves, unless nothing else joins the two.
    const joining = own.filter((wire) => !this.#ofCell(wire));
    for (const wire of joining) graph.setEdge(...ends(wire));
    const first = rootsOf(joining.map(ends));
    for (const wire of own) {
      const [from, to] = ends(wire);
      if (this.#ofCell(wire) && first(from) !== first(to)) graph.setEdge(from, to);
    }
    const portOf = (unit: string, { node, port }: GraphEdge['from'], side: 'inputs' | 'outputs'): number => {
      const kind = nodeOf(this.#document, node)?.kind ?? '';
      const ports = findLayer(kind)?.[side] ?? [];
      const at = Math.max(
        0,
        ports.findIndex(({ name }) => name === port),
      );
      return (units.get(unit)?.places.get(node)?.y ?? 0) + placeOf(ports, at);
    };
    const wired = joining.map((wire) => {
      const [from, to] = ends(wire);
      return { from, to, leaves: portOf(from, wire.from, 'outputs'), arrives: portOf(to, wire.to, 'inputs') };
    });
    layout(graph, { customOrder: orderByPorts(wired) });
    this.#did(part.length / 2);
    const middles = part.map((id) => ({ id, ...(graph.node(id) as Place) }));
    const columns = [...new Set(middles.map(({ x }) => x))].sort((a, b) => a - b);
    const placed = middles.map(({ id, x, y }): Placed => {
      const { width, height, line } = units.get(id) as Unit;
      return { id, column: columns.indexOf(x), x: x - width / 2, y: y - line, width, height };
    });
    const before = this.#done;
    const clear = clearWires(placed, wired, (share) => this.#did(before + (share * part.length) / 2 - this.#done));
    this.#did(before + part.length / 2 - this.#done);
    return foldRows(clear, wired);
  }
}

/** Wrapper → its cells, where both are here; a cell that several layers share stays with the first on the tensors' way. */
function cellsUnder({ nodes, edges }: UnrollDocument, here: (id: string) => boolean): ReadonlyMap<string, readonly string[]> {
  const cells = new Set(nodes.filter(({ kind }) => findLayer(kind)?.family === 'cell').map(({ id }) => id));
  const under = new Map<string, string[]>();
  const way = new Map(sortTopologically(nodes, edges).map(({ id }, i) => [id, i]));
  const firstly = edges.toSorted((a, b) => (way.get(a.to.node) ?? 0) - (way.get(b.to.node) ?? 0));
  for (const { from, to } of firstly) {
    if (!cells.delete(from.node)) continue;
    if (here(from.node) && here(to.node)) under.set(to.node, [...(under.get(to.node) ?? []), from.node]);
  }
  return under;
}

/** By pairs that belong together: the one of those that it belongs to, directly or through others, that stands for all of them. */
function rootsOf(pairs: readonly (readonly [string, string])[]): (id: string) => string {
  const above = new Map<string, string>();
  const root = (id: string): string => {
    const next = above.get(id) ?? id;
    return next === id ? id : root(next);
  };
  for (const [from, to] of pairs) above.set(root(to), root(from));
  return root;
}

/** Units that wires join, directly or through others, in the order of each one's first. */
function parts(units: ReadonlyMap<string, Unit>, wires: readonly GraphEdge[], unitOf: ReadonlyMap<string, string>): string[][] {
  const root = rootsOf(wires.map(({ from, to }) => [unitOf.get(from.node) ?? '', unitOf.get(to.node) ?? ''] as const));
  const found = new Map<string, string[]>();
  for (const id of units.keys()) found.set(root(id), [...(found.get(root(id)) ?? []), id]);
  return [...found.values()];
}

/** Side by side, in rows no wider than that. */
function shelves(units: readonly (readonly [string, Size])[], wide: number): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  let [x, y, tallest] = [0, 0, 0];
  for (const [id, { width, height }] of units) {
    if (x > 0 && x + width > wide) [x, y, tallest] = [0, y + tallest + 44, 0];
    places.set(id, { x, y });
    x += width + 44;
    tallest = Math.max(tallest, height);
  }
  return places;
}

function joined(units: ReadonlyMap<string, Unit>, corner: ReadonlyMap<string, Place>): Unit {
  const places = new Map<string, Place>();
  const frames = new Map<string, Size>();
  const rects: Rect[] = [];
  for (const [id, unit] of units) {
    const at = corner.get(id) ?? { x: 0, y: 0 };
    rects.push({ ...at, width: unit.width, height: unit.height });
    for (const [inner, { x, y }] of unit.places) places.set(inner, { x: at.x + x, y: at.y + y });
    for (const [frame, size] of unit.frames) frames.set(frame, size);
  }
  const { width, height } = rects.length === 0 ? { width: 0, height: 0 } : around(rects);
  return { width, height, places, frames, line: 0 };
}

/** Comments outside of frames: each goes with the node that it stands beside, and to where nothing lies. */
function commentsBeside(
  before: UnrollDocument,
  after: UnrollDocument,
  sizes: CardSizes,
  arranged: ReadonlyMap<string, Place>,
): ReadonlyMap<string, Place> {
  const taken: Rect[] = [
    ...after.nodes.map((node) => cardRect(after, node, sizes)),
    ...after.frames.map(({ position, size }) => ({ ...position, ...size })),
  ];
  const places = new Map<string, Place>();
  for (const comment of after.comments) {
    if (arranged.has(comment.id)) continue;
    const rect = commentRect(comment);
    const [nearest] = before.nodes
      .map((node) => ({ node, away: between(rect, cardRect(before, node, sizes)) }))
      .sort((a, b) => a.away - b.away);
    const now = nodeOf(after, nearest?.node.id);
    const moved = nearest && now && nearest.away <= beside;
    const wanted = moved
      ? { ...rect, x: rect.x + now.position.x - nearest.node.position.x, y: rect.y + now.position.y - nearest.node.position.y }
      : rect;
    const at = freePlace(wanted, taken);
    places.set(comment.id, at);
    taken.push({ ...rect, ...at });
  }
  return places;
}

/** Distance of two rectangles. */
function between(a: Rect, b: Rect): number {
  const right = Math.max(0, a.x - b.x - b.width, b.x - a.x - a.width);
  const down = Math.max(0, a.y - b.y - b.height, b.y - a.y - a.height);
  return Math.hypot(right, down);
}
