"""One example of a network that says sequences."""

from __future__ import annotations

import torch
from torch import nn

import inputs
from answers import Example
from beam_tree import BeamTree
from decode import greedy
from predict import predict
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


def search(given, network: nn.Module, vocabulary: dict, width: int, length_penalty: float) -> dict | None:
    """What beam search finds, best first, and what it looks at on the way."""
    tree = BeamTree(width, vocabulary["classes"])
    found = predict(given, network, vocabulary, width, length_penalty, tree)
    ended = {node["rank"] for node in tree.nodes if node["fate"] == "ended"}
    hypotheses = [
        {"text": one["text"], "tokens": one["tokens"], "logProbability": one["log_probability"], "finished": rank in ended}
        for rank, one in enumerate(found)
    ]
    return {"width": width, "lengthPenalty": length_penalty, "hypotheses": hypotheses, "nodes": tree.nodes}
