import type * as tf from '@tensorflow/tfjs-core';
import { stack } from '@tensorflow/tfjs-core';
import { backThroughTime } from '../derived/back-through-time.tf.ts';
import type { DerivedProblem } from '../derived/problem.ts';
import { Slices } from '../derived/slices.tf.ts';
import { asRows } from '../product.tf.ts';
import type { StateParts } from '../recurrence.tf.ts';
import { maskSequence, timeline } from '../timeline.tf.ts';
import type { StepTrace } from './forward.tf.ts';
import { type ParameterTerms, parameterTerms } from './terms.tf.ts';

export interface TracedGradients {
  /** All of the gradient that arrives at each part of the state after each step, from that step's output and from later steps `[T, B, F]`; 0 at padding. */
  readonly states: readonly tf.Tensor3D[];
  /** `[T, B, I]`; `null` where the cell does not read its input. */
  readonly x: tf.Tensor3D | null;
  readonly initial: StateParts;
  /** By name in the equations, where `wantTerms` and the parameter has a gradient. */
  readonly terms: ReadonlyMap<string, ParameterTerms>;
}

/**
 * Back-propagation through time over what `traceForward` computed. Writes what it computes beside it.
 *
 * @param dSequence of the output of each step `[T, B, P]`; `null`: zero
 * @param dFinal of each part of the final state; `null`: zero
 */
export function traceBackward(
  problem: DerivedProblem,
  { values, matrices }: StepTrace,
  initial: StateParts,
  dSequence: tf.Tensor3D | null,
  dFinal: StateParts | null,
  wantTerms: boolean,
): TracedGradients {
  const { graph, given, gradients, backward: plan } = problem.program.schedule;
  const time = timeline(problem);
  values.run(plan.once);
  values.run(plan.slopes);
  const slices = new Slices(graph, values, problem.steps);
  const dHidden = dSequence === null ? null : maskSequence(time, dSequence);
  const parts = initial.map((_, index) => index);
  const { kept, dInitial } = backThroughTime(problem, matrices, slices, initial, dHidden, dFinal, time, parts);
  for (const [id, steps] of kept) values.set(id, asRows(stack(steps)));
  values.run(plan.rest);
  const shape = ([problem.steps, problem.rows, -1] as const).slice() as [number, number, number];
  return {
    states: given.gradients.map((id) => values.get(id).reshape(shape)),
    x: gradients.input === null ? null : values.get(gradients.input).reshape(shape),
    initial: dInitial,
    terms: wantTerms ? parameterTerms(problem, values, matrices) : new Map(),
  };
}
