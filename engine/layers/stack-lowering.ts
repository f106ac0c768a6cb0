import { cellProgram } from '../cells/cell-program.ts';
import { storedWeights } from '../cells/parameters.ts';
import type { ChainLayer } from '../kernels/native/chain.ts';
import { type CellDescription, outputWidth } from '../shapes/value-type.ts';
import { lowerEquations } from './equations-lowering.ts';
import type { LoweringContext } from './lowering.ts';
import { only } from './ports.ts';
import { addsInputs, layerSuffix, type Stack } from './stack.ts';
import type { OutputMode } from './wrapper-output.ts';

/** The layers of a stack and what is made of the last one's steps; `null` where a layer adds its input, or the cell cannot be lowered. */
export function lowerStack(
  { module, parameter }: Pick<LoweringContext<'recurrent' | 'bidirectional'>, 'module' | 'parameter'>,
  stack: Stack & { readonly output: OutputMode },
  directions: readonly boolean[],
): readonly ChainLayer[] | null {
  const { cell } = only(module.inputTypes, 'cell', 'cell');
  if (addsInputs(stack)) return null;
  const reverse = directions.length === 1 && directions[0] === true;
  const layers: ChainLayer[] = [];
  for (let layer = 0; layer < stack.layers; layer++) {
    const top = layer === stack.layers - 1;
    const numbered = directions.map(
      (_reverse, index) => (name: string) => parameter(`${name}${layerSuffix(layer, index === 1)}`),
    );
    const width = layer === 0 ? inputWidth(module) : directions.length * outputWidth(cell);
    const lowered = lowerCell(cell, width, numbered);
    if (lowered === null) return null;
    layers.push({ ...lowered, reverse, last: top && stack.output === 'last' });
    if (!top) layers.push({ kind: 'dropout', rate: stack.dropout });
  }
  const pool = stack.output === 'max' || stack.output === 'mean' ? [{ kind: 'pool', pool: stack.output } as const] : [];
  return [...layers, ...pool];
}

const inputWidth = ({ inputTypes }: LoweringContext<'recurrent'>['module']): number | null =>
  only(inputTypes, 'sequence', 'sequence').features;

type Recurrence = Extract<ChainLayer, { kind: 'recurrence' | 'program' }>;
type Lowered = Recurrence extends infer R ? (R extends Recurrence ? Omit<R, 'reverse' | 'last'> : never) : never;

/** By its kernel where it has one, otherwise by its equations. @param numbered the number of a weight, by direction */
function lowerCell(
  cell: CellDescription,
  inputs: number | null,
  numbered: readonly ((name: string) => number)[],
): Lowered | null {
  if (cell.kernel !== null) {
    const names = storedWeights(cell).map(({ name }) => name);
    return { kind: 'recurrence', cell: cell.kernel.name, weights: numbered.map((number) => names.map(number)) };
  }
  if (inputs === null) return null;
  const made = lowerEquations(cellProgram(cell.equations, cell.hidden), inputs);
  return made && { kind: 'program', program: made.program, directions: numbered.map(made.places) };
}
