"""What a beam search looks at, as a tree of tokens."""

from __future__ import annotations

import math

from tokens import END

MOST_DROPPED = 5  # of those that a step drops: that came nearest


class BeamTree:
    """Nodes in the order in which they are looked at: step by step, each step's best first."""

    def __init__(self, width: int, classes: list[str]):
        self.dropped = min(width, MOST_DROPPED)  # how many of those that a step drops are told
        self.classes = classes
        self.nodes: list[dict] = []
        self.numbers: dict[tuple[int, ...], int] = {}  # of the sequences that were gone on with, or ended

    def add(self, before: list[int], token: int, log: float, score: float, fate: str) -> None:
        """log: of the token's probability after those before it; score: of all; fate: "kept", "ended" or "dropped"."""
        if fate != "dropped":
            self.numbers[(*before, token)] = len(self.nodes)
        node = {"parent": self.numbers.get(tuple(before)), "token": self.classes[token], "probability": math.exp(log)}
        self.nodes.append({**node, "logProbability": score, "fate": fate, "score": None, "rank": None})

    def found(self, rank: int, said: list[int], score: float | None) -> None:
        """Where a sequence came to stand; score: by which those that ended are ranked, None of one that was cut."""
        number = self.numbers.get(tuple(said) if score is None else (*said, END))
        if number is not None:
            self.nodes[number].update(rank=rank, score=score)
