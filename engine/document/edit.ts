import { findLayer } from '../layers/registry.ts';
import type { CanvasComment, GraphEdge, GraphNode, UnrollDocument } from './schema.ts';

/**
 * Pure edits of a document: each takes a document and returns a new one that shares what did not change, so that undo is keeping
 * the old one. An edit that changes nothing returns the same object. Whether a wire makes sense is asked before, with
 * `checkConnection`; these functions keep the document well-formed (no wire to nowhere, no second id).
 */

export type Position = GraphNode['position'];
export type ParameterValue = GraphNode['params'][string];
export interface PortRef {
  readonly node: string;
  readonly port: string;
}

/** What was copied: nodes with the wires among them, and comments. Ids are made new when it is pasted. */
export interface Fragment {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly comments: readonly CanvasComment[];
}

/** A free id: `base`, `base_2`, `base_3` … */
function freeId(base: string, taken: Set<string>): string {
  const stem = base.slice(0, 56);
  let id = stem;
  for (let count = 2; taken.has(id); count++) id = `${stem}_${count}`;
  taken.add(id);
  return id;
}

const nodeIds = (document: UnrollDocument): Set<string> => new Set(document.nodes.map((node) => node.id));
const edgeIds = (document: UnrollDocument): Set<string> => new Set(document.edges.map((edge) => edge.id));
const commentIds = (document: UnrollDocument): Set<string> => new Set(document.comments.map((comment) => comment.id));
const wireId = (from: PortRef, to: PortRef, taken: Set<string>): string => freeId(`${from.node}-${to.node}`.slice(0, 48), taken);

/** Settings of a new node of a kind: every field's default. */
export function defaultParams(kind: string): Record<string, ParameterValue> {
  const parsed = findLayer(kind)?.config.safeParse({});
  return parsed?.success ? (parsed.data as Record<string, ParameterValue>) : {};
}

/** Adds a node with its kind's default settings, `params` on top. */
export function addNode(
  document: UnrollDocument,
  kind: string,
  position: Position,
  params: Readonly<Record<string, ParameterValue>> = {},
): { readonly document: UnrollDocument; readonly id: string } {
  const id = freeId(kind, nodeIds(document));
  const node: GraphNode = { id, kind, params: { ...defaultParams(kind), ...params }, position };
  return { document: { ...document, nodes: [...document.nodes, node] }, id };
}

/** Removes nodes and every wire that touches them. */
export function removeNodes(document: UnrollDocument, ids: ReadonlySet<string>): UnrollDocument {
  const nodes = document.nodes.filter((node) => !ids.has(node.id));
  if (nodes.length === document.nodes.length) return document;
  const edges = document.edges.filter((edge) => !ids.has(edge.from.node) && !ids.has(edge.to.node));
  return { ...document, nodes, edges };
}

/** Removes nodes, wires and comments together, as one step. */
export function removeSelection(
  document: UnrollDocument,
  selection: {
    readonly nodes?: ReadonlySet<string>;
    readonly edges?: ReadonlySet<string>;
    readonly comments?: ReadonlySet<string>;
  },
): UnrollDocument {
  const withoutEdges = removeEdges(document, selection.edges ?? new Set());
  return removeNodes(removeComments(withoutEdges, selection.comments ?? new Set()), selection.nodes ?? new Set());
}

export function removeEdges(document: UnrollDocument, ids: ReadonlySet<string>): UnrollDocument {
  const edges = document.edges.filter((edge) => !ids.has(edge.id));
  return edges.length === document.edges.length ? document : { ...document, edges };
}

/**
 * Draws a wire. An input that takes one wire gives up the one it had: moving a wire is drawing the new one. The same wire twice
 * changes nothing.
 */
export function connect(document: UnrollDocument, from: PortRef, to: PortRef): UnrollDocument {
  const target = document.nodes.find((node) => node.id === to.node);
  const source = document.nodes.find((node) => node.id === from.node);
  if (source === undefined || target === undefined) return document;
  const same = (edge: GraphEdge): boolean => samePort(edge.from, from) && samePort(edge.to, to);
  if (document.edges.some(same)) return document;
  const many = findLayer(target.kind)?.inputs.find((port) => port.name === to.port)?.many === true;
  const kept = many ? document.edges : document.edges.filter((edge) => !samePort(edge.to, to));
  const edge: GraphEdge = { id: wireId(from, to, edgeIds(document)), from: { ...from }, to: { ...to } };
  return { ...document, edges: [...kept, edge] };
}

