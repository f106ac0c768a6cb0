"""Series as archives publish them: .ts files of sktime and aeon, and ARFF, by the rules of the app."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cells import BadRow
from lists import SPACE

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def measured(text: str) -> float | None:
    """A value, None where it is missing."""
    text = text.strip(SPACE)
    if text.lower() in ("?", "nan", ""):
        return None
    if not NUMBER.fullmatch(text):
        raise BadRow(f"expected a number, found {text!r}")
    return float(text)


def steps_of(dimensions: list[list[float | None]]) -> list:
    """The steps of a series: numbers where it has one dimension, otherwise lists of them."""
    if len(dimensions) == 1:
        return dimensions[0]
    if len({len(values) for values in dimensions}) > 1:
        raise BadRow(f"dimensions have {[len(values) for values in dimensions]} steps: all need the same")
    return [list(step) for step in zip(*dimensions)]


def read_ts(lines: list[str]) -> Iterator[tuple[int, dict | BadRow]]:
    """Rows such as 1,2,3:4,5,6:label, a dimension between colons."""
    answer, count, begun = None, None, False
    for number, line in enumerate(lines, start=1):
        if not line.strip(SPACE) or re.match(rf"[{SPACE}]*[#%]", line):
            continue
        if not begun:
            tag = re.match(rf"[{SPACE}]*@([a-zA-Z]+)\b[{SPACE}]*(.*)", line)
            name, value = (tag[1].lower(), tag[2].lower()) if tag else ("", "")
            if name in ("classlabel", "targetlabel") and re.match(r"true\b", value):
                answer = name[: -len("label")].replace("class", "label")
            elif name == "timestamps" and re.match(r"true\b", value):
                raise ValueError("series with time stamps (@timeStamps true) are not supported")
            begun = name == "data"
            continue
        try:
            *parts, last = line.split(":") if answer else [*line.split(":"), ""]
            if not parts:
                raise BadRow("expected values, a colon and the answer")
            dimensions = [[measured(value) for value in part.split(",")] for part in parts]
            count = count or len(dimensions)
            if len(dimensions) != count:
                raise BadRow(f"expected {count} dimensions, found {len(dimensions)}")
            word = last.strip(SPACE)
            yield number, {"series": steps_of(dimensions), **({answer: "" if word == "?" else word} if answer else {})}
        except BadRow as error:
            yield number, error


VALUE = (
    rf"[{SPACE}]*(?:'(?P<single>(?:[^'\\]|\\.)*)'"
    r'|"(?P<double>(?:[^"\\]|\\.)*)"'
    r"""|(?P<bare>(?:[^,'"\\]|\\.)(?:[^,\\]|\\.)*|))"""
    rf"[{SPACE}]*(?P<end>,|\Z)"
)
DENSE = re.compile(VALUE, re.DOTALL)
SPARSE = re.compile(rf"[{SPACE}]*(?P<at>[0-9]+)[{SPACE}]{VALUE}", re.DOTALL)
ATTRIBUTE = re.compile(
    rf"[{SPACE}]*@attribute[{SPACE}]+"
    rf"""(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^{SPACE}]+))[{SPACE}]*(.*)""",
    re.IGNORECASE | re.DOTALL,
)


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t", "r": "\r"}.get(found[1], found[1]), text, flags=re.DOTALL)


def values_of(text: str, cell: re.Pattern = DENSE) -> list[tuple[str, bool, str | None]]:
    """Text of each value, whether it stands in quotes, and the number of its attribute where the row is sparse."""
    values, at = [], 0
    while True:
        found = cell.match(text, at)
        if not found:
            raise BadRow("a quote is not closed, or a value is missing")
        bare = found["bare"]
        given = next(part for part in (found["single"], found["double"], bare) if part is not None)
        values.append((unescaped(given if bare is None else bare.strip(SPACE)), bare is None, found.groupdict().get("at")))
        if found["end"] == "":
            return values
        at = found.end()


def attribute_of(line: str) -> tuple[str, bool, str] | None:
    """Name, whether it holds a series, and what a sparse row leaves out; None for another line."""
    found = ATTRIBUTE.fullmatch(line)
    if not found:
        return None
    name = unescaped(next(part for part in found.groups()[:3] if part is not None)).strip(SPACE)
    kind = found[4].strip(SPACE)
    if kind.startswith("{"):
        return name, False, values_of(re.sub(rf"^\{{[{SPACE}]*|[{SPACE}]*\}}.*$", "", kind))[0][0]
    word = kind.lower()
    return name, word.startswith("relational"), "0" if word.startswith(("numeric", "real", "integer")) else ""


def read_arff(lines: list[str], names: list[str] | None) -> Iterator[tuple[int, dict | BadRow]]:
    """Rows between commas, dense or sparse; names: what the columns are called, where that is known."""
    attributes: list[tuple[str, bool, str]] = []
    begun = inside = False
    for number, line in enumerate(lines, start=1):
        if not line.strip(SPACE) or line.lstrip(SPACE).startswith("%"):
            continue
        if not begun:
            inside = inside and not re.match(rf"[{SPACE}]*@end\b", line, re.IGNORECASE)
            begun = bool(re.match(rf"[{SPACE}]*@data\b", line, re.IGNORECASE))
            attribute = None if inside else attribute_of(line)
            if attribute:
                attributes.append(attribute)
                inside = attribute[1]
            continue
        try:
            cells = row_of(line.strip(SPACE), attributes)
            yield number, dict(zip(names or [name for name, *_ in attributes], cells))
        except BadRow as error:
            yield number, error


def row_of(text: str, attributes: list[tuple[str, bool, str]]) -> list:
    if text.startswith("{"):
        values = [(usual, False) for _, _, usual in attributes]
        inside = re.fullmatch(rf"\{{(.*?)\}}(?:[{SPACE}]*,[{SPACE}]*\{{.*\}})?", text)
        if not inside:
            raise BadRow("a sparse row needs } at its end")
        for word, quoted, at in values_of(inside[1], SPARSE) if inside[1].strip(SPACE) else []:
            if int(at) >= len(values):
                raise BadRow(f"no attribute has the number {at}")
            values[int(at)] = word, quoted
    else:
        values = [(word, quoted) for word, quoted, _ in values_of(text)]
        if len(values) == len(attributes) + 1 and re.fullmatch(r"\{.*\}", values[-1][0]):
            values.pop()  # a weight
    if len(values) != len(attributes):
        raise BadRow(f"expected {len(attributes)} values, found {len(values)}")
    return [
        steps_of([[measured(value) for value in part.split(",")] for part in word.split("\n")])
        if is_series
        else ""
        if not quoted and word == "?"
        else word
        for (word, quoted), (_, is_series, _) in zip(values, attributes)
    ]
