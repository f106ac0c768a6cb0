import { stateWidths } from '../cell-parameters.ts';
import type { DescribeCell } from '../torch.ts';

/**
 * `nn.LSTM`, its `proj_size` included; a cell with peepholes or coupled gates comes as a small module. The forget bias is a starting
 * value, so it is in the weights already.
 */
export const lstmCellTorch: DescribeCell<'lstm-cell'> = (cell) => {
  const { hidden, peepholes, coupled, projection } = cell;
  const options = projection > 0 ? { proj_size: projection } : {};
  const common = { hidden, widths: stateWidths(cell), options };
  if (!peepholes && !coupled) return { ...common, className: 'nn.LSTM', stock: true };
  const name = coupled ? (peepholes ? 'CoupledPeephole' : 'Coupled') : 'Peephole';
  return { ...common, className: `${projection > 0 ? 'Projected' : ''}${name}LSTM`, stock: false };
};
