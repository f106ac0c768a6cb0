"""The rows of the user's files: what stands in the chosen columns of each, and which are no examples."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import inputs
import targets
from cells import BadRow, Cells
from examples import choose, read_rows, settle, split_of


class Row(NamedTuple):
    role: str  # what its file is for: train, validation or test
    line: int
    reading: dict  # how its file was read
    cells: dict | None  # by column; None where the row could not be read
    split: str | None  # what its file or a column says it is for; None where it could not be read
    given: object  # the input; None where it could not be read
    answer: object  # the target


class Rows:
    """Reads files, and remembers why rows were left out."""

    def __init__(self, vocabulary: dict, options: argparse.Namespace):
        self.vocabulary, self.options = vocabulary, options
        self.left_out: list[str] = []

    def settle(self, path: str) -> dict:
        """How a file is read."""
        columns, options = self.columns, self.options
        wanted = [*(options.input or columns["input"] or [])]
        if targets.IN_COLUMNS:
            wanted += options.target or columns["target"] or []
        return settle(path, self.vocabulary["reading"], options.format, wanted, options.no_header)

    @property
    def columns(self) -> dict:
        return self.vocabulary["columns"] or {"input": None, "target": None}

    def read(self, paths: list[str], role: str) -> list[Row]:
        """Every row of files that are read as one, lines counted on. Those that cannot be read are there only where their place in time counts."""
        rows: list[Row] = []
        before = 0
        for path in paths:
            part, last = self.read_one(path, role, before)
            rows += part
            before = max(before, last)
        return rows

    def read_one(self, path: str, role: str, before: int) -> tuple[list[Row], int]:
        """The rows of a file that so many lines stand before, and the last line of them."""
        reading = self.settle(path)
        cells = Cells(reading)
        rows = []
        line = before
        for own_line, row in read_rows(path, reading):
            line = before + own_line
            split = None if role == "train" else role
            try:
                if isinstance(row, BadRow):
                    raise row
                split = split or split_of(row, reading["split"])
                columns = choose(row, self.options.input, self.columns["input"], "input")
                given = inputs.find_input(row, columns, cells, self.vocabulary, Path(path).parent)
                answer = None
                if targets.IN_COLUMNS:
                    answer = targets.find_target(row, choose(row, self.options.target, self.columns["target"], "target"), cells)
                rows.append(Row(role, line, reading, row, split, given, answer))
            except BadRow as error:
                self.leave_out(line, error)
                if self.vocabulary["window"]:
                    rows.append(Row(role, line, reading, None if isinstance(row, BadRow) else row, split, None, None))
        return rows, line

    def leave_out(self, line: int, error: Exception) -> None:
        self.left_out.append(f"line {line}: {error}")

    def tell(self) -> None:
        """Says which rows were left out."""
        for reason in self.left_out[:20]:
            print(f"left out: {reason}", file=sys.stderr)
        if len(self.left_out) > 20:
            print(f"left out: {len(self.left_out)} rows in all", file=sys.stderr)
