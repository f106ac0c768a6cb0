import type { Plan } from '../../compile/plan.ts';
import { className, everyStep, headOf, inputName } from './torch-plan.ts';

/** `predict.py`: text or series in, prediction out, through the same steps as the app. */
export function predictScript(plan: Plan): string {
  return script(plan, inputName(plan) === 'tokens' ? textForm : seriesForm);
}

const loader = (name: string): string => `FOLDER = Path(__file__).resolve().parent


def load(weights: str | Path = FOLDER / "model.safetensors") -> tuple[${name}, dict]:
    """The trained network and the content of vocabulary.json."""
    model = ${name}()
    model.load_state_dict(load_safetensors(weights))
    vocabulary = json.loads((FOLDER / "vocabulary.json").read_text(encoding="utf-8"))
    return model.eval(), vocabulary`;

function imports(name: string, more: readonly string[]): string {
  return `from __future__ import annotations

${['import argparse', 'import json', ...more, 'import sys', 'from pathlib import Path'].sort(byModule).join('\n')}

import torch

from model import ${name}
from weights import load_safetensors`;
}

/** Plain imports first, then "from" imports, each in order of the alphabet. */
const byModule = (a: string, b: string): number =>
  a.startsWith('from') === b.startsWith('from') ? (a < b ? -1 : 1) : a < b ? 1 : -1;

/** Lines that turn the module's output for one row into what is shown. */
function interpret(plan: Plan): { readonly body: string; readonly returns: string; readonly doc: string } {
  const steps = everyStep(plan);
  switch (headOf(plan).kind) {
    case 'linear-regression':
      return {
        doc: 'Numbers in the units of the data',
        returns: 'list[float]',
        body: `    return denormalize(output, vocabulary["target_normalization"])`,
      };
    case 'dense-sigmoid':
      return {
        doc: `Probability of each class${steps ? ' at each step' : ''}`,
        returns: steps ? 'list[list[float]]' : 'list[float]',
        body: `    return torch.stack([1 - output, output], dim=-1).tolist()`,
      };
    default:
      return {
        doc: `Probability of each class${steps ? ' at each step' : ''}`,
        returns: steps ? 'list[list[float]]' : 'list[float]',
        body: `    return output.exp().tolist()`,
      };
  }
}

const denormalize = `def denormalize(values: torch.Tensor, rule: dict) -> list[float]:
    """Normalized numbers [K] in the units of the data."""
    return [
        value * deviation + mean
        for value, mean, deviation in zip(values.tolist(), rule["mean"], rule["deviation"])
    ]`;

function show(plan: Plan): string {
  if (headOf(plan).kind === 'linear-regression') {
    return `def show(values: list[float], vocabulary: dict) -> None:
    """Prints each number with its name."""
    for name, value in zip(vocabulary["target_normalization"]["names"], values):
        print(f"{value:.6g}  {name}")`;
  }
  if (everyStep(plan)) {
    return `def show(tokens: list[str], probabilities: list[list[float]], vocabulary: dict) -> None:
    """Prints each token with its likeliest tag."""
    for token, row in zip(tokens, probabilities):
        best = max(range(len(row)), key=row.__getitem__)
        print(f"{row[best]:.4f}  {vocabulary['classes'][best]}  {token}")`;
  }
  return `def show(probabilities: list[float], vocabulary: dict) -> None:
    """Prints the ten likeliest classes."""
    ranked = sorted(zip(probabilities, vocabulary["classes"]), reverse=True)
    for probability, label in ranked[:10]:
        print(f"{probability:.4f}  {label}")`;
}

/** What `--json` prints beside the result. */
function jsonFields(plan: Plan, tokens: string | null): string {
  const fields = [
    ...(tokens === null ? [] : [`"tokens": ${tokens}`]),
    ...(headOf(plan).kind === 'linear-regression'
      ? ['"names": vocabulary["target_normalization"]["names"]', '"values": result']
      : ['"classes": vocabulary["classes"]', '"probabilities": result']),
  ];
  return `\n${fields.map((field) => `            ${field},\n`).join('')}        `;
}

/** Where text and series differ; everything is Python. */
interface Form {
  /** How the script is called, for its docstring. */
  readonly usage: string;
  readonly imports: readonly string[];
  /** Functions from what is read to what the module takes. */
  readonly functions: string;
  /** What `predict` takes, and the type of it. */
  readonly parameter: readonly [name: string, type: string];
  /** Lines of `predict` up to the module's output for the one row. */
  readonly forward: string;
  /** The positional argument of the command line, and its help. */
  readonly argument: readonly [name: string, help: string];
  /** Lines of `main` that read the input, inside `try`. */
  readonly read: string;
  /** Expression of the tokens; `null` where there are none. */
  readonly tokens: string | null;
  /** Expression of what names each step. */
  readonly stepNames: string;
}

