/** What of its settings decides what it computes. */
export interface GruForm {
  /** 'reset-after' is PyTorch's and cuDNN's form; 'relevance-before' and 'simplified' are the lectures' (rows L7 and L6). */
  readonly form: 'reset-after' | 'relevance-before' | 'simplified';
}

/** The GRU in PyTorch's form, whose reset gate acts after the product, and in the lectures' two (rows L7 and L6), whose u weighs the candidate. */
export function gruEquations({ form }: GruForm): string {
  switch (form) {
    case 'reset-after':
      return `
r = sigmoid(W_r x + b_xr + U_r h + b_hr)
z = sigmoid(W_z x + b_xz + U_z h + b_hz)
n = tanh(W_n x + b_xn + r * (U_n h + b_hn))
h' = (1 - z) * n + z * h`.trim();
    case 'relevance-before':
      return `
r = sigmoid(W_r x + U_r h + b_xr)
u = sigmoid(W_u x + U_u h + b_xu)
n = tanh(W_n x + U_n (r * h) + b_xn)
h' = u * n + (1 - u) * h`.trim();
    case 'simplified':
      return `
u = sigmoid(W_u x + U_u h + b_xu)
n = tanh(W_n x + U_n h + b_xn)
h' = u * n + (1 - u) * h`.trim();
  }
}
