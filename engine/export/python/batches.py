"""Which examples are in each batch of an epoch, in the app's order, and a batch as tensors."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from chance import Random

BATCHES_A_POOL, BATCHES_A_ROUND = 50, 8


def by_length(lengths: list[float], size: int, seed: int, epoch: int) -> list[list[int]]:
    """Batches of examples of about equal length, so that little is padding.

    Shuffled, then sorted by length in pools of many batches. The batches come in random order, but of eight in a row each is of
    another stratum of lengths.
    """
    random = Random(seed, f"epoch {epoch}")
    order = random.shuffle(list(range(len(lengths))))
    batches = []
    for start in range(0, len(order), size * BATCHES_A_POOL):
        pool = sorted(order[start : start + size * BATCHES_A_POOL], key=lengths.__getitem__)
        batches += cut(pool, size)
    random.shuffle(batches)
    batches.sort(key=lambda batch: sum(lengths[i] for i in batch) / len(batch))
    placed = []
    for stratum in range(BATCHES_A_ROUND):
        first, last = (part * len(batches) // BATCHES_A_ROUND for part in (stratum, stratum + 1))
        for i, batch in enumerate(random.shuffle(batches[first:last])):
            placed.append(((i + random.uniform()) / (last - first), batch))
    return [batch for _, batch in sorted(placed, key=lambda one: one[0])]


def as_streams(count: int, size: int) -> list[list[int]]:
    """Chunks of a running text: each row of a batch goes on where the same row of the batch before it ended."""
    length = math.ceil(count / min(size, count))
    return [list(range(start, count, length)) for start in range(length)]


def in_order_of_length(lengths: list[float], size: int) -> list[list[int]]:
    """Batches to judge by: nothing is drawn by chance."""
    return cut(sorted(range(len(lengths)), key=lengths.__getitem__), size)


def cut(order: list[int], size: int) -> list[list[int]]:
    return [order[start : start + size] for start in range(0, len(order), size)]


def lengths_of(examples: list[tuple[Tensor, Tensor]], says: bool) -> list[float]:
    """What orders examples: the length of their input, and of equal ones that of the sequence to say."""
    return [len(x) + (len(y) / 2**20 if says else 0) for x, y in examples]


class Batch(NamedTuple):
    """Padded rows. Targets stand at real steps alone: [N], or [B, K] numbers."""

    inputs: Tensor  # [B, T] or [B, T, F]
    lengths: Tensor  # [B]
    targets: Tensor
    previous: Tensor | None  # what a decoder reads [B, U]: <bos>, then the true tokens before each step (teacher forcing)
    target_lengths: Tensor | None  # [B]


def collate(examples: list[tuple[Tensor, Tensor]], says: bool, device: torch.device) -> Batch:
    """Examples as one batch. says: whether targets are sequences of their own lengths."""
    inputs = pad_sequence([x for x, _ in examples], batch_first=True).to(device)  # padding is 0
    lengths = torch.tensor([len(x) for x, _ in examples])
    per_step = examples[0][1].dtype == torch.long and examples[0][1].dim() == 1
    targets = (torch.cat if per_step else torch.stack)([y for _, y in examples]).to(device)
    if not says:
        return Batch(inputs, lengths, targets, None, None)
    from tokens import BEGIN

    first = torch.tensor([BEGIN])
    previous = pad_sequence([torch.cat([first, y[:-1]]) for _, y in examples], batch_first=True).to(device)
    return Batch(inputs, lengths, targets, previous, torch.tensor([len(y) for _, y in examples]))
