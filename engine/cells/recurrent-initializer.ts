import { z } from 'zod';
import type { CellDescription } from '../shapes/value-type.ts';
import { cellProgram } from './cell-program.ts';
import { recurrentMatrices } from './recurrent-matrices.ts';

/** The setting `recurrentInitializer` of a cell. */
export const recurrentInitializer = () =>
  z.enum(['uniform', 'orthogonal']).default('uniform').meta({
    title: 'Recurrent start',
    description:
      'Where matrices that multiply the state start. uniform is PyTorch’s own, within 1/√H. orthogonal (nn.init.orthogonal_, a gate each) makes no state longer or shorter, so that gradients reach further back; drawn in a second or two for a width of 1024, eight times as long with each doubling.',
  });

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
