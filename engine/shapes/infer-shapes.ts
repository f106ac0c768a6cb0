import type { GraphEdge, GraphNode, UnrollDocument } from '../document/schema.ts';
import type { DataFacts, NodeInputs } from '../layers/layer.ts';
import type { Arrival, NodeConfig } from './infer-node.ts';
import type { Problem } from './problem.ts';
import { rememberedGraph, rememberedNode } from './remembered.ts';
import type { ValueType } from './value-type.ts';

export interface InferredShapes {
  /** Type leaving each output port, keyed by `portKey`. Ports whose type is unknown are missing. */
  readonly outputs: ReadonlyMap<string, ValueType>;
  /** Types arriving at each node, by input port, in wire order. */
  readonly inputs: ReadonlyMap<string, NodeInputs>;
  /** Parsed settings of each node whose settings are valid. */
  readonly configs: ReadonlyMap<string, NodeConfig>;
  /** Node ids so that each comes after what it depends on; nodes on a cycle are missing. */
  readonly order: readonly string[];
  readonly problems: readonly Problem[];
}

export type Graph = Pick<UnrollDocument, 'nodes' | 'edges'>;

export const portKey = (node: string, port: string): string => `${node}:${port}`;

/** Facts of a document without data. */
export const noFacts: DataFacts = { vocabulary: null, classes: null, features: null, targets: null };

/**
 * Types on every wire, and every problem, in one pass over the topologically sorted graph. Pure; runs on each edit: a node whose
 * settings and inputs are as they were before keeps what was inferred then, and a graph that was inferred last is not inferred again.
 */
export function inferShapes(graph: Graph, facts: DataFacts): InferredShapes {
  return rememberedGraph(graph, facts, inferAnew);
}

function inferAnew(graph: Graph, facts: DataFacts): InferredShapes {
  const problems: Problem[] = [];
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = graph.edges.filter((edge) => nodes.has(edge.from.node) && nodes.has(edge.to.node));
  const sorted = sortTopologically(graph.nodes, edges);
  const order = new Set(sorted.map((node) => node.id));
  const incoming = groupBy(edges, (edge) => edge.to.node);
  const outputs = new Map<string, ValueType>();
  const inputs = new Map<string, NodeInputs>();
  const configs = new Map<string, NodeConfig>();

  for (const { id } of graph.nodes) {
    if (order.has(id)) continue;
    problems.push({
      severity: 'error',
      node: id,
      edge: null,
      message: 'this node is part of, or behind, a loop of wires',
      fix: 'Remove a wire of the loop: recurrence happens inside the Recurrent wrapper.',
    });
  }

  for (const node of sorted) {
    const arrivals = (incoming.get(node.id) ?? []).map(
      (edge): Arrival => ({
        edge,
        source: nodes.get(edge.from.node)?.kind ?? '',
        value: outputs.get(portKey(edge.from.node, edge.from.port)),
      }),
    );
    const found = rememberedNode(node, arrivals, facts);
    if (found.config !== null) configs.set(node.id, found.config);
    if (found.inputs !== null) inputs.set(node.id, found.inputs);
    for (const [port, value] of Object.entries(found.outputs)) outputs.set(portKey(node.id, port), value);
    problems.push(...found.problems);
  }
  return { outputs, inputs, configs, order: [...order], problems };
}

/** Kahn's algorithm, stable in document order; nodes on or behind a cycle are left out. */
function sortTopologically(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): readonly GraphNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const outgoing = groupBy(edges, (edge) => edge.from.node);
  const waiting = new Map<string, number>();
  for (const { to } of edges) waiting.set(to.node, (waiting.get(to.node) ?? 0) + 1);
  const ready = nodes.filter((node) => !waiting.has(node.id));
  for (const { id } of ready) {
    for (const { to } of outgoing.get(id) ?? []) {
      const left = (waiting.get(to.node) ?? 0) - 1;
      waiting.set(to.node, left);
      const node = byId.get(to.node);
      if (left === 0 && node) ready.push(node);
    }
  }
  return ready;
}

/** Node 20 has no `Map.groupBy` yet. */
function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
