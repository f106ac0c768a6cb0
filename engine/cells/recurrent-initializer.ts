import { z } from 'zod';
import type { CellDescription } from '../shapes/value-type.ts';
import type { CellSettings } from './cell.ts';
import { cellProgram } from './cell-program.ts';
import { recurrentMatrices } from './recurrent-matrices.ts';

/** The widest cell that starts orthogonal: drawing its matrices takes a second each, and eight times as long with each doubling. */
export const widestOrthogonal = 1024;

/** The setting `recurrentInitializer` of a cell. */
export const recurrentInitializer = () =>
  z.enum(['uniform', 'orthogonal']).default('uniform').meta({
    title: 'Recurrent start',
    description:
      'Where matrices that multiply the state start. uniform is PyTorch’s own, within 1/√H. orthogonal (nn.init.orthogonal_, a gate each) makes no state longer or shorter, so that gradients reach further back; up to 1024 wide.',
  });

/** Why a cell cannot start as it is set to; `null` where it can. */
export const refuseStart = ({ hidden, recurrentInitializer: start }: CellSettings): { message: string; fix: string } | null =>
  start === 'orthogonal' && hidden > widestOrthogonal
    ? {
        message: `a cell that starts orthogonal is at most ${widestOrthogonal} wide, and this one ${hidden}: drawing its matrices would take minutes`,
        fix: 'Let its recurrent weights start uniform, or make it narrower.',
      }
    : null;

/** Names in the equations of what starts orthogonal: matrices that multiply the state, unless the equations say where they start. */
export function orthogonalMatrices(cell: CellDescription): ReadonlySet<string> {
  if (cell.settings['recurrentInitializer'] !== 'orthogonal') return new Set();
  return startOpen(cell);
}

/** Matrices that multiply the state and have no start of their own. */
export function startOpen({ equations, hidden }: Pick<CellDescription, 'equations' | 'hidden'>): ReadonlySet<string> {
  const program = cellProgram(equations, hidden);
  const started = new Set(program.parameters.flatMap(({ name, start }) => (start === null ? [] : [name])));
  return new Set(recurrentMatrices(program).filter((name) => !started.has(name)));
}
