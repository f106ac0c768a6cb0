"""Judges a network by the app's figures; what each process finds of its rows is summed."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from batches import as_streams, collate, in_order_of_length, lengths_of
from distributed import Workers
from forward import first_rows, forward
from losses import Loss


class Judge:
    """config: of config.json; size: rows of a batch; carries: whether a running text's states go on from chunk to chunk."""

    def __init__(self, config: dict, vocabulary: dict, loss: Loss, size: int, carries: bool, workers: Workers):
        self.config, self.vocabulary, self.loss, self.workers = config, vocabulary, loss, workers
        self.size, self.carries = size, carries
        self.says = config["task"] == "sequence-to-sequence"

    @torch.no_grad()
    def evaluate(self, model: nn.Module, examples: list[tuple[Tensor, Tensor]]) -> dict[str, float]:
        """The loss of all examples as if they were one batch, and the other figures; without dropout."""
        model.eval()
        sums = NumberSums(self.vocabulary) if self.config["head"]["classes"] == 0 else ClassSums(self.config["head"]["classes"])
        hidden = None
        for rows in self.batches(examples):
            mine = [examples[i] for i in self.workers.share(rows)]
            if mine:
                batch = collate(mine, self.says, self.workers.device)
                outputs = forward(model, batch, self.config["head"]["every_step"], first_rows(hidden, len(mine)))
                hidden = model.hidden if self.carries else None
                terms, weights = self.loss.terms(outputs.float(), batch.targets), self.loss.weights_of(batch.targets)
                sums.add(outputs, batch.targets, terms.double(), weights.double())
        figures = sums.figures(self.workers.sum(*sums.numbers()))
        weight = figures.pop("weight")
        if self.loss.summed_over_steps:
            figures["loss"] *= weight / max(1, len(examples))
        figures["loss"] = self.loss.of_mean(figures["loss"])
        if self.config["task"] in ("language-model", "sequence-to-sequence", "step-tagging"):
            figures["perplexity"] = exponential(figures["log-loss"])
        if self.says:
            from token_errors import token_error_rate

            figures["token-error-rate"] = token_error_rate(model, examples, self.vocabulary, max(self.size, 64), self.workers)
        model.train()
        return figures

    def batches(self, examples: list[tuple[Tensor, Tensor]]) -> list[list[int]]:
        if self.carries:
            return as_streams(len(examples), self.size) if examples else []
        return in_order_of_length(lengths_of(examples, self.says), max(self.size, 64))


def exponential(value: float) -> float:
    return math.exp(value) if value < 700 else math.inf


class ClassSums:
    """Counts of classes or tags, of which the figures follow."""

    def __init__(self, classes: int):
        self.classes = classes
        self.loss = self.weight = self.log_loss = 0.0
        self.hits, self.said, self.wanted = (torch.zeros(classes, dtype=torch.double) for _ in range(3))

    def add(self, outputs: Tensor, targets: Tensor, terms: Tensor, weights: Tensor) -> None:
        said = (outputs > 0.5).long() if outputs.dim() == 1 else outputs.argmax(-1)
        self.loss += (terms * weights).sum().item()
        self.weight += weights.sum().item()
        self.log_loss += terms.sum().item()
        for counts, ids in ((self.hits, targets[said == targets]), (self.said, said), (self.wanted, targets)):
            counts += ids.bincount(minlength=self.classes).cpu()

    def numbers(self) -> list[float]:
        return [self.loss, self.weight, self.log_loss, *torch.cat([self.hits, self.said, self.wanted]).tolist()]

    def figures(self, sums: list[float]) -> dict[str, float]:
        """Macro means run over the classes that occur as a target or a prediction."""
        loss, weight, log_loss, *counts = sums
        hits, said, wanted = torch.tensor(counts, dtype=torch.double).reshape(3, self.classes)
        count = max(1.0, wanted.sum().item())
        f1 = 2 * hits / (said + wanted).clamp(min=1)
        figures = {"loss": loss / weight if weight > 0 else 0.0, "weight": weight, "log-loss": log_loss / count}
        return {**figures, "accuracy": hits.sum().item() / count, "macro-f1": f1[said + wanted > 0].mean().item()}


class NumberSums:
    """Squared and absolute errors, in normalized units for the loss and in those of the data for the rest."""

    def __init__(self, vocabulary: dict):
        self.deviation = torch.tensor(vocabulary["target_normalization"]["deviation"], dtype=torch.double)
        self.loss = self.squared = self.absolute = 0.0
        self.count = 0

    def add(self, outputs: Tensor, targets: Tensor, terms: Tensor, weights: Tensor) -> None:
        errors = (outputs.double() - targets.double()).cpu() * self.deviation
        self.loss += terms.sum().item()
        self.squared += (errors**2).sum().item()
        self.absolute += errors.abs().sum().item()
        self.count += errors.numel()

    def numbers(self) -> list[float]:
        return [self.loss, self.squared, self.absolute, self.count]

    def figures(self, sums: list[float]) -> dict[str, float]:
        loss, squared, absolute, count = sums[0], sums[1], sums[2], max(1.0, sums[3])
        return {"loss": loss / count, "weight": count, "rmse": math.sqrt(squared / count), "mae": absolute / count}
