/** What of its settings decides what it computes. */
export interface RnnForm {
  readonly activation: 'tanh' | 'sigmoid' | 'relu' | 'identity';
}

/** Elman's cell (row L5), with PyTorch's two biases. */
export function rnnEquations({ activation }: RnnForm): string {
  const sum = 'W_h x + b_xh + U_h h + b_hh';
  return `h' = ${activation === 'identity' ? sum : `${activation}(${sum})`}`;
}
