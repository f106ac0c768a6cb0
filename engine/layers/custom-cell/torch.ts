import { cellProgram } from '../../cells/cell-program.ts';
import { pythonCell } from '../../cells/export/python-class.ts';
import { pythonName } from '../../cells/export/python-names.ts';
import { stateWidths } from '../cell-parameters.ts';
import type { DescribeCell } from '../torch.ts';

/** A module of its own that reads like the equations; its weights have their names. */
export const customCellTorch: DescribeCell<'custom-cell'> = (cell) => {
  const { hidden, equations } = cell;
  const written = pythonCell(cellProgram(equations, hidden), hidden);
  return { ...written, hidden, widths: stateWidths(cell), options: {}, stock: false, weightName: pythonName };
};
