/** `examples.py`: the files that the app imports, read with Python's own modules. The same for every model. */
export const examplesScript = `"""Reads rows from the kinds of files that the app imports: JSONL, CSV, TSV, CoNLL columns, lines of text."""
from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

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


def read_rows(path: str, form: str | None = None, header: bool = True) -> Iterator[tuple[int, dict]]:
    """Line number and cells by column of each row; columns without a name are #0, #1 and so on."""
    form = form or FORMATS.get(Path(path).suffix.lower())
    text = Path(path).read_text(encoding="utf-8-sig")
    if form == "jsonl":
        return read_json_lines(text)
    if form == "csv":
        return read_delimited(text, header)
    if form == "conll":
        return read_conll(text)
    if form == "text":
        return ((number, {"#0": line}) for number, line in enumerate(text.split("\\n"), start=1) if line.strip())
    raise ValueError(f"{path}: expected a file that ends in {', '.join(FORMATS)}, or --format")


def read_json_lines(text: str) -> Iterator[tuple[int, dict]]:
    for number, line in enumerate(text.split("\\n"), start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                raise ValueError(f"line {number}: no JSON: {error}") from None
            if not isinstance(row, dict):
                raise ValueError(f"line {number}: expected a JSON object")
            yield number, row


def read_delimited(text: str, header: bool) -> Iterator[tuple[int, dict]]:
    """Cells between commas, semicolons, tabs or bars, whichever the first line has most of."""
    first = text.split("\\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\\t|", key=first.count))
    names = [name.strip() for name in next(rows, [])] if header else None
    for row in rows:
        if not row:
            continue
        names = names or [f"#{place}" for place in range(len(row))]
        if len(row) != len(names):
            raise ValueError(f"line {rows.line_num}: expected {len(names)} cells, found {len(row)}")
        yield rows.line_num, dict(zip(names, row))


def read_conll(text: str) -> Iterator[tuple[int, dict]]:
    """Sentences: one token a line with its columns, an empty line between sentences. Cells are lists."""
    sentence: list[list[str]] = []
    begin = 0
    lines = [line for line in text.split("\\n") if line.strip()]
    width = next((len(line.rstrip().split("\\t")) for line in lines if "\\t" in line and not line.startswith("#")), 0)
    for number, line in enumerate([*text.split("\\n"), ""], start=1):
        if not line.strip():
            if sentence:
                yield begin, {f"#{place}": list(cells) for place, cells in enumerate(zip(*sentence))}
            sentence = []
        elif not line.startswith("-DOCSTART-") and not is_comment(line, width):
            cells = line.rstrip().split("\\t") if "\\t" in line else line.split()
            if len(cells) == 10 and re.fullmatch(r"\\d+[-.]\\d+", cells[0]):
                continue  # a multiword token or an empty node of CoNLL-U: no word
            if sentence and len(cells) != len(sentence[0]):
                raise ValueError(f"line {number}: expected {len(sentence[0])} columns, found {len(cells)}")
            begin = begin if sentence else number
            sentence.append(cells)


def is_comment(line: str, width: int) -> bool:
    """In CoNLL-U every line with #; elsewhere one that has not the columns of the others, for a token may be #."""
    words = line[1:].split()
    cells = line.rstrip().split("\\t")
    told = words[1:2] == ["="] or words[:1] in (["newdoc"], ["newpar"])
    return line.startswith("#") and (told or width == 10 or width > 1 and len(cells) != width)


def choose(row: dict, wanted: list[str] | None, trained: list[str] | None, role: str) -> list[str]:
    """The columns of a role ("input" or "target"): those asked for, those of training, or the usual ones."""
    ordinary = list(row)[:1] if role == "input" else list(row)[-1:]
    unnamed = "#0" in row and not wanted
    for columns in [wanted] if wanted else [trained, [role], ordinary if unnamed else None]:
        if columns and all(column in row for column in columns):
            return columns
    found = ", ".join(row)
    raise ValueError(f"no {role} column {wanted or trained or [role]}; there are: {found}. Name one with --{role}")
`;
