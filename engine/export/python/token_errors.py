"""How far what a network says by itself is from what it should say."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from decode import greedy
from distributed import Workers

MOST = 500  # examples that are said; saying takes a pass for each token


def token_error_rate(
    model: nn.Module, examples: list[tuple[Tensor, Tensor]], vocabulary: dict, size: int, workers: Workers
) -> float:
    """Tokens to insert, delete or replace, over those that should be said; of examples evenly spread."""
    wanted = min(MOST, len(examples))
    chosen = workers.share([examples[i * len(examples) // wanted] for i in range(wanted)])
    edits = length = 0
    for start in range(0, len(chosen), size):
        batch = chosen[start : start + size]
        inputs = pad_sequence([x for x, _ in batch], batch_first=True).to(workers.device)
        said = greedy(model, inputs, torch.tensor([len(x) for x, _ in batch]), vocabulary["target"]["max_tokens"])
        edits += sum(edit_distance(y.tolist()[:-1], tokens) for (_, y), tokens in zip(batch, said))
        length += sum(len(y) - 1 for _, y in batch)
    edits, length = workers.sum(edits, length)
    return edits / max(1, length)


def edit_distance(wanted: list[int], said: list[int]) -> int:
    row = list(range(len(said) + 1))
    for i, token in enumerate(wanted, start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(said, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (token != other))
    return row[-1]
