"""The run's loss, and how much each target counts in it."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy, nll_loss

NEARLY_NOTHING = 1e-12  # keeps the gradient of a square root finite


class Loss:
    """kind: of config.json; classes: how many, 0 of numbers; settings: those of training; targets: of the training examples."""

    def __init__(self, kind: str, classes: int, per_step: bool, settings: dict, targets: list[Tensor]):
        self.kind = kind
        self.summed_over_steps = per_step and settings["timeReduction"] == "sum"
        balanced = classes > 0 and settings["classWeights"] == "balanced"
        self.weights = balanced_weights(targets, classes) if balanced else None

    def to(self, device: torch.device) -> Loss:
        self.weights = self.weights if self.weights is None else self.weights.to(device)
        return self

    def terms(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Of each target alone: -ln p [N], or its squared error in normalized units [B, K]."""
        if self.kind in ("mse", "rmse"):
            return (outputs - targets) ** 2
        if self.kind == "binary-log-loss":
            return binary_cross_entropy(outputs, targets.float(), reduction="none")
        return nll_loss(outputs, targets, reduction="none")

    def weights_of(self, targets: Tensor) -> Tensor:
        """How much each target counts: 1, or the weight of its class."""
        if self.weights is None:
            return torch.ones(targets.shape, device=targets.device)
        return self.weights[targets]

    def weight_of(self, target: Tensor) -> float:
        """What an example adds to the number that a batch's loss is divided by."""
        return 1.0 if self.summed_over_steps else self.weights_of(target).sum().item()

    def of_mean(self, mean: float) -> float:
        """The loss, from the weighted mean of its terms."""
        return math.sqrt(mean + NEARLY_NOTHING) if self.kind == "rmse" else mean

    def slope(self, mean: float) -> float:
        """How fast the loss grows with the mean of its terms."""
        return 0.5 / self.of_mean(mean) if self.kind == "rmse" else 1.0


def balanced_weights(targets: list[Tensor], classes: int) -> Tensor:
    """N / (classes * count) of each class [C], so that all count alike; 0 of one that never occurs."""
    counts = torch.cat([target.reshape(-1) for target in targets]).bincount(minlength=classes)
    return torch.where(counts > 0, counts.sum() / (classes * counts.clamp(min=1)), torch.zeros(()))
