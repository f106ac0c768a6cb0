import type { MethodResult } from '../../engine/protocol/contract.ts';

export type Arrow = MethodResult<'inspect.arrow'>;

/** Where the arrow starts, in its plane: at most 1 from the middle, and on the circle where there is nothing outside of the plane. */
export interface ArrowStart {
  readonly x: number;
  readonly y: number;
}

/** Where the arrow is after so many products; `x` and `y` are what lies in the plane of a vector 1 long. */
export interface ArrowPoint {
  readonly x: number;
  readonly y: number;
  /** ‖W h‖ of the last product; 1 at the start. */
  readonly stretch: number;
}

/** A start that the plane can hold. */
export function heldStart({ directions }: Pick<Arrow, 'directions'>, { x, y }: ArrowStart): ArrowStart {
  const length = Math.hypot(x, y);
  if (directions > 2 ? length <= 1 : Math.abs(length - 1) < 1e-12) return { x, y };
  return length === 0 ? { x: 1, y: 0 } : { x: x / length, y: y / length };
}

/** `h ← W h / ‖W h‖` from a start, out of where the directions of the plane go: exact, and nothing is multiplied anew. */
export function arrowPoints(arrow: Arrow, start: ArrowStart): readonly ArrowPoint[] {
  const { x, y } = heldStart(arrow, start);
  const outside = Math.sqrt(Math.max(0, 1 - x * x - y * y));
  const parts = [x, y, outside].slice(0, arrow.directions);
  const along = (row: readonly number[]): number => parts.reduce((sum, part, i) => sum + part * (row[i] ?? 0), 0);
  let before = 0;
  const points: ArrowPoint[] = [];
  for (const { across, up, gram, scale } of arrow.products) {
    const size = parts.length;
    const length = Math.sqrt(along(parts.map((_, i) => along(gram.slice(i * size, (i + 1) * size)))));
    // What is left is rounding: this start's products are nothing.
    if (!(length > 1e-8)) break;
    const now = Math.log(length) + scale;
    points.push({ x: along(across) / length, y: along(up) / length, stretch: points.length === 0 ? 1 : Math.exp(now - before) });
    before = now;
  }
  return points;
}
