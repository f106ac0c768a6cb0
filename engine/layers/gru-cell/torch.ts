import type { DescribeCell } from '../torch.ts';

/**
 * Reset-after is `nn.GRU`. The lectures' forms (rows L6 and L7) come as small modules that are written in PyTorch's convention: our u
 * weighs the candidate, PyTorch's z = 1 - u weighs the old state. Because 1 - sigmoid(a) = sigmoid(-a), the rows of u change their sign.
 */
export const gruCellTorch: DescribeCell<'gru-cell'> = ({ hidden, form }) => {
  const common = { hidden, widths: [hidden], options: {} };
  switch (form) {
    case 'reset-after':
      return { ...common, className: 'nn.GRU', stock: true };
    case 'relevance-before':
      return { ...common, className: 'RelevanceGRU', stock: false, signs: [1, -1, 1] };
    case 'simplified':
      return { ...common, className: 'SimplifiedGRU', stock: false, signs: [-1, 1] };
  }
};