const textForm: Form = {
  usage: `Predicts from a text:

    python predict.py "a sentence"
    python predict.py --json < file.txt`,
  imports: ['import re', 'import unicodedata'],
  functions: `def normalize(text: str, rule: dict) -> str:
    """One form for each letter, and lower case where the model was trained so."""
    text = unicodedata.normalize(rule["normalization"], text)
    return text.lower() if rule["lowercase"] else text


def tokenize(text: str, rule: dict) -> list[str]:
    """Splits a text into words or characters, exactly as in training."""
    text = normalize(text, rule)
    tokens = re.findall(rule["word_pattern"], text) if rule["level"] == "word" else list(text)
    return tokens[: rule["max_length"]]


def encode(tokens: list[str], vocabulary: dict) -> list[int]:
    """Ids of tokens; a token outside the vocabulary gets the id of <unk>."""
    rule = vocabulary["tokenizer"]
    ids = {token: i for i, token in enumerate(vocabulary["tokens"]) if i >= rule["special_tokens"]}
    return [ids.get(token, rule["unknown_id"]) for token in tokens]`,
  parameter: ['text', 'str'],
  forward: `    ids = encode(tokenize(text, vocabulary["tokenizer"]), vocabulary)
    if not ids:
        raise ValueError("the text has no tokens: expected at least one word or character")
    output = model(torch.tensor([ids]), torch.tensor([len(ids)]))[0]`,
  argument: ['text', 'the text; read from standard input when left out'],
  read: `        text = sys.stdin.read() if arguments.text is None else arguments.text`,
  tokens: 'tokenize(text, vocabulary["tokenizer"])',
  stepNames: 'tokenize(text, vocabulary["tokenizer"])',
};

const seriesForm: Form = {
  usage: `Predicts from a series: one line a step, oldest first, numbers between commas.

    python predict.py series.csv
    python predict.py --json < series.csv`,
  imports: ['import csv', 'import math'],
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
  forward: `    if vocabulary["window"]:
        rows = rows[-vocabulary["window"]["length"] :]  # as long as the windows of training
    if not rows:
        raise ValueError("the series is empty: expected at least one row")
    steps = normalize(rows, vocabulary["input_normalization"])
    output = model(torch.tensor([steps]), torch.tensor([len(steps)]))[0]`,
  argument: ['file', 'a CSV file; read from standard input when left out'],
  read: `        if arguments.file is None:
            content = sys.stdin.read()
        else:
            content = Path(arguments.file).read_text(encoding="utf-8-sig")
        rows = read_rows(content.splitlines())`,
  tokens: null,
  stepNames: '[str(i + 1) for i in range(len(rows))]',
};

function script(plan: Plan, form: Form): string {
  const name = className(plan);
  const { body, returns, doc } = interpret(plan);
  const numbers = headOf(plan).kind === 'linear-regression';
  const [parameter, type] = form.parameter;
  const [argument, help] = form.argument;
  const shown = everyStep(plan) && !numbers ? `show(${form.stepNames}, result, vocabulary)` : 'show(result, vocabulary)';
  return `"""${form.usage}
"""
${imports(name, form.imports)}

${loader(name)}


${form.functions}

${numbers ? `\n${denormalize}\n\n` : ''}
@torch.no_grad()
def predict(${parameter}: ${type}, model: ${name}, vocabulary: dict) -> ${returns}:
    """${doc}."""
${form.forward}
${body}


${show(plan)}


def main() -> None:
    sys.stdout.reconfigure(errors="replace")  # a console that lacks a character shows another one
    layout = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    parser.add_argument("${argument}", nargs="?", help="${help}")
    parser.add_argument("--json", action="store_true", help="print ${numbers ? 'the numbers' : 'all probabilities'} as JSON")
    parser.add_argument("--weights", default=FOLDER / "model.safetensors", help="as train.py wrote them")
    arguments = parser.parse_args()
    model, vocabulary = load(arguments.weights)
    try:
${form.read}
        result = predict(${parameter}, model, vocabulary)
    except (OSError, ValueError) as error:
        sys.exit(f"predict.py: {error}")
    if arguments.json:
        shown = {${jsonFields(plan, form.tokens)}}
        print(json.dumps(shown))
    else:
        ${shown}


if __name__ == "__main__":
    main()
`;
}
