import type { Plan } from '../../compile/plan.ts';
import type { MediaKind } from '../features/media-json.ts';
import { mediaWords } from '../features/media-words.ts';
import { inputName } from './torch-plan.ts';

/** Where texts, series and files differ; everything is Python. */
export interface Form {
  /** How the script is called, for its docstring. */
  readonly usage: string;
  readonly imports: readonly string[];
  /** Imports from files of the folder. */
  readonly own: readonly string[];
  /** Functions from what is read to what the module takes. */
  readonly functions: string;
  /** What `predict` takes, and the type of it. */
  readonly parameter: readonly [name: string, type: string];
  /** Lines of `predict` up to what the module takes for the one row, batch first. */
  readonly prepare: string;
  /** Expression of it, and of its length. */
  readonly row: readonly [input: string, length: string];
  /** What follows `parser.add_argument(` for the positional argument of the command line. */
  readonly argument: string;
  /** Lines of `main` that read the input, inside `try`. */
  readonly read: string;
  /** Expression of the tokens; `null` where there are none. */
  readonly tokens: string | null;
  /** Expression of what names each step. */
  readonly stepNames: string;
}

/** Python that cuts tokens into sub-words. */
export const pieceFunctions = `def pieces(tokens: list[str], rule: dict) -> list[str]:
    """Sub-words of each token by byte-pair encoding; the tokens themselves at the other levels."""
    if rule["level"] != "subword":
        return tokens
    if "ranks" not in rule:
        rule["ranks"] = {tuple(pair): rank for rank, pair in enumerate(rule["merges"])}
    return [piece for token in tokens for piece in cut(token, rule["ranks"])]


def cut(token: str, ranks: dict) -> list[str]:
    """Merges neighbours, those learned first before others, until none can be merged."""
    found = list(token)
    while True:
        pairs = [pair for pair in zip(found, found[1:]) if pair in ranks]
        if not pairs:
            return found
        first = min(pairs, key=ranks.__getitem__)
        merged, i = [], 0
        while i < len(found):
            joins = tuple(found[i : i + 2]) == first
            merged.append("".join(first) if joins else found[i])
            i += 2 if joins else 1
        found = merged`;

export const textForm: Form = {
  usage: `Predicts from a text:

    python predict.py "a sentence"
    python predict.py --json < file.txt`,
  imports: ['import re', 'import unicodedata'],
  own: [],
  functions: `def normalize(text: str, rule: dict) -> str:
    """One form for each letter, and lower case where the model was trained so."""
    text = unicodedata.normalize(rule["normalization"], text)
    return text.lower() if rule["lowercase"] else text


def tokenize(text: str, rule: dict) -> list[str]:
    """Splits a text into words, characters or sub-words, exactly as in training."""
    text = normalize(text, rule)
    tokens = list(text) if rule["level"] == "character" else re.findall(rule["word_pattern"], text)
    return pieces(tokens, rule)[: rule["max_length"]]


${pieceFunctions}


def encode(tokens: list[str], vocabulary: dict) -> list[int]:
    """Ids of tokens; a token outside the vocabulary gets the id of <unk>, where there is one."""
    rule = vocabulary["tokenizer"]
    special = set(rule["special_ids"])
    ids: dict[str, int] = {}
    for i, token in enumerate(vocabulary["tokens"]):
        if i not in special:
            ids.setdefault(token, i)
    missing = [token for token in tokens if token not in ids]
    if missing and rule["unknown_id"] is None:
        raise ValueError(f"{missing[0]!r} is not in the vocabulary, which has no <unk>")
    return [ids.get(token, rule["unknown_id"]) for token in tokens]`,
  parameter: ['text', 'str'],
  prepare: `    ids = encode(tokenize(text, vocabulary["tokenizer"]), vocabulary)
    if not ids:
        raise ValueError("the text has no tokens: expected at least one word or character")`,
  row: ['torch.tensor([ids])', 'torch.tensor([len(ids)])'],
  argument: '"text", nargs="?", help="the text; read from standard input when left out"',
  read: `        text = sys.stdin.read() if arguments.text is None else arguments.text`,
  tokens: 'tokenize(text, vocabulary["tokenizer"])',
  stepNames: 'tokenize(text, vocabulary["tokenizer"])',
};

