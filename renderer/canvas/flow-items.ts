import type { Edge, Node } from '@xyflow/react';
import type { CanvasComment, GraphEdge, GraphNode, UnrollDocument } from '../../engine/document/schema.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { titleOf } from '../store/node-cards.ts';

export type LayerNode = Node<{ readonly node: GraphNode }, 'layer'>;
export type CommentNode = Node<{ readonly comment: CanvasComment }, 'comment'>;
export type FlowNode = LayerNode | CommentNode;
export type FlowEdge = Edge<Record<string, never>, 'wire'>;

type Size = { readonly width: number; readonly height: number };

interface Cached<S, F> {
  readonly source: S;
  readonly selected: boolean;
  readonly extra: unknown;
  readonly item: F;
}

/**
 * Turns the document into React Flow's items. An item whose source did not change stays the same object, so that only what
 * changed is drawn again.
 */
export class FlowItems {
  #nodes = new Map<string, Cached<GraphNode | CanvasComment, FlowNode>>();
  #edges = new Map<string, Cached<GraphEdge, FlowEdge>>();

  nodes(document: UnrollDocument, selection: ReadonlySet<string>, measured: ReadonlyMap<string, Size>): FlowNode[] {
    const next = new Map<string, Cached<GraphNode | CanvasComment, FlowNode>>();
    const keep = <S extends GraphNode | CanvasComment>(
      source: S,
      make: (selected: boolean, size: Size | undefined) => FlowNode,
    ): void => {
      const selected = selection.has(source.id);
      const size = measured.get(source.id);
      const old = this.#nodes.get(source.id);
      const same = old !== undefined && old.source === source && old.selected === selected && old.extra === size;
      next.set(source.id, same ? old : { source, selected, extra: size, item: make(selected, size) });
    };
    for (const comment of document.comments) {
      keep(comment, (selected, size) => ({
        id: comment.id,
        type: 'comment',
        position: comment.position,
        width: comment.size.width,
        height: comment.size.height,
        data: { comment },
        selected,
        // Behind the nodes, also while selected (React Flow lifts what is selected by 1000).
        zIndex: -2000,
        ariaLabel: `Comment: ${comment.text.slice(0, 80) || 'empty'}`,
        ...(size ? { measured: size } : {}),
      }));
    }
    for (const node of document.nodes) {
      keep(node, (selected, size) => ({
        id: node.id,
        type: 'layer',
        position: node.position,
        data: { node },
        selected,
        ariaLabel: nodeLabel(node),
        ...(size ? { measured: size } : {}),
      }));
    }
    this.#nodes = next;
    return [...next.values()].map((cached) => cached.item);
  }

  edges(document: UnrollDocument, selection: ReadonlySet<string>): FlowEdge[] {
    const titles = new Map(document.nodes.map((node) => [node.id, titleOf(node)]));
    const next = new Map<string, Cached<GraphEdge, FlowEdge>>();
    for (const edge of document.edges) {
      const selected = selection.has(edge.id);
      const label = `Wire from ${titles.get(edge.from.node) ?? '?'} to ${titles.get(edge.to.node) ?? '?'}`;
      const old = this.#edges.get(edge.id);
      if (old !== undefined && old.source === edge && old.selected === selected && old.extra === label) {
        next.set(edge.id, old);
        continue;
      }
      const item: FlowEdge = {
        id: edge.id,
        type: 'wire',
        source: edge.from.node,
        sourceHandle: edge.from.port,
        target: edge.to.node,
        targetHandle: edge.to.port,
        selected,
        ariaLabel: label,
        zIndex: selected ? 1 : 0,
      };
      next.set(edge.id, { source: edge, selected, extra: label, item });
    }
    this.#edges = next;
    return [...next.values()].map((cached) => cached.item);
  }
}

function nodeLabel(node: GraphNode): string {
  const kind = findLayer(node.kind)?.title ?? node.kind;
  return node.label === undefined ? kind : `${node.label} (${kind})`;
}
