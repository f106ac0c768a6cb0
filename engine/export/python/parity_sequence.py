"""Sequences that are said, and where attention looks, against the app's; for test_parity.py."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from decode import greedy
from inputs import to_input
from parity import MODEL, VOCABULARY, check
from predict import predict
from tokens import BEGIN, END, NEVER_SAID


def check_prediction(golden: dict) -> None:
    """Greedy and beam search say the app's tokens; attention looks where the app's does."""
    inputs = to_input(golden["input"], VOCABULARY).unsqueeze(0)
    lengths = torch.tensor([inputs.size(1)])
    [found] = greedy(MODEL, inputs, lengths, VOCABULARY["target"]["max_tokens"])
    found = [VOCABULARY["classes"][token] for token in found]
    if found != golden["greedy"]:
        # Two tokens equally probable, so rounding chose: each of the app's must be as probable as any.
        log, said = said_by(golden["greedy"], inputs, lengths)
        its = log.gather(1, said.unsqueeze(1))[:, 0]
        log[:, NEVER_SAID] = -math.inf
        check(f"greedy: expected {golden['greedy']}, got {found}", its, log.amax(1).tolist())
    if golden["alignment"]:
        check("alignment", attended(MODEL, golden), golden["alignment"], lambda model: attended(model, golden))
    hypotheses = predict(golden["input"], MODEL, VOCABULARY, width=4)
    scores = [one["logProbability"] for one in golden["beam"]]
    check("beam", torch.tensor([one["log_probability"] for one in hypotheses], dtype=torch.float64), scores)
    if [one["tokens"] for one in hypotheses] == [one["tokens"] for one in golden["beam"]]:
        assert [one["text"] for one in hypotheses] == [one["text"] for one in golden["beam"]], "beam: other texts"
    else:
        # Equally good, rank by rank, so rounding chose: the app's own sequences must be as probable as the app says.
        theirs = [score(one["tokens"], inputs, lengths) for one in golden["beam"]]
        check("beam, the app's sequences", torch.tensor(theirs, dtype=torch.float64), scores)


@torch.no_grad()
def attended(model: nn.Module, golden: dict) -> Tensor:
    """Where attention looks while the app's sequence is said [U, T]."""
    inputs = to_input(golden["input"], VOCABULARY).unsqueeze(0)
    said = [VOCABULARY["classes"].index(word) for word in golden["greedy"]]
    previous = torch.tensor([[BEGIN, *said][: len(said)]])
    model(inputs, torch.tensor([inputs.size(1)]), previous, torch.tensor([len(said)]))
    return model.alignment[0]


@torch.no_grad()
def said_by(words: list, inputs: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """Log-probabilities [U, V] where a sequence is said, and its tokens [U]; one that is shorter than the limit has ended."""
    said = [VOCABULARY["classes"].index(word) for word in words]
    if len(said) < VOCABULARY["target"]["max_tokens"]:
        said.append(END)
    log = MODEL(inputs, lengths, torch.tensor([[BEGIN, *said[:-1]]]), torch.tensor([len(said)]))[0].double()
    return log, torch.tensor(said)


def score(words: list, inputs: Tensor, lengths: Tensor) -> float:
    """Log-probability of a sequence."""
    log, said = said_by(words, inputs, lengths)
    return log.gather(1, said.unsqueeze(1)).sum().item()