export const seriesForm: Form = {
  usage: `Predicts from a series: one line a step, oldest first, numbers such as 1234.5 between commas.

    python predict.py series.csv
    python predict.py --json < series.csv`,
  imports: ['import csv', 'import math'],
  own: [],
  functions: `def read_rows(lines: list[str]) -> list[list[float]]:
    """Numbers of a CSV text; a first line with names is skipped."""
    rows = [row for row in csv.reader(lines) if row]
    try:
        return [[float(value) for value in row] for row in rows]
    except ValueError:
        return [[float(value) for value in row] for row in rows[1:]]


def normalize(rows: list[list[float]], rule: dict) -> list[list[float]]:
    """Numbers in the units of the data -> normalized as in training. [T][F] -> [T][F]"""
    width = len(rule["mean"])
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise ValueError(f"row {number}: expected {width} numbers, got {len(row)}")
        if not all(math.isfinite(value) for value in row):
            raise ValueError(f"row {number}: expected finite numbers, got {row}")
    return [
        [(value - mean) / deviation for value, mean, deviation in zip(row, rule["mean"], rule["deviation"])]
        for row in rows
    ]`,
  parameter: ['rows', 'list[list[float]]'],
  prepare: `    if vocabulary["window"]:
        rows = rows[-vocabulary["window"]["length"] :]  # as long as the windows of training
    if not rows:
        raise ValueError("the series is empty: expected at least one row")
    steps = normalize(rows, vocabulary["input_normalization"])`,
  row: ['torch.tensor([steps])', 'torch.tensor([len(steps)])'],
  argument: '"file", nargs="?", help="a CSV file; read from standard input when left out"',
  read: `        if arguments.file is None:
            content = sys.stdin.read()
        else:
            content = Path(arguments.file).read_text(encoding="utf-8-sig")
        rows = read_rows(content.splitlines())`,
  tokens: null,
  stepNames: '[str(i + 1) for i in range(len(rows))]',
};

/** Files through `features.py`. */
export function mediaForm(kind: MediaKind): Form {
  const { input, example, help } = mediaWords[kind];
  return {
    usage: `Predicts from a ${input}, ${help}:

    python predict.py ${example}
    python predict.py --json ${example}`,
    imports: [],
    own: ['from features import read_steps'],
    functions: `def normalize(steps: torch.Tensor | list[list[float]], rule: dict) -> torch.Tensor:
    """What features.py makes of a file -> normalized as in training. [T, F] -> [T, F]"""
    steps = torch.as_tensor(steps, dtype=torch.double)
    mean, deviation = (torch.tensor(rule[name], dtype=torch.double) for name in ("mean", "deviation"))
    if steps.size(1) != len(mean):
        raise ValueError(f"expected {len(mean)} numbers a step, got {steps.size(1)}")
    if not steps.isfinite().all():
        raise ValueError("expected finite numbers")
    return ((steps - mean) / deviation).float()`,
    parameter: ['steps', 'torch.Tensor'],
    prepare: '    inputs = normalize(steps, vocabulary["input_normalization"])',
    row: ['inputs.unsqueeze(0)', 'torch.tensor([len(inputs)])'],
    argument: `"file", help="${help}"`,
    read: '        steps = read_steps(arguments.file, vocabulary["media"])',
    tokens: null,
    stepNames: '[str(i + 1) for i in range(len(steps))]',
  };
}

/** What `predict.py` reads: texts, rows of numbers, or files. */
export function inputForm(plan: Plan, media: MediaKind | null): Form {
  if (inputName(plan) === 'tokens') return textForm;
  return media === null ? seriesForm : mediaForm(media);
}

/** Reads the weights and the vocabulary, as every script does. */
export const loader = (name: string): string => `FOLDER = Path(__file__).resolve().parent


def load(weights: str | Path = FOLDER / "model.safetensors") -> tuple[${name}, dict]:
    """The trained network and the content of vocabulary.json."""
    model = ${name}()
    model.load_state_dict(load_safetensors(weights))
    vocabulary = json.loads((FOLDER / "vocabulary.json").read_text(encoding="utf-8"))
    return model.eval(), vocabulary`;

export function imports(name: string, more: readonly string[], own: readonly string[] = []): string {
  return `from __future__ import annotations

${['import argparse', 'import json', ...more, 'import sys', 'from pathlib import Path'].sort(byModule).join('\n')}

import torch

${[...own, `from model import ${name}`, 'from weights import load_safetensors'].join('\n')}`;
}

/** Plain imports first, then "from" imports, each in order of the alphabet. */
const byModule = (a: string, b: string): number =>
  a.startsWith('from') === b.startsWith('from') ? (a < b ? -1 : 1) : a < b ? 1 : -1;
