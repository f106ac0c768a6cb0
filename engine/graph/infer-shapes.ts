import { blockInputKind, blockInputs, blockKind, borderPort, definitionOf, isBorder } from '../document/placed-blocks.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import type { Problem } from '../shapes/problem.ts';
import type { NodeInputs, ValueType } from '../shapes/value-type.ts';
import { blockProblems } from './block-problems.ts';
import { borderKey, type Graph as ExpandableGraph, type Expansion, expandBlocks } from './blocks/expand.ts';
import { insideId } from './blocks/inside-id.ts';
import type { Arrival, NodeConfig } from './infer-node.ts';
import { onDocument } from './inside-problems.ts';
import { rememberedGraph, rememberedNode } from './remembered.ts';
import { groupBy, sortTopologically } from './sort-topologically.ts';

export interface InferredShapes {
  /**
   * Type leaving each output port, keyed by `portKey`. Ports whose type is unknown are missing. Inside of a block, a node goes by its
   * `insideId`; the block's own outputs, and its inputs as they are inside, are here, too.
   */
  readonly outputs: ReadonlyMap<string, ValueType>;
  /** Types arriving at each node, by input port, in wire order. */
  readonly inputs: ReadonlyMap<string, NodeInputs>;
  /** Parsed settings of each node whose settings are valid. */
  readonly configs: ReadonlyMap<string, NodeConfig>;
  /** Ids of the expanded graph so that each comes after what it depends on; nodes on a cycle are missing. */
  readonly order: readonly string[];
  readonly problems: readonly Problem[];
}

export interface Graph extends ExpandableGraph {
  /** The inside of a block that is looked at by itself: what arrives at its ports, by their ids. */
  readonly arriving?: ReadonlyMap<string, ValueType>;
}

export const portKey = borderKey;

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
  const expansion = expandBlocks(graph);
  const flat = inferFlat(expansion.graph, graph.arriving ?? new Map(), facts);
  return expansion.graph === graph ? flat : withBlocks(graph, expansion, flat);
}

/** What is known of the placed blocks, beside what is known of the nodes inside. */
function withBlocks(graph: Graph, expansion: Expansion, flat: InferredShapes): InferredShapes {
  const outputs = new Map(flat.outputs);
  for (const [port, source] of expansion.borders) {
    const type = flat.outputs.get(portKey(source.node, source.port));
    if (type !== undefined) outputs.set(port, type);
  }
  const document = { ...graph, blocks: graph.blocks ?? [] };
  const inputs = new Map(flat.inputs);
  for (const node of expansion.placed) {
    const arriving = blockInputs(definitionOf(document, node) ?? { nodes: [] }).map(({ id }): [string, ValueType[]] => {
      const type = outputs.get(portKey(insideId(node, 0, id), borderPort));
      return [id, type === undefined ? [] : [type]];
    });
    inputs.set(node.id, Object.fromEntries(arriving));
  }
  const atBorders = blockProblems(document, expansion, ({ node, port }) => outputs.get(portKey(node, port)));
  return { ...flat, outputs, inputs, problems: onDocument([...flat.problems, ...atBorders]) };
}

function inferFlat(
  graph: Pick<Graph, 'nodes' | 'edges'>,
  arriving: ReadonlyMap<string, ValueType>,
  facts: DataFacts,
): InferredShapes {
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
    // The ports of a block that is looked at from inside, and a block that could not be expanded: what is wrong with it is said of it.
    const outside = node.kind === blockInputKind ? arriving.get(node.id) : undefined;
    if (outside !== undefined) outputs.set(portKey(node.id, borderPort), outside);
    if (isBorder(node) || node.kind === blockKind) continue;
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
