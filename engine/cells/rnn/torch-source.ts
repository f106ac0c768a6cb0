/** Python of the vanilla cell with an activation that `nn.RNN` lacks. */
export function elmanSource(name: string, title: string, activate: (sum: string) => string): string {
  return `class ${name}(nn.Module):
    """${title} Parameters are named as in nn.RNN.

    h_t = ${activate('x_t W_ih^T + b_ih + h_{t-1} W_hh^T + b_hh').replace('torch.', '')}
    """

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        bound = hidden_size**-0.5
        self.weight_ih_l0 = nn.Parameter(torch.empty(hidden_size, input_size).uniform_(-bound, bound))
        self.weight_hh_l0 = nn.Parameter(torch.empty(hidden_size, hidden_size).uniform_(-bound, bound))
        self.bias_ih_l0 = nn.Parameter(torch.empty(hidden_size).uniform_(-bound, bound))
        self.bias_hh_l0 = nn.Parameter(torch.empty(hidden_size).uniform_(-bound, bound))

    def forward(self, x: Tensor, lengths: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, T, I], lengths [B], hidden [1, B, H] -> outputs [B, T, H], last state [1, B, H]."""
        h = hidden[0]
        from_input = linear(x, self.weight_ih_l0, self.bias_ih_l0)  # of all steps at once
        outputs = []
        for a, real in zip(from_input.unbind(1), real_steps(x, lengths).unbind(1)):
            new = ${activate('a + linear(h, self.weight_hh_l0, self.bias_hh_l0)')}
            h = torch.where(real, new, h)  # padding leaves the state as it is
            outputs.append(h)
        return torch.stack(outputs, dim=1), h.unsqueeze(0)`;
}
