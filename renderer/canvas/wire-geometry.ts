/** Geometry of wires, in graph coordinates. */
export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}
export interface WireCurve {
  readonly id: string;
  readonly start: Point;
  readonly end: Point;
  /** Cell wires run downwards from wrapper to cell, others to the right. */
  readonly vertical: boolean;
  /** The corners by which it passes cards that it would lie behind. */
  readonly way?: readonly Point[] | undefined;
}

/** How far a wire that runs back goes on before it turns, px. */
export const stub = 22;

/** Whether a wire that leaves to the right leads to a place further left, above or below: between two rows. */
export const runsBack = (start: Point, end: Point): boolean => end.x < start.x - 2 * stub && Math.abs(end.y - start.y) > 4 * stub;

/** Out of the card, half-way down or up, back, on, and into the other card. */
function backRun(start: Point, end: Point): readonly Point[] {
  const [right, left, middle] = [start.x + stub, end.x - stub, (start.y + end.y) / 2];
  return [start, { x: right, y: start.y }, { x: right, y: middle }, { x: left, y: middle }, { x: left, y: end.y }, end];
}

/** The point at that share of a line's length. */
export function along(line: readonly Point[], share: number): Point {
  const pieces = line.slice(1).map((end, i) => ({ start: line[i] ?? end, end }));
  const lengthOf = ({ start, end }: { start: Point; end: Point }): number => Math.hypot(end.x - start.x, end.y - start.y);
  let left = share * pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
  for (const piece of pieces) {
    const length = lengthOf(piece);
    if (left <= length && length > 0) {
      const { start, end } = piece;
      return { x: start.x + ((end.x - start.x) * left) / length, y: start.y + ((end.y - start.y) * left) / length };
    }
    left -= length;
  }
  return line.at(-1) ?? { x: 0, y: 0 };
}

/** Where a wire turns between straight pieces, with its ends; `null` of one that is a curve. */
function lineOf({ start, end, vertical, way }: WireCurve): readonly Point[] | null {
  if (way) return [start, ...way, end];
  return !vertical && runsBack(start, end) ? backRun(start, end) : null;
}

/** Control points as React Flow's bezier edges have them for forward wires; close enough to hit what is seen. */
function pointAt({ start, end, vertical }: WireCurve, t: number): Point {
  const reach = vertical ? Math.abs(end.y - start.y) / 2 : Math.abs(end.x - start.x) / 2;
  const a = vertical ? { x: start.x, y: start.y - Math.sign(start.y - end.y) * reach } : { x: start.x + reach, y: start.y };
  const b = vertical ? { x: end.x, y: end.y + Math.sign(start.y - end.y) * reach } : { x: end.x - reach, y: end.y };
  const u = 1 - t;
  const mix = (p: number, q: number, r: number, s: number): number =>
    u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s;
  return { x: mix(start.x, a.x, b.x, end.x), y: mix(start.y, a.y, b.y, end.y) };
}

const samples = 24;
/** Of a wire that turns: it is longer. */
const longSamples = 96;

/** Whether the box around the curve, with its control points or corners, meets the rectangle. */
function mayMeet({ start, end, way = [] }: WireCurve, { x, y, width, height }: Rect): boolean {
  const [aside, along] = [Math.abs(end.x - start.x) / 2, Math.abs(end.y - start.y) / 2];
  const [xs, ys] = [
    [start.x, end.x, ...way.map((p) => p.x)],
    [start.y, end.y, ...way.map((p) => p.y)],
  ];
  return (
    x <= Math.max(...xs) + aside &&
    x + width >= Math.min(...xs) - aside &&
    y <= Math.max(...ys) + along &&
    y + height >= Math.min(...ys) - along
  );
}

/** The wire that passes through the rectangle nearest to its centre, or `null`. */
export function wireThrough(curves: readonly WireCurve[], rect: Rect): string | null {
  const centre = { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
  let best: string | null = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (const curve of curves) {
    if (!mayMeet(curve, rect)) continue;
    const line = lineOf(curve);
    const count = line ? longSamples : samples;
    for (let i = 1; i < count; i++) {
      const p = line ? along(line, i / count) : pointAt(curve, i / count);
      if (p.x < rect.x || p.x > rect.x + rect.width || p.y < rect.y || p.y > rect.y + rect.height) continue;
      const distance = Math.hypot(p.x - centre.x, p.y - centre.y);
      if (distance < nearest) {
        nearest = distance;
        best = curve.id;
      }
    }
  }
  return best;
}
