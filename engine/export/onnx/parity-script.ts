import type { Plan } from '../../compile/plan.ts';
import { everyStep, headOf, inputName } from '../pytorch/torch-plan.ts';
import { generationCheck, sequenceCheck, stepFunctions, stepSessions } from './step-script.ts';

/** `test_parity.py` of the ONNX folder: onnxruntime against the numbers that the app computed. */
export function parityScript(plan: Plan): string {
  const input = inputName(plan);
  const tokens = input === 'tokens';
  const says = plan.task === 'sequence-to-sequence';
  const make = tokens
    ? 'np.zeros((len(rows), steps), dtype=np.int64)'
    : `np.zeros((len(rows), steps, ${plan.facts.features}), dtype=np.float32)`;
  return `"""Checks that the graphs give the numbers that the app gave:

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


def session(name: str) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(FOLDER / name), providers=["CPUExecutionProvider"])


MODEL = session("model.onnx")
${stepSessions(plan)}

def check(what: str, found: np.ndarray, expected: list) -> None:
    """Fails when a number is further off than the tolerance (of its own size, where it is larger than 1)."""
    wanted = np.array(expected, dtype=np.float64)
    assert found.shape == wanted.shape, f"{what}: expected shape {wanted.shape}, got {found.shape}"
    error = (np.abs(found - wanted) / np.maximum(1, np.abs(wanted))).max()
    assert error <= GOLDEN["tolerance"], f"{what}: the app's numbers differ by {error:.2e}"

${says ? seriesOfTargets(input, make) : oneBatch(plan, input, make)}
${stepFunctions(plan)}
def test_padded_batches() -> None:
    """Rows of different lengths in one batch."""
    for batch in GOLDEN["batches"]:
        for found, expected in zip(run(batch["rows"]${says ? ', batch["targets"]' : ''}), batch["outputs"]):
            check("padded batch", found, expected)


def test_padding_changes_nothing() -> None:
    """The same rows, each alone, and all of them padded further."""
    for batch in GOLDEN["batches"]:
${
  says
    ? `        padded = run(batch["rows"], batch["targets"], padding=3)
        for row, target, more, expected in zip(batch["rows"], batch["targets"], padded, batch["outputs"]):
            check("row alone", run([row], [target])[0], expected)`
    : `        for row, more, expected in zip(batch["rows"], run(batch["rows"], padding=3), batch["outputs"]):
            check("row alone", run([row])[0], expected)`
}
            check("row padded further", more, expected)


def test_predictions() -> None:
    """${predictionWords(plan)}"""
    for golden in GOLDEN["predictions"]:
${predictionLines(plan)}


if __name__ == "__main__":
    for test in (test_padded_batches, test_padding_changes_nothing, test_predictions):
        test()
        print(f"ok  {test.__name__}")
`;
}

function oneBatch(plan: Plan, input: string, make: string): string {
  return `
def run(rows: list, padding: int = 0) -> list[np.ndarray]:
    """Output of each row, out of one batch padded to the longest row and \`padding\` steps more."""
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    steps = int(lengths.max()) + padding
    batch = ${make}
    for row, values in zip(batch, rows):
        row[: len(values)] = values
    outputs = MODEL.run(None, {"${input}": batch, "lengths": lengths})[0]
    return [${everyStep(plan) ? 'output[:length] for output, length in zip(outputs, lengths)' : 'output for output in outputs'}]
`;
}

function seriesOfTargets(input: string, make: string): string {
  return `
def run(rows: list, targets: list, padding: int = 0) -> list[np.ndarray]:
    """Output at each target step of each row, out of one batch padded to the longest row and \`padding\` steps more."""
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    steps = int(lengths.max()) + padding
    batch = ${make}
    for row, values in zip(batch, rows):
        row[: len(values)] = values
    target_lengths = np.array([len(row) for row in targets], dtype=np.int64)
    previous = np.zeros((len(targets), int(target_lengths.max()) + padding), dtype=np.int64)
    for row, values in zip(previous, targets):
        row[: len(values)] = values
    feeds = {"${input}": batch, "lengths": lengths, "targets": previous, "target_lengths": target_lengths}
    outputs = MODEL.run(None, feeds)[0]
    return [output[:length] for output, length in zip(outputs, target_lengths)]
`;
}

function predictionWords(plan: Plan): string {
  if (plan.task === 'sequence-to-sequence') return 'What the app says by greedy search, through the two graphs of one step.';
  if (plan.task === 'language-model') return 'How the app goes on from a prompt, always with the most probable token.';
  const what = inputName(plan) === 'tokens' ? 'texts, from their token ids' : 'series in the units of the data';
  return `What the app showed for ${what}.`;
}

function predictionLines(plan: Plan): string {
  if (plan.task === 'language-model') return generationCheck;
  const input = inputName(plan);
  if (plan.task === 'sequence-to-sequence') return `${rowOf(input, 'input')}\n${sequenceCheck(plan, input)}`;
  return `${rowOf(input, 'rows')}\n        (output,) = run([row])\n${shown(plan)}`;
}

/** Lines that make the one row that the model reads. */
const rowOf = (input: 'tokens' | 'series', field: string): string =>
  input === 'tokens'
    ? '        row = golden["ids"]'
    : `        rule = VOCABULARY["input_normalization"]
        row = (np.array(golden["${field}"]) - rule["mean"]) / rule["deviation"]`;

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
