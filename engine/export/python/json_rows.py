"""Rows of JSON: an object on each line, an array of them, or one object that holds them, as rows or as columns, by the rules of the app."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cells import BadRow, text_of, well_formed
from lists import SPACE, parse_json

ROWS_KEYS = re.compile(
    "(data|rows|records|items|examples|instances|samples|entries|documents|sentences|reviews|results)", re.IGNORECASE
)
ROW_NAME = re.compile(r"-?[0-9]+(\.[0-9]+)?|[0-9]{4}-[0-9][0-9]-[0-9][0-9].*")
FEWEST_ROWS = 10  # of a list in a file of one line that is no row
FEWEST_NAMED = 10  # values of a column whose rows are called otherwise than by numbers or dates


def cell_at(row: object, path: list[str | int | None]) -> str | list:
    """The value at the end of a path through a JSON object, None being each of a list; objects are no values."""
    for place, step in enumerate(path):
        if step is None:
            rest = path[place + 1 :]
            cells = [cell_at(inner, rest) for inner in row] if isinstance(row, list) else ""
            return [value for cell in cells for value in (cell if isinstance(cell, list) else [cell])] if None in rest else cells
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
    return cells_of(row, paths) if isinstance(row, dict) else BadRow("expected a JSON object")


def cells_of(row: dict, paths: dict | None) -> dict:
    return {name: cell_at(row, path) for name, path in (paths or {name: [name] for name in row}).items()}


def read_json(lines: list[str], paths: dict | None) -> Iterator[tuple[int, dict | BadRow]]:
    """The line of each row, and its cells by column; of a file of columns the number of the row. ValueError where any list may be the rows."""
    filled = [line for line in lines if line.strip(SPACE)][:2]
    if filled and re.match(rf"[{SPACE}]*\[[{SPACE}]*(?:\{{|$)", filled[0]):
        return read_json_values("\n".join(lines), paths)
    whole = whole_object(lines, filled)
    kind, key = table_of(whole, len(filled) == 1) if whole else ("lines", None)
    if kind == "columns" or kind == "split":
        return read_columns(rows_of_columns(whole) if kind == "columns" else rows_of_split(whole), paths)
    if kind == "lines":
        return ((number, json_row(line, paths)) for number, line in enumerate(lines, start=1) if line.strip(SPACE))
    return read_json_values("\n".join(lines), paths, key)


def whole_object(lines: list[str], filled: list[str]) -> dict | None:
    """The object that the file is; None where it is one on each line."""
    if not filled or not filled[0].lstrip(SPACE).startswith("{"):
        return None
    if len(filled) > 1 and isinstance(json_row(filled[0], None), dict):
        return None
    try:
        found = parse_json("\n".join(lines))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def table_of(whole: dict, one_line: bool) -> tuple[str, str | None]:
    """How an object holds its rows: "values", perhaps those of a key, "columns", "split", or "lines", as a row itself."""
    lists = [key for key, value in whole.items() if isinstance(value, list) and value and isinstance(value[0], dict)]
    customary = [key for key in lists if ROWS_KEYS.fullmatch(key)]
    long = [key for key in lists if not one_line or len(whole[key]) >= FEWEST_ROWS]
    if customary or long:
        found = customary if len(customary) == 1 else long
        if len(found) != 1:
            raise ValueError(f"several lists of objects ({', '.join(lists)}), of which any may be the rows")
        return "values", found[0]
    data = whole.get("data")
    if isinstance(whole.get("columns"), list) and isinstance(data, list) and data and isinstance(data[0], list):
        return "split", None
    values = list(whole.values())
    if values and all(isinstance(value, list) for value in values):
        long = not one_line or any(len(value) >= FEWEST_ROWS for value in values)
        return ("columns" if len(values) > 1 and long else "lines"), None
    if not values or not all(isinstance(value, dict) for value in values):
        return "lines", None
    if are_columns(whole):
        return "columns", None
    return ("values" if len(values) > 1 else "lines"), None


def are_columns(whole: dict) -> bool:
    """Whether objects are the columns, not the rows: of those, the keys are the rows' names, and the values of each are of one kind."""
    name, first = next(iter(whole.items()))
    if not first:
        return False
    if ROW_NAME.fullmatch(next(iter(first))):
        return not ROW_NAME.fullmatch(name) or len(first) >= len(whole)
    alike = all(len({kind_of(value) for value in column.values() if value is not None}) <= 1 for column in whole.values())
    return alike and len(first) >= max(FEWEST_NAMED, 2 * len(whole))


def kind_of(value: object) -> type:
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)


def rows_of_columns(whole: dict) -> list[dict]:
    lists = {name: values for name, values in whole.items() if isinstance(values, list)}
    if len({len(values) for values in lists.values()}) > 1:
        raise ValueError(f"columns need equally many values: {', '.join(f'{name} has {len(lists[name])}' for name in lists)}")
    rows: dict[str, dict] = {}
    for name, values in whole.items():
        for row, value in enumerate(values) if isinstance(values, list) else values.items():
            rows.setdefault(str(row), {})[name] = value
    return list(rows.values())


def rows_of_split(whole: dict) -> list[dict | BadRow]:
    names = [".".join(map(text_of, name)) if isinstance(name, list) else text_of(name) for name in whole["columns"]]
    names = [name if names.index(name) == place else f"{name}#{place}" for place, name in enumerate(names)]
    return [
        BadRow("expected a list of values")
        if not isinstance(values, list)
        else BadRow(f"expected {len(names)} values, found {len(values)}")
        if len(values) != len(names)
        else dict(zip(names, values))
        for values in whole["data"]
    ]


def read_columns(rows: list[dict | BadRow], paths: dict | None) -> Iterator[tuple[int, dict | BadRow]]:
    for number, row in enumerate(rows, start=1):
        yield number, row if isinstance(row, BadRow) else cells_of(row, paths)


def read_json_values(text: str, paths: dict | None, key: str | None = None) -> Iterator[tuple[int, dict | BadRow]]:
    """The objects in an array or an object, or in the list that it has under the key."""
    around = 1 if key is None else 2
    depth = start = 0
    number, counted = 1, 0
    last = ""
    for token in re.finditer(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[\[\]{}]', text, re.DOTALL):
        if token[0] in "[{":
            depth += 1
            if depth == around + 1:
                start = token.start()
                number, counted = number + text.count("\n", counted, start), start
        elif token[0] in "]}":
            depth -= 1
            if depth == around and (key is None or last == key):
                yield number, json_row(text[start : token.end()], paths)
            if depth == 0:
                return
        elif depth == 1:
            last = token[0][1:-1]
    if depth > around:
        yield number, BadRow("the file ends inside of an object")
