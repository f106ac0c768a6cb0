"""Compares what PyTorch computes with what the app computed; for test_parity.py."""

from __future__ import annotations

import copy
import json
from typing import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from network import CONFIG, FOLDER, load

GOLDEN = json.loads((FOLDER / "golden.json").read_text(encoding="utf-8"))
MODEL, VOCABULARY = load()


def check(what: str, found: Tensor, expected: list, again: Callable | None = None) -> None:
    """Fails when a number is further off than 1e-5 (of its own size, where it is larger than 1).

    Where float32 itself is that coarse, such as in a layer normalization of width 1, which divides what rounding
    leaves of x - x, the same numbers in float64, from `again`, decide: the app may be off by the tolerance or by four
    times what PyTorch's own rounding comes to, but never by more than a thousandth.
    """
    wanted = torch.tensor(expected, dtype=torch.float64)
    assert found.shape == wanted.shape, f"{what}: expected shape {list(wanted.shape)}, got {list(found.shape)}"
    error, most = off(found, wanted), GOLDEN["tolerance"]
    if not error <= most and again is not None:
        torch.set_default_dtype(torch.float64)
        try:
            exact = again(copy.deepcopy(MODEL).double())
        finally:
            torch.set_default_dtype(torch.float32)
        error, most = off(exact, wanted), max(most, min(4 * off(found, exact), 1e-3))
    assert error <= most, f"{what}: the app's numbers differ by {error:.2e}"


def off(found: Tensor, wanted: Tensor) -> float:
    """The largest difference, of a number's own size where it is larger than 1."""
    return ((found.double() - wanted.double()).abs() / wanted.double().abs().clamp(min=1)).max().item()


@torch.no_grad()
def run(model: nn.Module, rows: list, targets: list | None, padding: int = 0) -> list[Tensor]:
    """Output of each row, out of one batch padded to the longest row and `padding` steps more.

    targets: the previous target tokens of each row, of an encoder-decoder.
    """
    inputs, lengths = padded(rows, padding)
    if targets is None:
        outputs, steps = model(inputs, lengths), lengths
    else:
        previous, steps = padded(targets, padding)
        outputs = model(inputs, lengths, previous, steps)
    if not CONFIG["head"]["every_step"]:
        return list(outputs)
    return [output[:length] for output, length in zip(outputs, steps)]


def padded(rows: list, padding: int) -> tuple[Tensor, Tensor]:
    """Rows as one tensor, and their lengths."""
    lengths = [len(row) for row in rows]
    tensors = [torch.tensor(row) for row in rows]
    tensors = [row if row.dtype == torch.long else row.to(torch.get_default_dtype()) for row in tensors]
    longest = max(tensors, key=len)
    more = longest.new_zeros(max(lengths) + padding, *longest.shape[1:])
    return pad_sequence([*tensors, more], batch_first=True)[:-1], torch.tensor(lengths)
