import type { TorchFunction, TorchModule } from '../../layers/torch.ts';

/** Python of the functions and modules that exported code may need. A model gets only those that it uses. */

/** `state` is the type of this model's states: h, or h and c. */
const unroll = (state: string): string => `def unroll(
    rnn: nn.RNNBase, x: Tensor, lengths: Tensor, hidden: ${state}
) -> tuple[Tensor, ${state}]:
    """Runs a recurrent module over the real steps of each row, as if the row were alone.

    x [B, T, I], lengths [B] -> outputs [B, T, H] (0 where padded), state after each row's last step.
    """
    packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
    outputs, hidden = rnn(packed, hidden)
    outputs, _ = pad_packed_sequence(outputs, batch_first=True, total_length=x.size(1))
    return outputs, hidden`;

const reverseSteps = `def reverse_steps(x: Tensor, lengths: Tensor) -> Tensor:
    """Each row's real steps from last to first; padding stays at the end. [B, T, F] -> [B, T, F]"""
    step = torch.arange(x.size(1), device=x.device)
    last = lengths.to(x.device).unsqueeze(1) - 1
    order = torch.where(step <= last, last - step, step)  # [B, T]
    return x.gather(1, order.unsqueeze(-1).expand_as(x))`;

const realSteps = `def real_steps(x: Tensor, lengths: Tensor) -> Tensor:
    """True where a step is real, False where it is padding: [B, T, 1]."""
    step = torch.arange(x.size(1), device=x.device)
    return (step < lengths.to(x.device).unsqueeze(1)).unsqueeze(-1)`;

const lastStep = `def last_step(x: Tensor, lengths: Tensor) -> Tensor:
    """Each row's last real step: [B, T, F] -> [B, F]."""
    return x[torch.arange(x.size(0), device=x.device), lengths.to(x.device) - 1]`;

const meanOverSteps = `def mean_over_steps(x: Tensor, lengths: Tensor) -> Tensor:
    """Mean over the real steps: [B, T, F] -> [B, F]."""
    return x.masked_fill(~real_steps(x, lengths), 0.0).sum(dim=1) / lengths.to(x).unsqueeze(1)`;

const maxOverSteps = `def max_over_steps(x: Tensor, lengths: Tensor) -> Tensor:
    """Maximum over the real steps: [B, T, F] -> [B, F]."""
    return x.masked_fill(~real_steps(x, lengths), float("-inf")).amax(dim=1)`;

const joinSteps = `def join_steps(x: Tensor, lengths: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Neighbouring steps side by side: [B, T, F], [B] -> [B, T / count, count * F], [B], both rounded up."""
    x = x.masked_fill(~real_steps(x, lengths), 0.0)
    x = torch.nn.functional.pad(x, (0, 0, 0, -x.size(1) % count))
    return x.reshape(x.size(0), -1, count * x.size(2)), (lengths + count - 1) // count`;

const attend = `def attend(scores: Tensor, memory: Tensor, lengths: Tensor) -> Tensor:
    """How much each real step of the memory counts: scores [B, U, T], memory [B, T, M] -> [B, U, T]."""
    real = real_steps(memory, lengths).transpose(1, 2)  # [B, 1, T]
    return scores.masked_fill(~real, float("-inf")).softmax(dim=-1)`;

/** Attention of a decoder; the kinds differ in their score. */
function attention(name: string, title: string, more: string, layers: readonly string[], scores: readonly string[]): string {
  return `class ${name}(nn.Module):
    """${title}"""

    def __init__(self, state_size: int, memory_size: int${more}) -> None:
        super().__init__()
${[...layers, 'self.join = nn.Linear(memory_size + state_size, state_size)'].map((line) => `        ${line}`).join('\n')}

    def forward(self, h: Tensor, memory: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """States h [B, U, H], memory [B, T, M], lengths [B] -> outputs [B, U, H], alignment [B, U, T]."""
${scores.map((line) => `        ${line}`).join('\n')}
        alignment = attend(scores, memory, lengths)
        context = alignment @ memory
        return torch.tanh(self.join(torch.cat([context, h], dim=-1))), alignment`;
}

/** Source of each function that torch does not have, in the order in which they are written. */
export const functionSources: ReadonlyMap<TorchFunction, (state: string) => string> = new Map([
  ['real_steps', () => realSteps],
  ['reverse_steps', () => reverseSteps],
  ['unroll', unroll],
  ['last_step', () => lastStep],
  ['mean_over_steps', () => meanOverSteps],
  ['max_over_steps', () => maxOverSteps],
  ['join_steps', () => joinSteps],
  ['attend', () => attend],
]);

/** Source of each class that torch does not have. */
const classSources: Readonly<Partial<Record<TorchModule['className'], string>>> = {
  DotAttention: attention(
    'DotAttention',
    "Luong's attention: a memory step's score is its product with the state.",
    '',
    [],
    ['scores = h @ memory.transpose(1, 2)'],
  ),
  GeneralAttention: attention(
    'GeneralAttention',
    "Luong's attention: the score is a learned product of memory step and state.",
    '',
    ['self.key = nn.Linear(memory_size, state_size, bias=False)'],
    ['scores = h @ self.key(memory).transpose(1, 2)'],
  ),
  AdditiveAttention: attention(
    'AdditiveAttention',
    "Bahdanau's score: a small network of memory step and state.",
    ', hidden_size: int',
    [
      'self.query = nn.Linear(state_size, hidden_size, bias=False)',
      'self.key = nn.Linear(memory_size, hidden_size)',
      'self.score = nn.Linear(hidden_size, 1, bias=False)',
    ],
    [
      'sums = self.query(h).unsqueeze(2) + self.key(memory).unsqueeze(1)  # [B, U, T, hidden_size]',
      'scores = self.score(torch.tanh(sums)).squeeze(-1)',
    ],
  ),
};

/** Source of a module's class, where torch does not have it. */
export const sourceOf = (module: TorchModule): string | undefined => module.source ?? classSources[module.className];
