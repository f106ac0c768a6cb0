import type { GraphNode } from '../document/schema.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import { sameItems } from '../shapes/same-items.ts';
import type { ValueType } from '../shapes/value-type.ts';
import { type Arrival, inferNode, type NodeShapes } from './infer-node.ts';
import type { Graph, InferredShapes } from './infer-shapes.ts';

interface Remembered {
  readonly node: GraphNode;
  readonly arrivals: readonly Arrival[];
  readonly facts: DataFacts;
  readonly shapes: NodeShapes;
}

/** Graphs of one node that are looked at in turn: as it is, with a wire taken out, with a wire moved. */
const turns = 4;

/** Newest first, by the node's settings: these stay the same object while the node is moved or renamed. Given up with the document. */
const nodes = new WeakMap<GraphNode['params'], readonly Remembered[]>();
const types = new Map<string, ValueType>();
const graphs = new WeakMap<Graph['nodes'], Graph & { readonly facts: DataFacts; readonly inferred: InferredShapes }>();

/** `inferNode`, unless the same node was inferred with the same arrivals lately. */
export function rememberedNode(node: GraphNode, arrivals: readonly Arrival[], facts: DataFacts): NodeShapes {
  const known = nodes.get(node.params) ?? [];
  const same = known.find(
    (entry) => entry.facts === facts && sameNode(entry.node, node) && sameArrivals(entry.arrivals, arrivals),
  );
  if (same !== undefined) return same.shapes;
  const shapes = inferNode(node, arrivals, facts);
  const outputs = Object.entries(shapes.outputs).map(([port, value]) => [port, oneOf(value)]);
  const entry: Remembered = { node, arrivals, facts, shapes: { ...shapes, outputs: Object.fromEntries(outputs) } };
  nodes.set(node.params, [entry, ...known.slice(0, turns - 1)]);
  return entry.shapes;
}

/** What `infer` gives, unless the same graph was inferred last. */
export function rememberedGraph(
  graph: Graph,
  facts: DataFacts,
  infer: (graph: Graph, facts: DataFacts) => InferredShapes,
): InferredShapes {
  const last = graphs.get(graph.nodes);
  const same =
    last?.facts === facts &&
    last.blocks === graph.blocks &&
    last.arriving === graph.arriving &&
    sameItems(last.nodes, graph.nodes) &&
    sameItems(last.edges, graph.edges);
  if (same) return last.inferred;
  const inferred = infer(graph, facts);
  // Copies, for a graph that is still being put together in its own lists.
  const { blocks, arriving } = graph;
  const copy = { nodes: [...graph.nodes], edges: [...graph.edges], ...(blocks && { blocks }), ...(arriving && { arriving }) };
  graphs.set(graph.nodes, { ...copy, facts, inferred });
  return inferred;
}

const sameNode = (a: GraphNode, b: GraphNode): boolean => a === b || (a.id === b.id && a.kind === b.kind);

const sameArrivals = (a: readonly Arrival[], b: readonly Arrival[]): boolean =>
  a.length === b.length && a.every((one, i) => one.edge === b[i]?.edge && one.source === b[i].source && one.value === b[i].value);

/** The one object for equal types: where a type comes out as it was, nothing after it is inferred anew. */
function oneOf(value: ValueType): ValueType {
  const text = JSON.stringify(value);
  const known = types.get(text);
  if (known !== undefined) return known;
  if (types.size >= 10_000) types.clear();
  types.set(text, value);
  return value;
}
