"""Turns the cells of a row into texts, numbers and labels, by the rules of the app."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal

from lists import SPACE, is_broken_list, list_in

MISSING = {
    "na",
    "n/a",
    "n.a.",
    "nan",
    "-nan",
    "nat",
    "null",
    "nil",
    "none",
    "?",
    "-",
    "--",
    ".",
    "..",
    "#n/a",
    "#na",
    "<na>",
    "\\n",
    "missing",
}


class BadRow(ValueError):
    """Why a row is no example; it is left out, as in the app."""


def text_of(cell: object) -> str:
    """A cell as text; the parts of a list with spaces between."""
    if isinstance(cell, list):
        return " ".join(scalar_text(value) for value in cell)
    return cell if isinstance(cell, str) else scalar_text(cell)


def scalar_text(value: object) -> str:
    """A value of JSON as the app writes it: 1.0 is "1", True is "true"."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):  # one that no float holds
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, list):
        return ",".join("" if inner is None else scalar_text(inner) for inner in value)
    return str(value)


def number_text(value: float) -> str:
    if math.isnan(value) or math.isinf(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    if 1e-6 <= abs(value) < 1e21:
        text = format(Decimal(repr(value)), "f")
        return text[:-2] if text.endswith(".0") else text  # Python 3.8 has no removesuffix
    digits, exponent = f"{Decimal(repr(value)).normalize():e}".split("e")
    return f"{digits}e{int(exponent):+d}"


def is_missing(text: str, words: list[str] | None) -> bool:
    text = text.strip(SPACE)
    if text == "":
        return True
    return text.lower() in MISSING if words is None else any(word.strip(SPACE) == text for word in words)


MINUS = "\u2212\uff0d\ufe63-"
PLAIN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
THOUSANDS = {"": "", ",": ",", ".": ".", " ": " \u00a0\u202f\u2007\u2009", "'": "'\u2019"}


class NumberReader:
    """Reads numbers such as 1,234.5 or 1.234,5; (5) is -5."""

    def __init__(self, decimal: str = ".", thousands: str = ""):
        point = re.escape(decimal)
        self.decimal = decimal
        self.signs = THOUSANDS[thousands]
        sign = f"[{self.signs}]"
        grouped = rf"|[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+|[0-9]{{1,2}}(?:{sign}[0-9]{{2}})+{sign}[0-9]{{3}}"
        whole = "[0-9]+" + (grouped if self.signs else "")
        body = f"(?:(?:{whole})(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+{MINUS}]?[0-9]+)?"
        self.signed = re.compile(f"[+{MINUS}]?{body}")
        self.bracketed = re.compile(rf"\({body}\)")

    def read(self, text: str) -> float | None:
        text = text.strip(SPACE)
        if self.decimal == "." and PLAIN.fullmatch(text):
            value = float(text)
        elif self.signed.fullmatch(text):
            value = self.convert(text)
        elif self.bracketed.fullmatch(text):
            value = -self.convert(text[1:-1])
        else:
            return None
        return value if math.isfinite(value) else None

    def convert(self, text: str) -> float:
        bare = "".join("-" if sign in MINUS else sign for sign in text if sign not in self.signs)
        return float(bare.replace(self.decimal, "."))


class Cells:
    """The cells of a row, by what they are read as. reading: the settings in vocabulary.json, or of a file of its own."""

    def __init__(self, reading: dict):
        self.words = reading["missing"]
        self.formats = {name: NumberReader(**form) for name, form in reading["numbers"].items()}

    def raw(self, row: dict, column: str) -> str | list:
        """Its text or its list; empty where it is one of the words for a missing value."""
        cell = row[column]
        asked = self.words is not None and isinstance(cell, str)
        return "" if asked and is_missing(cell, self.words) else cell

    def number_or_none(self, row: dict, column: str) -> float | None:
        """A number, or None where a missing value stands."""
        text = text_of(row[column])
        reader = self.formats.get(column) or NumberReader()
        if text.strip(SPACE) == "":
            return None
        value = reader.read(text)
        if value is not None:
            if value in [reader.read(word) for word in self.words or []]:
                return None
            if not is_number(value):
                raise BadRow(f"column {column!r}: expected a number, found {text!r}; at most 3.4e38 is possible")
            return value
        if is_missing(text, self.words) or is_missing(text, None):
            return None
        raise BadRow(f"column {column!r}: expected a number, found {text!r}")

    def number(self, row: dict, column: str) -> float:
        value = self.number_or_none(row, column)
        if value is None:
            raise BadRow(f"column {column!r}: expected a number, found {text_of(row[column])!r}, a missing value")
        return value

    def numbers(self, row: dict, columns: list[str]) -> list[float]:
        """A number in each column, or a list of them in one."""
        given = row[columns[0]] if len(columns) == 1 else None
        return given if isinstance(given, list) else [self.number(row, column) for column in columns]

    def steps(self, row: dict, columns: list[str]) -> list[list[float]]:
        """A series: one step a column, where missing values at the end make it shorter; or all steps in one list."""
        if len(columns) > 1:
            values = [self.number_or_none(row, column) for column in columns]
            while values and values[-1] is None:
                values.pop()
            if None in values:
                raise BadRow(f"column {columns[values.index(None)]!r}: expected a number, found a missing value")
            return [[value] for value in values]
        given = list_in(self.raw(row, columns[0]))
        if given is None:
            raise BadRow(f"column {columns[0]!r}: expected a list of numbers, found {text_of(row[columns[0]])!r}")
        steps = [step if isinstance(step, list) else [step] for step in given]
        steps = steps[: max((i + 1 for i, step in enumerate(steps) if not all(map(is_absent, step))), default=0)]
        for step in steps:
            if len(step) != len(steps[0]) or not all(is_number(value) for value in step):
                raise BadRow(f"column {columns[0]!r}: expected {len(steps[0])} numbers at every step, found {step}")
        return steps

    def text(self, row: dict, columns: list[str]) -> str | list[str]:
        """A text, or the tokens of a list."""
        cells = [self.raw(row, column) for column in columns]
        if len(cells) == 1 and (list_in(cells[0]) is not None or is_broken_list(cells[0])):
            return self.tokens(row, columns[0])
        return " ".join(text_of(cell) for cell in cells)

    def tokens(self, row: dict, column: str) -> list[str]:
        """Tokens that the cell separates itself, in a list or by spaces."""
        cell = self.raw(row, column)
        if is_broken_list(cell):
            raise BadRow(f"column {column!r}: the list {cell!r} cannot be read")
        given = list_in(cell)
        tokens = re.split(f"[{SPACE}]+", cell.strip(SPACE)) if given is None else given
        if any(isinstance(token, (list, dict)) for token in tokens):
            raise BadRow(f"column {column!r}: expected texts in the list, found {cell!r}")
        return [] if tokens == [""] and given is None else [well_formed(text_of(token)) for token in tokens]

    def tags(self, row: dict, column: str) -> list[str]:
        """Tags in a list, or between spaces, also with a comma after each."""
        found = self.tokens(row, column)
        rest = found[:-1]
        if list_in(self.raw(row, column)) is None and rest and all(len(tag) > 1 and tag.endswith(",") for tag in rest):
            found = [*(tag[:-1] for tag in rest), found[-1]]
        if "" in found:
            raise BadRow(f"column {column!r}: token {found.index('') + 1} has no tag")
        return found

    def label(self, row: dict, column: str) -> str:
        labels = labels_of(self.raw(row, column))
        if len(labels) > 1:
            raise BadRow(f"column {column!r}: expected one label, found {labels}")
        label = labels[0].strip(SPACE) if labels else ""
        if label == "":
            raise BadRow(f"column {column!r}: no label")
        return label


def labels_of(cell: object) -> list[str]:
    given = list_in(cell)
    if given is None:
        return [text_of(cell)]
    return [
        label if isinstance(label, str) else json.dumps(label) if isinstance(label, list) else text_of(label) for label in given
    ]


def class_id(name: str, vocabulary: dict) -> int:
    if name not in vocabulary["classes"]:
        raise ValueError(f"unknown class {name!r}: expected one of {vocabulary['classes'][:20]}")
    return vocabulary["classes"].index(name)


def is_absent(value: object) -> bool:
    """Whether nothing was measured, as JSON, Python and archives of series write it."""
    return value is None or isinstance(value, float) and math.isnan(value)


def is_number(value: object) -> bool:
    """Whether it is a number that float32 holds."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 3.4028235677973366e38


def well_formed(text: str) -> str:
    """JSON can spell half of a surrogate pair, which no file can hold."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)
