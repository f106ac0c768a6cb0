"""Reads rows from the kinds of files that the app imports: JSON, CSV, TSV, CoNLL columns, lines of text, ARFF, .ts.

A file laid out like the one of training is read with the settings in vocabulary.json ("reading"): sign between cells, lines to skip,
comments, quotes, header, number formats, words for missing values. Rows that cannot be read are left out and told, as in the app.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from archives import read_arff, read_ts
from cells import BadRow, text_of
from json_rows import read_json
from lists import SPACE
from tables import column_names, delimited, in_sentences, joined_header, read_conll, read_delimited

FORMATS = {
    ".jsonl": "jsonl",
    ".txt": "text",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".conll": "conll",
    ".conllu": "conll",
    ".iob": "conll",
    ".bio": "conll",
    ".ts": "ts",
    ".arff": "arff",
}


# A file that is not laid out like the one of training.
PLAIN = {
    "encoding": "utf-8",
    "delimiter": ",",
    "headerRows": 1,
    "skipLines": 0,
    "comment": "",
    "rowEnd": "",
    "quotes": "doubled",
    "trim": False,
    "missing": None,
    "columns": None,
    "paths": None,
    "numbers": {},
    "sentence": None,
    "group": None,
    "split": None,
    "time": None,
}


def settle(path: str, trained: dict | None, form: str | None, wanted: list[str], no_header: bool) -> dict:
    """How a file is read: as the file of training where it has its layout, otherwise as its name and first line tell.

    wanted: columns that it must have to be laid out like that."""
    suffix = Path(re.sub(r"\.gz(ip)?$", "", path, flags=re.IGNORECASE)).suffix.lower()
    if form is None:
        form = trained["format"] if trained and suffix == trained["suffix"] else FORMATS.get(suffix)
    if form is None:
        raise ValueError(f"expected a file that ends in {', '.join(FORMATS)}, or --format")
    if trained and trained["format"] == form and not no_header and is_laid_out(path, trained, wanted):
        return trained
    plain = {**PLAIN, "format": form, "header": not no_header}
    first = next(iter(read_lines(path, plain)), "")
    return {**plain, "delimiter": max(",;\t|", key=first.count)}


def is_laid_out(file: str | bytes, reading: dict, wanted: list[str]) -> bool:
    """Whether a file has the columns, read with the settings of training."""
    lines = read_lines(file, reading)
    if reading["format"] == "jsonl":
        paths = reading["paths"]
        rows = [row for _, row in islice(read_json(lines, None), 1000) if isinstance(row, dict)]
        return all(column in paths and any(paths[column][0] in row for row in rows) for column in wanted)
    if reading["format"] != "csv" or not reading["header"]:
        return True
    good = (cells for _, cells in delimited(lines, reading) if isinstance(cells, list))
    header = joined_header(list(islice(good, reading["headerRows"])) or [[]])
    needed = [*wanted, *([reading["sentence"]] if reading["sentence"] else [])]
    return set(needed) <= set(column_names(header, reading["columns"]))


def read_rows(file: str | bytes, reading: dict) -> Iterator[tuple[int, dict | BadRow]]:
    """Line number and cells by column of each row, or why it is none; columns without a name are #0, #1 and so on."""
    lines = read_lines(file, reading)
    if reading["format"] == "jsonl":
        return read_json(lines, reading["paths"])
    if reading["format"] == "conll":
        return read_conll(lines)
    if reading["format"] == "text":
        return read_text(lines)
    if reading["format"] == "ts":
        return read_ts(lines)
    if reading["format"] == "arff":
        return read_arff(lines, reading["columns"])
    rows = read_delimited(lines, reading)
    return rows if reading["sentence"] is None else in_sentences(rows, reading)


def split_of(row: dict, split: dict | None) -> str:
    """What a row is for, "train", "validation" or "test", where a column names it; for training without one."""
    if split is None:
        return "train"
    word = text_of(row[split["column"]]).strip().lower()
    if word in split["train"]:
        return "train"
    if word not in split["others"]:
        raise BadRow(f"column {split['column']!r}: expected train, validation or test, found {word!r}")
    return "validation" if word in split["validation"] else "test"


def read_content(file: str | bytes, reading: dict) -> str:
    """The whole text of a file, or of its content, each line ended by \n. ValueError where it is packed, and damaged."""
    content = file if isinstance(file, bytes) else unpacked(Path(file).read_bytes(), file)
    text = content.decode(reading["encoding"], errors="replace")
    return re.sub("^\ufeff", "", re.sub(r"\r\n?", "\n", text), flags=re.MULTILINE)  # files put together have a mark each


def unpacked(content: bytes, path: str) -> bytes:
    """What a file holds, packed by gzip or not."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(f"{path} is packed by gzip, and damaged: {error}") from None


def read_lines(file: str | bytes, reading: dict) -> list[str]:
    lines = read_content(file, reading).split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def read_text(lines: list[str]) -> Iterator[tuple[int, dict]]:
    """Lines, which may begin with their class: __label__spam Win a prize."""
    for number, line in enumerate(lines, start=1):
        if line.strip(SPACE):
            match = re.fullmatch(rf"((?:__label__[^{SPACE}]+[{SPACE}]+)+)(.*)", line, re.DOTALL)
            labels = [label[len("__label__") :] for label in match[1].split()] if match else [""]
            yield number, {"text": match[2] if match else line, "label": labels if len(labels) > 1 else labels[0]}


def choose(row: dict, wanted: list[str] | None, trained: list[str] | None, role: str) -> list[str]:
    """The columns of a role ("input" or "target"): those asked for, those of training, or the usual ones."""
    ordinary = list(row)[:1] if role == "input" else list(row)[-1:]
    unnamed = ("#0" in row or list(row) == ["text", "label"]) and not wanted
    for columns in [wanted] if wanted else [trained, [role], ordinary if unnamed else None]:
        if columns and all(column in row for column in columns):
            return columns
    found = ", ".join(row)
    raise ValueError(f"no {role} column {wanted or trained or [role]}; there are: {found}. Name one with --{role}")
