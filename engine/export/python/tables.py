"""Tables: cells between signs as in CSV and TSV, columns of CoNLL, by the rules of the app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from cells import BadRow
from lists import SPACE


class BadLine(BadRow):
    """A line that cannot be cut into cells."""

    def __init__(self, why: str, text: str):
        super().__init__(why)
        self.text = text


class Comment(BadLine):
    pass


def read_delimited(lines: list[str], reading: dict) -> Iterator[tuple[int, dict | BadRow]]:
    names = None if reading["header"] else reading["columns"]
    header: list[str] | None = None
    levels: list[list[str]] = []
    for number, cells in delimited(lines, reading):
        width = len(names or [])
        if isinstance(cells, Comment):
            split = split_line(cells.text, reading)
            if reading["delimiter"] != " " and width > 1 and isinstance(split, list) and len(split) == width:
                yield number, cells
            continue
        if isinstance(cells, BadLine):
            literal = cells.text.split("\t") if reading["delimiter"] == "\t" else []
            if not literal or len(literal) != width:
                yield number, cells
                continue
            cells = literal  # between tabs, bare quotes need no closing
        if reading["header"] and len(levels) < reading["headerRows"]:
            levels.append(cells)
            header, names = levels[0], column_names(joined_header(levels), reading["columns"])
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


def in_sentences(rows: Iterator[tuple[int, dict | BadRow]], reading: dict) -> Iterator[tuple[int, dict | BadRow]]:
    """Rows of one token put together: another value in the column begins a sentence, an empty cell goes on.

    A row that cannot be read costs its sentence."""
    column, split = reading["sentence"], reading["split"]
    same = [name for name in (reading["group"], split and split["column"]) if name and name != column]
    for sentence in sentences_of(rows, column):
        bad = next(((number, row) for number, row in sentence if isinstance(row, BadRow)), None)
        told = [(number, row) for number, row in sentence if not isinstance(row, BadRow)]
        if bad is not None:
            yield (told[0][0], BadRow(f"sentence left out: line {bad[0]}: {bad[1]}")) if told else bad
            continue
        begin, first = told[0]
        mixed = next((name for name in same if any(row[name] != first[name] for _, row in told)), None)
        if mixed is not None:
            yield begin, BadRow(f"sentence left out: column {mixed!r} is not the same in all of its rows")
            continue
        yield begin, {name: cell if name in (column, *same) else [row[name] for _, row in told] for name, cell in first.items()}


def sentences_of(rows: Iterator[tuple[int, dict | BadRow]], column: str) -> Iterator[list[tuple[int, dict | BadRow]]]:
    sentence: list[tuple[int, dict | BadRow]] = []
    current = ""
    for number, row in rows:
        if not isinstance(row, BadRow):
            name = row[column].strip(SPACE)
            if name and name != current and sentence:
                yield sentence
                sentence = []
            if all(isinstance(other, BadRow) for _, other in sentence):
                current = name
        sentence.append((number, row))
    if sentence:
        yield sentence


def joined_header(levels: list[list[str]]) -> list[str]:
    """Several rows of a header as one, the words of each column joined."""
    if len(levels) == 1:
        return levels[0]
    columns = zip_longest(*levels, fillvalue="")
    return [" ".join(dict.fromkeys(word.strip(SPACE) for word in column if word.strip(SPACE))) for column in columns]


def column_names(header: list[str], trained: list[str] | None) -> list[str]:
    """Names of the columns; one without a name, and a second one of the same, is called by its place."""
    width = len(trained or header)
    if len(header) > width and not any(cell.strip(SPACE) for cell in header[width:]):
        header = header[:width]  # a delimiter at the end
    if len(header) > width:
        whole = rejoined(header)
        header = whole if len(whole) == width else header
    if len(header) == width - 1:
        header = ["", *header]  # rows begin with a name, which has none of its own
    names = [name.strip(SPACE) for name in header]
    return [name if name and names.index(name) == i else f"{name}#{i}" for i, name in enumerate(names)]


def rejoined(names: list[str]) -> list[str]:
    """Names that a comma inside of them has cut: temp (C, mean)."""
    whole: list[str] = []
    for name in names:
        if whole and (name.startswith(" ") or re.search(r"[(\[][^)\]]*$", whole[-1])):
            whole[-1] += f",{name}"
        else:
            whole.append(name)
    return whole


def delimited(lines: list[str], reading: dict) -> Iterator[tuple[int, list[str] | BadLine]]:
    """Cells of each record. A quote that is never closed costs its own line; those after it are read afresh."""
    waiting = list(enumerate(lines, start=1))[reading["skipLines"] :]
    waiting.reverse()
    while waiting:
        number, text = waiting.pop()
        if not text.strip(SPACE):
            continue
        text = without_end(text, reading["rowEnd"])
        if reading["comment"] and text.startswith(reading["comment"]):
            yield number, Comment("a comment that looks like a row", text)
            continue
        cells = split_line(text, reading)
        taken: list[tuple[int, str]] = []
        why = "never closed"
        while cells is None and waiting and len(taken) < 1000:
            taken.append(waiting.pop())
            if quote_sign(reading) in taken[-1][1]:
                record = "\n".join([text, *(line for _, line in taken)])
                cells = split_line(without_end(record, reading["rowEnd"]), reading)
                if isinstance(cells, BadLine):
                    cells, why = None, "not closed before the next one"
                    break
        if cells is None:
            waiting.extend(reversed(taken))
            cells = BadLine(f"a quote opens here and is {why}", text)
        yield number, cells


def without_end(text: str, sign: str) -> str:
    bare = text.rstrip(SPACE)
    return bare[: -len(sign)] if sign and bare.endswith(sign) else text


def split_line(text: str, reading: dict) -> list[str] | BadLine | None:
    """Cells of a record; None where its last quote is not closed."""
    delimiter, quotes, trim = reading["delimiter"], reading["quotes"], reading["trim"]
    if delimiter == " ":  # any number of spaces and tabs, and none at the ends
        within = "'(?:[^']|'')*'" if quotes == "single" else '"(?:[^"]|"")*"'
        text = re.sub(rf"({within})|[ \t]+", lambda found: found[1] or " ", text.strip(" \t"))
    quote, escapes = quote_sign(reading), quotes == "backslash"
    if quotes == "none" or not (quote in text or escapes and "\\" in text):
        cells = text.split(delimiter)
        return [cell.lstrip(" ") for cell in cells] if trim else cells
    sign = re.escape(delimiter)
    bare = re.compile(rf'(?:\\(?:["\\]|{sign})|(?!{sign}).)*' if escapes else rf"(?:(?!{sign}).)*", re.DOTALL)
    escaped = re.compile(rf'\\(["\\]|{sign})')
    cells, at = [], 0
    while True:
        if trim:
            while text.startswith(" ", at):
                at += 1
        if text.startswith(quote, at):
            cell, at = close_quote(text, at + 1, quote, escapes)
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


def quote_sign(reading: dict) -> str:
    return "'" if reading["quotes"] == "single" else '"'


def close_quote(text: str, at: int, quote: str, escapes: bool) -> tuple[str | None, int]:
    """The cell whose opening quote stands before, and the place after its closing one."""
    cell = ""
    for sign in re.compile(rf"\\[{quote}\\]|{quote}{{1,2}}" if escapes else quote + "{1,2}").finditer(text, at):
        cell += text[at : sign.start()]
        if sign[0] == quote:
            return cell, sign.end()
        cell += sign[0][1]
        at = sign.end()
    return None, at


def read_conll(lines: list[str]) -> Iterator[tuple[int, dict | BadRow]]:
    """Sentences: one token a line with its columns, an empty line between sentences. Cells are lists."""
    width: int | None = None
    tabs = False
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
            if tabs and "\t" not in line or width == 10 or len(cells) != width and not sentence:
                continue
        elif width is None:
            width, tabs = len(cells), "\t" in line
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
