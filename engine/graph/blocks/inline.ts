import { nodeOf } from '../../document/node-of.ts';
import { blockInputKind, borderPort, definitionOf, isBorder, placementOf } from '../../document/placed-blocks.ts';
import type { BlockDefinition, GraphEdge, GraphNode, PortRef, UnrollDocument } from '../../document/schema.ts';

type Graph = Pick<UnrollDocument, 'nodes' | 'edges' | 'blocks'>;

/** How the insides of blocks are named where they take the block's place. */
export interface Naming {
  node(block: GraphNode, copy: number, node: GraphNode): string;
  edge(block: GraphNode, copy: number, edge: GraphEdge): string;
}

/** A node or wire that came out of a block: which one, of which copy. */
interface Origin<T> {
  readonly block: GraphNode;
  readonly copy: number;
  readonly item: T;
}

interface Inlined {
  readonly nodes: GraphNode[];
  readonly edges: GraphEdge[];
  /** What came out of blocks, by its new id. */
  readonly origins: ReadonlyMap<string, Origin<GraphNode>>;
  /** Where what leaves a port comes from; `null` where from nowhere. */
  source(from: PortRef): PortRef | null;
  /** What arrives at an input of a block's copy, inside. */
  into(block: string, copy: number, input: string): PortRef | null;
}

/**
 * Puts the inside of placed blocks in their place, one level deep; copies of a repeated block follow each other. A wire that leads nowhere
 * (a port without a wire on one of its sides) is left out, and the wires into each port keep their order.
 *
 * @param which the blocks that are put there; their graph must have no loop
 */
export function inlineBlocks(graph: Graph, which: ReadonlySet<string>, naming: Naming): Inlined {
  const blocks = new Map<string, Placed>();
  for (const node of graph.nodes) {
    const definition = which.has(node.id) ? definitionOf(graph, node) : undefined;
    if (definition !== undefined) blocks.set(node.id, new Placed(node, definition, naming));
  }
  const into = new Map(graph.edges.map((edge) => [portOf(edge.to), edge.from]));
  const source = (from: PortRef): PortRef | null => {
    const placed = blocks.get(from.node);
    return placed === undefined ? from : placed.source(from.port, (port) => outside(placed.block.id, port));
  };
  const outside = (block: string, port: string): PortRef | null => {
    const from = into.get(portOf({ node: block, port }));
    return from === undefined ? null : source(from);
  };
  const origins = new Map<string, Origin<GraphNode>>();
  const nodes = graph.nodes.flatMap((node) => {
    const placed = blocks.get(node.id);
    return placed === undefined ? [node] : placed.nodes(origins);
  });
  const edges = graph.edges.flatMap((edge): GraphEdge[] => {
    if (blocks.has(edge.to.node)) return [];
    const from = source(edge.from);
    return from === null ? [] : [from === edge.from ? edge : rewired(edge, edge.id, from, edge.to)];
  });
  for (const placed of blocks.values()) edges.push(...placed.edges((port) => outside(placed.block.id, port)));
  const arrives = (block: string, copy: number, input: string): PortRef | null =>
    blocks.get(block)?.inside({ node: input, port: borderPort }, copy, (port) => outside(block, port)) ?? null;
  return { nodes, edges, origins, source, into: arrives };
}

type Outside = (port: string) => PortRef | null;

/** A placed block while its inside is put in its place. */
class Placed {
  readonly block: GraphNode;
  readonly #definition: BlockDefinition;
  readonly #naming: Naming;
  readonly #repeat: number;
  readonly #inputs: ReadonlySet<string>;
  readonly #into: ReadonlyMap<string, PortRef>;

  constructor(block: GraphNode, definition: BlockDefinition, naming: Naming) {
    this.block = block;
    this.#definition = definition;
    this.#naming = naming;
    this.#repeat = placementOf(block)?.repeat ?? 1;
    this.#inputs = new Set(definition.nodes.filter(({ kind }) => kind === blockInputKind).map(({ id }) => id));
    this.#into = new Map(definition.edges.map((edge) => [portOf(edge.to), edge.from]));
  }

  nodes(origins: Map<string, Origin<GraphNode>>): GraphNode[] {
    return this.#copies().flatMap((copy) =>
      this.#inner().map((item) => {
        const id = this.#naming.node(this.block, copy, item);
        origins.set(id, { block: this.block, copy, item });
        return renamed(item, id);
      }),
    );
  }

  edges(outside: Outside): GraphEdge[] {
    const inner = new Map(this.#inner().map((node) => [node.id, node]));
    return this.#copies().flatMap((copy) =>
      this.#definition.edges.flatMap((edge): GraphEdge[] => {
        const target = inner.get(edge.to.node);
        const from = target && this.inside(edge.from, copy, outside);
        if (!target || !from) return [];
        const to = { node: this.#naming.node(this.block, copy, target), port: edge.to.port };
        return [rewired(edge, this.#naming.edge(this.block, copy, edge), from, to)];
      }),
    );
  }

  /** What leaves the last copy by a port. */
  source(port: string, outside: Outside): PortRef | null {
    return this.#leaves(port, this.#repeat - 1, outside);
  }

  #leaves(port: string, copy: number, outside: Outside): PortRef | null {
    const from = this.#into.get(portOf({ node: port, port: borderPort }));
    return from === undefined ? null : this.inside(from, copy, outside);
  }

  /** Where a wire of a copy starts, by its name outside; copies after the first read the one before. */
  inside(from: PortRef, copy: number, outside: Outside): PortRef | null {
    if (!this.#inputs.has(from.node)) {
      const node = nodeOf(this.#definition, from.node);
      return node === undefined ? null : { node: this.#naming.node(this.block, copy, node), port: from.port };
    }
    if (copy === 0) return outside(from.node);
    const output = this.#definition.nodes.find((node) => isBorder(node) && node.kind !== blockInputKind);
    return output === undefined ? null : this.#leaves(output.id, copy - 1, outside);
  }

  #inner(): readonly GraphNode[] {
    return this.#definition.nodes.filter((node) => !isBorder(node));
  }

  #copies(): readonly number[] {
    return Array.from({ length: this.#repeat }, (_, copy) => copy);
  }
}

const portOf = ({ node, port }: PortRef): string => `${node} ${port}`;

const nodesBefore = new WeakMap<GraphNode, Map<string, GraphNode>>();
const edgesBefore = new WeakMap<GraphEdge, Map<string, GraphEdge>>();

/** Under another id, with settings of its own; the same object as the last time, so that nothing is inferred anew for it. */
function renamed(node: GraphNode, id: string): GraphNode {
  return remembered(nodesBefore, node, id, () => ({ ...node, id, params: { ...node.params } }));
}

function rewired(edge: GraphEdge, id: string, from: PortRef, to: PortRef): GraphEdge {
  return remembered(edgesBefore, edge, [id, portOf(from), portOf(to)].join(' '), () => ({ id, from, to }));
}

function remembered<T extends object>(before: WeakMap<T, Map<string, T>>, item: T, key: string, make: () => T): T {
  const known = before.get(item) ?? new Map<string, T>();
  before.set(item, known);
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= 4_000) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}
