import type { Block } from '../../cells/step/evaluate.ts';
import { norm, timesVector } from './vectors.ts';

/** Where the arrow of `h ← W h / ‖W h‖` stands, and how long `W h` was before it was made 1 long. */
export interface Arrow {
  readonly direction: Float64Array;
  /** ‖W h‖ with ‖h‖ = 1: tends to |λ₁| where the dominant eigenvalue is real, and keeps changing where it is one of a pair. */
  readonly stretch: number;
}

/**
 * The lecture's picture of how signals fade (row L21): one vector, again and again multiplied by the matrix and made 1 long.
 *
 * @param start any vector but zero, `[H]`
 * @returns the start itself first (its stretch is 1), then one arrow for each product; fewer where a product is zero or no number
 */
export function powerIteration(matrix: Block, start: Float64Array, steps: number): readonly Arrow[] {
  const length = norm(start);
  if (!(length > 0) || !Number.isFinite(length)) return [];
  const arrows: Arrow[] = [{ direction: start.map((value) => value / length), stretch: 1 }];
  for (let step = 0; step < steps; step++) {
    const next = timesVector(matrix, arrows.at(-1)?.direction ?? start);
    const stretch = norm(next);
    if (!(stretch > 0) || !Number.isFinite(stretch)) break;
    arrows.push({ direction: next.map((value) => value / stretch), stretch });
  }
  return arrows;
}
