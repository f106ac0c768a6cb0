"""Cuts a long series into examples: windows of steps, and the target some steps after the last one."""

from __future__ import annotations

from cells import text_of
from dates import in_time
from rows import Row
from splits import assign_in_time, choose, shares_to_cut


def cut_windows(rows: list[Row], window: dict, rule: dict) -> list[Row]:
    """Steps of series -> windows, each in the split that all of its steps are in.

    Each group of a file is a series of its own, in the order of its dates; its end is for validation and test. A window lies in
    steps of one split, all of which could be read.
    """
    span = window["length"] + window["horizon"]
    series = [completed(steps) for steps in series_of(rows)]
    shares = shares_to_cut([split for _, given in series for split in given], rule)
    found = []
    for steps, given in series:
        splits = assign_in_time(given, shares)
        for first, end in stretches(splits):
            for start in range(first, end - span + 1, window["stride"]):
                inside = steps[start : start + span]
                if all(step.given is not None for step in inside):
                    given = [step.given for step in inside[: window["length"]]]
                    found.append(inside[-1]._replace(split=splits[start], given=given))
    return [found[i] for i in choose(len(found), rule)]


def series_of(rows: list[Row]) -> list[list[Row]]:
    """The steps of each series, oldest first."""
    series: dict = {}
    for row in rows:
        column = row.reading["group"]
        group = text_of(row.cells[column]) if column and row.cells is not None else None
        series.setdefault((row.role, group), []).append(row)
    return [in_time(steps, [step.cells for step in steps], steps[0].reading["time"]) for steps in series.values()]


def completed(steps: list[Row]) -> tuple[list[Row], list[str]]:
    """The split of each step; one that could not be read and names none goes with the one before, the first with the one after."""
    split = next((step.split for step in steps if step.split is not None), "train")
    given = []
    for step in steps:
        split = step.split or split
        given.append(split)
    return steps, given


def stretches(splits: list[str]) -> list[tuple[int, int]]:
    """First and last + 1 of neighbours of one split."""
    ends = [i for i in range(1, len(splits)) if splits[i] != splits[i - 1]]
    return list(zip([0, *ends], [*ends, len(splits)]))
