import type { Graph } from '@dagrejs/dagre';
import type { Wired } from './fold-rows.ts';

/** Passes over the columns, there and back: what is found is found in the first few. */
const passes = 8;

/** What dagre keeps of a node while it orders the columns; where a wire passes a column there is a node too, with the wire's ends. */
interface Kept {
  rank: number;
  order: number;
  readonly height: number;
  readonly edgeObj?: { readonly v: string; readonly w: string };
}

/** Between neighbouring columns: its ends' nodes, and how far down their sides it is, as a share. */
interface Piece {
  readonly from: Kept;
  readonly to: Kept;
  readonly leaves: number;
  readonly arrives: number;
}

/**
 * The order in each column, for dagre's `customOrder`: its own, and from there by the places of ports, where fewer wires cross. dagre
 * knows no ports: of two nodes with wires into a third it may put the one above whose port is below. After Sugiyama, Tagawa and Toda,
 * “Methods for Visual Understanding of Hierarchical System Structures” (1981), by barycentres, those of the ports.
 */
export function orderByPorts(wires: readonly Wired[]): (graph: Graph, order: (graph: Graph) => void) => void {
  return (graph, order) => {
    order(graph);
    const nodes = graph.nodes().map((id) => graph.node(id) as Kept);
    const pieces = piecesOf(graph, wires);
    const columns = new Map<number, Kept[]>();
    for (const node of nodes) columns.set(node.rank, [...(columns.get(node.rank) ?? []), node]);
    const there = [...columns].sort(([a], [b]) => a - b).map(([, column]) => column);
    const into = grouped(pieces, ({ to }) => to);
    const outOf = grouped(pieces, ({ from }) => from);
    let [best, fewest] = [nodes.map((node) => node.order), crossings(pieces)];
    for (let pass = 0; pass < passes && fewest > 0; pass++) {
      const back = pass % 2 === 0;
      for (const column of back ? there.toReversed() : there)
        reorder(column, (node) =>
          back
            ? (outOf.get(node) ?? []).map(({ to, arrives }) => to.order + arrives)
            : (into.get(node) ?? []).map(({ from, leaves }) => from.order + leaves),
        );
      const now = crossings(pieces);
      if (now < fewest) [best, fewest] = [nodes.map((node) => node.order), now];
    }
    for (const [i, node] of nodes.entries()) node.order = best[i] ?? node.order;
  };
}

function piecesOf(graph: Graph, wires: readonly Wired[]): readonly Piece[] {
  const wired = new Map(wires.map((wire) => [`${wire.from} ${wire.to}`, wire]));
  return graph.edges().map(({ v, w }): Piece => {
    const [from, to] = [graph.node(v) as Kept, graph.node(w) as Kept];
    const ends = from.edgeObj ?? to.edgeObj ?? { v, w };
    const wire = wired.get(`${ends.v} ${ends.w}`);
    const share = (node: Kept, down: number | undefined): number =>
      node.edgeObj || down === undefined ? 0.5 : Math.min(0.99, down / Math.max(1, node.height));
    return { from, to, leaves: share(from, wire?.leaves), arrives: share(to, wire?.arrives) };
  });
}

function grouped(pieces: readonly Piece[], by: (piece: Piece) => Kept): ReadonlyMap<Kept, readonly Piece[]> {
  const found = new Map<Kept, Piece[]>();
  for (const piece of pieces) {
    const own = found.get(by(piece));
    if (own) own.push(piece);
    else found.set(by(piece), [piece]);
  }
  return found;
}

/** By the mean of where each one's wires end; what has none stays where it is. */
function reorder(column: readonly Kept[], ends: (node: Kept) => readonly number[]): void {
  const wired = column.flatMap((node) => {
    const all = ends(node);
    return all.length === 0 ? [] : [{ node, at: all.reduce((sum, end) => sum + end, 0) / all.length }];
  });
  const places = wired.map(({ node }) => node.order).sort((a, b) => a - b);
  wired.sort((a, b) => a.at - b.at || a.node.order - b.node.order);
  for (const [i, { node }] of wired.entries()) node.order = places[i] ?? node.order;
}

/** Pairs of wires that cross between two columns. */
function crossings(pieces: readonly Piece[]): number {
  const between = new Map<number, (readonly [number, number])[]>();
  for (const { from, to, leaves, arrives } of pieces) {
    const ends = [from.order + leaves, to.order + arrives] as const;
    const own = between.get(from.rank);
    if (own) own.push(ends);
    else between.set(from.rank, [ends]);
  }
  let count = 0;
  for (const all of between.values())
    for (const [i, [a, b]] of all.entries()) for (const [c, d] of all.slice(0, i)) if ((a - c) * (b - d) < 0) count++;
  return count;
}
