"""A running text: every character of it, cut into chunks whose state is carried on."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from examples import read_content
from rows import Rows
from splits import SPLITS, assign_in_order
from tokens import BEGIN, encode, tokenize, tokens_of_list


def read_running_text(files: dict[str, list[str]], rows: Rows) -> dict[str, list[tuple[Tensor, Tensor]]]:
    """Chunks by split: what is read, and the next token at each step."""
    given: list[str] = []
    texts: list[list[int]] = []
    for role, paths in files.items():
        for split, text in (line for path in paths for line in lines_of(path, role, rows)):
            rule = rows.vocabulary["tokenizer"]
            words = tokens_of_list(text, rule) if isinstance(text, list) else tokenize(text, rule)
            given.append(split)
            texts.append(encode(words, rows.vocabulary))
    splits = assign_in_order(given, [len(ids) for ids in texts], rows.vocabulary["split"])
    found = {}
    for split in SPLITS:
        ids = [token for of, row in zip(splits, texts) if of == split for token in row]
        found[split] = cut_into_chunks(torch.tensor(ids, dtype=torch.long), rows.vocabulary["running"]["chunk"])
    return found


def lines_of(path: str, role: str, rows: Rows) -> list[tuple[str, str | list[str]]]:
    """Lines with their ends, or the rows of a table, each with an end of its own; and the split of each."""
    reading = rows.settle(path)
    if reading["format"] == "text":
        return [(role, line) for line in re.findall("[^\n]*\n|[^\n]+", read_content(path, reading))]
    read = [row for row in rows.read([path], role) if row.given is not None]
    return [(row.split, [*row.given, "\n"] if isinstance(row.given, list) else row.given + "\n") for row in read]


def cut_into_chunks(ids: Tensor, size: int) -> list[tuple[Tensor, Tensor]]:
    if len(ids) == 0:
        return []
    before = torch.cat([torch.tensor([BEGIN]), ids[:-1]])
    return list(zip(before.split(size), ids.split(size)))
