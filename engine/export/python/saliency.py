"""Which steps of the input matter for a picked number: gradient × input, integrated gradients and occlusion, side by side."""

from __future__ import annotations

from typing import Callable

import torch
from torch import Tensor

from made import Made

LEAST, MOST = 8, 512  # places on the way from zeros to the input, doubled from the one to the other
RELATIVE, ABSOLUTE = 0.005, 1e-5  # what is next to nothing
ROWS, NUMBERS = 32, 4_000_000  # of what is computed at once


def saliency(given: Tensor, made: Made, picked: Callable[[Tensor], Tensor]) -> dict:
    """How much each step of an input adds to a number, in that number's unit [T]; zeros are what it is compared with.

    picked: the number of each row [B], of the input with its steps multiplied by factors [B, T].
    """
    steps = len(given)
    rows = max(1, min(ROWS, NUMBERS // given.numel()))

    def values(factors: Tensor) -> Tensor:
        with torch.no_grad():
            return torch.cat([picked(some) for some in factors.split(rows)])

    def products(factors: Tensor, weights: Tensor) -> list[Tensor]:
        """Σ over rows of weight · x · ∂/∂x where the whole input is multiplied by a factor [T, F], for whatever reads it."""
        sums: list[Tensor] = []
        for some, weight in zip(factors.split(rows), weights.split(rows)):
            total = picked(some.unsqueeze(1).expand(-1, steps)).sum()
            found = torch.autograd.grad(total, made.scaled)
            each = [(d * x.detach()).reshape(len(some), steps, -1) for d, x in zip(found, made.plain)]
            new = [(weight.reshape(-1, 1, 1) * one).sum(0) for one in each]
            sums = [a + b for a, b in zip(sums, new)] if sums else new
        return sums

    value, without = values(torch.stack([torch.ones(steps), torch.zeros(steps)])).tolist()
    occlusion = value - values(1 - torch.eye(steps))
    plain = products(torch.ones(1), torch.ones(1))
    count, before = LEAST, None
    while True:
        way = products(*gauss_legendre(count))
        integrated = per_step(way)
        error = integrated.sum().item() - (value - without)
        exact = within(abs(error), value - without) and before is not None
        exact = exact and within((integrated - before).abs().max().item(), integrated.abs().max().item())
        if exact or 2 * count > MOST:
            break
        count, before = 2 * count, integrated
    return {
        "value": value,
        "without": without,
        "gradient": per_step(plain),
        "integrated": integrated,
        "occlusion": occlusion,
        "numbers": {"gradient": plain[0], "integrated": way[0]},
        "points": count,
        "error": error,
        "exact": exact,
    }


def per_step(products: list[Tensor]) -> Tensor:
    return torch.stack([one.sum(1) for one in products]).sum(0)


def within(error: float, of: float) -> bool:
    return error <= max(ABSOLUTE, RELATIVE * abs(of))


def gauss_legendre(count: int) -> tuple[Tensor, Tensor]:
    """Places between 0 and 1, and their weights: eigenvalues of the Jacobi matrix (Golub and Welsch 1969)."""
    k = torch.arange(1.0, count)
    beside = torch.diag(k / (4 * k * k - 1).sqrt(), 1)
    nodes, vectors = torch.linalg.eigh(beside + beside.T)
    return (nodes + 1) / 2, vectors[0].square()
