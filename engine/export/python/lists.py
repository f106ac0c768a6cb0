"""Lists in a cell, in the way of JSON, Python or NumPy, by the rules of the app."""

from __future__ import annotations

import json
import math
import re

SPACE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def parse_json(text: str) -> object:
    """JSON as the app takes it: without NaN, numbers as doubles but for whole ones that no double holds, nested at most 64 deep."""
    depth = most = 0
    if text.count("[") + text.count("{") > 64:
        for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text, re.DOTALL):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
            most = max(most, depth)
    if most > 64:
        raise ValueError("nested more than 64 deep")
    return json.loads(text, parse_constant=refuse_constant, parse_int=whole_number)


def whole_number(digits: str) -> float | int:
    """Exact where a double would lose its last digits, as those of an id, if it has no more than a thousand."""
    value = float(digits)
    return value if abs(value) < 2**53 or len(digits) > 1000 else int(digits)


def list_in(cell: object) -> list | None:
    """The list that a cell is, or holds as text in the way of JSON, Python or NumPy."""
    if not isinstance(cell, str):
        return cell if isinstance(cell, list) else None
    text = cell.strip(SPACE)
    if not text.startswith("[") and not re.match(rf"\([{SPACE}]*['\"]", text):
        return None
    try:
        parsed = parse_json(text)
        if isinstance(parsed, list):
            return parsed
    except ValueError:
        pass
    return Literal(text).whole()


MEANT_AS_LIST = re.compile(
    rf"[{SPACE}]*[\[(][{SPACE}]*(?:['\"]|[-+0-9\[(][-+0-9.,eE{SPACE}\[\]]*[{SPACE}]\.\.\.).*[\])][{SPACE}]*", re.DOTALL
)


def is_broken_list(cell: object) -> bool:
    return isinstance(cell, str) and bool(MEANT_AS_LIST.fullmatch(cell)) and list_in(cell) is None


class NoList(Exception):
    pass


WORDS = {"None": None, "True": True, "False": False, "nan": math.nan}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}


class Literal:
    """Lists of strings, numbers, None, True and False; between commas, or spaces."""

    def __init__(self, text: str):
        self.text, self.at = text, 0

    def whole(self) -> list | None:
        try:
            found = self.list(0)
        except NoList:
            return None
        self.space()
        return found if self.at >= len(self.text) else None

    def next(self) -> str:
        return self.text[self.at : self.at + 1]

    def space(self) -> bool:
        start = self.at
        while self.next() and self.next() in SPACE:
            self.at += 1
        return self.at > start

    def list(self, depth: int) -> list:
        close = {"[": "]", "(": ")"}.get(self.next())
        if close is None or depth > 8:
            raise NoList
        self.at += 1
        values, spaced = [], True
        while True:
            spaced = self.space() or spaced
            if self.next() == close:
                self.at += 1
                return values
            if not spaced:
                raise NoList
            values.append(self.value(depth))
            spaced = self.space()
            if self.next() == ",":
                self.at += 1
                spaced = True

    def value(self, depth: int) -> object:
        first = self.next()
        if first and first in "[(":
            return self.list(depth + 1)
        if first and first in "'\"":
            return self.string(first)
        word = re.match(rf"[^{SPACE},\[\]()'\"]*", self.text[self.at : self.at + 40])[0]
        self.at += len(word)
        if word in WORDS:
            return WORDS[word]
        if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", word):
            raise NoList
        return whole_number(word) if re.fullmatch("-?[0-9]+", word) else float(word)

    def string(self, quote: str) -> str:
        value = ""
        self.at += 1
        while self.at < len(self.text):
            letter = self.next()
            if letter == quote:
                self.at += 1
                return value
            if letter != "\\":
                value += letter
                self.at += 1
                continue
            code = re.match(r"[xX]([0-9a-fA-F]{2})|[uU]([0-9a-fA-F]{4})", self.text[self.at + 1 : self.at + 6])
            if code:
                value += chr(int(code[1] or code[2], 16))
                self.at += 1 + len(code[0])
            else:
                after = self.text[self.at + 1 : self.at + 2]
                value += ESCAPES.get(after, "\\" + after)
                self.at += 2
        raise NoList
