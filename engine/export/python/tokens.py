"""Cuts texts into tokens, exactly as in training."""

from __future__ import annotations

import re
import unicodedata

UNKNOWN, BEGIN, END = 1, 2, 3  # ids of <unk>, <bos> and <eos>, of what a network says
NEVER_SAID = [0, UNKNOWN, BEGIN]  # <pad> is 0


def normalize_text(text: str, rule: dict) -> str:
    """One form for each letter, and lower case where the model was trained so."""
    text = unicodedata.normalize(rule["normalization"], text)
    return text.lower() if rule["lowercase"] else text


def tokenize(text: str, rule: dict) -> list[str]:
    """Splits a text into words, characters or sub-words, as many as are read at most."""
    text = normalize_text(text, rule)
    tokens = list(text) if rule["level"] == "character" else re.findall(rule["word_pattern"], text)
    return pieces(tokens, rule)[: rule["max_length"]]


def tokens_of_list(given: list[str], rule: dict) -> list[str]:
    """Given tokens as tokenize would write them. As sub-words are cut out of them, the space stands before each but the first."""
    space = " " if rule["level"] == "subword" else ""
    words = [normalize_text(token, rule) for token in given]
    return pieces([space + word if place else word for place, word in enumerate(words)], rule)[: rule["max_length"]]


def pieces(tokens: list[str], rule: dict) -> list[str]:
    """Sub-words of each token by byte-pair encoding; the tokens themselves at the other levels."""
    if rule["level"] != "subword":
        return tokens
    if "ranks" not in rule:
        rule["ranks"] = {tuple(pair): rank for rank, pair in enumerate(rule["merges"])}
    return [piece for token in tokens for piece in cut(token, rule["ranks"])]


def cut(token: str, ranks: dict) -> list[str]:
    """Merges neighbours, those learned first before others, until none can be merged."""
    found = list(token)
    while True:
        pairs = [pair for pair in zip(found, found[1:]) if pair in ranks]
        if not pairs:
            return found
        first = min(pairs, key=ranks.__getitem__)
        merged, i = [], 0
        while i < len(found):
            joins = tuple(found[i : i + 2]) == first
            merged.append("".join(first) if joins else found[i])
            i += 2 if joins else 1
        found = merged


def encode(tokens: list[str], vocabulary: dict) -> list[int]:
    """Ids of tokens; a token outside the vocabulary gets the id of <unk>, where there is one."""
    rule = vocabulary["tokenizer"]
    if "ids" not in rule:
        rule["ids"] = {}
        special = set(rule["special_ids"])
        for i, token in enumerate(vocabulary["tokens"]):
            if i not in special:
                rule["ids"].setdefault(token, i)
    ids = rule["ids"]
    missing = [token for token in tokens if token not in ids]
    if missing and rule["unknown_id"] is None:
        raise ValueError(f"{missing[0]!r} is not in the vocabulary, which has no <unk>")
    return [ids.get(token, rule["unknown_id"]) for token in tokens]


def write(tokens: list[str], rule: dict) -> str:
    """Tokens as one text: words with spaces between, characters and sub-words as they stand."""
    return (" " if rule["level"] == "word" else "").join(tokens)
