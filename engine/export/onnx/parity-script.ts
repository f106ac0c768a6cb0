import type { Plan } from '../../compile/plan.ts';
import { everyStep, headOf, inputName } from '../pytorch/torch-plan.ts';

/** `test_parity.py` of the ONNX folder: onnxruntime against the numbers that the app computed. */
export function parityScript(plan: Plan): string {
  const input = inputName(plan);
  const tokens = input === 'tokens';
  const make = tokens
    ? 'np.zeros((len(rows), steps), dtype=np.int64)'
    : `np.zeros((len(rows), steps, ${plan.facts.features}), dtype=np.float32)`;
  return `"""Checks that model.onnx gives the numbers that the app gave:

    pip install onnxruntime
    python test_parity.py        (or pytest, if you have it)
"""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime

FOLDER = Path(__file__).resolve().parent
GOLDEN = json.loads((FOLDER / "golden.json").read_text(encoding="utf-8"))
VOCABULARY = json.loads((FOLDER / "vocabulary.json").read_text(encoding="utf-8"))
SESSION = onnxruntime.InferenceSession(str(FOLDER / "model.onnx"), providers=["CPUExecutionProvider"])


def check(what: str, found: np.ndarray, expected: list) -> None:
    """Fails when a number is further off than the tolerance (of its own size, where it is larger than 1)."""
    wanted = np.array(expected, dtype=np.float64)
    assert found.shape == wanted.shape, f"{what}: expected shape {wanted.shape}, got {found.shape}"
    error = (np.abs(found - wanted) / np.maximum(1, np.abs(wanted))).max()
    assert error <= GOLDEN["tolerance"], f"{what}: the app's numbers differ by {error:.2e}"


def run(rows: list, padding: int = 0) -> list[np.ndarray]:
    """Output of each row, out of one batch padded to the longest row and \`padding\` steps more."""
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    steps = int(lengths.max()) + padding
    batch = ${make}
    for row, values in zip(batch, rows):
        row[: len(values)] = values
    (outputs,) = SESSION.run(None, {"${input}": batch, "lengths": lengths})
    return [${everyStep(plan) ? 'output[:length] for output, length in zip(outputs, lengths)' : 'output for output in outputs'}]


def test_padded_batches() -> None:
    """Rows of different lengths in one batch."""
    for batch in GOLDEN["batches"]:
        for found, expected in zip(run(batch["rows"]), batch["outputs"]):
            check("padded batch", found, expected)


def test_padding_changes_nothing() -> None:
    """The same rows, each alone, and all of them padded further."""
    for batch in GOLDEN["batches"]:
        for row, more, expected in zip(batch["rows"], run(batch["rows"], padding=3), batch["outputs"]):
            check("row alone", run([row])[0], expected)
            check("row padded further", more, expected)


def test_predictions() -> None:
    """What the app showed for ${tokens ? 'texts, from their token ids' : 'series in the units of the data'}."""
    for golden in GOLDEN["predictions"]:
${tokens ? '        (output,) = run([golden["ids"]])' : seriesRow}
${shown(plan)}


if __name__ == "__main__":
    for test in (test_padded_batches, test_padding_changes_nothing, test_predictions):
        test()
        print(f"ok  {test.__name__}")
`;
}

const seriesRow = `        rule = VOCABULARY["input_normalization"]
        steps = (np.array(golden["rows"]) - rule["mean"]) / rule["deviation"]
        (output,) = run([steps.tolist()])`;

/** Lines that turn the output for one row into what the app shows. */
function shown(plan: Plan): string {
  switch (headOf(plan).kind) {
    case 'linear-regression':
      return `        rule = VOCABULARY["target_normalization"]
        check("prediction", output * rule["deviation"] + rule["mean"], golden["expected"])`;
    case 'dense-sigmoid':
      return '        check("prediction", np.stack([1 - output, output], axis=-1), golden["expected"])';
    default:
      return '        check("prediction", np.exp(output), golden["expected"])';
  }
}
