import { Matrix, solve } from 'ml-matrix';
import type { CellProgram } from '../../cells/cell-program.ts';
import { type Block, StepEvaluation, type StepGiven } from '../../cells/step/evaluate.ts';
import { stepJacobian } from './jacobian.ts';
import { type Complex, modulus, spectrum } from './spectrum.ts';
import { joinParts, splitParts } from './state-blocks.ts';
import { largestOf, norm } from './vectors.ts';

/** A state that a step leaves where it is, under one input. */
export interface FixedPoint {
  /** All parts of the state side by side, `[S]`. */
  readonly state: Float64Array;
  /** ‖F(s, x) − s‖, as small as it could be made. */
  readonly speed: number;
  /** Whether it is one: otherwise a place where the state moves slowest, and may be a slow point (Sussillo and Barak 2013). */
  readonly converged: boolean;
  /** Of the step's Jacobian there, largest first. */
  readonly eigenvalues: readonly Complex[];
  /** Directions in which nearby states move away: eigenvalues above 1 in size. */
  readonly unstable: number;
  readonly kind: 'stable' | 'saddle' | 'unstable';
  /** Which of the starts led here. */
  readonly starts: readonly number[];
}

export interface FixedPointOptions {
  /** Steps of the search from each start at most. */
  readonly iterations?: number;
  /** Below it, in the largest number of F(s, x) − s, a point is one. */
  readonly tolerance?: number;
  /** Points nearer to each other than this, in the largest number, are one. */
  readonly apart?: number;
  /** Ends the search with what was found until then. */
  stop?(): boolean;
}

/**
 * Fixed points of a cell under a constant input: ‖F(s, x) − s‖² is made small from each start by Levenberg and Marquardt's steps, which
 * are Newton's near the point and downhill far from it (Sussillo and Barak 2013, “Opening the black box”). One result a start is yielded,
 * `null` where it led to no number, so that other work gets its turn; the points that differ are what is returned.
 *
 * @param given the constant input of one row, and what the cell has learned
 * @param starts states of a trace, `[n, S]`
 */
export function* fixedPoints(
  program: CellProgram,
  given: Pick<StepGiven, 'input' | 'parameters'>,
  starts: Block,
  { iterations = 100, tolerance = 1e-9, apart = 1e-4, stop = () => false }: FixedPointOptions = {},
): Generator<number, readonly FixedPoint[]> {
  const found: { state: Float64Array; speed: number; converged: boolean; starts: number[] }[] = [];
  for (let start = 0; start < starts.rows && !stop(); start++) {
    const from = starts.data.slice(start * starts.width, (start + 1) * starts.width);
    const end = search(program, given, from, { iterations, tolerance, stop });
    if (stop()) break;
    if (end !== null) {
      const same = found.find(({ state }) => largestOf(state.map((value, i) => value - (end.state[i] ?? 0))) < apart);
      if (same === undefined) found.push({ ...end, starts: [start] });
      else same.starts.push(start);
    }
    yield start + 1;
  }
  return found.map((point) => ({ ...point, ...stability(program, given, point.state) }));
}

const one = (data: Float64Array): Block => ({ rows: 1, width: data.length, data });

function stepAt(program: CellProgram, given: Pick<StepGiven, 'input' | 'parameters'>, state: Float64Array): StepEvaluation {
  const widths = program.states.map(({ width }) => width);
  return new StepEvaluation(program, { ...given, states: splitParts(one(state), widths) });
}

const motion = (step: StepEvaluation, state: Float64Array): Float64Array =>
  joinParts(step.next).data.map((value, i) => value - (state[i] ?? 0));

function search(
  program: CellProgram,
  given: Pick<StepGiven, 'input' | 'parameters'>,
  start: Float64Array,
  { iterations, tolerance, stop }: Required<Pick<FixedPointOptions, 'iterations' | 'tolerance' | 'stop'>>,
): { readonly state: Float64Array; readonly speed: number; readonly converged: boolean } | null {
  let state = start;
  let step = stepAt(program, given, state);
  let move = motion(step, state);
  let damping = 1e-3;
  for (let i = 0; i < iterations && largestOf(move) > tolerance && !stop(); i++) {
    const system = normalEquations(program, step, move);
    let better = false;
    for (let tries = 0; tries < 12 && !better; tries++) {
      const next = advance(state, system, damping);
      const at = next === null ? null : stepAt(program, given, next);
      const moved = next === null || at === null ? null : motion(at, next);
      if (next !== null && at !== null && moved !== null && norm(moved) < norm(move)) {
        [state, step, move] = [next, at, moved];
        damping = Math.max(damping / 10, 1e-15);
        better = true;
      } else damping *= 10;
    }
    if (!better) break;
  }
  const speed = norm(move);
  return Number.isFinite(speed) ? { state, speed, converged: largestOf(move) <= tolerance } : null;
}

interface System {
  /** AᵀA, A the Jacobian of F(s, x) − s. */
  readonly left: Matrix;
  /** −Aᵀ(F(s, x) − s) */
  readonly right: Matrix;
}

function normalEquations(program: CellProgram, step: StepEvaluation, move: Float64Array): System {
  const { rows, data } = stepJacobian(program, step);
  const jacobian = Matrix.sub(Matrix.from1DArray(rows, rows, data), Matrix.eye(rows));
  const transposed = jacobian.transpose();
  return { left: transposed.mmul(jacobian), right: transposed.mmul(Matrix.columnVector(move)).mul(-1) };
}

function advance(state: Float64Array, { left, right }: System, damping: number): Float64Array | null {
  const damped = Matrix.add(left, Matrix.eye(left.rows).mul(damping));
  try {
    const change = solve(damped, right);
    return state.map((value, i) => value + change.get(i, 0));
  } catch {
    // Singular: more damping makes it regular.
    return null;
  }
}

function stability(
  program: CellProgram,
  given: Pick<StepGiven, 'input' | 'parameters'>,
  state: Float64Array,
): Pick<FixedPoint, 'eigenvalues' | 'unstable' | 'kind'> {
  const eigenvalues = spectrum(stepJacobian(program, stepAt(program, given, state)))?.eigenvalues ?? [];
  const unstable = eigenvalues.filter((value) => modulus(value) > 1).length;
  const kind = unstable === 0 ? 'stable' : unstable === eigenvalues.length ? 'unstable' : 'saddle';
  return { eigenvalues, unstable, kind };
}
