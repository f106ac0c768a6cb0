import * as tf from '@tensorflow/tfjs-core';
import { planTrace } from '../../cells/step/trace-plan.ts';
import { previousStates } from '../composed/steps.tf.ts';
import type { DerivedProblem } from '../derived/problem.ts';
import { everyRow, inputRows } from '../derived/rows.tf.ts';
import { Slices } from '../derived/slices.tf.ts';
import { Matrices, Values } from '../derived/values.tf.ts';
import { asRows } from '../product.tf.ts';
import type { StateParts } from '../recurrence.tf.ts';
import { at, keepEnded, timeline } from '../timeline.tf.ts';

/** Every value of a recurrence at every step. */
export interface StepTrace {
  /** By node of the cell's step, `[T·B, F]`; one row where all rows share it. What stands at padding is arbitrary, but finite. */
  readonly values: Values;
  /** Each part of the state after each step `[T, B, F]`; a row that has ended keeps its state. */
  readonly states: readonly tf.Tensor3D[];
  readonly final: StateParts;
}

/**
 * Computes every value of a cell's equations at every step; a piece of work for each step that needs the one before it.
 *
 * @param x `[T, B, I]`
 * @param weights by their names in the equations
 * @param initial state before the first step
 * @param output of each step `[T, B, P]` where kernels have computed it: then little is left that needs one step after another, and what
 * the equations make of each step's state can be compared with the next. `null`: everything is computed from the equations
 */
export function* traceForward(
  problem: DerivedProblem,
  x: tf.Tensor3D,
  weights: ReadonlyMap<string, tf.Tensor>,
  initial: StateParts,
  output: tf.Tensor3D | null,
): Generator<undefined, StepTrace> {
  const { program, steps, rows } = problem;
  const { graph, given, next } = program.schedule;
  const plan = planTrace(program, output === null ? [] : [0]);
  const time = timeline(problem);
  const matrices = new Matrices(weights);
  const all = new Values(graph, matrices, null);
  all.set(given.input, inputRows(problem, x));
  all.run(plan.once);
  all.run(plan.inputs);
  const states: tf.Tensor3D[] = [];
  const know = (part: number, after: tf.Tensor3D): void => {
    states[part] = after;
    all.set(at(given.states, part), asRows(previousStates(after, at(initial, part), time)));
  };
  if (output !== null) know(0, endedKept(problem, output, at(initial, 0)));
  all.run(plan.early);
  if (plan.unknown.length > 0) {
    const slices = new Slices(graph, all, steps);
    const after = plan.unknown.map((): tf.Tensor2D[] => []);
    let state: StateParts = plan.unknown.map((part) => at(initial, part));
    for (const t of time.order) {
      const step = new Values(graph, matrices, slices.at(t), slices.joinedAt(t));
      for (const [index, part] of plan.unknown.entries()) step.set(at(given.states, part), at(state, index));
      step.run(plan.loop);
      const before = state;
      state = plan.unknown.map((part, index) =>
        keepEnded(time.masks[t], everyRow(step.get(at(next, part)), rows), at(before, index)),
      );
      for (const [index, part] of state.entries()) at(after, index)[t] = part;
      step.release(new Set([...initial, ...before, ...state]));
      yield;
    }
    for (const [index, part] of plan.unknown.entries()) know(part, tf.stack(at(after, index)) as tf.Tensor3D);
  }
  all.run(plan.late);
  const last = problem.reverse ? 0 : steps - 1;
  const final = states.map((after) => after.slice([last, 0, 0], [1, rows, -1]).reshape<tf.Tensor2D>([rows, -1]));
  return { values: all, states, final };
}

/** A sequence that is zero at padding, as a state that a row which has ended keeps: its last one, backwards in time its first. */
function endedKept({ steps, rows, lengths, reverse }: DerivedProblem, output: tf.Tensor3D, initial: tf.Tensor2D): tf.Tensor3D {
  if (lengths.every((length) => length === steps)) return output;
  const sources = Int32Array.from({ length: steps * rows }, (_, index) => {
    const row = index % rows;
    const length = lengths[row] ?? 1;
    if (index < length * rows) return index;
    return reverse ? steps * rows + row : (length - 1) * rows + row;
  });
  const all = tf.concat2d([asRows(output), initial], 0);
  return tf.gather(all, tf.tensor1d(sources, 'int32')).reshape(output.shape);
}