/** Moves one end of a wire, keeping its place in the wire order (concat joins in that order). */
export function reconnect(document: UnrollDocument, id: string, end: { from?: PortRef; to?: PortRef }): UnrollDocument {
  const edge = document.edges.find((candidate) => candidate.id === id);
  if (edge === undefined) return document;
  const moved: GraphEdge = { id, from: { ...(end.from ?? edge.from) }, to: { ...(end.to ?? edge.to) } };
  if (samePort(moved.from, edge.from) && samePort(moved.to, edge.to)) return document;
  const others = connect({ ...document, edges: document.edges.filter((e) => e.id !== id) }, moved.from, moved.to).edges;
  const added = others.at(-1);
  const ids = new Set(others.map((other) => other.id));
  const edges = document.edges.flatMap((e) => (e.id === id ? (added === undefined ? [] : [moved]) : ids.has(e.id) ? [e] : []));
  return { ...document, edges };
}

const samePort = (a: PortRef, b: PortRef): boolean => a.node === b.node && a.port === b.port;

/** Ports through which a node of this kind can stand in the middle of a wire: its first required input and first output. */
export function throughPorts(kind: string): { readonly input: string; readonly output: string } | null {
  const layer = findLayer(kind);
  const input = layer?.inputs.find((port) => !port.accepts.includes('cell') && port.optional !== true)?.name;
  const output = layer?.outputs.find((port) => !port.types.includes('cell'))?.name;
  return input === undefined || output === undefined ? null : { input, output };
}

/** Puts a new node in the middle of a wire. `null` when the wire is gone or the kind has no input or output for it. */
export function insertOnWire(
  document: UnrollDocument,
  edgeId: string,
  kind: string,
  position: Position,
): { readonly document: UnrollDocument; readonly id: string } | null {
  if (throughPorts(kind) === null) return null;
  const added = addNode(document, kind, position);
  const inserted = insertNodeOnWire(added.document, edgeId, added.id);
  return inserted === null ? null : { document: inserted, id: added.id };
}

/** Puts a node that is there already in the middle of a wire (dropping it onto the wire). */
export function insertNodeOnWire(document: UnrollDocument, edgeId: string, nodeId: string): UnrollDocument | null {
  const edge = document.edges.find((candidate) => candidate.id === edgeId);
  const node = document.nodes.find((candidate) => candidate.id === nodeId);
  const ports = node === undefined ? null : throughPorts(node.kind);
  if (edge === undefined || ports === null || edge.from.node === nodeId || edge.to.node === nodeId) return null;
  const first = connect(document, edge.from, { node: nodeId, port: ports.input });
  return reconnect(first, edgeId, { from: { node: nodeId, port: ports.output } });
}

/** Moves nodes and comments to new positions, as one step. */
export function moveNodes(document: UnrollDocument, positions: ReadonlyMap<string, Position>): UnrollDocument {
  let changed = false;
  const move = <T extends { readonly id: string; readonly position: Position }>(item: T): T => {
    const position = positions.get(item.id);
    if (position === undefined || (position.x === item.position.x && position.y === item.position.y)) return item;
    changed = true;
    return { ...item, position: { x: position.x, y: position.y } };
  };
  const nodes = document.nodes.map(move);
  const comments = document.comments.map(move);
  return changed ? { ...document, nodes, comments } : document;
}

/** Sets one setting of a node. The value is checked where settings are parsed: a wrong one is shown on the node, not lost. */
export function setParam(document: UnrollDocument, id: string, name: string, value: ParameterValue): UnrollDocument {
  return editNode(document, id, (node) =>
    Object.is(node.params[name], value) ? node : { ...node, params: { ...node.params, [name]: value } },
  );
}

/** Sets or, with an empty text, clears the text that is shown in place of the kind's title. */
export function setLabel(document: UnrollDocument, id: string, label: string): UnrollDocument {
  return editNode(document, id, (node) => {
    if ((node.label ?? '') === label) return node;
    const { label: _old, ...rest } = node;
    return label === '' ? rest : { ...rest, label };
  });
}

