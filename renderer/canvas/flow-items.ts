import type { Edge, Node } from '@xyflow/react';
import { blockKind, isBorder } from '../../engine/document/placed-blocks.ts';
import type { CanvasComment, CanvasFrame, GraphNode, UnrollDocument } from '../../engine/document/schema.ts';
import { type NodePorts, portsOf } from '../../engine/graph/blocks/ports.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import type { Finding } from '../../engine/lint/finding.ts';
import { sameItems } from '../../engine/shapes/same-items.ts';
import { titleOf } from '../store/node-cards.ts';
import { expectedSize, handlesOf } from './port-places.ts';
import type { Grown, Room } from './room.ts';
import type { Wiring } from './wiring-store.ts';

export type LayerNode = Node<
  {
    readonly node: GraphNode;
    readonly title: string;
    readonly ports: NodePorts | undefined;
    /** The worst of its problems. */
    readonly problem: Finding['severity'] | null;
    /** The only thing selected: it is worked on, and shown as a card at any zoom. */
    readonly open: boolean;
    /** Where it is drawn larger than its card. */
    readonly grown: Grown | null;
  },
  'layer'
>;
export type CommentNode = Node<{ readonly comment: CanvasComment }, 'comment'>;
export type FrameNode = Node<{ readonly frame: CanvasFrame }, 'frame'>;
export type FlowNode = LayerNode | CommentNode | FrameNode;
export type FlowEdge = Edge<Record<string, never>, 'wire'>;

type Size = { readonly width: number; readonly height: number };

/** What the items are made of. */
export interface FlowState {
  readonly document: UnrollDocument;
  readonly selection: ReadonlySet<string>;
  readonly problems: readonly Finding[];
  readonly measured: ReadonlyMap<string, Size>;
  /** Where what is dragged was placed last: the document follows when it is dropped. */
  readonly dragged: ReadonlyMap<string, GraphNode['position']>;
  /** For nodes that are drawn larger than their cards. */
  readonly room: Room;
}

/** An item, and what it was made of. */
interface Cached<F> {
  readonly parts: readonly unknown[];
  readonly item: F;
}

/** Placed without a transform, as React Flow does it: a thousand of them take Chromium long to lay in layers, in each frame. */
const placed = ({ x, y }: GraphNode['position']) => ({ transform: 'none', left: x, top: y });

/**
 * Turns the document into React Flow's items. An item whose parts did not change stays the same object, and so does the list, so that
 * only what changed is drawn again.
 */
export class FlowItems {
  #nodes = new Cache<FlowNode>();
  #edges = new Cache<FlowEdge>();
  #before: FlowState | null = null;

  nodes(state: FlowState): FlowNode[] {
    const { document, selection, problems, measured, dragged, room } = state;
    const worst = worstProblems(problems);
    const still = this.#before?.document.blocks === document.blocks && this.#before.room === room;
    const touched = touchedBetween(this.#before, state);
    this.#before = state;
    for (const frame of document.frames) {
      const position = dragged.get(frame.id) ?? room.place(frame.position);
      const selected = selection.has(frame.id);
      const { width, height } = room.box({ ...frame.position, ...frame.size });
      this.#nodes.keep(frame.id, [frame, position, selected, width, height], () => ({
        id: frame.id,
        type: 'frame',
        position,
        style: { ...placed(position), pointerEvents: 'none' },
        width,
        height,
        measured: { width, height },
        handles: [],
        data: { frame },
        selected,
        // Behind all else, also while selected; larger ones behind smaller ones.
        zIndex: -3000 - Math.round(Math.sqrt(frame.size.width * frame.size.height) / 100),
        dragHandle: '.frame__title',
        ariaLabel: `Frame: ${frame.title || 'untitled'}`,
      }));
    }
    for (const comment of document.comments) {
      const position = dragged.get(comment.id) ?? room.place(comment.position);
      const selected = selection.has(comment.id);
      this.#nodes.keep(comment.id, [comment, position, selected], () => ({
        id: comment.id,
        type: 'comment',
        position,
        style: placed(position),
        width: comment.size.width,
        height: comment.size.height,
        measured: comment.size,
        handles: [],
        data: { comment },
        selected,
        // Behind the nodes, also while selected (React Flow lifts what is selected by 1000).
        zIndex: -2000,
        ariaLabel: `Comment: ${comment.text.slice(0, 80) || 'empty'}`,
      }));
    }
    for (const node of document.nodes) {
      const problem = worst.get(node.id) ?? null;
      const size = measured.get(node.id);
      if (still && !touched.has(node.id) && this.#nodes.keepStill(node.id, node, problem, size)) continue;
      const position = dragged.get(node.id) ?? room.place(node.position);
      const selected = selection.has(node.id);
      const open = selected && selection.size === 1;
      const ports = portsOf(document, node);
      const title = titleOf(document, node);
      const layer = findLayer(node.kind) ?? ports;
      // The ports of a border are its own.
      const made = isBorder(node) ? undefined : ports;
      const grown = room.grown(node.id);
      this.#nodes.keep(node.id, [node, problem, size, made, title, position, selected, open, grown], () => {
        // Until it is drawn; what is out of view is not.
        const at = grown?.after ?? size ?? expectedSize(layer);
        return {
          id: node.id,
          type: 'layer',
          position,
          style: { ...placed(position), ...grown?.after },
          data: { node, title, ports, problem, open, grown },
          selected,
          ariaLabel: nodeLabel(node, title, ports),
          measured: at,
          handles: handlesOf(layer, at.height, grown?.after.width),
        };
      });
    }
    return this.#nodes.finish();
  }

  /** @param shown whether a wire is drawn */
  edges(document: UnrollDocument, selection: ReadonlySet<string>, shown: (id: string) => boolean = () => true): FlowEdge[] {
    const edges = document.edges.filter(({ id }) => shown(id));
    const wired = new Set(edges.flatMap(({ from, to }) => [from.node, to.node]));
    const nodes = document.nodes.filter(({ id }) => wired.has(id));
    const titles = new Map(nodes.map((node) => [node.id, titleOf(document, node)]));
    for (const edge of edges) {
      const selected = selection.has(edge.id);
      const [from, to] = [titles.get(edge.from.node), titles.get(edge.to.node)];
      this.#edges.keep(edge.id, [edge, selected, from, to], () => ({
        id: edge.id,
        type: 'wire',
        source: edge.from.node,
        sourceHandle: edge.from.port,
        target: edge.to.node,
        targetHandle: edge.to.port,
        selected,
        ariaLabel: `Wire from ${from ?? '?'} to ${to ?? '?'}`,
        zIndex: selected ? 1 : 0,
      }));
    }
    return this.#edges.finish();
  }
}

