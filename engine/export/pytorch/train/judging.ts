import type { TrainForm } from './form.ts';

/** What the best weights are the best in, as in the app. */
export function figureName({ numbers, says, language }: TrainForm): string {
  if (numbers) return 'rmse';
  if (says) return 'token-error-rate';
  return language ? 'perplexity' : 'accuracy';
}

/** Python of `train.py` that runs the network over a batch, reckons its loss, and judges the weights. */
export function judging(form: TrainForm): string {
  const parts = [run(form), ...(form.says ? [ownTokens] : []), losses(form), batches(form)];
  if (form.carries) parts.push(firstRows);
  return [...parts, evaluate(form), ...(form.says ? [tokenErrorRate] : [])].join('\n\n\n');
}

function run({ name, steps, says, carries }: TrainForm): string {
  const given = `    lengths = torch.tensor([len(x) for x, _ in batch])
    inputs = pad_sequence([x for x, _ in batch], batch_first=True)  # padding is 0`;
  if (says) {
    // Teacher forcing: at every step the true previous token goes in.
    return `def run(model: ${name}, batch: list[tuple[Tensor, Tensor]], own: float = 0.0) -> tuple[Tensor, Tensor]:
    """Outputs at the real steps of a batch [N, C] and their targets [N]. own: share of previous tokens that are the model's own."""
${given}
    first = torch.tensor([BEGIN])
    previous = pad_sequence([torch.cat([first, y[:-1]]) for _, y in batch], batch_first=True)
    target_lengths = torch.tensor([len(y) for _, y in batch])
    if own > 0:
        previous = own_tokens(model, inputs, lengths, previous, target_lengths, own)
    outputs = model(inputs, lengths, previous, target_lengths)
    return real_steps(outputs, target_lengths), torch.cat([y for _, y in batch])


${realSteps}`;
  }
  const words = steps ? 'Outputs at the real steps of a batch, and their targets [N]' : 'Outputs of a batch, and its targets';
  return `def run(model: ${name}, batch: list[tuple[Tensor, Tensor]]${carries ? ', hidden=None' : ''}) -> tuple[Tensor, Tensor]:
    """${words}.${carries ? ' hidden: the states to start from, where not from zeros.' : ''}"""
${given}
    outputs = model(inputs, lengths${carries ? ', hidden' : ''})
    return ${steps ? 'real_steps(outputs, lengths), torch.cat([y for _, y in batch])' : 'outputs, torch.stack([y for _, y in batch])'}${steps ? `\n\n\n${realSteps}` : ''}`;
}

const realSteps = `def real_steps(outputs: Tensor, lengths: Tensor) -> Tensor:
    return torch.cat([row[:length] for row, length in zip(outputs, lengths)])`;

const ownTokens = `@torch.no_grad()
def own_tokens(model: nn.Module, inputs: Tensor, lengths: Tensor, previous: Tensor, target_lengths: Tensor, own: float) -> Tensor:
    """Scheduled sampling: by chance, previous tokens but the first are what the model itself would have said there.

    All steps at once (Duckworth et al. 2019), in a first pass with the true previous tokens, without dropout."""
    model.eval()
    said = model(inputs, lengths, previous, target_lengths)
    model.train()
    said[..., NEVER_SAID] = -math.inf
    said = torch.cat([previous[:, :1], said.argmax(-1)[:, :-1]], dim=1)
    return torch.where(torch.rand(said.shape) < own, said, previous)`;

function losses({ numbers, sigmoid, steps }: TrainForm): string {
  if (numbers) {
    return `def losses_of(outputs: Tensor, targets: Tensor) -> Tensor:
    """Squared errors [B, K], in normalized units."""
    return (outputs - targets) ** 2


def mean_loss(losses: Tensor) -> Tensor:
    return (losses.mean() + 1e-12).sqrt() if SETTINGS["loss"] == "rmse" else losses.mean()`;
  }
  const each = sigmoid
    ? 'binary_cross_entropy(outputs, targets.float(), reduction="none")'
    : 'nll_loss(outputs, targets, reduction="none")';
  return `def losses_of(outputs: Tensor, targets: Tensor) -> Tensor:
    """-ln p of each target [N]."""
    return ${each}


def mean_loss(losses: Tensor, weights: Tensor, rows: int) -> Tensor:
    """Mean of the losses [N], each with the weight of its target's class [N]${steps ? '; or their sum over steps, a row' : ''}."""
    divisor = ${steps ? 'rows if SETTINGS["timeReduction"] == "sum" else weights.sum()' : 'weights.sum()'}
    return (losses * weights).sum() / divisor`;
}

