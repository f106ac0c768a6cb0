import { getBezierPath, getSmoothStepPath, Position } from '@xyflow/react';
import type { Point } from './wire-geometry.ts';
import { along, runsBack, stub } from './wire-geometry.ts';

/** How round a corner is, px. */
const radius = 14;

/**
 * A wire's line and the middle of it. One that leads back to an earlier column, as from row to row, runs half-way between its ends; one
 * with corners by them.
 */
export function wirePath(
  start: Point,
  from: Position,
  end: Point,
  to: Position,
  way: readonly Point[] | null = null,
): readonly [path: string, labelX: number, labelY: number] {
  if (way) {
    const line = [start, ...way, end];
    const middle = along(line, 0.5);
    return [rounded(line), middle.x, middle.y];
  }
  const ends = {
    sourceX: start.x,
    sourceY: start.y,
    sourcePosition: from,
    targetX: end.x,
    targetY: end.y,
    targetPosition: to,
  };
  const back = from === Position.Right && to === Position.Left && runsBack(start, end);
  const [path, x, y] = back ? getSmoothStepPath({ ...ends, borderRadius: radius, offset: stub }) : getBezierPath(ends);
  return [path, x, y];
}

/** Straight lines with round corners. */
function rounded(line: readonly Point[]): string {
  const towards = (a: Point, b: Point, far: number): string => {
    const share = far / (Math.hypot(b.x - a.x, b.y - a.y) || 1);
    return `${a.x + (b.x - a.x) * share} ${a.y + (b.y - a.y) * share}`;
  };
  const bends = line.slice(1, -1).map((corner, i) => {
    const [before, after] = [line[i] ?? corner, line[i + 2] ?? corner];
    const half = (other: Point): number => Math.hypot(other.x - corner.x, other.y - corner.y) / 2;
    const round = Math.min(radius, half(before), half(after));
    return `L${towards(corner, before, round)}Q${corner.x} ${corner.y} ${towards(corner, after, round)}`;
  });
  const [first, last] = [line[0], line.at(-1)];
  return `M${first?.x} ${first?.y}${bends.join('')}L${last?.x} ${last?.y}`;
}
