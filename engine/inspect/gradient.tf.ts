import * as tf from '@tensorflow/tfjs-core';
import { cellProgram } from '../cells/cell-program.ts';
import { zeroState } from '../kernels/derived/rows.tf.ts';
import { equationWeights } from '../kernels/equation-weights.tf.ts';
import type { StateParts } from '../kernels/recurrence.tf.ts';
import { type TracedGradients, traceBackward } from '../kernels/traced/backward.tf.ts';
import { traceForward } from '../kernels/traced/forward.tf.ts';
import type { Place } from '../protocol/inspect.ts';
import { type Array32, readArray, sumOfArrays } from './arrays.tf.ts';
import { type CutRun, cutNetwork, type RunArrived, type RunSent } from './cut-network.tf.ts';
import type { Example } from './example.ts';
import type { Objective } from './objective.tf.ts';
import { inLongScope } from './scope.tf.ts';
import type { Subject } from './subject.ts';

/** What arrives at one direction of a layer. */
export interface RecurrenceGradient extends Place {
  /** ∂/∂ of each part of the state after each step `[T, F]`, by its name; all that arrives, from that step and from later ones. */
  readonly states: ReadonlyMap<string, Array32>;
  /** ∂/∂x `[T, I]`; `null` where the cell does not read its input. */
  readonly inputs: Array32 | null;
  /** By parameter: ‖G_t‖ and ⟨G_t, G⟩ of the terms of its gradient G, `[T]` each. */
  readonly terms: ReadonlyMap<string, { readonly norm: Float32Array; readonly along: Float32Array }>;
}

export interface Gradient {
  /** Of the objective itself. */
  readonly value: number;
  /** What arrives at each port that carries numbers `[T, F]`, by `portKey`. */
  readonly outputs: ReadonlyMap<string, Array32>;
  readonly recurrences: readonly RecurrenceGradient[];
}

/**
 * The gradient of a picked number with respect to every value, state and input, and step by step to what the cells learned. From the last
 * recurrence to the first, and in each from the last step to the first, a piece of work for each step: a thousand of them take seconds.
 */
export function* gradientOf(subject: Subject, example: Example, objective: Objective): Generator<undefined, Gradient> {
  const network = cutNetwork(subject, example);
  yield;
  const value = network.backFromObjective(objective);
  yield;
  const recurrences: RecurrenceGradient[] = [];
  for (const [index, run] of [...network.runs.entries()].reverse()) {
    const arrived = network.arrivedAt(index);
    if (arrived === null) continue;
    const directions: DirectionGradient[] = [];
    for (const direction of run.directions.keys())
      directions.push(yield* inLongScope(backThroughDirection(run, direction, arrived)));
    recurrences.unshift(...directions.map(({ gradient }) => gradient));
    network.backFromRun(index, sentBack(directions));
    yield;
  }
  return { value, outputs: network.outputs, recurrences };
}

interface DirectionGradient {
  readonly gradient: RecurrenceGradient;
  /** Of each part of the state that it began with. */
  readonly initial: readonly Array32[];
}

/** Through one direction of a recurrence by its equations, as autograd goes through it. One row. */
function* backThroughDirection(
  { place, time, input, sequence, initial, directions }: CutRun,
  index: number,
  { sequence: dSequence, final }: RunArrived,
): Generator<undefined, DirectionGradient> {
  const { cell } = place;
  const program = cellProgram(cell.equations, cell.hidden);
  const direction = directions[index] as CutRun['directions'][number];
  const { steps, rows, rowLengths: lengths } = time;
  const problem = { program, steps, rows, lengths, reverse: direction.reverse, inputGradient: true };
  const ofThis = (both: Array32): tf.Tensor3D =>
    tf.split(tensorOf<tf.Tensor3D>(both), directions.length, 2)[index] as tf.Tensor3D;
  const parts = (arrays: readonly Array32[]): StateParts => arrays.map((one) => tensorOf<tf.Tensor2D>(one));
  const x = tensorOf<tf.Tensor3D>(input);
  const start = initial[index] === null ? zeroState(program, rows) : parts(initial[index] ?? []);
  const weights = equationWeights(cell, direction.weights);
  const { values } = yield* traceForward(problem, x, weights, start, ofThis(sequence));
  const dFinal = final[index] === null ? null : parts(final[index] ?? []);
  const d = yield* traceBackward(
    problem,
    x,
    weights,
    start,
    values.get,
    dSequence === null ? null : ofThis(dSequence),
    dFinal,
    rows === 1,
  );
  return { gradient: read(place, direction.reverse, d), initial: d.initial.map(readArray) };
}

/** To what a recurrence was given: its input in both directions, and the states that they began with. */
const sentBack = (directions: readonly DirectionGradient[]): RunSent => ({
  input: directions.reduce<Array32 | null>(
    (sum, { gradient: { inputs } }) => (inputs === null ? sum : sumOfArrays(sum, inputs)),
    null,
  ),
  initial: directions.map(({ initial }) => initial),
});

const tensorOf = <T extends tf.Tensor>({ data, shape }: Array32): T => tf.tensor(data, [...shape]) as T;

function read({ module, layer, cell }: CutRun['place'], reverse: boolean, d: TracedGradients): RecurrenceGradient {
  const ofSteps = (tensor: tf.Tensor3D): Array32 => readArray(tensor.reshape([tensor.shape[0], -1]));
  return {
    node: module,
    layer,
    direction: reverse ? 'backward' : 'forward',
    states: new Map(cell.states.map(({ name }, part) => [name, ofSteps(d.states[part] as tf.Tensor3D)])),
    inputs: d.x === null ? null : ofSteps(d.x),
    terms: readTerms(d.terms),
  };
}

/** Out of the backend at once: there are many, and each is small. */
function readTerms(terms: TracedGradients['terms']): RecurrenceGradient['terms'] {
  if (terms.size === 0) return new Map();
  const { shape, data } = readArray(tf.stack([...terms.values()].flatMap(({ norm, along }) => [norm, along])));
  const steps = shape[1] ?? 0;
  const row = (at: number): Float32Array => data.subarray(at * steps, (at + 1) * steps);
  return new Map([...terms.keys()].map((name, at) => [name, { norm: row(2 * at), along: row(2 * at + 1) }]));
}
