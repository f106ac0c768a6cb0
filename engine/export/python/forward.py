"""Runs the network over a batch."""

from __future__ import annotations

import math
from typing import Callable

import torch
from torch import Tensor, nn

from batches import Batch
from chance import Random


def forward(model: nn.Module, batch: Batch, every_step: bool, hidden=None) -> Tensor:
    """Outputs where targets stand: at the real steps [N, C], or of each row [B, C]. hidden: states to start from, zeros without."""
    if batch.previous is not None:
        return at_real_steps(model(batch.inputs, batch.lengths, batch.previous, batch.target_lengths), batch.target_lengths)
    outputs = model(batch.inputs, batch.lengths) if hidden is None else model(batch.inputs, batch.lengths, hidden)
    return at_real_steps(outputs, batch.lengths) if every_step else outputs


def at_real_steps(outputs: Tensor, lengths: Tensor) -> Tensor:
    return torch.cat([row[:length] for row, length in zip(outputs, lengths.tolist())])


def each_part(hidden, change: Callable[[Tensor], Tensor]):
    """States with every part [layers, B, H] of them changed; None where there are none."""
    if isinstance(hidden, (list, tuple)):
        return type(hidden)(each_part(part, change) for part in hidden)
    return None if hidden is None else change(hidden)


def first_rows(hidden, rows: int):
    """The states of so many rows, without their gradient: streams that have ended were the last rows."""
    return each_part(hidden, lambda part: part[:, :rows].detach().contiguous())


def draw_own(lengths: list[int], share: float, chance: Random) -> Tensor:
    """Where scheduled sampling gives a decoder its own token [B, U]: with the app's random numbers, one for each real step."""
    drawn = torch.zeros(len(lengths), max(lengths), dtype=torch.bool)
    for step in range(max(lengths)):
        for row, length in enumerate(lengths):
            if step < length:
                drawn[row, step] = chance.uniform() < share and step > 0  # the first is <bos> in any case
    return drawn


@torch.no_grad()
def with_own_tokens(model: nn.Module, batch: Batch, drawn: Tensor) -> Batch:
    """Scheduled sampling: where drawn, the previous token is what the model itself would have said there.

    All steps at once (Duckworth et al. 2019), in a first pass with the true previous tokens, without dropout.
    """
    from tokens import NEVER_SAID

    model.eval()
    said = model(batch.inputs, batch.lengths, batch.previous, batch.target_lengths)
    model.train()
    said[..., NEVER_SAID] = -math.inf
    own = torch.cat([batch.previous[:, :1], said.argmax(-1)[:, :-1]], dim=1)
    drawn = drawn[:, : own.size(1)].to(own.device)
    return batch._replace(previous=torch.where(drawn, own, batch.previous))
