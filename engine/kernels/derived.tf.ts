import * as tf from '@tensorflow/tfjs-core';
import type { CellProgram } from '../cells/cell-program.ts';
import { registerProgram } from '../cells/program/register-program.ts';
import { atOnce } from '../event-loop.ts';
import type { BidirectionalOutput, BothWays } from './bidirectional.tf.ts';
import { previousStates } from './composed/steps.tf.ts';
import { tellComposed } from './composed-cells.ts';
import { backThroughTime } from './derived/back-through-time.tf.ts';
import type { DerivedProblem } from './derived/problem.ts';
import { runProgram } from './derived/program.tf.ts';
import { everyRow, inputRows, zeroState } from './derived/rows.tf.ts';
import { Slices } from './derived/slices.tf.ts';
import { Matrices, Values } from './derived/values.tf.ts';
import { programOp } from './implementations.tf.ts';
import { listValues, opOfSeveralValues, unlistValues } from './op-value.tf.ts';
import { asRows } from './product.tf.ts';
import type { ProgramOp } from './program-op.tf.ts';
import type { RecurrenceOutput, StateParts } from './recurrence.tf.ts';
import { at, keepEnded, maskSequence, timeline } from './timeline.tf.ts';

/**
 * The recurrence of a cell out of its equations, with the gradient that differentiating them gives: as a register program where the backend
 * has an op for it; otherwise composed, where what needs only the input is computed for all steps before the loop, and of the gradients
 * everything that no later step is needed for.
 *
 * @param x `[T, B, I]`
 * @param weights in the order of the program's parameters
 * @param initial `null` starts from zeros
 */
export function derivedRecurrence(
  problem: DerivedProblem,
  x: tf.Tensor3D,
  weights: readonly tf.Tensor[],
  initial: StateParts | null,
  want: { readonly sequence: boolean; readonly final: boolean },
): RecurrenceOutput {
  const op = programOpFor(problem, x);
  if (op !== null) return runProgram(op, problem, x, [weights], initial ?? [], want);
  const { program, rows } = problem;
  const start = initial ?? zeroState(program, rows);
  const tensors = [x, ...weights, ...start];
  const values = opOfSeveralValues(tensors, (save) => {
    const run = forward(problem, x, named(program, weights), start);
    save([...tensors, ...run.saved]);
    return {
      values: listValues(want.sequence ? maskSequence(timeline(problem), run.output) : null, want.final ? run.final : null),
      gradients(dValues, saved) {
        const [dSequence, dFinal] = unlistValues(dValues, want);
        const given = {
          x: saved[0] as tf.Tensor3D,
          weights: named(program, saved.slice(1, 1 + weights.length)),
          initial: saved.slice(1 + weights.length, tensors.length) as tf.Tensor2D[],
          saved: saved.slice(tensors.length),
        };
        return backward(problem, given, dSequence, dFinal);
      },
    };
  });
  const [sequence, final] = unlistValues(values, want);
  return { sequence, final };
}

/** The same in both directions, with weights of their own; outputs side by side. */
export function derivedBothWays(
  problem: Omit<DerivedProblem, 'reverse'>,
  x: tf.Tensor3D,
  weights: BothWays<readonly tf.Tensor[]>,
  initial: BothWays<StateParts> | null,
  want: { readonly sequence: boolean; readonly final: boolean },
): BidirectionalOutput {
  const op = programOpFor(problem, x);
  if (op !== null) {
    const { sequence, final } = runProgram(op, { ...problem, reverse: false }, x, weights, initial?.flat() ?? [], want);
    const parts = problem.program.states.length;
    return { sequence, final: final && [final.slice(0, parts), final.slice(parts)] };
  }
  const ahead = derivedRecurrence({ ...problem, reverse: false }, x, weights[0], initial?.[0] ?? null, want);
  const back = derivedRecurrence({ ...problem, reverse: true }, x, weights[1], initial?.[1] ?? null, want);
  return {
    sequence: ahead.sequence && back.sequence && tf.concat3d([ahead.sequence, back.sequence], 2),
    final: ahead.final && back.final && [ahead.final, back.final],
  };
}

/** The op for register programs, where there is one and the cell is not too large for it: that is told. */
function programOpFor({ program, ...problem }: Omit<DerivedProblem, 'reverse'>, x: tf.Tensor3D): ProgramOp | null {
  const op = programOp();
  const beyond = op?.beyond({ ...problem, program: registerProgram(program, x.shape[2]) }) ?? null;
  if (beyond === null) return op;
  tellComposed(program, beyond);
  return null;
}

