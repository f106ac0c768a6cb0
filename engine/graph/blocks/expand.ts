import { type BlockFault, blockFault } from '../../document/block-limits.ts';
import { blockInputs, blockKind, blockOutputs, borderPort, definitionOf, placementOf } from '../../document/placed-blocks.ts';
import type { GraphNode, PortRef, UnrollDocument } from '../../document/schema.ts';
import { sameItems } from '../../shapes/same-items.ts';
import { sortTopologically } from '../sort-topologically.ts';
import { inlineBlocks } from './inline.ts';
import { expandedNaming, insideId, placeOf } from './inside-id.ts';

export type Graph = Pick<UnrollDocument, 'nodes' | 'edges'> & { readonly blocks?: UnrollDocument['blocks'] };

export interface Expansion {
  /** Without blocks, but for those in or behind a loop of wires. Ids inside of blocks are `insideId`s. */
  readonly graph: Pick<UnrollDocument, 'nodes' | 'edges'>;
  /** Every placed block, under its id in the expanded graph. */
  readonly placed: readonly GraphNode[];
  /** What flows through the ports of blocks: `id port` of a block's output, or of an input inside → where in the graph that comes from. */
  readonly borders: ReadonlyMap<string, PortRef>;
  /** Why nothing was expanded. */
  readonly fault: BlockFault | null;
}

const last = new WeakMap<Graph['nodes'], Required<Graph> & { readonly expansion: Expansion }>();

/** The graph with every block replaced by what it holds. Graphs without placed blocks are given back as they are. Remembers the last. */
export function expandBlocks(graph: Graph): Expansion {
  if (!graph.nodes.some(({ kind }) => kind === blockKind)) return { graph, placed: [], borders: new Map(), fault: null };
  const blocks = graph.blocks ?? [];
  const before = last.get(graph.nodes);
  if (before?.blocks === blocks && sameItems(before.nodes, graph.nodes) && sameItems(before.edges, graph.edges))
    return before.expansion;
  const expansion = expandAnew({ nodes: graph.nodes, edges: graph.edges, blocks });
  last.set(graph.nodes, { nodes: [...graph.nodes], edges: [...graph.edges], blocks, expansion });
  return expansion;
}

function expandAnew(graph: Required<Graph>): Expansion {
  const fault = blockFault(graph);
  if (fault !== null) return { graph, placed: [], borders: new Map(), fault };
  const { blocks } = graph;
  const placed: GraphNode[] = [];
  const borders = new Map<string, PortRef>();
  const left = new Set<string>();
  let { nodes, edges } = graph;
  for (;;) {
    const level = { nodes, edges, blocks };
    const found = nodes.filter((node) => definitionOf(level, node) !== undefined && !left.has(node.id));
    if (found.length === 0) return { graph: { nodes, edges }, placed, borders, fault };
    placed.push(...found);
    const sorted = new Set(sortTopologically(nodes, edges));
    for (const node of found) if (!sorted.has(node)) left.add(node.id);
    const inlined = found.filter(({ id }) => !left.has(id));
    const result = inlineBlocks(level, new Set(inlined.map(({ id }) => id)), expandedNaming);
    for (const [port, source] of borders) reset(borders, port, result.source(source));
    for (const node of inlined) {
      const definition = definitionOf(level, node);
      if (definition === undefined) continue;
      for (const { id } of blockOutputs(definition)) {
        reset(borders, borderKey(node.id, id), result.source({ node: node.id, port: id }));
      }
      for (let copy = 0; copy < (placementOf(node)?.repeat ?? 1); copy++) {
        for (const { id } of blockInputs(definition)) {
          reset(borders, borderKey(insideId(node, copy, id), borderPort), result.into(node.id, copy, id));
        }
      }
    }
    ({ nodes, edges } = result);
  }
}

export const borderKey = (node: string, port: string): string => `${node}:${port}`;

function reset(borders: Map<string, PortRef>, key: string, source: PortRef | null): void {
  if (source === null) borders.delete(key);
  else borders.set(key, source);
}

/** The placed block that a way through blocks leads into, in the first copy of each; its id is that of the expanded graph. */
export const placedAt = ({ placed }: Pick<Expansion, 'placed'>, path: readonly string[]): GraphNode | undefined =>
  placed.find((node) => {
    const place = placeOf(node.id);
    return place.copies.every((copy) => copy === 0) && sameItems([...place.path, place.id], path);
  });
