"""One example of a network that says a class, tags or numbers."""

from __future__ import annotations

from torch import nn

import inputs
from answers import EVERY_STEP, NUMBERS, Example, id_of, numbers_of


def read_example(given, target: str | None, network: nn.Module, vocabulary: dict) -> Example:
    """An input, with what the network should say to it as a person writes it, or None."""
    x = inputs.to_input(given, vocabulary)
    plain = Example(x, *inputs.step_words(given, vocabulary), None, None, None, None)
    if target is None:
        return plain
    if NUMBERS:
        values, numbers = numbers_of(target, vocabulary)
        return plain._replace(target={"kind": "numbers", "values": values, "given": True}, numbers=numbers)
    said = target.replace(",", " ").split() if EVERY_STEP else [target]
    if EVERY_STEP and len(said) != len(x):
        raise ValueError(f"the target: expected one tag a step, {len(x)}, got {len(said)}")
    told = {"kind": "tags" if EVERY_STEP else "class", "values": said, "given": True}
    return plain._replace(target=told, ids=[id_of(name, vocabulary) for name in said])


def search(*_) -> None:
    """The network says no sequence that beam search could look for."""
