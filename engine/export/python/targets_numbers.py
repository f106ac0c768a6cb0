"""What the network is to say: numbers."""

from __future__ import annotations

import torch
from torch import Tensor

from cells import BadRow, Cells
from inputs import read_input

IN_COLUMNS = True


def find_target(row: dict, columns: list[str], cells: Cells) -> list[float]:
    return cells.numbers(row, columns)


def make_example(given, numbers: list[float], vocabulary: dict) -> tuple[Tensor, Tensor]:
    """An input, and its numbers normalized as in training [K]."""
    x = read_input(given, vocabulary)
    if len(x) == 0:
        raise BadRow("the input is empty")
    rule = vocabulary["target_normalization"]
    if len(numbers) != len(rule["mean"]):
        raise ValueError(f"expected {len(rule['mean'])} targets, found {len(numbers)}")
    values = torch.tensor([float(number) for number in numbers], dtype=torch.double)
    mean, deviation = (torch.tensor(rule[name], dtype=torch.double) for name in ("mean", "deviation"))
    return x, ((values - mean) / deviation).float()
