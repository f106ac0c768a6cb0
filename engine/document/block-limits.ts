import { definitionOf, placementOf } from './placed-blocks.ts';
import { type BlockDefinition, documentLimits, type GraphNode, type UnrollDocument } from './schema.ts';

type Blocks = Pick<UnrollDocument, 'nodes' | 'edges' | 'blocks'>;

/** What keeps blocks from being expanded, with what to do about it. */
export interface BlockFault {
  readonly message: string;
  readonly fix: string;
}

/**
 * Why the blocks of a document cannot be expanded; `null` where they can. Counts without expanding, so that a file whose blocks multiply
 * costs nothing.
 */
export function blockFault(document: Blocks): BlockFault | null {
  const inItself = document.blocks.find((block) => reaches(document, block.nodes, block.id));
  if (inItself !== undefined) {
    return { message: `the block “${inItself.name}” is placed in itself`, fix: 'Take it out: a block holds other blocks only.' };
  }
  const { blockDepth, nodes, edges } = documentLimits;
  const depths = new Map<string, number>();
  const deepest = depth(document, document, depths);
  const all = Math.max(deepest, ...document.blocks.map((block) => 1 + depth(document, block, depths)));
  if (all > blockDepth) {
    return { message: `blocks lie ${all} deep in each other; at most ${blockDepth} do`, fix: 'Expand some of them.' };
  }
  const written = sum([document, ...document.blocks].map((canvas) => canvas.nodes.length));
  if (written > nodes) return tooMany(`the graph and its blocks hold ${said(written)} nodes`, nodes);
  const known = new Map<string, Size>();
  const sizes = [document, ...document.blocks].map((canvas) => expandedSize(document, canvas, known));
  const largest = Math.max(...sizes.map((size) => size.nodes));
  if (largest > nodes) return tooMany(`the graph with its blocks expanded has ${said(largest)} nodes`, nodes);
  const wires = Math.max(...sizes.map((size) => size.edges));
  return wires > edges ? tooMany(`the graph with its blocks expanded has ${said(wires)} wires`, edges) : null;
}

/** Whether a definition is placed in these nodes, at any depth. */
export function reaches(document: Blocks, nodes: readonly GraphNode[], definition: string): boolean {
  const open = [nodes];
  const seen = new Set<string>();
  for (let within = open.pop(); within !== undefined; within = open.pop()) {
    for (const node of within) {
      const placed = definitionOf(document, node);
      if (placed?.id === definition) return true;
      if (placed === undefined || seen.has(placed.id)) continue;
      seen.add(placed.id);
      open.push(placed.nodes);
    }
  }
  return false;
}

/** Levels of blocks below a canvas. */
function depth(document: Blocks, canvas: Pick<BlockDefinition, 'nodes'>, known: Map<string, number>): number {
  return Math.max(
    0,
    ...canvas.nodes.map((node) => {
      const placed = definitionOf(document, node);
      if (placed === undefined) return 0;
      const levels = known.get(placed.id) ?? 1 + depth(document, placed, known);
      known.set(placed.id, levels);
      return levels;
    }),
  );
}

interface Size {
  readonly nodes: number;
  readonly edges: number;
}

function expandedSize(document: Blocks, canvas: Pick<BlockDefinition, 'nodes' | 'edges'>, known: Map<string, Size>): Size {
  let [nodes, edges] = [canvas.nodes.length, canvas.edges.length];
  for (const node of canvas.nodes) {
    const placed = definitionOf(document, node);
    if (placed === undefined) continue;
    const one = known.get(placed.id) ?? expandedSize(document, placed, known);
    known.set(placed.id, one);
    const { repeat = 1 } = placementOf(node) ?? {};
    nodes += repeat * one.nodes;
    edges += repeat * one.edges;
  }
  return { nodes, edges };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const said = (count: number): string => count.toLocaleString('en');
const tooMany = (message: string, limit: number): BlockFault => ({
  message: `${message}; at most ${said(limit)} are read`,
  fix: 'Repeat blocks less often, or take some out.',
});