function batches({ language }: TrainForm): string {
  const random = `def batches_of(examples: list${language ? ', vocabulary: dict' : ''}, size: int) -> list[list[int]]:
    """Places of the examples of each batch, by chance${language ? '; of a running text one after the other' : ''}."""
`;
  const shuffled = `    return [part.tolist() for part in torch.randperm(len(examples)).split(size)]`;
  if (!language) return `${random}${shuffled}`;
  // As in engine/data/streams.ts.
  return `${random}    if "running" in vocabulary:
        return streams_of(len(examples), size)
${shuffled}


def streams_of(count: int, size: int) -> list[list[int]]:
    """Chunks of a running text: each row of a batch goes on where the same row of the batch before it ended."""
    length = math.ceil(count / min(size, count))
    return [list(range(start, count, length)) for start in range(length)]`;
}

const firstRows = `def first_rows(hidden, rows: int):
    """The states of so many rows, without their gradient: streams that have ended were the last rows."""
    if isinstance(hidden, (list, tuple)):
        return type(hidden)(first_rows(part, rows) for part in hidden)
    return None if hidden is None else hidden[:, :rows].detach().contiguous()`;

function evaluate(form: TrainForm): string {
  const { name, numbers, sigmoid, says, language, carries } = form;
  const order = language
    ? 'streams_of(len(examples), size) if "running" in vocabulary else [list(part) for part in places.split(max(size, 64))]'
    : 'places.split(max(size, 64))';
  const hit = sigmoid ? '(outputs > 0.5) == targets' : 'outputs.argmax(-1) == targets';
  const kept = numbers
    ? 'losses.append(losses_of(outputs, targets))'
    : `losses.append(losses_of(outputs, targets))
        weighed.append(weights[targets])${says || language ? '' : `\n        hits.append(${hit})`}`;
  const figure = numbers
    ? '(losses * torch.tensor(vocabulary["target_normalization"]["deviation"], dtype=torch.double) ** 2).mean().sqrt().item()'
    : says
      ? 'token_error_rate(model, examples, vocabulary, max(size, 64))'
      : language
        ? 'losses.mean().exp().item()'
        : 'torch.cat(hits).double().mean().item()';
  const loss = numbers ? 'mean_loss(losses)' : 'mean_loss(losses, torch.cat(weighed).double(), len(examples))';
  return `@torch.no_grad()
def evaluate(
    model: ${name}, examples: list[tuple[Tensor, Tensor]], vocabulary: dict, size: int${numbers ? '' : ', weights: Tensor'}
) -> tuple[float, float]:
    """The loss of all examples as if they were one batch, and ${words(form)}; without dropout."""
    model.eval()
    places = torch.tensor([len(x) for x, _ in examples]).argsort()
    losses${numbers ? ' = []' : `, weighed${says || language ? '' : ', hits'} = [], []${says || language ? '' : ', []'}`}
${carries ? '    hidden = None\n' : ''}    for rows in ${order}:
        batch = [examples[i] for i in rows]
        outputs, targets = run(model, batch${carries ? ', first_rows(hidden, len(batch))' : ''})
${carries ? '        hidden = model.hidden if carries_state(vocabulary) else None\n' : ''}        ${kept}
    losses = torch.cat(losses).double()
    loss = ${loss}.item()
    figure = ${figure}
    model.train()
    return loss, figure`;
}

function words({ numbers, says, language }: TrainForm): string {
  if (numbers) return 'the root mean squared error in the units of the data';
  if (says) return 'the token error rate of what the model says by itself, greedily';
  return language ? 'the perplexity, e to the plain mean of -ln p' : 'the share of right answers, each counting once';
}

const tokenErrorRate = `def token_error_rate(model: nn.Module, examples: list[tuple[Tensor, Tensor]], vocabulary: dict, size: int) -> float:
    """Tokens to insert, delete or replace, over those that should be said; of at most 500 examples, evenly spread."""
    wanted = min(500, len(examples))
    chosen = [examples[i * len(examples) // wanted] for i in range(wanted)]
    edits = length = 0
    for start in range(0, wanted, size):
        batch = chosen[start : start + size]
        lengths = torch.tensor([len(x) for x, _ in batch])
        inputs = pad_sequence([x for x, _ in batch], batch_first=True)
        said = greedy(model, inputs, lengths, vocabulary["target"]["max_tokens"])
        edits += sum(edit_distance(y.tolist()[:-1], tokens) for (_, y), tokens in zip(batch, said))
        length += sum(len(y) - 1 for _, y in batch)
    return edits / max(1, length)


def edit_distance(wanted: list[int], said: list[int]) -> int:
    row = list(range(len(said) + 1))
    for i, token in enumerate(wanted, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(said, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (token != other))
    return row[-1]`;
