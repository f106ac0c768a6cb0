/** Python of the LSTMs that `torch.nn` lacks: with peepholes, with coupled gates, or both; each also projected. */

export interface LstmOptions {
  readonly peepholes: boolean;
  readonly coupled: boolean;
  readonly projected: boolean;
}

/** Only the chosen options are written, so that each class reads like its equations. */
export function lstmSource(name: string, { peepholes, coupled, projected }: LstmOptions): string {
  const gates = coupled ? ['f', 'g', 'o'] : ['i', 'f', 'g', 'o'];
  const peeping = gates.filter((gate) => gate !== 'g');
  const width = projected ? 'proj_size' : 'hidden_size';
  const sum = (gate: string, saw: string): string => {
    const peephole = peepholes && gate !== 'g' ? ` + p_${gate} * ${saw}` : '';
    return `x_t W_i${gate}^T + b_i${gate} + h_{t-1} W_h${gate}^T + b_h${gate}${peephole}`;
  };
  const gateLine = (gate: string, state: string): string =>
    `${gate} = torch.sigmoid(a_${gate}${peepholes ? ` + p_${gate} * ${state}` : ''})`;
  const out = projected ? 'linear(o * torch.tanh(new_c), self.weight_hr_l0)' : 'o * torch.tanh(new_c)';
  const parameter = (attribute: string, shape: string, comment = ''): string =>
    `        self.${attribute}_l0 = nn.Parameter(torch.empty(${shape}).uniform_(-bound, bound))${comment}`;
  const lines = [
    `class ${name}(nn.Module):`,
    `    """${title({ peepholes, coupled, projected })}`,
    '',
    '    Parameters are named as in nn.LSTM. With * element-wise:',
    ...(coupled ? [] : [`        i = sigmoid(${sum('i', 'c_{t-1}')})`]),
    `        f = sigmoid(${sum('f', 'c_{t-1}')})`,
    `        g = tanh(${sum('g', '')})`,
    `        c_t = f * c_{t-1} + ${coupled ? '(1 - f)' : 'i'} * g`,
    `        o = sigmoid(${sum('o', 'c_t')})`,
    `        h_t = ${projected ? '(o * tanh(c_t)) W_hr^T' : 'o * tanh(c_t)'}`,
    '    """',
    '',
    `    def __init__(self, input_size: int, hidden_size: int${projected ? ', proj_size: int' : ''}) -> None:`,
    '        super().__init__()',
    '        bound = hidden_size**-0.5',
    `        rows = ${gates.length} * hidden_size  # ${gates.join(', ')}`,
    parameter('weight_ih', 'rows, input_size'),
    parameter('weight_hh', `rows, ${width}`),
    parameter('bias_ih', 'rows'),
    parameter('bias_hh', 'rows'),
    ...(projected ? [parameter('weight_hr', 'proj_size, hidden_size')] : []),
    ...(peepholes ? [parameter('weight_ch', `${peeping.length} * hidden_size`, `  # p of ${peeping.join(', ')}`)] : []),
    '',
    '    def forward(',
    '        self, x: Tensor, lengths: Tensor, hidden: tuple[Tensor, Tensor]',
    '    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:',
    `        """x [B, T, I], lengths [B], hidden: h [1, B, ${projected ? 'P' : 'H'}] and c [1, B, H]`,
    `        -> outputs [B, T, ${projected ? 'P' : 'H'}], last h and c."""`,
    '        h, c = hidden[0][0], hidden[1][0]',
    '        from_input = linear(x, self.weight_ih_l0, self.bias_ih_l0)  # of all steps at once',
    ...(peepholes
      ? [`        ${peeping.map((gate) => `p_${gate}`).join(', ')} = self.weight_ch_l0.chunk(${peeping.length})`]
      : []),
    '        outputs = []',
    '        for a, real in zip(from_input.unbind(1), real_steps(x, lengths).unbind(1)):',
    '            a = a + linear(h, self.weight_hh_l0, self.bias_hh_l0)',
    `            ${gates.map((gate) => `a_${gate}`).join(', ')} = a.chunk(${gates.length}, dim=-1)`,
    ...(coupled ? [] : [`            ${gateLine('i', 'c')}`]),
    `            ${gateLine('f', 'c')}`,
    `            new_c = f * c + ${coupled ? '(1 - f)' : 'i'} * torch.tanh(a_g)`,
    `            ${gateLine('o', 'new_c')}`,
    `            new_h = ${out}`,
    '            h = torch.where(real, new_h, h)  # padding leaves the state as it is',
    '            c = torch.where(real, new_c, c)',
    '            outputs.append(h)',
    '        return torch.stack(outputs, dim=1), (h.unsqueeze(0), c.unsqueeze(0))',
  ];
  return lines.join('\n');
}

function title({ peepholes, coupled, projected }: LstmOptions): string {
  const parts = [
    ...(peepholes ? ['peepholes'] : []),
    ...(coupled ? ['coupled gates (i = 1 - f)'] : []),
    ...(projected ? ['a projection'] : []),
  ];
  const last = parts.pop() ?? '';
  return `LSTM with ${parts.length > 0 ? `${parts.join(', ')} and ` : ''}${last}.`;
}
