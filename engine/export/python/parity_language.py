"""How a prompt goes on against the app's; for test_parity.py."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from parity import MODEL, VOCABULARY, check
from predict import predict, read_prompt
from tokens import END, NEVER_SAID

MOST = 24  # tokens that are said


def check_prediction(golden: dict) -> None:
    found = predict(golden["prompt"], MODEL, VOCABULARY, max_tokens=MOST, temperature=0)
    if found != golden["tokens"]:
        # Two tokens equally probable, so rounding chose: each of the app's must be as probable as any.
        its, best = likeliest(golden["tokens"], read_prompt(golden["prompt"], VOCABULARY))
        check(f"after {golden['prompt']!r}: expected {golden['tokens']}, got {found}", its, best)


@torch.no_grad()
def likeliest(words: list, prompt: list[int]) -> tuple[Tensor, list]:
    """Log-probability of each word where it is said, and of the most probable token there; fewer words than asked for have ended."""
    said = [VOCABULARY["classes"].index(word) for word in words]
    said += [END] if len(said) < MOST else []
    ids = [*prompt, *said[:-1]]
    log = MODEL(torch.tensor([ids]), torch.tensor([len(ids)]))[0, len(prompt) - 1 :].double()
    its = log.gather(1, torch.tensor(said).unsqueeze(1))[:, 0]
    log[:, [*NEVER_SAID, END] if "running" in VOCABULARY else NEVER_SAID] = -math.inf
    return its, log.amax(1).tolist()