const named = ({ parameters }: CellProgram, weights: readonly tf.Tensor[]): ReadonlyMap<string, tf.Tensor> =>
  new Map(parameters.map(({ name }, index) => [name, at(weights, index)]));

/** State after each step, by part, and values that are kept, for all steps. */
function forward(
  problem: DerivedProblem,
  x: tf.Tensor3D,
  weights: ReadonlyMap<string, tf.Tensor>,
  initial: StateParts,
): { readonly output: tf.Tensor3D; readonly final: StateParts; readonly saved: readonly tf.Tensor[] } {
  const { graph, next, given, saved, savedStates, forward: plan } = problem.program.schedule;
  const { order, masks } = timeline(problem);
  const matrices = new Matrices(weights);
  const all = new Values(graph, matrices, null);
  all.set(given.input, inputRows(problem, x));
  all.run(plan.once);
  all.run(plan.inputs);
  const slices = new Slices(graph, all, problem.steps);
  const inLoop = saved.filter((id) => !all.has(id));
  const kept = inLoop.map((): tf.Tensor2D[] => []);
  const after = next.map((): tf.Tensor2D[] => []);
  let state = initial;
  for (const t of order) {
    const step = new Values(graph, matrices, slices.at(t), slices.joinedAt(t));
    for (const [index, part] of state.entries()) step.set(at(given.states, index), part);
    step.run(plan.step);
    const before = state;
    state = next.map((id, index) => keepEnded(masks[t], everyRow(step.get(id), problem.rows), at(before, index)));
    for (const [index, part] of state.entries()) at(after, index)[t] = part;
    for (const [index, id] of inLoop.entries()) at(kept, index)[t] = step.get(id);
    step.release(new Set([...before, ...state, ...inLoop.map((id) => step.get(id))]));
  }
  const stacks = new Map(inLoop.map((id, index) => [id, tf.stack(at(kept, index)) as tf.Tensor3D]));
  const states = after.map((part) => tf.stack(part) as tf.Tensor3D);
  return {
    output: at(states, 0),
    final: state,
    saved: [...saved.map((id) => stacks.get(id) ?? all.get(id)), ...savedStates.map((index) => at(states, index))],
  };
}

interface Given {
  readonly x: tf.Tensor3D;
  readonly weights: ReadonlyMap<string, tf.Tensor>;
  readonly initial: StateParts;
  /** As `forward` gave it. */
  readonly saved: readonly tf.Tensor[];
}

/** Gradients of the input, of each weight and of each part of the initial state. */
function backward(
  problem: DerivedProblem,
  { x, weights, initial, saved }: Given,
  dSequence: tf.Tensor3D | null,
  dFinal: StateParts | null,
): tf.Tensor[] {
  const { schedule, parameters } = problem.program;
  const { graph, given, gradients, backward: plan } = schedule;
  const time = timeline(problem);
  const matrices = new Matrices(weights);
  const all = new Values(graph, matrices, null);
  all.set(given.input, inputRows(problem, x));
  schedule.saved.forEach((id, index) => {
    all.set(id, asRows(at(saved, index)));
  });
  schedule.savedStates.forEach((part, index) => {
    const after = at(saved, schedule.saved.length + index) as tf.Tensor3D;
    all.set(at(given.states, part), asRows(previousStates(after, at(initial, part), time)));
  });
  all.run(plan.once);
  all.run(plan.slopes);
  const dHidden = dSequence === null ? null : maskSequence(time, dSequence);
  const slices = new Slices(graph, all, problem.steps);
  const keptGradients = plan.keptStates.map((index) => at(given.gradients, index));
  const { kept, dInitial } = atOnce(backThroughTime(problem, matrices, slices, initial, dHidden, dFinal, time, keptGradients));
  for (const [id, steps] of kept) all.set(id, asRows(tf.stack(steps)));
  if (!problem.inputGradient) all.run(plan.rest.filter((one) => one.kind !== 'node' || one.id !== gradients.input));
  else all.run(plan.rest);
  all.run(plan.sums);
  const dInput = problem.inputGradient && gradients.input !== null ? all.get(gradients.input) : null;
  return [
    dInput === null ? tf.zerosLike(x) : dInput.reshape(x.shape),
    ...parameters.map(({ name }) => {
      const weight = matrices.weight(name);
      const gradient = gradients.parameters.get(name);
      return gradient === undefined ? tf.zerosLike(weight) : all.get(gradient).reshape(weight.shape);
    }),
    ...dInitial,
  ];
}
