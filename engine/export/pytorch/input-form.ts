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
  usage: `Predicts from a series: one line a step, oldest first. Numbers, and the signs between them, are written as in the data of
training; of a table with its columns, the inputs are found by name. Otherwise the columns are the inputs in their order.

    python predict.py series.csv
    python predict.py --json < series.csv`,
  imports: ['import math'],
  own: [
    'from cells import BadRow, Cells, NumberReader, text_of',
    'from dates import in_time',
    'from examples import PLAIN, is_laid_out, read_rows',
  ],
  functions: `def read_series(content: bytes, vocabulary: dict) -> list[list[float]]:
    """Steps of a table, oldest first. [T][F]"""
    reading, window = vocabulary["reading"], vocabulary["window"]
    if window and reading and is_laid_out(content, reading, vocabulary["columns"]["input"]):
        rows = list(read_rows(content, reading))
        width = next((len(row) for _, row in rows if not isinstance(row, BadRow)), 0)
        if reading["header"] or width == len(reading["columns"]):
            return last_steps(rows, vocabulary)
    return plain_steps(content, vocabulary)


def last_steps(rows: list[tuple[int, dict | BadRow]], vocabulary: dict) -> list[list[float]]:
    """The inputs of the last window, by the names of their columns."""
    reading, cells = vocabulary["reading"], Cells(vocabulary["reading"])
    good = [row for _, row in rows if isinstance(row, dict)]
    groups = {text_of(row[reading["group"]]) for row in good} if reading["group"] else set()
    if len(groups) > 1:
        raise ValueError(f"expected one series, found {len(groups)} in the column {reading['group']!r}")
    rows = in_time(rows, [row if isinstance(row, dict) else None for _, row in rows], reading["time"])
    steps = []
    for line, row in rows[-vocabulary["window"]["length"] :]:
        try:
            if isinstance(row, BadRow):
                raise row
            steps.append(cells.numbers(row, vocabulary["columns"]["input"]))
        except BadRow as error:
            raise ValueError(f"line {line}: {error}") from None
    return steps


def plain_steps(content: bytes, vocabulary: dict) -> list[list[float]]:
    """All numbers of a table; a first line without any is skipped."""
    reading = vocabulary["reading"] or PLAIN
    numbers = list(reading["numbers"].values()) or [{}]
    names = vocabulary["columns"]["input"] if vocabulary["window"] and vocabulary["columns"] else []
    readers = [NumberReader(**reading["numbers"].get(name, numbers[0])) for name in names] or [NumberReader(**numbers[0])]
    width = len(vocabulary["input_normalization"]["mean"])
    readers = (readers * width)[:width]
    kept = ("encoding", "delimiter", "comment", "quotes", "trim") if reading.get("format") == "csv" else ()
    table = {**PLAIN, **{name: reading[name] for name in kept}, "format": "csv", "header": False}
    signs = [sign for sign in [table["delimiter"], *",;\t|"] if sign != readers[0].decimal or sign == table["delimiter"]]
    for sign in signs:
        rows = list(read_rows(content, {**table, "delimiter": sign}))
        if rows and len(rows[0][1]) == width:
            break
    else:
        rows = list(read_rows(content, table))
    steps = []
    for line, row in rows:
        if isinstance(row, BadRow):
            raise ValueError(f"line {line}: {row}")
        if len(row) != width:
            raise ValueError(f"line {line}: expected {width} numbers, got {len(row)}")
        step = [reader.read(cell) for reader, cell in zip(readers, row.values())]
        if None in step and (steps or any(value is not None for value in step)):
            raise ValueError(f"line {line}: expected a number, found {list(row.values())[step.index(None)]!r}")
        if None not in step:
            steps.append(step)
    return steps


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
  read: `        content = sys.stdin.buffer.read() if arguments.file is None else Path(arguments.file).read_bytes()
        rows = read_series(content, vocabulary)`,
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

${[...own, `from model import ${name}`, 'from weights import load_safetensors'].sort().join('\n')}`;
}

/** Plain imports first, then "from" imports, each in order of the alphabet. */
const byModule = (a: string, b: string): number =>
  a.startsWith('from') === b.startsWith('from') ? (a < b ? -1 : 1) : a < b ? 1 : -1;
