"""What the network is to say: a tag at each step."""

from __future__ import annotations

import torch
from torch import Tensor

from cells import BadRow, Cells, class_id
from inputs import read_input

IN_COLUMNS = True


def find_target(row: dict, columns: list[str], cells: Cells) -> list[str]:
    return cells.tags(row, columns[0])


def make_example(given, tags: list[str], vocabulary: dict) -> tuple[Tensor, Tensor]:
    """An input [T] and the ids of its tags [T]."""
    x = read_input(given, vocabulary)
    if len(x) == 0:
        raise BadRow("the input is empty")
    rule = vocabulary["tokenizer"]
    if len(tags) == 1 and len(x) > 1:
        tags = tags[0].split(",")
    y = torch.tensor([class_id(tag, vocabulary) for tag in (tags[: rule["max_length"]] if rule else tags)])
    if len(x) != len(y):
        raise BadRow("expected one tag for each step")
    return x, y
