import { getBezierPath, getSmoothStepPath, Position } from '@xyflow/react';
import type { Point } from './wire-geometry.ts';
import { runsBack, stub } from './wire-geometry.ts';

/** A wire's line and the middle of it. One that leads back to an earlier column, as from row to row, runs half-way between its ends. */
export function wirePath(
  start: Point,
  from: Position,
  end: Point,
  to: Position,
): readonly [path: string, labelX: number, labelY: number] {
  const ends = {
    sourceX: start.x,
    sourceY: start.y,
    sourcePosition: from,
    targetX: end.x,
    targetY: end.y,
    targetPosition: to,
  };
  const back = from === Position.Right && to === Position.Left && runsBack(start, end);
  const [path, x, y] = back ? getSmoothStepPath({ ...ends, borderRadius: 14, offset: stub }) : getBezierPath(ends);
  return [path, x, y];
}
