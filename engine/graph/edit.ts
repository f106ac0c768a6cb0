import type { CanvasComment, GraphEdge, GraphNode, PortRef, UnrollDocument } from '../document/schema.ts';
import { findLayer, type LayerKindName } from '../layers/registry.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import { sameItems } from '../shapes/same-items.ts';
import { portsAt } from './blocks/ports.ts';
import { checkConnection } from './check-connection.ts';

export type { PortRef } from '../document/schema.ts';

/** Edits of the graph as pure functions from document to document. */
type Position = GraphNode['position'];

type Canvas = Pick<UnrollDocument, 'nodes' | 'edges' | 'comments' | 'frames'>;

/** An id that no node, wire, comment or frame of the canvas has: `lstm-cell-2`. */
export function freshId(canvas: Canvas, stem: string): string {
  const taken = new Set([...canvas.nodes, ...canvas.edges, ...canvas.comments, ...canvas.frames].map((item) => item.id));
  for (let n = 1; ; n++) {
    const id = `${stem}-${n}`;
    if (!taken.has(id)) return id;
  }
}

const onGrid = (value: number): number => Math.round(value / 11) * 11;
export const snap = ({ x, y }: Position): Position => ({ x: onGrid(x), y: onGrid(y) });

/** A new node with its kind's defaults. */
export function addNode(
  document: UnrollDocument,
  kind: LayerKindName,
  position: Position,
): { document: UnrollDocument; id: string } {
  const id = freshId(document, kind);
  const params = (findLayer(kind)?.config.parse({}) ?? {}) as GraphNode['params'];
  const node = { id, kind, params, position: freeSpot(document, position) };
  return { id, document: { ...document, nodes: [...document.nodes, node] } };
}

/** The place on the grid, or one beside it where no other node lies. */
export function freeSpot({ nodes }: Pick<UnrollDocument, 'nodes'>, position: Position): Position {
  let place = snap(position);
  while (nodes.some((n) => Math.abs(n.position.x - place.x) < 12 && Math.abs(n.position.y - place.y) < 12)) {
    place = { x: place.x + 33, y: place.y + 33 };
  }
  return place;
}

const samePort = (a: PortRef, b: PortRef): boolean => a.node === b.node && a.port === b.port;

/** Draws a wire; a wire that ends where only one may end replaces the one before. */
export function connect(document: UnrollDocument, from: PortRef, to: PortRef): UnrollDocument {
  const many = portsAt(document, to.node)?.inputs.find((port) => port.name === to.port)?.many;
  const kept = document.edges.filter((e) => (many ? !(samePort(e.to, to) && samePort(e.from, from)) : !samePort(e.to, to)));
  const edge: GraphEdge = { id: freshId(document, 'wire'), from, to };
  return { ...document, edges: [...kept, edge] };
}

/** Moves one end of a wire to another port. The wire keeps its place: the order of wires is the order of a Concat's inputs. */
export function moveWire(document: UnrollDocument, id: string, from: PortRef, to: PortRef): UnrollDocument {
  const place = document.edges.findIndex((e) => e.id === id);
  const connected = connect({ ...document, edges: document.edges.filter((e) => e.id !== id) }, from, to);
  if (place < 0) return connected; // the wire is gone: the new one comes last
  const others = connected.edges.slice(0, -1);
  return { ...connected, edges: [...others.slice(0, place), ...connected.edges.slice(-1), ...others.slice(place)] };
}

/** Removes nodes (with their wires), wires, comments and frames (without what lies in them) by id. */
export function remove(document: UnrollDocument, ids: ReadonlySet<string>): UnrollDocument {
  return {
    ...document,
    nodes: document.nodes.filter((n) => !ids.has(n.id)),
    edges: document.edges.filter((e) => !ids.has(e.id) && !ids.has(e.from.node) && !ids.has(e.to.node)),
    comments: document.comments.filter((c) => !ids.has(c.id)),
    frames: document.frames.filter((f) => !ids.has(f.id)),
  };
}

