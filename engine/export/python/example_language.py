"""One example of a language model: a text, each of whose tokens is to be said at the step before."""

from __future__ import annotations

import re

import torch
from torch import nn

from answers import Example, id_of
from predict import read_prompt
from tokens import BEGIN, END, encode, tokenize


def read_example(text: str, target: str | None, network: nn.Module, vocabulary: dict) -> Example:
    """target: the token that comes after the last one, which the text does not tell."""
    ids = read_prompt(text, vocabulary)
    lines = [re.sub("\r\n?", "\n", text)] if "running" in vocabulary else text.split("\n")
    typed = [word for line in lines for word in tokenize(line, vocabulary["tokenizer"])]
    lacks = [i == vocabulary["tokenizer"]["unknown_id"] for i in encode(typed, vocabulary)]
    if len(typed) != len(ids):  # the tokens that begin and end lines were not typed
        words = iter(zip(typed, lacks))
        both = [(vocabulary["tokens"][i], False) if i in (BEGIN, END) else next(words, ("", False)) for i in ids]
        typed, lacks = [word for word, _ in both], [lack for _, lack in both]
    following = ids[1:] + ([] if target is None else [id_of(target, vocabulary)])
    told = {"kind": "tokens", "values": [vocabulary["classes"][i] for i in following], "given": True}
    return Example(torch.tensor(ids), typed, lacks, told if following else None, following, None, None)


def search(*_) -> None:
    """The network says no sequence that beam search could look for."""
