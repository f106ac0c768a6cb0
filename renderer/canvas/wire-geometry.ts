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

/** Whether the box around the curve, with its control points, meets the rectangle. */
function mayMeet({ start, end }: WireCurve, { x, y, width, height }: Rect): boolean {
  const [aside, along] = [Math.abs(end.x - start.x) / 2, Math.abs(end.y - start.y) / 2];
  return (
    x <= Math.max(start.x, end.x) + aside &&
    x + width >= Math.min(start.x, end.x) - aside &&
    y <= Math.max(start.y, end.y) + along &&
    y + height >= Math.min(start.y, end.y) - along
  );
}

/** The wire that passes through the rectangle nearest to its centre, or `null`. */
export function wireThrough(curves: readonly WireCurve[], rect: Rect): string | null {
  const centre = { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
  let best: string | null = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (const curve of curves) {
    if (!mayMeet(curve, rect)) continue;
    for (let i = 1; i < samples; i++) {
      const p = pointAt(curve, i / samples);
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
