import type { DescribeCell } from '../torch.ts';

/** `nn.LSTM`. The forget bias is a starting value, so it is in the weights already. */
export const lstmCellTorch: DescribeCell<'lstm-cell'> = ({ hidden }) => ({
  hidden,
  parts: ['h', 'c'],
  className: 'nn.LSTM',
  stock: true,
  options: {},
});
