import type { CellProgram } from '../../cells/cell-program.ts';
import { type Block, StepEvaluation, type StepGiven } from '../../cells/step/evaluate.ts';
import { identity, joinParts, splitParts } from './state-blocks.ts';

/** A step of one row, at the state before it. `null` is a padded one: the row has ended and its state stays, so that its Jacobian is I. */
export type StateStep = StepEvaluation | null;

export const stateStep = (program: CellProgram, given: StepGiven): StepEvaluation => new StepEvaluation(program, given);

/** S, the width of all parts of a state together. */
export const stateSize = ({ states }: CellProgram): number => states.reduce((sum, { width }) => sum + width, 0);

/**
 * Rows times the step's Jacobian, without making it: `V J` with `J = ∂s_t/∂s_{t-1}`, s all parts of the state side by side.
 *
 * @param rows `[R, S]`
 * @returns `[R, S]`
 */
export function timesJacobian({ states }: CellProgram, step: StateStep, rows: Block): Block {
  if (step === null) return rows;
  return joinParts(
    step.pullBack(
      splitParts(
        rows,
        states.map(({ width }) => width),
      ),
    ),
  );
}

/**
 * The Jacobian `∂s_t/∂s_{t-1}` `[S, S]` of one step of any cell: row i is the gradient of number i of the state after it (row L22). One
 * backward pass with an identity block as gradients; of an LSTM it is `[[∂h'/∂h, ∂h'/∂c], [∂c'/∂h, ∂c'/∂c]]`.
 */
export const stepJacobian = (program: CellProgram, step: StateStep): Block =>
  timesJacobian(program, step, identity(stateSize(program)));
