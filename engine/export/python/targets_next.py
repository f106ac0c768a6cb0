"""What the network is to say: the next token at each step."""

from __future__ import annotations

import torch
from torch import Tensor

from cells import BadRow
from inputs import read_input
from tokens import BEGIN, END

IN_COLUMNS = False  # the target is the text itself


def find_target(row: dict, columns: list[str], cells: object) -> None:
    return None


def make_example(given: str | list[str], answer: None, vocabulary: dict) -> tuple[Tensor, Tensor]:
    """A text that is a sequence of its own -> what is read [T], and what is to be said at each step [T]."""
    x = read_input(given, vocabulary)
    if len(x) == 0:
        raise BadRow("the input is empty")
    return torch.cat([torch.tensor([BEGIN]), x]), torch.cat([x, torch.tensor([END])])
