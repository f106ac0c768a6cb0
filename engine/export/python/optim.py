"""Optimizer, learning rate and clipping as the app has them; the settings are "training" in config.json."""

from __future__ import annotations

import math
import sys

import torch
from torch import nn


def make_optimizer(model: nn.Module, settings: dict) -> torch.optim.Optimizer:
    """The run's optimizer; weight decay leaves biases and norms as they are."""
    rule, rate = settings["optimizer"], settings["learningRate"]
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    groups = [
        {"params": [weight for weight in trained if weight.dim() > 1], "weight_decay": settings["weightDecay"]},
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


def make_scaler(needed: bool):
    """Keeps small gradients of 16-bit floats from vanishing; does nothing where it is not needed."""
    newer = hasattr(torch.amp, "GradScaler")
    return torch.amp.GradScaler("cuda", enabled=needed) if newer else torch.cuda.amp.GradScaler(enabled=needed)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


def clip_gradients(model: nn.Module, settings: dict) -> None:
    """To a greatest value, then to a greatest norm, where the run did so."""
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    if settings["clipValue"] is not None:
        nn.utils.clip_grad_value_(trained, settings["clipValue"])
    if settings["clipNorm"] is not None:
        nn.utils.clip_grad_norm_(trained, settings["clipNorm"])


def rate_at(settings: dict, step: int, epoch: int, total: int) -> float:
    """Learning rate of an update: warm-up, then the run's schedule. Counted from 0, total is the number of updates."""
    rate, warmup, schedule = settings["learningRate"], settings["warmupSteps"], settings["schedule"]
    if step < warmup:
        return rate * (step + 1) / warmup
    if schedule["kind"] == "step":
        return rate * schedule["factor"] ** (epoch // schedule["every"])
    if schedule["kind"] == "cosine":
        progress = min(1.0, (step - warmup) / max(1, total - warmup))
        return rate * (schedule["floor"] + (1 - schedule["floor"]) * 0.5 * (1 + math.cos(math.pi * progress)))
    return rate
