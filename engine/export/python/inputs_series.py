"""What the network reads: series of numbers."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

import torch
from torch import Tensor

from cells import BadRow, Cells, NumberReader, number_text, text_of
from dates import in_time
from examples import PLAIN, is_laid_out, read_rows, unpacked

USAGE = """\
    python predict.py series.csv
    python predict.py --json < series.csv

A series has one line a step, oldest first. Numbers, and the signs between them, are written as in the data of training; of a table
with its columns, the inputs are found by name. Otherwise the columns are the inputs in their order.
"""


def add_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="a CSV file; read from standard input when left out")


def read_argument(arguments: argparse.Namespace, vocabulary: dict) -> list[list[float]]:
    content = sys.stdin.buffer.read() if arguments.file is None else unpacked(Path(arguments.file).read_bytes(), arguments.file)
    return read_series(content, vocabulary)


def to_input(rows: list[list[float]], vocabulary: dict) -> Tensor:
    """Numbers in the units of the data -> normalized [T, F]."""
    if vocabulary["window"]:
        rows = rows[-vocabulary["window"]["length"] :]  # as long as the windows of training
    if not rows:
        raise ValueError("the series is empty: expected at least one row")
    return torch.tensor(normalize(rows, vocabulary["input_normalization"]))


def step_names(rows: list[list[float]], vocabulary: dict) -> list[str]:
    return [str(step) for step in range(1, len(rows) + 1)]


def step_words(rows: list[list[float]], vocabulary: dict) -> tuple[list[str], list[bool]]:
    """What stands at each step, and that the network knows all numbers."""
    seen = rows[-vocabulary["window"]["length"] :] if vocabulary["window"] else rows
    return [" ".join(map(number_text, row)) for row in seen], [False] * len(seen)


def told(rows: list[list[float]], vocabulary: dict) -> dict:
    """What --json tells of the input."""
    return {}


def find_input(row: dict, columns: list[str], cells: Cells, vocabulary: dict, folder: Path) -> list:
    """What the chosen columns hold: a step of the series that windows are cut from, or all steps of an example."""
    return cells.numbers(row, columns) if vocabulary["window"] else cells.steps(row, columns)


def read_input(steps: list[list[float]], vocabulary: dict) -> Tensor:
    """Steps of an example -> normalized [T, F]."""
    rule = vocabulary["input_normalization"]
    if any(len(step) != len(rule["mean"]) for step in steps):
        raise BadRow(f"expected {len(rule['mean'])} numbers at every step")
    return torch.tensor(normalize(steps if vocabulary["window"] else steps[: vocabulary["max_steps"]], rule))


def read_series(content: bytes, vocabulary: dict) -> list[list[float]]:
    """Steps of a table, oldest first. [T][F]"""
    reading, window = vocabulary["reading"], vocabulary["window"]
    if window and reading and is_laid_out(content, reading, vocabulary["columns"]["input"]):
        rows = list(read_rows(content, reading))
        width = next((len(row) for _, row in rows if not isinstance(row, BadRow)), 0)
        if reading["header"] or width == len(reading["columns"]):
            return last_steps(rows, vocabulary)
    return plain_steps(content, vocabulary)


def last_steps(rows: list[tuple[int, dict | BadRow]], vocabulary: dict) -> list[list[float]]:
    """The inputs of the last window, by the names of their columns."""
    reading, cells = vocabulary["reading"], Cells(vocabulary["reading"])
    good = [row for _, row in rows if isinstance(row, dict)]
    groups = {text_of(row[reading["group"]]) for row in good} if reading["group"] else set()
    if len(groups) > 1:
        raise ValueError(f"expected one series, found {len(groups)} in the column {reading['group']!r}")
    rows = in_time(rows, [row if isinstance(row, dict) else None for _, row in rows], reading["time"])
    steps = []
    for line, row in rows[-vocabulary["window"]["length"] :]:
        try:
            if isinstance(row, BadRow):
                raise row
            steps.append(cells.numbers(row, vocabulary["columns"]["input"]))
        except BadRow as error:
            raise ValueError(f"line {line}: {error}") from None
    return steps


def plain_steps(content: bytes, vocabulary: dict) -> list[list[float]]:
    """All numbers of a table; a first line without any is skipped."""
    reading = vocabulary["reading"] or PLAIN
    numbers = list(reading["numbers"].values()) or [{}]
    names = vocabulary["columns"]["input"] if vocabulary["window"] and vocabulary["columns"] else []
    readers = [NumberReader(**reading["numbers"].get(name, numbers[0])) for name in names] or [NumberReader(**numbers[0])]
    width = len(vocabulary["input_normalization"]["mean"])
    readers = (readers * width)[:width]
    kept = ("encoding", "delimiter", "comment", "quotes", "trim") if reading.get("format") == "csv" else ()
    table = {**PLAIN, **{name: reading[name] for name in kept}, "format": "csv", "header": False}
    signs = [sign for sign in [table["delimiter"], *",;\t|"] if sign != readers[0].decimal or sign == table["delimiter"]]
    for sign in signs:
        rows = list(read_rows(content, {**table, "delimiter": sign}))
        if rows and len(rows[0][1]) == width:
            break
    else:
        rows = list(read_rows(content, table))
    steps = []
    for line, row in rows:
        if isinstance(row, BadRow):
            raise ValueError(f"line {line}: {row}")
        if len(row) != width:
            raise ValueError(f"line {line}: expected {width} numbers, got {len(row)}")
        step = [reader.read(cell) for reader, cell in zip(readers, row.values())]
        if None in step and (steps or any(value is not None for value in step)):
            raise ValueError(f"line {line}: expected a number, found {list(row.values())[step.index(None)]!r}")
        if None not in step:
            steps.append(step)
    return steps


def normalize(rows: list[list[float]], rule: dict) -> list[list[float]]:
    """Numbers in the units of the data -> normalized as in training. [T][F] -> [T][F]"""
    width = len(rule["mean"])
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise ValueError(f"row {number}: expected {width} numbers, got {len(row)}")
        if not all(math.isfinite(value) for value in row):
            raise ValueError(f"row {number}: expected finite numbers, got {row}")
    return [[(value - mean) / deviation for value, mean, deviation in zip(row, rule["mean"], rule["deviation"])] for row in rows]
