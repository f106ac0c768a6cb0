import type { CellProgram } from '../../cells/cell-program.ts';
import { type Block, StepEvaluation } from '../../cells/step/evaluate.ts';
import { stepOrder } from '../../kernels/recurrence.ts';
import type { RecurrenceHealth } from '../../protocol/health.ts';
import { SquashedValues, UnitSpans } from './value-counts.ts';

/** A recurrence over a few rows, as a training step ran it, with the gradients that reached its outputs. */
export interface MeasuredRecurrence {
  readonly program: CellProgram;
  readonly steps: number;
  readonly rows: number;
  /** Real steps of each row. */
  readonly lengths: readonly number[];
  readonly reverse: boolean;
  /** By names of the equations. */
  readonly parameters: ReadonlyMap<string, Block>;
  /** `[T, rows, I]` */
  readonly input: Float32Array;
  /** State before the first step, `[rows, width]` of each part; `null` is zeros. */
  readonly initial: readonly Float32Array[] | null;
  /** `[T, rows, P]` of h after each step; `null` where nothing read them. */
  readonly sequenceGradient: Float32Array | null;
  /** `[rows, width]` of each part of the final state; `null` where nothing read it. */
  readonly finalGradients: readonly (Float32Array | null)[];
}

type Measured = Omit<RecurrenceHealth, 'node' | 'layer' | 'direction'>;

/** Distances that are told of a long sequence. */
const mostDistances = 33;

/** Runs it again out of the cell's equations, in double precision, forwards and back. Yields after each step, so that it can give way. */
export function* measureRecurrence(run: MeasuredRecurrence): Generator<void, Measured> {
  const order = stepOrder(run.steps, run.reverse);
  const evaluations: StepEvaluation[] = [];
  const squashed = new SquashedValues(run.program);
  const spans = new UnitSpans(run.program.states[0]?.width ?? 0);
  let state = startOf(run);
  for (const t of order) {
    const evaluation = new StepEvaluation(run.program, {
      input: rowsAt(run.input, run, t),
      states: state,
      parameters: run.parameters,
    });
    const next = evaluation.next;
    const ended = endedAt(run, t);
    squashed.count(evaluation, ended);
    if (next[0]) spans.count(next[0], ended);
    state = next.map((part, index) => blend(part, state[index], ended));
    evaluations.push(evaluation);
    yield;
  }
  const whole = yield* backwards(run, order, evaluations, false);
  // Without gradients on the way the last step's is all there is.
  const last = run.sequenceGradient === null ? whole : yield* backwards(run, order, evaluations, true);
  const distances = spread(Math.max(...run.lengths));
  return {
    distances,
    gradients: run.program.states.map(({ name }, part) => ({
      state: name,
      norms: distances.map((distance) => rootMean(whole.map((row) => row[distance]?.[part]))),
    })),
    kept: keptOf(last),
    steps: run.lengths.reduce((sum, length) => sum + length - 1, 0) / run.rows,
    squashed: squashed.shares(),
    dead: spans.dead(),
    units: run.program.states[0]?.width ?? 0,
  };
}

/** Length of the gradient of each part of the state, of each row, by how many steps before the row's last one. */
type Lengths = readonly (readonly (readonly number[])[])[];

/** @param lastAlone only what reached a row's last step and its final state is sent back */
function* backwards(
  run: MeasuredRecurrence,
  order: readonly number[],
  evaluations: readonly StepEvaluation[],
  lastAlone: boolean,
): Generator<void, Lengths> {
  const found: number[][][] = Array.from({ length: run.rows }, () => []);
  let arrived = run.program.states.map(({ width }, part): Block => {
    const given = run.finalGradients[part];
    return { rows: run.rows, width, data: given ? Float64Array.from(given) : new Float64Array(run.rows * width) };
  });
  for (let index = order.length - 1; index >= 0; index--) {
    const t = order[index] ?? 0;
    const ended = endedAt(run, t);
    const isLast = ended.map((gone, row) => !gone && found[row]?.length === 0);
    addOutputs(run, arrived[0], t, (row) => ended[row] === false && (!lastAlone || isLast[row] === true));
    ended.forEach((gone, row) => {
      if (!gone) found[row]?.push(arrived.map((part) => rowLength(part, row)));
    });
    const before = evaluations[index]?.pullBack(arrived) ?? arrived;
    arrived = before.map((part, at) => blend(part, arrived[at], ended));
    yield;
  }
  return found;
}

function addOutputs(run: MeasuredRecurrence, into: Block | undefined, t: number, wanted: (row: number) => boolean): void {
  if (run.sequenceGradient === null || into === undefined) return;
  const { data, width } = rowsAt(run.sequenceGradient, run, t);
  for (let row = 0; row < run.rows; row++) {
    if (!wanted(row)) continue;
    for (let i = row * width; i < (row + 1) * width; i++) into.data[i] = (into.data[i] ?? 0) + (data[i] ?? 0);
  }
}

const startOf = ({ program, rows, initial }: MeasuredRecurrence): readonly Block[] =>
  program.states.map(({ width }, part) => {
    const given = initial?.[part];
    return { rows, width, data: given ? Float64Array.from(given) : new Float64Array(rows * width) };
  });

function rowsAt(all: Float32Array, { steps, rows }: MeasuredRecurrence, t: number): Block {
  const size = all.length / steps;
  return { rows, width: size / rows, data: Float64Array.from(all.subarray(t * size, (t + 1) * size)) };
}

const endedAt = ({ lengths }: MeasuredRecurrence, t: number): readonly boolean[] => lengths.map((length) => t >= length);

/** Rows that have ended keep what they had. */
function blend(next: Block, before: Block | undefined, ended: readonly boolean[]): Block {
  if (before === undefined || !ended.includes(true)) return { ...next, data: next.data.slice() };
  const { width } = next;
  const data = next.data.slice();
  ended.forEach((gone, row) => {
    if (gone) data.set(before.data.subarray(row * width, (row + 1) * width), row * width);
  });
  return { ...next, data };
}

function rowLength({ width, data }: Block, row: number): number {
  let sum = 0;
  for (let i = row * width; i < (row + 1) * width; i++) sum += (data[i] ?? 0) ** 2;
  return Math.sqrt(sum);
}

/** 0 … longest − 1, or so many of them. */
function spread(longest: number): number[] {
  if (longest <= mostDistances) return Array.from({ length: longest }, (_, i) => i);
  return Array.from({ length: mostDistances }, (_, i) => Math.round((i * (longest - 1)) / (mostDistances - 1)));
}

function rootMean(values: readonly (number | undefined)[]): number {
  const present = values.filter((value) => value !== undefined);
  return Math.sqrt(present.reduce((sum, value) => sum + value * value, 0) / present.length);
}

/** Geometric mean over rows of what is left at the first step. */
function keptOf(lengths: Lengths): number | null {
  const logarithms = lengths.flatMap((row) => {
    const [last, first] = [row[0], row.at(-1)].map((parts) => Math.hypot(...(parts ?? [])));
    if (row.length < 2 || last === undefined || first === undefined || last === 0) return [];
    return [Math.log(first / last)];
  });
  if (logarithms.length === 0) return null;
  return Math.exp(logarithms.reduce((sum, value) => sum + value, 0) / logarithms.length);
}
