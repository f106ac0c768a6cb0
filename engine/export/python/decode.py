"""Says sequences token by token, greedily or by beam search, exactly as the app does."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from beam_tree import BeamTree
from tokens import BEGIN, END, NEVER_SAID


def next_tokens(model: torch.nn.Module, encoded: tuple, last: list[int], hidden: list | None) -> Tensor:
    """Log-probabilities [R, V] of what each row says after its last token."""
    steps = torch.ones(len(last), dtype=torch.long)
    device = next(model.parameters()).device
    log = model.decode(torch.tensor(last, device=device).unsqueeze(1), steps, encoded, hidden)[:, 0].double()
    log[:, NEVER_SAID] = -math.inf
    return log


def select(hidden: list, rows: list[int]) -> list:
    """The states of some rows: each part is [layers, R, H]."""
    return [tuple(part[:, rows] for part in s) if isinstance(s, tuple) else s[:, rows] for s in hidden]


@torch.no_grad()
def greedy(model: torch.nn.Module, inputs: Tensor, lengths: Tensor, max_tokens: int) -> list[list[int]]:
    """Always the most probable next token, for each row of a batch; <eos> ends a row and is left out."""
    encoded = model.encode(inputs, lengths)
    said: list[list[int]] = [[] for _ in lengths]
    open_rows = set(range(len(said)))
    hidden = None
    last = [BEGIN] * len(said)
    for _ in range(max_tokens):
        if not open_rows:
            break
        last = next_tokens(model, encoded, last, hidden).argmax(dim=-1).tolist()
        hidden = model.hidden
        for row in list(open_rows):
            if last[row] == END:
                open_rows.remove(row)
            else:
                said[row].append(last[row])
    return said


@torch.no_grad()
def beam(
    model: torch.nn.Module,
    inputs: Tensor,
    lengths: Tensor,
    max_tokens: int,
    width: int = 5,
    length_penalty: float = 0.6,
    tree: BeamTree | None = None,
) -> list[tuple[list[int], float]]:
    """The best sequences for one input (a batch of one row), with their log-probabilities, best first.

    At each step the best continuations of all open sequences go on, as many as the width less those that have
    ended. Ended ones are ranked by log p / ((5 + length) / 6) ** length_penalty (Wu et al. 2016), before those
    that reached the limit. tree: is told what is looked at.
    """
    opened: list[tuple[list[int], float]] = [([], 0.0)]
    ended: list[tuple[list[int], float]] = []
    encoded, rows, hidden = (), 0, None
    for _ in range(max_tokens):
        if not opened:
            break
        if rows != len(opened):
            rows = len(opened)
            encoded = model.encode(inputs.expand(rows, *inputs.shape[1:]), lengths.expand(rows))
        log = next_tokens(model, encoded, [tokens[-1] if tokens else BEGIN for tokens, _ in opened], hidden)
        scores = log + torch.tensor([score for _, score in opened], dtype=torch.double).unsqueeze(1)
        ranked, order = scores.flatten().sort(descending=True, stable=True)
        places = width - len(ended)
        seen = places + (tree.dropped if tree else 0)
        going, kept = [], []
        for at, (score, place) in enumerate(zip(ranked.tolist()[:seen], order.tolist())):
            row, token = divmod(place, log.size(1))
            if score == -math.inf:
                break
            before = opened[row][0]
            fate = "dropped" if at >= places else "ended" if token == END else "kept"
            if tree:
                tree.add(before, token, log[row, token].item(), score, fate)
            if fate == "ended":
                ended.append((before, score))
            elif fate == "kept":
                going.append(([*before, token], score))
                kept.append(row)
        hidden = select(model.hidden, kept)
        opened = going

    def standing(one: tuple[list[int], float], end: int) -> float:
        return one[1] / ((5 + len(one[0]) + end) / 6) ** length_penalty

    ended.sort(key=lambda one: -standing(one, 1))
    opened.sort(key=lambda one: -standing(one, 0))
    if tree:
        for rank, one in enumerate(ended):
            tree.found(rank, one[0], standing(one, 1))
        for rank, one in enumerate(opened, start=len(ended)):
            tree.found(rank, one[0], None)
    return ended + opened