/** The wires with one that is about to be drawn, in the place of the one that is moved. */
export function withPreview(edges: readonly FlowEdge[], { from, to, moving }: NonNullable<Wiring['preview']>): FlowEdge[] {
  const preview: FlowEdge = {
    id: 'preview',
    type: 'wire',
    source: from.node,
    sourceHandle: from.port,
    target: to.node,
    targetHandle: to.port,
    className: 'wire-preview',
    selectable: false,
    focusable: false,
    reconnectable: false,
  };
  return [...edges.map((edge) => (edge.id === moving ? { ...edge, className: 'wire-leaving' } : edge)), preview];
}

/** Items by id, of this time and of the time before. */
class Cache<F> {
  #before = new Map<string, Cached<F>>();
  #now = new Map<string, Cached<F>>();
  #list: F[] = [];

  /** The item of the time before if it is made of the same parts, otherwise a new one. */
  keep(id: string, parts: readonly unknown[], make: () => F): void {
    const old = this.#before.get(id);
    this.#now.set(id, old && sameItems(old.parts, parts) ? old : { parts, item: make() });
  }

  /** Keeps the item of the time before where its first parts are these. Only for one whose other parts are known to be the same. */
  keepStill(id: string, ...first: readonly unknown[]): boolean {
    const old = this.#before.get(id);
    if (!old || !first.every((part, i) => part === old.parts[i])) return false;
    this.#now.set(id, old);
    return true;
  }

  /** All items that were kept, in their order; the same list if it holds what it held. */
  finish(): F[] {
    const list = [...this.#now.values()].map(({ item }) => item);
    if (!sameItems(list, this.#list)) this.#list = list;
    this.#before = this.#now;
    this.#now = new Map();
    return this.#list;
  }
}

const none: ReadonlySet<string> = new Set();

/** What may be selected, alone or not, or placed, otherwise than before. */
function touchedBetween(before: FlowState | null, { selection, dragged }: FlowState): ReadonlySet<string> {
  const selected = before?.selection === selection ? none : [...(before?.selection ?? []), ...selection];
  const moved = before?.dragged === dragged ? none : [...(before?.dragged.keys() ?? []), ...dragged.keys()];
  return new Set([...selected, ...moved]);
}

function worstProblems(problems: readonly Finding[]): ReadonlyMap<string, Finding['severity']> {
  const worst = new Map<string, Finding['severity']>();
  for (const { node, severity } of problems) if (node !== null && worst.get(node) !== 'error') worst.set(node, severity);
  return worst;
}

function nodeLabel(node: GraphNode, title: string, ports: NodePorts | undefined): string {
  const kind = node.kind === blockKind ? 'Block' : (ports?.title ?? node.kind);
  return title === kind ? title : `${title} (${kind})`;
}