function editNode(document: UnrollDocument, id: string, edit: (node: GraphNode) => GraphNode): UnrollDocument {
  let changed = false;
  const nodes = document.nodes.map((node) => {
    if (node.id !== id) return node;
    const next = edit(node);
    changed ||= next !== node;
    return next;
  });
  return changed ? { ...document, nodes } : document;
}

/** Copies nodes with the wires among them, and comments. */
export function copyFragment(
  document: UnrollDocument,
  ids: ReadonlySet<string>,
  comments: ReadonlySet<string> = new Set(),
): Fragment {
  return {
    nodes: document.nodes.filter((node) => ids.has(node.id)),
    edges: document.edges.filter((edge) => ids.has(edge.from.node) && ids.has(edge.to.node)),
    comments: document.comments.filter((comment) => comments.has(comment.id)),
  };
}

/** Pastes a fragment with new ids, moved by `offset`. Returns the new ids so that they can be selected. */
export function pasteFragment(
  document: UnrollDocument,
  fragment: Fragment,
  offset: Position,
): { readonly document: UnrollDocument; readonly nodes: readonly string[]; readonly comments: readonly string[] } {
  const move = ({ x, y }: Position): Position => ({ x: x + offset.x, y: y + offset.y });
  const takenNodes = nodeIds(document);
  const renamed = new Map<string, string>();
  const nodes = fragment.nodes.map((node): GraphNode => {
    const id = freeId(node.id.replace(/_\d+$/, ''), takenNodes);
    renamed.set(node.id, id);
    return { ...node, id, params: { ...node.params }, position: move(node.position) };
  });
  const takenEdges = edgeIds(document);
  const edges = fragment.edges.flatMap((edge): GraphEdge[] => {
    const [from, to] = [renamed.get(edge.from.node), renamed.get(edge.to.node)];
    if (from === undefined || to === undefined) return [];
    const ends = { from: { node: from, port: edge.from.port }, to: { node: to, port: edge.to.port } };
    return [{ id: wireId(ends.from, ends.to, takenEdges), ...ends }];
  });
  const takenComments = commentIds(document);
  const comments = fragment.comments.map(
    (comment): CanvasComment => ({ ...comment, id: freeId('comment', takenComments), position: move(comment.position) }),
  );
  if (nodes.length + comments.length === 0) return { document, nodes: [], comments: [] };
  return {
    document: {
      ...document,
      nodes: [...document.nodes, ...nodes],
      edges: [...document.edges, ...edges],
      comments: [...document.comments, ...comments],
    },
    nodes: nodes.map((node) => node.id),
    comments: comments.map((comment) => comment.id),
  };
}

/** Copies and pastes in one step. */
export function duplicateNodes(
  document: UnrollDocument,
  ids: ReadonlySet<string>,
  offset: Position = { x: 40, y: 40 },
): { readonly document: UnrollDocument; readonly nodes: readonly string[] } {
  const { document: next, nodes } = pasteFragment(document, copyFragment(document, ids), offset);
  return { document: next, nodes };
}

export function addComment(
  document: UnrollDocument,
  position: Position,
  text = '',
): { readonly document: UnrollDocument; readonly id: string } {
  const id = freeId('comment', commentIds(document));
  const comment: CanvasComment = { id, text, position, size: { width: 220, height: 96 } };
  return { document: { ...document, comments: [...document.comments, comment] }, id };
}

export function editComment(
  document: UnrollDocument,
  id: string,
  change: Partial<Pick<CanvasComment, 'text' | 'size' | 'position'>>,
): UnrollDocument {
  if (!document.comments.some((comment) => comment.id === id)) return document;
  return {
    ...document,
    comments: document.comments.map((comment) => (comment.id === id ? { ...comment, ...change } : comment)),
  };
}

export function removeComments(document: UnrollDocument, ids: ReadonlySet<string>): UnrollDocument {
  const comments = document.comments.filter((comment) => !ids.has(comment.id));
  return comments.length === document.comments.length ? document : { ...document, comments };
}

export const rename = (document: UnrollDocument, name: string): UnrollDocument =>
  document.name === name ? document : { ...document, name };

export const setData = (document: UnrollDocument, data: UnrollDocument['data']): UnrollDocument => ({ ...document, data });

export const setTraining = (document: UnrollDocument, training: UnrollDocument['training']): UnrollDocument => ({
  ...document,
  training,
});
