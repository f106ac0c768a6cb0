import type { Plan } from '../../compile/plan.ts';
import { className, everyStep, inputName } from './torch-plan.ts';

/** `test_parity.py`: the exported module against the numbers that the app computed. */
export function parityScript(plan: Plan): string {
  const name = className(plan);
  const tokens = inputName(plan) === 'tokens';
  const perStep = everyStep(plan);
  const make = tokens
    ? 'torch.zeros(len(rows), steps, dtype=torch.long)'
    : `torch.zeros(len(rows), steps, ${plan.facts.features})`;
  return `"""Checks that this folder gives the numbers that the app gave:

    python test_parity.py        (or pytest, if you have it)
"""
from __future__ import annotations

import json

import torch
from torch import Tensor

from model import ${name}
from predict import FOLDER, ${tokens ? 'encode, load, predict, tokenize' : 'load, predict'}

GOLDEN = json.loads((FOLDER / "golden.json").read_text(encoding="utf-8"))
MODEL, VOCABULARY = load()


def check(what: str, found: Tensor, expected: list) -> None:
    """Fails when a number is further off than 1e-5 (of its own size, where it is larger than 1)."""
    wanted = torch.tensor(expected, dtype=torch.float64)
    assert found.shape == wanted.shape, f"{what}: expected shape {list(wanted.shape)}, got {list(found.shape)}"
    error = ((found.double() - wanted).abs() / wanted.abs().clamp(min=1)).max().item()
    assert error <= GOLDEN["tolerance"], f"{what}: the app's numbers differ by {error:.2e}"


def run(model: ${name}, rows: list, padding: int = 0) -> list[Tensor]:
    """Output of each row, out of one batch padded to the longest row and \`padding\` steps more."""
    lengths = torch.tensor([len(row) for row in rows])
    steps = int(lengths.max()) + padding
    batch = ${make}
    for row, values in zip(batch, rows):
        row[: len(values)] = torch.tensor(values)
    with torch.no_grad():
        outputs = model(batch, lengths)
    return [${perStep ? 'output[:length] for output, length in zip(outputs, lengths)' : 'output for output in outputs'}]


def test_padded_batches() -> None:
    """Rows of different lengths in one batch."""
    for batch in GOLDEN["batches"]:
        for found, expected in zip(run(MODEL, batch["rows"]), batch["outputs"]):
            check("padded batch", found, expected)


def test_padding_changes_nothing() -> None:
    """The same rows, each alone, and all of them padded further."""
    for batch in GOLDEN["batches"]:
        for row, more, expected in zip(batch["rows"], run(MODEL, batch["rows"], padding=3), batch["outputs"]):
            check("row alone", run(MODEL, [row])[0], expected)
            check("row padded further", more, expected)


def test_predictions() -> None:
    """${tokens ? 'Texts through the tokenizer, the vocabulary and the network.' : 'Series through the normalization and the network.'}"""
    for golden in GOLDEN["predictions"]:
${
  tokens
    ? `        tokens = tokenize(golden["text"], VOCABULARY["tokenizer"])
        assert tokens == golden["tokens"], f"tokens: expected {golden['tokens']!r}, got {tokens!r}"
        ids = encode(tokens, VOCABULARY)
        assert ids == golden["ids"], f"ids of {tokens!r}: expected {golden['ids']}, got {ids}"
        check("prediction", torch.tensor(predict(golden["text"], MODEL, VOCABULARY)), golden["expected"])`
    : `        check("prediction", torch.tensor(predict(golden["rows"], MODEL, VOCABULARY)), golden["expected"])`
}


if __name__ == "__main__":
    for test in (test_padded_batches, test_padding_changes_nothing, test_predictions):
        test()
        print(f"ok  {test.__name__}")
`;
}
