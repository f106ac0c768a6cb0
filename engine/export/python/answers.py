"""What a network answers to one example, and the numbers whose gradients are asked for."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from losses import NEARLY_NOTHING
from network import CONFIG

KIND = CONFIG["head"]["kind"]
NUMBERS = KIND == "linear-regression"
EVERY_STEP = CONFIG["head"]["every_step"]


class Example(NamedTuple):
    """One example, and what the network should say to it where that is known."""

    given: Tensor  # what it reads: ids [T], or normalized numbers [T, F]
    words: list[str]  # what stands at each step
    unknown: list[bool]  # whether the vocabulary lacks it
    target: dict | None  # in words
    ids: list[int] | None  # of the target, of as many steps as it is known for; one where there is one answer
    numbers: Tensor | None  # the target, normalized [K]
    previous: list[int] | None  # what a decoder reads [U]


class Answers:
    """output: of the network, for one row: [C], [T, C], probabilities of the second class [] or [T], or numbers [K]."""

    def __init__(self, output: Tensor, example: Example, vocabulary: dict):
        self.example, self.vocabulary = example, vocabulary
        self.numbers = output if NUMBERS else None
        if not NUMBERS:
            log = torch.stack([torch.log1p(-output), output.log()], dim=-1) if KIND == "dense-sigmoid" else output
            self.log = log if EVERY_STEP else log.unsqueeze(0)  # [rows, C]

    def losses(self) -> Tensor | None:
        """-ln p of the target at each step where it is known."""
        ids = self.example.ids
        return None if not ids else -self.log[range(len(ids)), ids]

    def loss(self) -> Tensor | None:
        """Not weighed by class."""
        if NUMBERS:
            if self.example.numbers is None:
                return None
            mean = (self.numbers - self.example.numbers).square().mean()
            return (mean + NEARLY_NOTHING).sqrt() if CONFIG["head"]["loss"] == "rmse" else mean
        losses = self.losses()
        if losses is None:
            return None
        return losses.sum() if EVERY_STEP and CONFIG["training"]["timeReduction"] == "sum" else losses.mean()

    def most_probable(self) -> dict:
        """What it says itself, at its last step."""
        names = self.vocabulary["target_normalization"]["names"] if NUMBERS else self.vocabulary["classes"]
        return {"kind": "class", "class": names[0 if NUMBERS else int(self.log[-1].argmax())]}

    def objective(self, of: dict) -> Tensor:
        """The number that `of` names; ValueError where there is none such."""
        if of["kind"] == "loss":
            loss = self.loss()
            if loss is None:
                raise ValueError("nobody said what the network should say, so there is no loss: give --target")
            return loss
        if NUMBERS and of["kind"] != "step":
            names = self.vocabulary["target_normalization"]["names"]
            if of[of["kind"]] not in names:
                raise ValueError(f"the network gives no number {of[of['kind']]!r}, but {names[:8]}")
            return self.numbers[names.index(of[of["kind"]])]
        if NUMBERS or (of["kind"] == "step" and not EVERY_STEP):
            raise ValueError("this network has one answer for all steps, and no loss of a step")
        step = of.get("step", len(self.log) - 1)
        if step >= len(self.log):
            raise ValueError(f"there is no step {step}: they are 0 to {len(self.log) - 1}")
        if of["kind"] == "step":
            if step >= len(self.example.ids or []):
                raise ValueError(f"nobody said what the network should say at step {step}: give --target")
            return -self.log[step, self.example.ids[step]]
        return self.log[step, id_of(of[of["kind"]], self.vocabulary)]

    def said(self) -> list[tuple[str, Tensor]]:
        """Each answer by its name: the log-probability of the target, or of what is most probable; numbers as they are learned."""
        if NUMBERS:
            return list(zip(self.vocabulary["target_normalization"]["names"], self.numbers))
        ids = self.example.ids or []
        ids = ids + self.log[len(ids) :].argmax(dim=-1).tolist()
        return [(self.vocabulary["classes"][found], row[found]) for found, row in zip(ids, self.log)]


def id_of(name: str, vocabulary: dict) -> int:
    """A class, tag or token by its name."""
    classes = vocabulary["classes"]
    if name not in classes:
        raise ValueError(f"there is no {name!r} among {classes[:8]}{' …' if len(classes) > 8 else ''}")
    return len(classes) - 1 - classes[::-1].index(name)


def numbers_of(text: str, vocabulary: dict) -> tuple[list[str], Tensor]:
    """Numbers between spaces or commas, in the units of the data -> as they are told, and normalized [K]."""
    rule = vocabulary["target_normalization"]
    values = [float(word) for word in text.replace(",", " ").split()]
    if len(values) != len(rule["mean"]) or not all(map(math.isfinite, values)):
        raise ValueError(f"the target: expected {len(rule['mean'])} numbers, got {text!r}")
    normal = [(value - mean) / deviation for value, mean, deviation in zip(values, rule["mean"], rule["deviation"])]
    return [f"{value:.15g}" for value in values], torch.tensor(normal)
