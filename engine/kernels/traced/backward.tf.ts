import type * as tf from '@tensorflow/tfjs-core';
import { stack } from '@tensorflow/tfjs-core';
import type { CellProgram } from '../../cells/cell-program.ts';
import type { NodeId } from '../../cells/step/graph.ts';
import { backThroughTime } from '../derived/back-through-time.tf.ts';
import type { DerivedProblem } from '../derived/problem.ts';
import { inputRows } from '../derived/rows.tf.ts';
import { Slices } from '../derived/slices.tf.ts';
import { Matrices, Values } from '../derived/values.tf.ts';
import { asRows } from '../product.tf.ts';
import type { StateParts } from '../recurrence.tf.ts';
import { maskSequence, timeline } from '../timeline.tf.ts';
import { type ParameterTerms, parameterTerms } from './terms.tf.ts';

export interface TracedGradients {
  /**
   * All of the gradient that arrives at each part of the state after each step `[T, B, F]`: from that step's output, from its other parts
   * (at c through h = o tanh(c)) and from later steps; 0 at padding.
   */
  readonly states: readonly tf.Tensor3D[];
  /** `[T, B, I]`; `null` where the cell does not read its input. */
  readonly x: tf.Tensor3D | null;
  readonly initial: StateParts;
  /** By name in the equations, where `wantTerms` and the parameter has a gradient. */
  readonly terms: ReadonlyMap<string, ParameterTerms>;
}

/** Nodes of the forward pass whose values `traceBackward` needs. */
export const neededBackwards = ({ schedule: { saved, given } }: CellProgram): readonly NodeId[] => [...saved, ...given.states];

/**
 * Back-propagation through time over what `traceForward` computed, by the equations' own gradient; a piece of work for each step, then for
 * each parameter.
 *
 * @param x `[T, B, I]`
 * @param weights by their names in the equations
 * @param known value of each of `neededBackwards` at every step
 * @param dSequence of the output of each step `[T, B, P]`; `null`: zero
 * @param dFinal of each part of the final state; `null`: zero
 * @param wantTerms for one row only
 */
export function* traceBackward(
  problem: DerivedProblem,
  x: tf.Tensor3D,
  weights: ReadonlyMap<string, tf.Tensor>,
  initial: StateParts,
  known: (id: NodeId) => tf.Tensor2D,
  dSequence: tf.Tensor3D | null,
  dFinal: StateParts | null,
  wantTerms: boolean,
): Generator<undefined, TracedGradients> {
  const { program, steps, rows } = problem;
  const { graph, given, gradients, backward: plan } = program.schedule;
  const time = timeline(problem);
  const matrices = new Matrices(weights);
  const values = new Values(graph, matrices, null);
  values.set(given.input, inputRows(problem, x));
  for (const id of neededBackwards(program)) values.set(id, known(id));
  values.run(plan.once);
  values.run(plan.slopes);
  const slices = new Slices(graph, values, steps);
  const dHidden = dSequence === null ? null : maskSequence(time, dSequence);
  const looped = new Set(plan.step.flatMap((one) => (one.kind === 'node' ? [one.id] : one.results)));
  const also = [...given.gradients, ...gradients.after.filter((id) => looped.has(id))];
  const { kept, dInitial } = yield* backThroughTime(problem, matrices, slices, initial, dHidden, dFinal, time, also);
  for (const [id, each] of kept) values.set(id, asRows(stack(each)));
  values.run(plan.rest);
  yield;
  const ofSteps = (value: tf.Tensor2D): tf.Tensor3D => value.reshape([steps, rows, value.shape[1]]);
  return {
    states: gradients.after.map((id) => ofSteps(values.get(id))),
    x: gradients.input === null ? null : ofSteps(values.get(gradients.input)),
    initial: dInitial,
    terms: wantTerms ? yield* parameterTerms(problem, values, matrices) : new Map(),
  };
}
