import type { Point } from './cell-layout.ts';

/** A wire from left to right through points that keep it off other nodes, as a path of SVG. */
export function wireWay(from: Point, way: readonly Point[], to: Point): string {
  // What is made from itself, which is a mistake: a loop above it.
  if (way.length === 0 && to.x < from.x)
    return `M ${from.x} ${from.y} C ${from.x + 60} ${from.y - 90}, ${to.x - 60} ${to.y - 90}, ${to.x} ${to.y}`;
  const points = [from, ...way, to];
  const parts = points.slice(1).map((point, index) => {
    const before = points[index] ?? from;
    const bend = Math.max(16, Math.abs(point.x - before.x) / 2);
    return `C ${before.x + bend} ${before.y}, ${point.x - bend} ${point.y}, ${point.x} ${point.y}`;
  });
  return `M ${from.x} ${from.y} ${parts.join(' ')}`;
}
