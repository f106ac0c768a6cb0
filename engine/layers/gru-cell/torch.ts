import type { DescribeCell } from '../torch.ts';

/**
 * Reset-after is `nn.GRU`. The lectures' form (row L7) comes as a small module that is written in PyTorch's convention: our u weighs
 * the candidate, PyTorch's z = 1 - u weighs the old state. Because 1 - sigmoid(a) = sigmoid(-a), the rows of u change their sign.
 */
export const gruCellTorch: DescribeCell<'gru-cell'> = ({ hidden, form }) =>
  form === 'reset-after'
    ? { hidden, parts: ['h'], className: 'nn.GRU', stock: true, options: {} }
    : { hidden, parts: ['h'], className: 'RelevanceGRU', stock: false, options: {}, signs: [1, -1, 1] };
