import { type CellProgram, cellProgram } from '../../cells/cell-program.ts';
import { type Block, StepEvaluation, type StepGiven } from '../../cells/step/evaluate.ts';
import { type FixedPoint, fixedPoints } from './fixed-points.ts';
import type { AskedCell } from './questions.ts';
import { joinParts, splitParts } from './state-blocks.ts';
import { largestOf, rowOf } from './vectors.ts';

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
/** Steps after which a state has settled where it is drawn to, and how long that may take at most, ms. */
const settling = { steps: 300, time: 10_000 } as const;

/**
 * Fixed points from as many of the starts as there is time for. Each is searched from twice: from where it goes by itself under the input,
 * which finds what draws states to it, and from where it is, which finds the points between. A point's `starts` count once for both.
 */
export function findFixedPoints(
  { cell, input, starts, stop }: FixedPointsQuestion,
  onProgress: (done: number, of: number) => void,
): FixedPointsAnswer {
  const program = cellProgram(cell.equations, cell.hidden);
  const began = performance.now();
  const given = { input, parameters: cell.parameters };
  const settled = settle(program, given, starts, stop);
  const count = starts.rows;
  const search = fixedPoints(program, given, alternated(settled, starts), {
    stop: () => Atomics.load(stop, 0) !== 0 || performance.now() - began > longest,
  });
  for (let searched = 0; ; ) {
    const { done, value } = search.next();
    if (done === true) {
      const points = value.map((point) => ({ ...point, starts: [...new Set(point.starts.map((at) => at >> 1))] }));
      return { searched: Math.min(count, searched >> 1), points };
    }
    searched = value;
    if (searched % 2 === 0) onProgress(searched / 2, count);
  }
}

/** Where states go by themselves. */
function settle(program: CellProgram, given: Pick<StepGiven, 'input' | 'parameters'>, starts: Block, stop: Int32Array): Block {
  const widths = program.states.map(({ width }) => width);
  const began = performance.now();
  let states = starts;
  for (let step = 0; step < settling.steps && Atomics.load(stop, 0) === 0; step++) {
    if (performance.now() - began > settling.time) break;
    const next = joinParts(new StepEvaluation(program, { ...given, states: splitParts(states, widths) }).next);
    const moved = largestOf(next.data.map((value, i) => value - (states.data[i] ?? 0)));
    states = next;
    if (!(moved > 1e-12)) break;
  }
  return states;
}

/** The rows of two blocks in turn. */
function alternated(first: Block, second: Block): Block {
  const { rows, width } = first;
  const data = new Float64Array(2 * rows * width);
  for (let row = 0; row < rows; row++) {
    data.set(rowOf(first, row), 2 * row * width);
    data.set(rowOf(second, row), (2 * row + 1) * width);
  }
  return { rows: 2 * rows, width, data };
}
