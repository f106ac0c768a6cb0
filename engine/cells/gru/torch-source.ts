/** Python of the GRUs that `torch.nn` lacks. */

export const relevanceGru = `class RelevanceGRU(nn.Module):
    """GRU whose relevance (reset) gate acts on the state before the product, as in textbooks.

    nn.GRU applies it after the product. Here, with * element-wise and one bias:
        r = sigmoid(x_t W_ir^T + h_{t-1} W_hr^T + b_r)          relevance gate
        z = sigmoid(x_t W_iz^T + h_{t-1} W_hz^T + b_z)          how much of the old state is kept
        n = tanh(x_t W_in^T + (r * h_{t-1}) W_hn^T + b_n)       candidate
        h_t = (1 - z) * n + z * h_{t-1}
    z is PyTorch's: the update gate that weighs the candidate is u = 1 - z.
    """

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        bound = hidden_size**-0.5
        rows = 3 * hidden_size  # r, z, n
        self.weight_ih_l0 = nn.Parameter(torch.empty(rows, input_size).uniform_(-bound, bound))
        self.weight_hh_l0 = nn.Parameter(torch.empty(rows, hidden_size).uniform_(-bound, bound))
        self.bias_ih_l0 = nn.Parameter(torch.empty(rows).uniform_(-bound, bound))

    def forward(self, x: Tensor, lengths: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, T, I], lengths [B], hidden [1, B, H] -> outputs [B, T, H], last state [1, B, H]."""
        h = hidden[0]
        from_input = linear(x, self.weight_ih_l0, self.bias_ih_l0)  # of all steps at once
        w_r, w_z, w_n = self.weight_hh_l0.chunk(3)
        outputs = []
        for a, real in zip(from_input.unbind(1), real_steps(x, lengths).unbind(1)):
            a_r, a_z, a_n = a.chunk(3, dim=-1)
            r = torch.sigmoid(a_r + linear(h, w_r))
            z = torch.sigmoid(a_z + linear(h, w_z))
            n = torch.tanh(a_n + linear(r * h, w_n))
            h = torch.where(real, (1 - z) * n + z * h, h)  # padding leaves the state as it is
            outputs.append(h)
        return torch.stack(outputs, dim=1), h.unsqueeze(0)`;

export const simplifiedGru = `class SimplifiedGRU(nn.Module):
    """GRU with the update gate alone, as the lectures' simplified form.

    With * element-wise and one bias:
        z = sigmoid(x_t W_iz^T + h_{t-1} W_hz^T + b_z)          how much of the old state is kept
        n = tanh(x_t W_in^T + h_{t-1} W_hn^T + b_n)             candidate
        h_t = (1 - z) * n + z * h_{t-1}
    z is as in nn.GRU: the update gate that weighs the candidate is u = 1 - z.
    """

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        bound = hidden_size**-0.5
        rows = 2 * hidden_size  # z, n
        self.weight_ih_l0 = nn.Parameter(torch.empty(rows, input_size).uniform_(-bound, bound))
        self.weight_hh_l0 = nn.Parameter(torch.empty(rows, hidden_size).uniform_(-bound, bound))
        self.bias_ih_l0 = nn.Parameter(torch.empty(rows).uniform_(-bound, bound))

    def forward(self, x: Tensor, lengths: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, T, I], lengths [B], hidden [1, B, H] -> outputs [B, T, H], last state [1, B, H]."""
        h = hidden[0]
        from_input = linear(x, self.weight_ih_l0, self.bias_ih_l0)  # of all steps at once
        outputs = []
        for a, real in zip(from_input.unbind(1), real_steps(x, lengths).unbind(1)):
            a_z, a_n = (a + linear(h, self.weight_hh_l0)).chunk(2, dim=-1)
            z, n = torch.sigmoid(a_z), torch.tanh(a_n)
            h = torch.where(real, (1 - z) * n + z * h, h)  # padding leaves the state as it is
            outputs.append(h)
        return torch.stack(outputs, dim=1), h.unsqueeze(0)`;
