import { cellProgram } from '../../cells/cell-program.ts';
import type { Block } from '../../cells/step/evaluate.ts';
import { type FixedPoint, fixedPoints } from './fixed-points.ts';
import type { AskedCell } from './questions.ts';

export interface FixedPointsQuestion {
  readonly kind: 'fixedPoints';
  readonly cell: AskedCell;
  /** `[1, I]` */
  readonly input: Block;
  /** `[n, S]` */
  readonly starts: Block;
  /** Shared: what is not 0 there ends the search. */
  readonly stop: Int32Array;
}

export interface FixedPointsAnswer {
  readonly searched: number;
  readonly points: readonly FixedPoint[];
}

/** The search takes no other start after so long, ms. */
const longest = 60_000;

/** Fixed points from as many of the starts as there is time for. */
export function findFixedPoints(
  { cell, input, starts, stop }: FixedPointsQuestion,
  onProgress: (done: number) => void,
): FixedPointsAnswer {
  const program = cellProgram(cell.equations, cell.hidden);
  const began = performance.now();
  const given = { input, parameters: cell.parameters };
  const search = fixedPoints(program, given, starts, {
    stop: () => Atomics.load(stop, 0) !== 0 || performance.now() - began > longest,
  });
  for (let searched = 0; ; ) {
    const { done, value } = search.next();
    if (done === true) return { searched, points: value };
    searched = value;
    onProgress(searched);
  }
}
