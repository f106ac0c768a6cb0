import type { TrainForm } from './form.ts';
import { figureName } from './judging.ts';

/** Python of `train.py` that goes over the examples, epoch by epoch, and keeps the best weights. */
export function trainLoop(form: TrainForm): string {
  const { name, numbers, classes, says, language, carries } = form;
  const figure = figureName(form);
  const vocabulary = language ? ', vocabulary' : '';
  const more = carries ? ', first_rows(hidden, len(rows))' : says ? ', own_share * step / max(1, total - 1)' : '';
  return `${holdOut(form)}
${
  carries
    ? `

def carries_state(vocabulary: dict) -> bool:
    """Whether each chunk of a running text starts from the state that the one before it left (truncated back-propagation)."""
    return "running" in vocabulary and SETTINGS["carryState"]

`
    : '\n'
}
def train(
    model: ${name},
    training: list[tuple[Tensor, Tensor]],
    validation: list[tuple[Tensor, Tensor]],
    vocabulary: dict,
    options: argparse.Namespace,
) -> Books:
    """Goes over the training examples until the last epoch or an early stop; the best weights are in what it returns."""
    size, every = options.batch_size, SETTINGS["checkpointEverySteps"]
    total = options.epochs * math.ceil(len(training) / size)  # updates
    optimizer = make_optimizer(model, options.learning_rate)
    books = Books(higher_is_better=${figure === 'accuracy' ? 'True' : 'False'})
${numbers ? '' : `    weights = class_weights(torch.cat([y.reshape(-1) for _, y in training]), ${classes})\n`}${says ? '    own_share = SETTINGS["scheduledSampling"]  # at the end of training\n' : ''}
    def judge(step: int) -> tuple[float, float, str]:
        loss, figure = evaluate(model, validation or training, vocabulary, size${numbers ? '' : ', weights'})
        return loss, figure, " *" if books.judge(model, step, loss, figure) else ""

    step = 0
    model.train()
    for epoch in range(options.epochs):
        losses = []
${carries ? '        hidden = None\n' : ''}        for number, rows in enumerate(batches_of(training${vocabulary}, size)):
            if every is not None and number > 0 and step % every == 0:
                judge(step)
            outputs, targets = run(model, [training[i] for i in rows]${more})
${carries ? '            hidden = model.hidden if carries_state(vocabulary) else None\n' : ''}            loss = mean_loss(losses_of(outputs, targets)${numbers ? '' : ', weights[targets], len(rows)'})
            if not math.isfinite(loss.item()):
                print(f"step {step + 1}: the loss is {loss.item()}; a lower --learning-rate may help", file=sys.stderr)
                return books
            update(optimizer, loss, books.scale * rate_at(options.learning_rate, step, epoch, total))
            step += 1
            losses.append(loss.item())
        lost, figure, best = judge(step)
        split = "validation" if validation else "all of it"
        print(f"epoch {epoch + 1}  loss {sum(losses) / len(losses):.4f} | {split}: loss {lost:.4f}, ${figure} {figure:.4f}{best}")
        if books.end_epoch(lost):
            print(f"stopped early: the loss has not fallen for {books.stale} epochs")
            break
    if books.best is not None:
        print(f"kept: the weights after step {books.best[2]}, ${figure} {books.best[0]:.4f}")
    return books`;
}

/** Of a series or a running text the end is held out: what comes later is never seen before. */
function holdOut({ windows, language }: TrainForm): string {
  const drawn = 'torch.randperm(len(examples), generator=torch.Generator().manual_seed(seed)).tolist()';
  const last = 'list(range(len(examples)))[::-1]';
  return `def hold_out(examples: list, share: float, seed: int) -> tuple[list, list]:
    """Examples for training, and a share of them for validation: ${windows || language ? 'the last' : 'drawn by chance'}."""
    count = min(round(share * len(examples)), len(examples) - 1)
    order = ${windows || language ? last : drawn}
    held = set(order[:count])
    return [one for i, one in enumerate(examples) if i not in held], [examples[i] for i in sorted(held)]`;
}
