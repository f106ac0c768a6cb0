"""What the network reads: files, through features.py."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor

from cells import Cells, text_of
from features import EXAMPLE, HELP, read_steps

USAGE = f"""\
    python predict.py {EXAMPLE}
    python predict.py --json {EXAMPLE}
"""


def add_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help=HELP)


def read_argument(arguments: argparse.Namespace, vocabulary: dict) -> Tensor:
    return read_steps(arguments.file, vocabulary["media"])


def to_input(steps: Tensor | list[list[float]], vocabulary: dict) -> Tensor:
    """What features.py makes of a file -> normalized as in training. [T, F] -> [T, F]"""
    rule = vocabulary["input_normalization"]
    steps = torch.as_tensor(steps, dtype=torch.double)
    mean, deviation = (torch.tensor(rule[name], dtype=torch.double) for name in ("mean", "deviation"))
    if steps.size(1) != len(mean):
        raise ValueError(f"expected {len(mean)} numbers a step, got {steps.size(1)}")
    if not steps.isfinite().all():
        raise ValueError("expected finite numbers")
    return ((steps - mean) / deviation).to(torch.get_default_dtype())


def step_names(steps: Tensor, vocabulary: dict) -> list[str]:
    return [str(step) for step in range(1, len(steps) + 1)]


def step_words(steps: Tensor, vocabulary: dict) -> tuple[list[str], list[bool]]:
    """Nothing stands at the steps: so many numbers are no words."""
    return [""] * len(steps), [False] * len(steps)


def told(steps: Tensor, vocabulary: dict) -> dict:
    """What --json tells of the input."""
    return {}


def find_input(row: dict, columns: list[str], cells: Cells, vocabulary: dict, folder: Path) -> tuple[Path, str]:
    """The path that stands in the chosen column of an example, and the folder from which it leads."""
    return folder, text_of(row[columns[0]])


def read_input(file: tuple[Path, str], vocabulary: dict) -> Tensor:
    """A path relative to a folder -> normalized features [T, F]."""
    folder, path = file
    return to_input(read_steps(path, vocabulary["media"], folder)[: vocabulary["max_steps"]], vocabulary)
