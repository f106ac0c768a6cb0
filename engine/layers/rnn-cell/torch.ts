import type { DescribeCell } from '../torch.ts';

/** `nn.RNN` has tanh and relu; the other two activations come as a small module of the same parameters. */
export const rnnCellTorch: DescribeCell<'rnn-cell'> = ({ hidden, activation }) => {
  const common = { hidden, widths: [hidden] };
  switch (activation) {
    case 'tanh':
      return { ...common, className: 'nn.RNN', stock: true, options: {} };
    case 'relu':
      return { ...common, className: 'nn.RNN', stock: true, options: { nonlinearity: 'relu' } };
    case 'sigmoid':
      return { ...common, className: 'SigmoidRNN', stock: false, options: {} };
    case 'identity':
      return { ...common, className: 'IdentityRNN', stock: false, options: {} };
  }
};
