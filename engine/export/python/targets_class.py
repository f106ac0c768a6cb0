"""What the network is to say: a class."""

from __future__ import annotations

import torch
from torch import Tensor

from cells import BadRow, Cells, class_id
from inputs import read_input

IN_COLUMNS = True


def find_target(row: dict, columns: list[str], cells: Cells) -> str:
    return cells.label(row, columns[0])


def make_example(given, label: str, vocabulary: dict) -> tuple[Tensor, Tensor]:
    """An input and the id of its class []."""
    x = read_input(given, vocabulary)
    if len(x) == 0:
        raise BadRow("the input is empty")
    return x, torch.tensor(class_id(label, vocabulary))
