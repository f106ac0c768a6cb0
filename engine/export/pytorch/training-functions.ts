/**
 * Python of `train.py` that follows the run's settings: its optimizer, schedule and loss, as the app computes them.
 *
 * @param judged the classes of the head, and whether it speaks at every step; `null` of numbers
 */
export function trainingFunctions(judged: { readonly classes: number; readonly steps: boolean } | null): string {
  return [...(judged === null ? [] : [classWeights(judged.classes), meanLoss(judged.steps)]), optimizer, schedule].join('\n\n\n');
}

const classWeights = (classes: number): string => `def class_weights(examples: list[tuple[Tensor, Tensor]]) -> Tensor | None:
    """Weights that make every class count alike, N / (classes * count), where the run was trained so."""
    if SETTINGS["classWeights"] != "balanced":
        return None
    counts = torch.cat([y.reshape(-1) for _, y in examples]).bincount(minlength=${classes})
    return torch.where(counts > 0, counts.sum() / (${classes} * counts.clamp(min=1)), torch.zeros(()))`;

const meanLoss = (
  steps: boolean,
): string => `def mean_loss(losses: Tensor, targets: Tensor, weights: Tensor | None, rows: int) -> Tensor:
    """Mean of the losses [N], each with the weight of its target's class${steps ? '; or their sum over steps, a row' : ''}."""
    each = torch.ones_like(losses) if weights is None else weights[targets]
    divisor = ${steps ? 'rows if SETTINGS["timeReduction"] == "sum" else each.sum()' : 'each.sum()'}
    return (losses * each).sum() / divisor`;

const optimizer = `def make_optimizer(model: nn.Module, rate: float) -> torch.optim.Optimizer:
    """The run's optimizer; weight decay leaves biases and norms as they are."""
    rule, decay = SETTINGS["optimizer"], SETTINGS["weightDecay"]
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    groups = [
        {"params": [weight for weight in trained if weight.dim() > 1], "weight_decay": decay},
        {"params": [weight for weight in trained if weight.dim() <= 1], "weight_decay": 0.0},
    ]
    kind = rule["kind"]
    if kind in ("sgd", "momentum", "nesterov"):
        return torch.optim.SGD(groups, lr=rate, momentum=rule.get("momentum", 0.0), nesterov=kind == "nesterov")
    if kind == "adagrad":
        return torch.optim.Adagrad(groups, lr=rate, eps=rule["epsilon"])
    if kind == "rmsprop":
        return torch.optim.RMSprop(groups, rate, rule["decay"], rule["epsilon"], momentum=rule["momentum"])
    if kind in ("adam", "adamw"):
        betas = (rule["beta1"], rule["beta2"])
        made = torch.optim.Adam if kind == "adam" else torch.optim.AdamW
        return made(groups, lr=rate, betas=betas, eps=rule["epsilon"])
    print(f"{kind} follows no gradient and is not in torch.optim: Adam is used instead", file=sys.stderr)
    return torch.optim.Adam(groups, lr=rate)`;

const schedule = `def rate_at(rate: float, step: int, epoch: int, total: int) -> float:
    """Learning rate of an update: warm-up, then the run's schedule. Counted from 0, total is the number of updates."""
    warmup, schedule = SETTINGS["warmupSteps"], SETTINGS["schedule"]
    if step < warmup:
        return rate * (step + 1) / warmup
    if schedule["kind"] == "step":
        return rate * schedule["factor"] ** (epoch // schedule["every"])
    if schedule["kind"] == "cosine":
        progress = min(1.0, (step - warmup) / max(1, total - warmup))
        return rate * (schedule["floor"] + (1 - schedule["floor"]) * 0.5 * (1 + math.cos(math.pi * progress)))
    return rate


def after_epoch(plateau: dict, loss: float) -> None:
    """Lowers the rate where the loss has stopped falling; there is no validation here, so it is the training loss."""
    schedule = SETTINGS["schedule"]
    if schedule["kind"] != "plateau":
        return
    if loss < plateau["best"] * (1 - 1e-4):
        plateau.update(best=loss, stale=0)
        return
    plateau["stale"] += 1
    if plateau["stale"] > schedule["patience"]:
        plateau.update(scale=plateau["scale"] * schedule["factor"], stale=0)`;
