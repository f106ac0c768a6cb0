"""What a network first makes of its input: the numbers that it reads, or the vectors of its tokens."""

from __future__ import annotations

import torch
from torch import Tensor, nn

import model as architecture


class Made:
    """Of the last batch that was read: what was made, as it was and multiplied by the factors of its steps."""

    def __init__(self, network: nn.Module):
        self.tokens: Tensor | None = None
        self.factors: Tensor | None = None
        self.plain: list[Tensor] = []
        self.scaled: list[Tensor] = []
        for module in network.modules():
            if isinstance(module, nn.Embedding):
                module.register_forward_hook(lambda _, given, vectors: self.of_tokens(given[0], vectors))
        if hasattr(architecture, "one_hot"):
            one_hot = architecture.one_hot
            kind = torch.get_default_dtype
            architecture.one_hot = lambda tokens, classes: self.of_tokens(tokens, one_hot(tokens, classes).to(kind()))

    def of_tokens(self, tokens: Tensor, vectors: Tensor) -> Tensor:
        """Vectors as the network goes on with them: those of the input's tokens are looked at."""
        return self.looked_at(vectors) if tokens is self.tokens else vectors

    def looked_at(self, x: Tensor) -> Tensor:
        """x [B, T, …]"""
        scaled = x if self.factors is None else x * self.factors.reshape(*self.factors.shape, *[1] * (x.dim() - 2))
        if torch.is_grad_enabled() and not scaled.requires_grad:
            scaled.requires_grad_()
        self.plain.append(x)
        self.scaled.append(scaled)
        return scaled

    def read(self, given: Tensor, factors: Tensor | None = None) -> Tensor:
        """An input as a batch of one row [1, T, …], or of as many as there are factors [B, T]."""
        rows = 1 if factors is None else len(factors)
        batch = given.unsqueeze(0).repeat(rows, *[1] * given.dim())
        self.factors, self.plain, self.scaled = factors, [], []
        if batch.is_floating_point():
            return self.looked_at(batch)
        self.tokens = batch
        return batch
