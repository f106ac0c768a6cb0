"""What the network reads: files, through features.py."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor

from cells import BadRow, Cells, text_of
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


def find_input(row: dict, columns: list[str], cells: Cells, vocabulary: dict, folder: Path) -> tuple[Path, str] | list:
    """The path that stands in the chosen column of an example, and the folder from which it leads; or the steps themselves, in a list."""
    cell = row[columns[0]]
    return cell if isinstance(cell, list) else (folder, text_of(cell))


def read_input(given: tuple[Path, str] | list, vocabulary: dict) -> Tensor:
    """A path relative to a folder, or steps that are not normalized -> normalized features [T, F]. BadRow for a file that cannot be used."""
    try:
        steps = given if isinstance(given, list) else read_steps(given[1], vocabulary["media"], given[0])
    except (OSError, ValueError) as error:
        raise BadRow(str(error)) from None
    return to_input(steps[: vocabulary["max_steps"]], vocabulary)
