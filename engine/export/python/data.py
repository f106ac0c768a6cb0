"""The examples of the user's files as tensors, in the splits that the app makes of them."""

from __future__ import annotations

import argparse
import sys
from typing import List, Tuple

from torch import Tensor

import targets
from cells import BadRow, text_of
from rows import Row, Rows
from splits import SPLITS, assign, assign_in_time, shares_to_cut

Examples = List[Tuple[Tensor, Tensor]]  # input [T] or [T, F], and target


def read_data(files: dict[str, list[str]], vocabulary: dict, options: argparse.Namespace) -> dict[str, Examples]:
    """Examples by split. files: paths by what they are for, those of one purpose read as one; other splits are cut from "train".

    Says what is wrong."""
    rows = Rows(vocabulary, options)
    try:
        found = read_examples(files, rows)
    except (OSError, ValueError) as error:
        sys.exit(f"{', '.join(path for paths in files.values() for path in paths)}: {error}")
    if not any(found.values()):
        sys.exit(f"{', '.join(files['train'])}: no examples" + (f"; {rows.left_out[0]}" if rows.left_out else ""))
    rows.tell()
    return found


def read_examples(files: dict[str, list[str]], rows: Rows) -> dict[str, Examples]:
    """ValueError where a file is not of this network."""
    vocabulary = rows.vocabulary
    if "running" in vocabulary:
        from running_text import read_running_text

        return read_running_text(files, rows)
    read = [row for role, paths in files.items() for row in rows.read(paths, role)]
    if vocabulary["window"]:
        read = windows_of(read, vocabulary)
    made, kept = [], []
    for row in read:
        try:
            made.append(targets.make_example(row.given, row.answer, vocabulary))
            kept.append(row)
        except BadRow as error:
            rows.leave_out(row.line, error)
        except (OSError, TypeError, ValueError) as error:
            raise ValueError(f"line {row.line}: not an example of this model: {error}") from None
    splits = [row.split for row in kept]
    if not vocabulary["window"]:
        splits = assign(splits, vocabulary["split"], strata_of(made, vocabulary), groups_of(kept))
    found: dict[str, Examples] = {split: [] for split in SPLITS}
    for split, example in zip(splits, made):
        if split is not None:
            found[split].append(example)
    return found


def windows_of(rows: list[Row], vocabulary: dict) -> list[Row]:
    """Windows cut from the steps of series; rows that are windows already as they are, the last ones held out."""
    from windows import cut_windows

    if not any(isinstance(row.given, list) and row.given and isinstance(row.given[0], list) for row in rows):
        return cut_windows(rows, vocabulary["window"], vocabulary["split"])
    rows = [row for row in rows if row.given is not None]
    given = [row.split for row in rows]
    splits = assign_in_time(given, shares_to_cut(given, vocabulary["split"]))
    return [row._replace(split=split) for row, split in zip(rows, splits)]


def strata_of(examples: Examples, vocabulary: dict) -> list[int] | None:
    """The class of each example, of which every split gets its share; None where examples have no class of their own."""
    single = all(y.dim() == 0 for _, y in examples)
    return [int(y) for _, y in examples] if single and vocabulary["split"]["stratify"] else None


def groups_of(rows: list[Row]) -> list[str] | None:
    """What keeps examples together."""
    groups = [text_of(row.cells[row.reading["group"]]) if row.reading["group"] else None for row in rows]
    return (
        None
        if set(groups) <= {None}
        else [f"{row.role} {row.line}" if group is None else f"= {group}" for row, group in zip(rows, groups)]
    )
