"""What the network reads: texts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from torch import Tensor

from cells import Cells
from tokens import encode, normalize_text, tokenize, tokens_of_list

USAGE = """\
    python predict.py "a sentence"
    python predict.py --json < file.txt
"""


def add_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="?", help="the text; read from standard input when left out")


def read_argument(arguments: argparse.Namespace, vocabulary: dict) -> str:
    return sys.stdin.read() if arguments.text is None else arguments.text


def to_input(text: str, vocabulary: dict) -> Tensor:
    """A text -> ids [T]."""
    ids = encode(tokenize(text, vocabulary["tokenizer"]), vocabulary)
    if not ids:
        raise ValueError("the text has no tokens: expected at least one word or character")
    return torch.tensor(ids)


def step_names(text: str, vocabulary: dict) -> list[str]:
    return tokenize(text, vocabulary["tokenizer"])


def step_words(text: str, vocabulary: dict) -> tuple[list[str], list[bool]]:
    """What stands at each step, and whether the vocabulary lacks it."""
    words = tokenize(text, vocabulary["tokenizer"])
    unknown = vocabulary["tokenizer"]["unknown_id"]
    return words, [i == unknown for i in encode(words, vocabulary)]


def told(text: str, vocabulary: dict) -> dict:
    """What --json tells of the input."""
    return {"tokens": tokenize(text, vocabulary["tokenizer"])}


def find_input(row: dict, columns: list[str], cells: Cells, vocabulary: dict, folder: Path) -> str | list[str]:
    """What the chosen columns hold of an example: a text or a list of its tokens; tokens with tags are always a list."""
    return cells.tokens(row, columns[0]) if vocabulary["tokenizer"]["separated"] else cells.text(row, columns)


def read_input(given: str | list[str], vocabulary: dict) -> Tensor:
    """A text, or a list of its tokens -> ids [T]."""
    rule = vocabulary["tokenizer"]
    if rule["separated"]:  # a tag for each token: none is cut further
        words = [normalize_text(word, rule) for word in given][: rule["max_length"]]
    elif isinstance(given, str):
        words = tokenize(given, rule)
    else:
        words = tokens_of_list(given, rule)
    return torch.tensor(encode(words, vocabulary), dtype=torch.long)
