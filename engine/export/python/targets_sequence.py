"""What the network is to say: a sequence with a length of its own."""

from __future__ import annotations

import torch
from torch import Tensor

from cells import BadRow, Cells
from inputs import read_input
from tokens import END, UNKNOWN, tokenize, tokens_of_list

IN_COLUMNS = True


def find_target(row: dict, columns: list[str], cells: Cells) -> str | list[str]:
    return cells.text(row, columns)


def make_example(given, said: str | list[str], vocabulary: dict) -> tuple[Tensor, Tensor]:
    """An input and the ids of the tokens to say [U], <eos> last."""
    x, y = read_input(given, vocabulary), read_target(said, vocabulary)
    if len(x) == 0:
        raise BadRow("the input is empty")
    return x, y


def read_target(said: str | list[str], vocabulary: dict) -> Tensor:
    """The text to say, or a list of its tokens."""
    rule = vocabulary["target"]
    words = tokenize(said, rule) if isinstance(said, str) else tokens_of_list(said, rule)
    if not words:
        raise BadRow("no target text")
    if "ids" not in rule:
        rule["ids"] = {word: i for i, word in enumerate(vocabulary["classes"]) if i > END}
    return torch.tensor([*(rule["ids"].get(word, UNKNOWN) for word in words), END])
