import type { StockCell } from '../../shapes/value-type.ts';

type Rnn = Extract<StockCell, { kind: 'rnn-cell' }>;

/** Elman's cell (row L5), with PyTorch's two biases. */
export function rnnEquations({ activation }: Rnn): string {
  const sum = 'W_h x + b_xh + U_h h + b_hh';
  return `h' = ${activation === 'identity' ? sum : `${activation}(${sum})`}`;
}
