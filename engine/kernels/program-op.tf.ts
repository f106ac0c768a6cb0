import type * as tf from '@tensorflow/tfjs-core';
import type { Place } from '../cells/program/format.ts';
import type { Excess } from '../cells/program/limits.ts';
import type { RegisterProgram } from '../cells/program/register-program.ts';
import type { StateParts } from './recurrence.tf.ts';
import type { RecurrenceProblem } from './recurrence.ts';

/** A register program over a padded batch. */
export interface ProgramProblem extends Omit<RecurrenceProblem, 'cell'> {
  readonly program: RegisterProgram;
}

/** What one direction of a program is given, in the order of its tables. */
export interface ProgramWeights {
  /** `[R, C]` each. */
  readonly matrices: readonly tf.Tensor[];
  /** As many numbers as each is wide, in any shape. */
  readonly vectors: readonly tf.Tensor[];
}

export interface ProgramGradients {
  /** `[R, C]` each, in the order of the program's `outerNodes`. */
  readonly outers: readonly tf.Tensor2D[];
  /** `[F]` each, in the order of its `sumNodes`. */
  readonly sums: readonly tf.Tensor1D[];
  /** Empty where the initial state was zeros that nobody gave. */
  readonly initial: StateParts;
}

/** An op that runs a register program in one direction, or in both at once, the second set of weights against the first. */
export interface ProgramOp {
  /** Why it cannot run a problem, either way: the program, or what it needs in memory, is too large; `null` where it can. */
  beyond(problem: Omit<ProgramProblem, 'reverse'>): Excess | null;
  /**
   * @param x `[T, B, I]`
   * @param initial parts of the first direction, then of the second; none: zeros
   * @param keep whether a gradient may be asked for
   * @returns the sequence `[T, B, D·P]`, parts of the final state, and what `backward` needs
   */
  forward(
    problem: ProgramProblem,
    x: tf.Tensor3D,
    weights: readonly ProgramWeights[],
    initial: StateParts,
    keep: boolean,
  ): { readonly sequence: tf.Tensor3D; readonly final: StateParts; readonly saved: readonly tf.Tensor[] };
  /**
   * @param dSequence `[T, B, D·P]`; `null`: zero
   * @param dFinal of each part of each direction; `null`: zero
   * @returns `x` is `null` where the problem does not want it
   */
  backward(
    problem: ProgramProblem,
    x: tf.Tensor3D,
    weights: readonly ProgramWeights[],
    initial: StateParts,
    saved: readonly tf.Tensor[],
    dSequence: tf.Tensor3D | null,
    dFinal: StateParts | null,
  ): { readonly x: tf.Tensor3D | null; readonly directions: readonly ProgramGradients[] };
}

/** Numbers kept for each row and step, as `saved_size` in `native/src/program.h`: rows of whole vectors of the widest instruction set. */
export const savedNumbers = ({ saved }: RegisterProgram): number =>
  saved.reduce((sum, width) => sum + Math.ceil(Math.max(1, width) / 16) * 16, 0);

/** Shapes of the gradients of matrices, and widths of the sums over rows. */
export function gradientShapes({ backward, inputs, states }: RegisterProgram): {
  readonly outers: readonly [number, number][];
  readonly sums: readonly number[];
} {
  const width = ({ kind, index }: Place): number =>
    (kind === 'input' ? inputs : kind === 'right' ? backward.rights[index] : states[index]) ?? 0;
  return {
    outers: backward.outers.map(({ left, right }): [number, number] => [backward.lefts[left] ?? 0, width(right)]),
    sums: backward.rowSums.map((one) => Math.max(1, one)),
  };
}
