"""One example of a network that says sequences."""

from __future__ import annotations

import torch
from torch import nn

import inputs
from answers import Example
from decode import greedy
from targets import read_target
from tokens import BEGIN, END


def read_example(given, target: str | None, network: nn.Module, vocabulary: dict) -> Example:
    """An input, with the text to say; where that is None, the network is given what it says itself."""
    x = inputs.to_input(given, vocabulary)
    if target is None:
        limit = vocabulary["target"]["max_tokens"]
        [ids] = greedy(network, x.unsqueeze(0), torch.tensor([len(x)]), limit)
        ids = ids if len(ids) == limit else [*ids, END]
    else:
        ids = read_target(target, vocabulary).tolist()
    told = {"kind": "tokens", "values": [vocabulary["classes"][i] for i in ids], "given": target is not None}
    return Example(x, *inputs.step_words(given, vocabulary), told, ids, None, [BEGIN, *ids[:-1]])
