import type { BeamNode, BeamTree } from '../../engine/protocol/beam-tree.ts';
import { withMinus } from '../training/metric-format.ts';

/** A token of the tree where it is drawn: a column a step, the step's best on top. */
export interface PlacedNode extends BeamNode {
  /** Number in the tree. */
  readonly at: number;
  /** Tokens that were said with it, its own included. */
  readonly length: number;
  /** From 0, in its column. */
  readonly row: number;
  /** On the way of the chosen sequence; of another one that was found; gone on with but found no end in time; or dropped at once. */
  readonly state: 'chosen' | 'found' | 'left' | 'dropped';
}

export interface BeamLayout {
  readonly nodes: readonly PlacedNode[];
  /** By column: column 0 has the tokens that begin a sequence. */
  readonly columns: readonly (readonly PlacedNode[])[];
  /** Rows of the longest column. */
  readonly rows: number;
}

/** @param chosen rank of the sequence whose way is shown before the others */
export function beamLayout({ nodes }: Pick<BeamTree, 'nodes'>, chosen: number): BeamLayout {
  const ways = (of: (node: BeamNode) => boolean): ReadonlySet<number> => {
    const on = new Set<number>();
    nodes.forEach((node, at) => {
      if (of(node)) for (const step of wayTo(nodes, at)) on.add(step);
    });
    return on;
  };
  const [first, found] = [ways(({ rank }) => rank === chosen), ways(({ rank }) => rank !== null)];
  const columns: PlacedNode[][] = [];
  const placed: PlacedNode[] = [];
  nodes.forEach((node, at) => {
    const length = (node.parent === null ? 0 : (placed[node.parent]?.length ?? 0)) + 1;
    const column = columns[length - 1] ?? [];
    columns[length - 1] = column;
    const state = first.has(at) ? 'chosen' : found.has(at) ? 'found' : node.fate === 'dropped' ? 'dropped' : 'left';
    const one = { ...node, at, length, row: column.length, state } as const;
    column.push(one);
    placed.push(one);
  });
  return { nodes: placed, columns, rows: Math.max(0, ...columns.map((column) => column.length)) };
}

/** Numbers of the nodes up to one, the first that was said in front. */
export function wayTo(nodes: readonly Pick<BeamNode, 'parent'>[], at: number): readonly number[] {
  const way: number[] = [];
  for (let next: number | null = at; next !== null; next = nodes[next]?.parent ?? null) way.push(next);
  return way.reverse();
}

/** Where a key leads from a node; `null` for other keys. */
export function beamStep(key: string, { nodes, columns }: BeamLayout, at: number): number | null {
  const here = nodes[at];
  if (here === undefined) return null;
  const beside = (by: number): number => columns[here.length - 1]?.[here.row + by]?.at ?? at;
  switch (key) {
    case 'ArrowLeft':
      return here.parent ?? at;
    case 'ArrowRight': {
      const next = (columns[here.length] ?? []).filter(({ parent }) => parent === at);
      return (next.find(({ state }) => state === 'chosen') ?? next[0])?.at ?? at;
    }
    case 'ArrowUp':
      return beside(-1);
    case 'ArrowDown':
      return beside(1);
    case 'Home':
      return wayTo(nodes, at)[0] ?? at;
    case 'End':
      return nodes.find(({ rank, state }) => rank !== null && state === 'chosen')?.at ?? at;
    default:
      return null;
  }
}

/** What became of a token, in words. */
export function fateWords({ fate, state, rank, score }: PlacedNode): string {
  if (fate === 'dropped') return 'dropped: others were more probable';
  const place = rank === null ? '' : rank === 0 ? ', and is the answer' : `, and is number ${rank + 1}`;
  if (fate === 'ended') return `ended here${score === null ? '' : ` with score ${withMinus(score.toFixed(3))}`}${place}`;
  if (rank !== null) return `cut at the limit${place}`;
  return state === 'left' ? 'continued, and dropped later' : 'continued';
}