export function moveTo(document: UnrollDocument, positions: ReadonlyMap<string, Position>): UnrollDocument {
  const move = <T extends { id: string; position: Position }>(item: T): T => {
    const position = positions.get(item.id);
    if (!position || (position.x === item.position.x && position.y === item.position.y)) return item;
    return { ...item, position: { x: clamp(position.x), y: clamp(position.y) } };
  };
  const nodes = document.nodes.map(move);
  const comments = document.comments.map(move);
  const frames = document.frames.map(move);
  const same = sameItems(nodes, document.nodes) && sameItems(comments, document.comments) && sameItems(frames, document.frames);
  return same ? document : { ...document, nodes, comments, frames };
}
const clamp = (value: number): number => Math.max(-1e6, Math.min(1e6, value));

export function setParams(document: UnrollDocument, id: string, patch: GraphNode['params']): UnrollDocument {
  return {
    ...document,
    nodes: document.nodes.map((n) => (n.id === id ? { ...n, params: { ...n.params, ...patch } } : n)),
  };
}

/** The name shown in place of the kind's title; empty takes the title again. */
export function setLabel(document: UnrollDocument, id: string, label: string): UnrollDocument {
  return {
    ...document,
    nodes: document.nodes.map((node) => {
      if (node.id !== id) return node;
      const { label: _old, ...rest } = node;
      return label.trim() === '' ? rest : { ...rest, label: label.slice(0, 200) };
    }),
  };
}

/** Of a new comment, px. */
export const commentSize = { width: 220, height: 110 };

export function addComment(document: UnrollDocument, position: Position): { document: UnrollDocument; id: string } {
  const id = freshId(document, 'comment');
  const comment: CanvasComment = { id, text: '', position: snap(position), size: commentSize };
  return { id, document: { ...document, comments: [...document.comments, comment] } };
}

export function setComment(document: UnrollDocument, id: string, patch: Partial<Omit<CanvasComment, 'id'>>): UnrollDocument {
  return { ...document, comments: document.comments.map((c) => (c.id === id ? { ...c, ...patch } : c)) };
}

/**
 * Puts a node into a wire: `a → b` becomes `a → node → b`, through the node's first input and output that fit.
 * `null` when none fit.
 */
export function insertOnWire(document: UnrollDocument, facts: DataFacts, wireId: string, nodeId: string): UnrollDocument | null {
  const wire = document.edges.find((e) => e.id === wireId);
  const ports = portsAt(document, nodeId);
  if (!wire || !ports) return null;
  const open: UnrollDocument = { ...document, edges: document.edges.filter((e) => e.id !== wireId) };
  for (const input of ports.inputs) {
    const into = { node: nodeId, port: input.name };
    if (!input.many && document.edges.some((e) => samePort(e.to, into))) continue;
    if (!checkConnection(open, facts, wire.from, into).ok) continue;
    const half = connect(open, wire.from, into);
    for (const output of ports.outputs) {
      const out = { node: nodeId, port: output.name };
      if (checkConnection(half, facts, out, wire.to).ok)
        return connect(moveWire(document, wireId, out, wire.to), wire.from, into);
    }
  }
  return null;
}

/**
 * The removed node's neighbours are wired to each other where that works, in the places of the wires that it had: the undo of an
 * insertion. A node that several wires end at has no one neighbour to take its place, and leaves none.
 */
export function removeAndHeal(document: UnrollDocument, facts: DataFacts, id: string): UnrollDocument {
  const [source, ...others] = document.edges.filter((e) => e.to.node === id);
  const gone = new Set([id]);
  let next = document;
  if (source && others.length === 0) {
    for (const edge of document.edges.filter((e) => e.from.node === id)) {
      if (checkConnection(remove(next, gone), facts, source.from, edge.to).ok)
        next = moveWire(next, edge.id, source.from, edge.to);
    }
  }
  return remove(next, gone);
}
