import type { CellProgram } from '../../cells/cell-program.ts';
import type { RecurrenceProblem } from '../recurrence.ts';

/** A recurrence of a cell that is given by its equations. */
export interface DerivedProblem extends Omit<RecurrenceProblem, 'cell'> {
  readonly program: CellProgram;
}
