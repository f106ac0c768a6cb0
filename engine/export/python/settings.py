"""What the settings of the run mean, as the app computes them; they are in config.json, under "training"."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import torch
from torch import Tensor, nn

SETTINGS = json.loads((Path(__file__).resolve().parent / "config.json").read_text(encoding="utf-8"))["training"]


def make_optimizer(model: nn.Module, rate: float) -> torch.optim.Optimizer:
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
    return torch.optim.Adam(groups, lr=rate)


def update(optimizer: torch.optim.Optimizer, loss: Tensor, rate: float) -> None:
    """One step down the gradient of the loss, clipped as in the run."""
    trained = [weight for group in optimizer.param_groups for weight in group["params"]]
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.zero_grad()
    loss.backward()
    if SETTINGS["clipValue"] is not None:
        nn.utils.clip_grad_value_(trained, SETTINGS["clipValue"])
    if SETTINGS["clipNorm"] is not None:
        nn.utils.clip_grad_norm_(trained, SETTINGS["clipNorm"])
    optimizer.step()


def class_weights(targets: Tensor, classes: int) -> Tensor:
    """Weight of each class [C]: 1, or N / (classes * count), so that all count alike, where the run was trained so."""
    if SETTINGS["classWeights"] != "balanced":
        return torch.ones(classes)
    counts = targets.bincount(minlength=classes)
    return torch.where(counts > 0, counts.sum() / (classes * counts.clamp(min=1)), torch.zeros(()))


def rate_at(rate: float, step: int, epoch: int, total: int) -> float:
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


class Books:
    """What a training remembers: its best weights, how long its loss has not fallen, the scale of the plateau schedule."""

    def __init__(self, higher_is_better: bool):
        self.sign = 1 if higher_is_better else -1
        self.best: tuple[float, float, int] | None = None  # figure, loss and step of the weights that are kept
        self.weights: dict[str, Tensor] = {}
        self.lowest, self.stale = math.inf, 0  # of early stopping
        self.scale, self.plateau, self.waited = 1.0, math.inf, 0  # of the plateau schedule

    def judge(self, model: nn.Module, step: int, loss: float, figure: float) -> bool:
        """Keeps the weights if they are the best so far: by the figure, by the loss where it is equal."""
        if math.isnan(loss) or math.isnan(figure):
            return False
        if self.best is not None:
            before, least, _ = self.best
            if not (self.sign * figure > self.sign * before or figure == before and loss < least):
                return False
        self.best = (figure, loss, step)
        self.weights = {name: value.clone() for name, value in model.state_dict().items()}
        return True

    def end_epoch(self, loss: float) -> bool:
        """Whether the training stops early: the loss has not fallen for as many epochs as it waits."""
        self.lower_rate(loss)
        self.stale = 0 if loss < self.lowest else self.stale + 1
        self.lowest = min(self.lowest, loss)
        patience = SETTINGS["earlyStoppingPatience"]
        return patience is not None and self.stale >= patience

    def lower_rate(self, loss: float) -> None:
        """Lowers the rate where the loss has stopped falling, by the rule of ReduceLROnPlateau."""
        schedule = SETTINGS["schedule"]
        if schedule["kind"] != "plateau":
            return
        if loss < self.plateau * (1 - 1e-4):
            self.plateau, self.waited = loss, 0
            return
        self.waited += 1
        if self.waited > schedule["patience"]:
            self.scale, self.waited = self.scale * schedule["factor"], 0
