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

${[...(media === null ? [] : ['import base64']), 'import copy', 'import json', ...(says || generates ? ['import math'] : []), ...(media === null ? [] : ['import tempfile', 'from pathlib import Path'])].join('\n')}
from typing import Callable${says ? ', Sequence' : ''}

import torch
from torch import Tensor

from model import ${name}
${says ? 'from decode import BEGIN, END, NEVER_SAID, greedy\n' : ''}${media === null ? '' : 'from features import read_steps\n'}from predict import FOLDER, ${imported(tokens, says, generates)}

GOLDEN = json.loads((FOLDER / "golden.json").read_text(encoding="utf-8"))
MODEL, VOCABULARY = load()


def check(what: str, found: Tensor, expected: list, again: Callable | None = None) -> None:
    """Fails when a number is further off than 1e-5 (of its own size, where it is larger than 1).

    Where float32 itself is that coarse, such as in a layer normalization of width 1, which divides what rounding
    leaves of x - x, the same numbers in float64, from \`again\`, decide: the app may be off by the tolerance or by four
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


def run(model: ${name}, rows: list, padding: int = 0${says ? ', targets: Sequence = ()' : ''}) -> list[Tensor]:
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
        rows${says ? ', targets' : ''} = batch["rows"]${says ? ', batch["targets"]' : ''}
        for i, found in enumerate(run(MODEL, rows${says ? ', 0, targets' : ''})):
            check("padded batch", found, batch["outputs"][i], lambda model: run(model, rows${says ? ', 0, targets' : ''})[i])


def test_padding_changes_nothing() -> None:
    """The same rows, each alone, and all of them padded further."""
    for batch in GOLDEN["batches"]:
        rows${says ? ', targets' : ''} = batch["rows"]${says ? ', batch["targets"]' : ''}
        padded = run(MODEL, rows, 3${says ? ', targets' : ''})
        for i, expected in enumerate(batch["outputs"]):
            found = run(MODEL, [rows[i]]${says ? ', 0, [targets[i]]' : ''})[0]
            check("row alone", found, expected, lambda model: run(model, [rows[i]]${says ? ', 0, [targets[i]]' : ''})[0])
            check("row padded further", padded[i], expected, lambda model: run(model, rows, 3${says ? ', targets' : ''})[i])


def test_predictions() -> None:
    """${tokens ? 'Texts through the tokenizer, the vocabulary and the network.' : 'Series through the normalization and the network.'}"""
    for golden in GOLDEN["predictions"]:
${
  says
    ? sequenceCheck(tokens)
    : generates
      ? `        found = predict(golden["prompt"], MODEL, VOCABULARY, max_tokens=24, temperature=0)
        if found != golden["tokens"]:
            # Two tokens equally probable, so rounding chose: each of the app's must be as probable as any.
            its, best = likeliest(golden["tokens"], read_prompt(golden["prompt"], VOCABULARY))
            check(f"after {golden['prompt']!r}: expected {golden['tokens']}, got {found}", its, best)`
      : tokens
        ? `        tokens = tokenize(golden["text"], VOCABULARY["tokenizer"])
        assert tokens == golden["tokens"], f"tokens: expected {golden['tokens']!r}, got {tokens!r}"
        ids = encode(tokens, VOCABULARY)
        assert ids == golden["ids"], f"ids of {tokens!r}: expected {golden['ids']}, got {ids}"
        check_prediction(golden["text"], golden["expected"])`
        : `        check_prediction(golden["rows"], golden["expected"])`
}
${says || generates ? '' : predictionCheck}
${says ? sequenceTies : generates ? tokenTies : ''}${media === null ? '' : featuresCheck}

if __name__ == "__main__":
    for test in (${tests.join(', ')}):
        test()
        print(f"ok  {test.__name__}")
`;
}

const predictionCheck = `

def check_prediction(given: object, expected: list) -> None:
    def predicted(model: Callable) -> Tensor:
        return torch.tensor(predict(given, model, VOCABULARY))

    check("prediction", predicted(MODEL), expected, predicted)
`;

const featuresCheck = `

def test_features() -> None:
    """Files through features.py."""
    for golden in GOLDEN["files"]:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, golden["name"]).write_bytes(base64.b64decode(golden["base64"]))
            check("features", read_steps(golden["name"], VOCABULARY["media"], folder), golden["features"])
`;

function imported(tokens: boolean, says: boolean, generates: boolean): string {
  if (generates) return 'END, NEVER_SAID, load, predict, read_prompt';
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
        [found] = greedy(MODEL, inputs, lengths, VOCABULARY["target"]["max_tokens"])
        found = [VOCABULARY["classes"][token] for token in found]
        if found != golden["greedy"]:
            # Two tokens equally probable, so rounding chose: each of the app's must be as probable as any.
            log, said = said_by(golden["greedy"], inputs, lengths)
            its = log.gather(1, said.unsqueeze(1))[:, 0]
            log[:, NEVER_SAID] = -math.inf
            check(f"greedy: expected {golden['greedy']}, got {found}", its, log.amax(1).tolist())
        if golden["alignment"]:
            said = [VOCABULARY["classes"].index(word) for word in golden["greedy"]]
            with torch.no_grad():
                previous = torch.tensor([[BEGIN, *said][: len(said)]])
                MODEL(inputs, lengths, previous, torch.tensor([len(said)]))
            check("alignment", MODEL.alignment[0], golden["alignment"])
        hypotheses = predict(golden["input"], MODEL, VOCABULARY, width=4)
        scores = [one["logProbability"] for one in golden["beam"]]
        check("beam", torch.tensor([one["log_probability"] for one in hypotheses], dtype=torch.float64), scores)
        if [one["tokens"] for one in hypotheses] == [one["tokens"] for one in golden["beam"]]:
            assert [one["text"] for one in hypotheses] == [one["text"] for one in golden["beam"]], "beam: other texts"
        else:
            # Equally good, rank by rank, so rounding chose: the app's own sequences must be as probable as the app says.
            theirs = [score(one["tokens"], inputs, lengths) for one in golden["beam"]]
            check("beam, the app's sequences", torch.tensor(theirs, dtype=torch.float64), scores)`;
}

const sequenceTies = `

@torch.no_grad()
def said_by(words: list, inputs: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """Log-probabilities [U, V] where a sequence is said, and its tokens [U]; one that is shorter than the limit has ended."""
    said = [VOCABULARY["classes"].index(word) for word in words]
    if len(said) < VOCABULARY["target"]["max_tokens"]:
        said.append(END)
    log = MODEL(inputs, lengths, torch.tensor([[BEGIN, *said[:-1]]]), torch.tensor([len(said)]))[0].double()
    return log, torch.tensor(said)


def score(words: list, inputs: Tensor, lengths: Tensor) -> float:
    """Log-probability of a sequence."""
    log, said = said_by(words, inputs, lengths)
    return log.gather(1, said.unsqueeze(1)).sum().item()
`;

/** Of a language model that is made to say the app's tokens. */
const tokenTies = `

@torch.no_grad()
def likeliest(words: list, prompt: list[int]) -> tuple[Tensor, list]:
    """Log-probability of each word where it is said, and of the most probable token there; fewer than 24 words have ended."""
    said = [VOCABULARY["classes"].index(word) for word in words]
    said += [END] if len(said) < 24 else []
    ids = [*prompt, *said[:-1]]
    log = MODEL(torch.tensor([ids]), torch.tensor([len(ids)]))[0, len(prompt) - 1 :].double()
    its = log.gather(1, torch.tensor(said).unsqueeze(1))[:, 0]
    log[:, [*NEVER_SAID, END] if "running" in VOCABULARY else NEVER_SAID] = -math.inf
    return its, log.amax(1).tolist()
`;
