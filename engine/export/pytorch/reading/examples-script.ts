/** `examples.py`: the files that the app imports, read by the same rules and with the settings of training. The same for every model. */
export const examplesScript = String.raw`"""Reads rows from the kinds of files that the app imports: JSON, CSV, TSV, CoNLL columns, lines of text.

A file laid out like the one of training is read with the settings in vocabulary.json ("reading"): sign between cells, lines to skip,
comments, quotes, header, number formats, words for missing values. Rows that cannot be read are left out and told, as in the app.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from cells import SPACE, BadRow, parse_json, text_of, well_formed

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
}


def settle(path: str, trained: dict | None, form: str | None, wanted: list[str], no_header: bool) -> dict:
    """How a file is read: as the file of training where it has its layout, otherwise as its name and first line tell.

    wanted: columns that it must have to be laid out like that."""
    suffix = Path(path).suffix.lower()
    if form is None:
        form = trained["format"] if trained and suffix == trained["suffix"] else FORMATS.get(suffix)
    if form is None:
        raise ValueError(f"expected a file that ends in {', '.join(FORMATS)}, or --format")
    if trained and trained["format"] == form and not no_header and is_laid_out(path, trained, wanted):
        return trained
    plain = {
        "format": form,
        "encoding": "utf-8",
        "delimiter": ",",
        "header": not no_header,
        "skipLines": 0,
        "comment": "",
        "quotes": "doubled",
        "trim": False,
        "missing": None,
        "columns": None,
        "paths": None,
        "numbers": {},
        "group": None,
        "split": None,
        "time": None,
    }
    first = next(iter(read_lines(path, plain)), "")
    return {**plain, "delimiter": max(",;\t|", key=first.count)}


def is_laid_out(path: str, reading: dict, wanted: list[str]) -> bool:
    """Whether a file has the columns, read with the settings of training."""
    lines = read_lines(path, reading)
    if reading["format"] == "jsonl":
        paths = reading["paths"]
        rows = [row for _, row in islice(read_json(lines, None), 1000) if isinstance(row, dict)]
        return all(column in paths and any(paths[column][0] in row for row in rows) for column in wanted)
    if reading["format"] != "csv" or not reading["header"]:
        return True
    header = next((cells for _, cells in delimited(lines, reading) if isinstance(cells, list)), [])
    return set(wanted) <= set(column_names(header, reading["columns"]))


class BadLine(BadRow):
    """A line that cannot be cut into cells."""

    def __init__(self, why: str, text: str):
        super().__init__(why)
        self.text = text


class Comment(BadLine):
    pass


def read_rows(path: str, reading: dict) -> Iterator[tuple[int, dict | BadRow]]:
    """Line number and cells by column of each row, or why it is none; columns without a name are #0, #1 and so on."""
    lines = read_lines(path, reading)
    if reading["format"] == "jsonl":
        return read_json(lines, reading["paths"])
    if reading["format"] == "conll":
        return read_conll(lines)
    if reading["format"] == "text":
        return read_text(lines)
    return read_delimited(lines, reading)


def is_for_training(row: dict, split: dict | None) -> bool:
    """Whether a row is one to train on, where a column names the split of each."""
    if split is None:
        return True
    word = text_of(row[split["column"]]).strip().lower()
    if word not in split["train"] and word not in split["others"]:
        raise BadRow(f"column {split['column']!r}: expected train, validation or test, found {word!r}")
    return word in split["train"]


def read_content(path: str, reading: dict) -> str:
    """The whole text, each line ended by \n."""
    text = Path(path).read_bytes().decode(reading["encoding"], errors="replace")
    return re.sub("^\ufeff", "", re.sub(r"\r\n?", "\n", text), flags=re.M)  # files put together have a mark each


def read_lines(path: str, reading: dict) -> list[str]:
    lines = read_content(path, reading).split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def cell_at(row: object, path: list[str | int]) -> str | list:
    """The value at the end of a path through a JSON object; objects are no values."""
    for step in path:
        inside = isinstance(row, list) and step < len(row) if isinstance(step, int) else isinstance(row, dict) and step in row
        row = row[step] if inside else None
    if row is None or isinstance(row, dict) or isinstance(row, list) and any(isinstance(value, dict) for value in row):
        return ""
    return row if isinstance(row, list) else well_formed(text_of(row))


def json_row(text: str, paths: dict | None) -> dict | BadRow:
    try:
        row = parse_json(text)
    except (ValueError, RecursionError) as error:
        return BadRow(f"no JSON: {error}")
    if not isinstance(row, dict):
        return BadRow("expected a JSON object")
    return {name: cell_at(row, path) for name, path in (paths or {name: [name] for name in row}).items()}


def read_json(lines: list[str], paths: dict | None) -> Iterator[tuple[int, dict | BadRow]]:
    """An object on each line, or one array of objects."""
    first = next((line for line in lines if line.strip(SPACE)), "")
    if re.match(rf"[{SPACE}]*\[[{SPACE}]*(?:\{{|$)", first):
        yield from read_json_array("\n".join(lines), paths)
        return
    for number, line in enumerate(lines, start=1):
        if line.strip(SPACE):
            yield number, json_row(line, paths)


def read_json_array(text: str, paths: dict | None) -> Iterator[tuple[int, dict | BadRow]]:
    depth = start = 0
    number, counted = 1, 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[\[\]{}]', text, re.S):
        if token[0] in "[{":
            depth += 1
            if depth == 2:
                start = token.start()
                number, counted = number + text.count("\n", counted, start), start
        elif token[0] in "]}":
            depth -= 1
            if depth == 1:
                yield number, json_row(text[start : token.end()], paths)
            if depth == 0:
                return
    if depth >= 2:
        yield number, BadRow("the file ends inside of an object")


def read_text(lines: list[str]) -> Iterator[tuple[int, dict]]:
    """Lines, which may begin with their class: __label__spam Win a prize."""
    for number, line in enumerate(lines, start=1):
        if line.strip(SPACE):
            match = re.fullmatch(rf"((?:__label__[^{SPACE}]+[{SPACE}]+)+)(.*)", line, re.S)
            labels = [label[len("__label__") :] for label in match[1].split()] if match else [""]
            yield number, {"text": match[2] if match else line, "label": labels if len(labels) > 1 else labels[0]}


def read_delimited(lines: list[str], reading: dict) -> Iterator[tuple[int, dict | BadRow]]:
    names = None if reading["header"] else reading["columns"]
    header: list[str] | None = None
    for number, cells in delimited(lines, reading):
        width = len(names or [])
        if isinstance(cells, Comment):
            split = split_line(cells.text, reading)
            if width > 1 and isinstance(split, list) and len(split) == width:
                yield number, cells
            continue
        if isinstance(cells, BadLine):
            literal = cells.text.split("\t") if reading["delimiter"] == "\t" else []
            if not literal or len(literal) != width:
                yield number, cells
                continue
            cells = literal  # between tabs, bare quotes need no closing
        if reading["header"] and header is None:
            header, names = cells, column_names(cells, reading["columns"])
            continue
        names = names or [f"#{place}" for place in range(len(cells))]
        if len(cells) > len(names) and not any(cell.strip(SPACE) for cell in cells[len(names) :]):
            cells = cells[: len(names)]
        if len(cells) != len(names):
            yield number, BadRow(f"expected {len(names)} cells, found {len(cells)}")
        elif header is not None and len(header) > 1 and cells == header:
            yield number, BadRow("the header again")
        else:
            yield number, dict(zip(names, cells))


def column_names(header: list[str], trained: list[str] | None) -> list[str]:
    """Names of the columns; one without a name, and a second one of the same, is called by its place."""
    width = len(trained or header)
    if len(header) > width and not any(cell.strip(SPACE) for cell in header[width:]):
        header = header[:width]  # a delimiter at the end
    if len(header) == width - 1:
        header = ["", *header]  # rows begin with a name, which has none of its own
    names = [name.strip(SPACE) for name in header]
    return [name if name and names.index(name) == i else f"{name}#{i}" for i, name in enumerate(names)]


def delimited(lines: list[str], reading: dict) -> Iterator[tuple[int, list[str] | BadLine]]:
    """Cells of each record. A quote that is never closed costs its own line; those after it are read afresh."""
    waiting = list(enumerate(lines, start=1))[reading["skipLines"] :]
    waiting.reverse()
    while waiting:
        number, text = waiting.pop()
        if not text.strip(SPACE):
            continue
        if reading["comment"] and text.startswith(reading["comment"]):
            yield number, Comment("a comment that looks like a row", text)
            continue
        cells = split_line(text, reading)
        taken: list[tuple[int, str]] = []
        why = "never closed"
        while cells is None and waiting and len(taken) < 1000:
            taken.append(waiting.pop())
            if '"' in taken[-1][1]:
                cells = split_line("\n".join([text, *(line for _, line in taken)]), reading)
                if isinstance(cells, BadLine):
                    cells, why = None, "not closed before the next one"
                    break
        if cells is None:
            waiting.extend(reversed(taken))
            cells = BadLine(f"a quote opens here and is {why}", text)
        yield number, cells


def split_line(text: str, reading: dict) -> list[str] | BadLine | None:
    """Cells of a record; None where its last quote is not closed."""
    delimiter, quotes, trim = reading["delimiter"], reading["quotes"], reading["trim"]
    escapes = quotes == "backslash"
    if quotes == "none" or not ('"' in text or escapes and "\\" in text):
        cells = text.split(delimiter)
        return [cell.lstrip(" ") for cell in cells] if trim else cells
    sign = re.escape(delimiter)
    bare = re.compile(rf'(?:\\(?:["\\]|{sign})|(?!{sign}).)*' if escapes else rf"(?:(?!{sign}).)*", re.S)
    escaped = re.compile(rf'\\(["\\]|{sign})')
    cells, at = [], 0
    while True:
        if trim:
            while text.startswith(" ", at):
                at += 1
        if text.startswith('"', at):
            cell, at = close_quote(text, at + 1, escapes)
            if cell is None:
                return None
            cells.append(cell)
            if trim:
                while text.startswith(" ", at):
                    at += 1
            if at >= len(text):
                return cells
            if not text.startswith(delimiter, at):
                return BadLine("text after a closing quote", text)
        else:
            found = bare.match(text, at)
            cells.append(escaped.sub(r"\1", found[0]) if escapes else found[0])
            at = found.end()
            if at >= len(text):
                return cells
        at += len(delimiter)


def close_quote(text: str, at: int, escapes: bool) -> tuple[str | None, int]:
    """The cell whose opening quote stands before, and the place after its closing one."""
    cell = ""
    for sign in re.compile(r'\\["\\]|""|"' if escapes else '""|"').finditer(text, at):
        cell += text[at : sign.start()]
        if sign[0] == '"':
            return cell, sign.end()
        cell += sign[0][1]
        at = sign.end()
    return None, at


def read_conll(lines: list[str]) -> Iterator[tuple[int, dict | BadRow]]:
    """Sentences: one token a line with its columns, an empty line between sentences. Cells are lists."""
    width: int | None = None
    sentence: list[list[str]] = []
    undecided: list[tuple[int, str]] = []  # lines with # before the first that tells how many columns there are
    begin, bad = 0, ""
    waiting = [(len(lines) + 1, ""), *reversed(list(enumerate(lines, start=1)))]
    while waiting:
        number, line = waiting.pop()
        if not line.strip(SPACE):
            if bad:
                yield begin, BadRow(f"sentence left out: {bad}")
            elif sentence:
                yield begin, {f"#{place}": list(cells) for place, cells in enumerate(zip(*sentence))}
            sentence, undecided, bad = [], [], ""
            continue
        if line.startswith("-DOCSTART-") or re.match(rf"# ?([^{SPACE}]+ = |newdoc|newpar)", line):
            continue
        trimmed = line.rstrip(SPACE) if "\t" in line else line.strip(SPACE)
        cells = trimmed.split("\t") if "\t" in line else re.split(" +", trimmed)
        if line.startswith("#"):
            if width is None:
                undecided.append((number, line))
                continue
            if width == 10 or len(cells) != width and not sentence:
                continue
        elif width is None:
            width = len(cells)
            waiting.append((number, line))
            waiting.extend(reversed(undecided))
            undecided = []
            continue
        if width == 10 and re.fullmatch(r"[0-9]+[-.][0-9]+", cells[0]):
            continue  # a multiword token or an empty node of CoNLL-U: no word
        begin = begin if sentence or bad else number
        if len(cells) != width:
            bad = bad or f"line {number}: expected {width} columns, found {len(cells)}"
        else:
            sentence.append(cells)


def choose(row: dict, wanted: list[str] | None, trained: list[str] | None, role: str) -> list[str]:
    """The columns of a role ("input" or "target"): those asked for, those of training, or the usual ones."""
    ordinary = list(row)[:1] if role == "input" else list(row)[-1:]
    unnamed = ("#0" in row or list(row) == ["text", "label"]) and not wanted
    for columns in [wanted] if wanted else [trained, [role], ordinary if unnamed else None]:
        if columns and all(column in row for column in columns):
            return columns
    found = ", ".join(row)
    raise ValueError(f"no {role} column {wanted or trained or [role]}; there are: {found}. Name one with --{role}")
`;
