import { withMinus } from '../training/metric-format.ts';
import { cutText } from '../ui/cut-text.ts';
import type { PlacedNode } from './beam-layout.ts';

/** Of the drawing, px. */
const column = 108;
const row = 40;
const box = { width: 84, height: 32 };
const head = 20;
const margin = 4;
/** Characters of a token that fit into its box. */
const fits = 9;

export const beamWidthOf = (columns: number): number => 2 * margin + columns * column - (column - box.width);
export const beamHeightOf = (rows: number): number => 2 * margin + head + rows * row;

/** Columns of which anything lies between two places, one more at each side: their lines lead there. */
export function columnsWithin(left: number, right: number): { readonly from: number; readonly to: number } {
  return { from: Math.floor(left / column) - 1, to: Math.ceil(right / column) + 1 };
}

/** The node at a place of the drawing. */
export function nodeAt(columns: readonly (readonly PlacedNode[])[], x: number, y: number): PlacedNode | null {
  const nodes = columns[Math.floor((x - margin) / column)];
  return nodes?.[Math.floor((y - margin - head) / row)] ?? null;
}

/** A box of the drawing with its line to the token before it. */
export interface DrawnNode extends PlacedNode {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** SVG path; `null` of what begins a sequence. */
  readonly line: string | null;
  readonly word: string;
  readonly number: string;
  /** Place among what was found. */
  readonly place: string;
}

/** @param visible a token as it is written */
export function drawnNode(node: PlacedNode, nodes: readonly PlacedNode[], visible: (token: string) => string): DrawnNode {
  const [x, y] = cornerOf(node);
  const before = node.parent === null ? undefined : nodes[node.parent];
  const word = visible(node.token);
  return {
    ...node,
    ...box,
    x,
    y,
    line: before === undefined ? null : curve(cornerOf(before), [x, y]),
    word: cutText(word, fits),
    number: withMinus(node.logProbability.toFixed(2)),
    place: node.rank === null ? '' : `${node.rank + 1}.`,
  };
}

const cornerOf = ({ length, row: place }: PlacedNode): readonly [x: number, y: number] => [
  margin + (length - 1) * column,
  margin + head + place * row + (row - box.height) / 2,
];

function curve(from: readonly [number, number], to: readonly [number, number]): string {
  const [x0, y0, x1, y1] = [from[0] + box.width, from[1] + box.height / 2, to[0], to[1] + box.height / 2];
  const middle = (x0 + x1) / 2;
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`;
}

/** How each state looks: told apart by line and weight, not by colour alone. */
export const beamLooks: Readonly<
  Record<
    PlacedNode['state'],
    { readonly fill: string; readonly stroke: string; readonly ink: string; readonly width: number; readonly dash?: string }
  >
> = {
  chosen: { fill: 'var(--accent-fill)', stroke: 'var(--accent-fill)', ink: 'var(--on-accent)', width: 2.5 },
  found: { fill: 'var(--raised)', stroke: 'var(--ink)', ink: 'var(--ink)', width: 1.5 },
  left: { fill: 'var(--raised)', stroke: 'var(--control-line)', ink: 'var(--dim)', width: 1 },
  dropped: { fill: 'var(--panel)', stroke: 'var(--control-line)', ink: 'var(--dim)', width: 1, dash: '4 3' },
};

/** Where a column's number stands. */
export const headAt = (index: number): { readonly x: number; readonly y: number } => ({
  x: margin + index * column + box.width / 2,
  y: margin + 12,
});
