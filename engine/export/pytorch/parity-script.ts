import type { Plan } from '../../compile/plan.ts';
import type { MediaKind } from '../features/media-json.ts';
import { className, everyStep, inputName } from './torch-plan.ts';

/** `test_parity.py`: the exported module against the numbers that the app computed. */
export function parityScript(plan: Plan, media: MediaKind | null): string {
  const name = className(plan);
  const says = plan.task === 'sequence-to-sequence';
  const generates = plan.task === 'language-model';
  const tokens = inputName(plan) === 'tokens';
  const perStep = everyStep(plan);
  const make = tokens
    ? 'torch.zeros(len(rows), steps, dtype=torch.long)'
    : `torch.zeros(len(rows), steps, ${plan.facts.features})`;
  const tests = ['test_padded_batches', 'test_padding_changes_nothing', 'test_predictions'];
  if (media !== null) tests.push('test_features');
  return `"""Checks that this folder gives the numbers that the app gave:

    python test_parity.py        (or pytest, if you have it)
"""
from __future__ import annotations

${media === null ? 'import json' : 'import base64\nimport json\nimport tempfile\nfrom pathlib import Path'}

import torch
from torch import Tensor

from model import ${name}
${says ? 'from decode import BEGIN, greedy\n' : ''}${media === null ? '' : 'from features import read_steps\n'}from predict import FOLDER, ${imported(tokens, says, generates)}

GOLDEN = json.loads((FOLDER / "golden.json").read_text(encoding="utf-8"))
MODEL, VOCABULARY = load()


def check(what: str, found: Tensor, expected: list) -> None:
    """Fails when a number is further off than 1e-5 (of its own size, where it is larger than 1)."""
    wanted = torch.tensor(expected, dtype=torch.float64)
    assert found.shape == wanted.shape, f"{what}: expected shape {list(wanted.shape)}, got {list(found.shape)}"
    error = ((found.double() - wanted).abs() / wanted.abs().clamp(min=1)).max().item()
    assert error <= GOLDEN["tolerance"], f"{what}: the app's numbers differ by {error:.2e}"


def run(model: ${name}, rows: list, padding: int = 0${says ? ', targets: list = []' : ''}) -> list[Tensor]:
    """Output of each row, out of one batch padded to the longest row and \`padding\` steps more."""
    lengths = torch.tensor([len(row) for row in rows])
    steps = int(lengths.max()) + padding
    batch = ${make}
    for row, values in zip(batch, rows):
        row[: len(values)] = torch.tensor(values)
${
  says
    ? `    target_lengths = torch.tensor([len(row) for row in targets])
    previous = torch.zeros(len(rows), int(target_lengths.max()) + padding, dtype=torch.long)
    for row, values in zip(previous, targets):
        row[: len(values)] = torch.tensor(values)
    with torch.no_grad():
        outputs = model(batch, lengths, previous, target_lengths)
    return [output[:length] for output, length in zip(outputs, target_lengths)]`
    : `    with torch.no_grad():
        outputs = model(batch, lengths)
    return [${perStep ? 'output[:length] for output, length in zip(outputs, lengths)' : 'output for output in outputs'}]`
}


def test_padded_batches() -> None:
    """Rows of different lengths in one batch."""
    for batch in GOLDEN["batches"]:
        for found, expected in zip(run(MODEL, batch["rows"]${says ? ', 0, batch["targets"]' : ''}), batch["outputs"]):
            check("padded batch", found, expected)


def test_padding_changes_nothing() -> None:
    """The same rows, each alone, and all of them padded further."""
    for batch in GOLDEN["batches"]:
${
  says
    ? `        padded = run(MODEL, batch["rows"], 3, batch["targets"])
        for row, target, more, expected in zip(batch["rows"], batch["targets"], padded, batch["outputs"]):
            check("row alone", run(MODEL, [row], 0, [target])[0], expected)
            check("row padded further", more, expected)`
    : `        for row, more, expected in zip(batch["rows"], run(MODEL, batch["rows"], padding=3), batch["outputs"]):
            check("row alone", run(MODEL, [row])[0], expected)
            check("row padded further", more, expected)`
}


def test_predictions() -> None:
    """${tokens ? 'Texts through the tokenizer, the vocabulary and the network.' : 'Series through the normalization and the network.'}"""
    for golden in GOLDEN["predictions"]:
${
  says
    ? sequenceCheck(tokens)
    : generates
      ? `        found = predict(golden["prompt"], MODEL, VOCABULARY, max_tokens=24, temperature=0)
        assert found == golden["tokens"], f"after {golden['prompt']!r}: expected {golden['tokens']}, got {found}"`
      : tokens
        ? `        tokens = tokenize(golden["text"], VOCABULARY["tokenizer"])
        assert tokens == golden["tokens"], f"tokens: expected {golden['tokens']!r}, got {tokens!r}"
        ids = encode(tokens, VOCABULARY)
        assert ids == golden["ids"], f"ids of {tokens!r}: expected {golden['ids']}, got {ids}"
        check("prediction", torch.tensor(predict(golden["text"], MODEL, VOCABULARY)), golden["expected"])`
        : `        check("prediction", torch.tensor(predict(golden["rows"], MODEL, VOCABULARY)), golden["expected"])`
}

${media === null ? '' : featuresCheck}

if __name__ == "__main__":
    for test in (${tests.join(', ')}):
        test()
        print(f"ok  {test.__name__}")
`;
}

const featuresCheck = `

def test_features() -> None:
    """Files through features.py."""
    for golden in GOLDEN["files"]:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, golden["name"]).write_bytes(base64.b64decode(golden["base64"]))
            check("features", read_steps(golden["name"], VOCABULARY["media"], folder), golden["features"])
`;

function imported(tokens: boolean, says: boolean, generates: boolean): string {
  if (generates) return 'load, predict';
  if (says) return tokens ? 'encode, load, predict, tokenize' : 'load, normalize, predict';
  return tokens ? 'encode, load, predict, tokenize' : 'load, predict';
}

/** Greedy and beam search say the app's tokens; attention looks where the app's does. */
function sequenceCheck(tokens: boolean): string {
  const row = tokens
    ? 'torch.tensor([encode(tokenize(golden["input"], VOCABULARY["tokenizer"]), VOCABULARY)])'
    : 'torch.as_tensor(normalize(golden["input"], VOCABULARY["input_normalization"])).unsqueeze(0)';
  return `        inputs = ${row}
        lengths = torch.tensor([inputs.size(1)])
        words = VOCABULARY["classes"]
        [said] = greedy(MODEL, inputs, lengths, VOCABULARY["target"]["max_tokens"])
        found = [words[token] for token in said]
        assert found == golden["greedy"], f"greedy: expected {golden['greedy']}, got {found}"
        if golden["alignment"]:
            with torch.no_grad():
                previous = torch.tensor([[BEGIN, *said][: len(said)]])
                MODEL(inputs, lengths, previous, torch.tensor([len(said)]))
            check("alignment", MODEL.alignment[0], golden["alignment"])
        hypotheses = predict(golden["input"], MODEL, VOCABULARY, width=4)
        for key in ("tokens", "text"):
            found = [one[key] for one in hypotheses]
            expected = [one[key] for one in golden["beam"]]
            assert found == expected, f"beam: expected {expected}, got {found}"
        scores = torch.tensor([one["log_probability"] for one in hypotheses], dtype=torch.float64)
        check("beam", scores, [one["logProbability"] for one in golden["beam"]])`;
}
