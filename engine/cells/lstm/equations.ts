/** What of its settings decides what it computes. */
export interface LstmForm {
  /** The gates also see the cell state: i and f the one before the step, o the one after it. */
  readonly peepholes: boolean;
  /** i = 1 - f: what is written is what was forgotten. */
  readonly coupled: boolean;
  /** Width of h, below that of c; 0 leaves h as wide as c. */
  readonly projection: number;
  readonly forgetBias: number;
}

/** The LSTM (row L8) with its options: peepholes, of which o's sees the new c, coupled gates and a projection. */
export function lstmEquations({ peepholes, coupled, projection, forgetBias }: LstmForm): string {
  const gate = (name: string, squash: string, seen: string | null): string => {
    const peephole = peepholes && seen !== null ? ` + p_${name} * ${seen}` : '';
    return `${name} = ${squash}(W_${name} x + b_x${name} + U_${name} h + b_h${name}${peephole})`;
  };
  return [
    ...(coupled ? [] : [gate('i', 'sigmoid', 'c')]),
    gate('f', 'sigmoid', 'c'),
    gate('g', 'tanh', null),
    `c' = f * c + ${coupled ? '(1 - f)' : 'i'} * g`,
    gate('o', 'sigmoid', "c'"),
    projection > 0 ? "h' = V (o * tanh(c'))" : "h' = o * tanh(c')",
    ...(projection > 0 ? [`width h = ${projection}`] : []),
    `start b_xf = ${forgetBias}`,
    'start b_hf = 0',
  ].join('\n');
}
