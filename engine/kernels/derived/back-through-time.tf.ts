import * as tf from '@tensorflow/tfjs-core';
import type { NodeId } from '../../cells/step/graph.ts';
import { stepGradients } from '../composed/steps.tf.ts';
import type { StateParts } from '../recurrence.tf.ts';
import { at, passEnded, type Timeline } from '../timeline.tf.ts';
import type { DerivedProblem } from './problem.ts';
import type { Slices } from './slices.tf.ts';
import { type Matrices, Values } from './values.tf.ts';

/**
 * The loop from the last step to the first, a piece of work for each: gradients that are needed for all steps, and those of the initial state.
 *
 * @param dHidden gradient of the output of each step `[T, B, P]`, zero at padding
 * @param dFinal gradient of each part of the final state
 * @param also gradients of the step that are kept too, zero at padding
 * @returns `kept` by node, `[B, F]` a step
 */
export function* backThroughTime(
  problem: DerivedProblem,
  matrices: Matrices,
  slices: Slices,
  initial: StateParts,
  dHidden: tf.Tensor3D | null,
  dFinal: StateParts | null,
  { order, masks }: Timeline,
  also: readonly NodeId[],
): Generator<undefined, { readonly kept: ReadonlyMap<number, tf.Tensor2D[]>; readonly dInitial: StateParts }> {
  const { graph, given, gradients, backward: plan } = problem.program.schedule;
  const kept = new Map([...plan.kept, ...also].map((id): [number, tf.Tensor2D[]] => [id, []]));
  const dOut = stepGradients(dHidden);
  const zeros = initial.map((part) => tf.zerosLike(part));
  let carried: StateParts = dFinal ?? zeros;
  for (const t of [...order].reverse()) {
    const mask = masks[t];
    const arrived = carried.map((part, index) => (index === 0 ? dOut(t, part) : part));
    const real = arrived.map((part) => (mask ? part.mul<tf.Tensor2D>(mask.real) : part));
    const step = new Values(graph, matrices, slices.at(t), slices.joinedAt(t));
    for (const [index, part] of real.entries()) step.set(at(given.gradients, index), part);
    step.run(plan.step);
    const before = gradients.states.map((id, index) => (id === null ? at(zeros, index) : step.get(id)));
    carried = before.map((part, index) => passEnded(mask, part, at(arrived, index)));
    for (const [id, steps] of kept) steps[t] = step.get(id);
    step.release(new Set([...real, ...arrived, ...before, ...carried, ...[...kept.keys()].map((id) => step.get(id))]));
    yield;
  }
  return { kept, dInitial: carried };
}
