"""Predictions of classes, tags and numbers against the app's; for test_parity.py."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from parity import MODEL, VOCABULARY, check
from predict import predict


def check_prediction(golden: dict) -> None:
    given = golden["text"] if golden["kind"] == "text" else golden["rows"]
    if golden["kind"] == "text":
        check_ids(golden)

    def predicted(model: nn.Module) -> Tensor:
        return torch.tensor(predict(given, model, VOCABULARY))

    check("prediction", predicted(MODEL), golden["expected"], predicted)


def check_ids(golden: dict) -> None:
    """The tokens of a text and their ids."""
    from tokens import encode, tokenize

    tokens = tokenize(golden["text"], VOCABULARY["tokenizer"])
    assert tokens == golden["tokens"], f"tokens: expected {golden['tokens']!r}, got {tokens!r}"
    ids = encode(tokens, VOCABULARY)
    assert ids == golden["ids"], f"ids of {tokens!r}: expected {golden['ids']}, got {ids}"
