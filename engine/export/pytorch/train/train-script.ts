import type { Plan } from '../../compile/plan.ts';
import type { MediaKind } from '../features/media-json.ts';
import { mediaWords } from '../features/media-words.ts';
import { pieceFunctions } from './input-form.ts';
import { className, everyStep, headOf, headWidth, inputName } from './torch-plan.ts';
import { trainingFunctions } from './training-functions.ts';

/** `train.py`: a plain training loop over the user's own examples, to start from. */
export function trainScript(plan: Plan, media: MediaKind | null): string {
  const name = className(plan);
  const tokens = inputName(plan) === 'tokens';
  const steps = everyStep(plan);
  const head = headOf(plan).kind;
  const numbers = head === 'linear-regression';
  const windows = plan.task === 'forecasting';
  const says = plan.task === 'sequence-to-sequence';
  const language = plan.task === 'language-model';
  const tags = steps && !says && !language;
  const input = exampleInput(tokens, tags, media);
  const target = numbers ? '[12.5]' : tags ? '["its", "tag", "each", "step"]' : says ? '"another text"' : '"class"';
  const example = language ? `{"input": ${input}}` : `{"input": ${input}, "target": ${target}}`;
  const functions = tokens ? `encode, load, normalize, ${tags ? '' : 'pieces, '}tokenize` : 'load, normalize';
  const givenInput = media
    ? '(Path(path).parent, text_of(row[inputs[0]]))'
    : tags && tokens
      ? 'cells.tokens(row, inputs[0])'
      : tokens
        ? 'cells.text(row, inputs)'
        : windows
          ? 'cells.numbers(row, inputs)'
          : 'cells.steps(row, inputs)';
  const givenTarget = numbers
    ? 'cells.numbers(row, targets)'
    : says
      ? 'cells.text(row, targets)'
      : tags
        ? 'cells.tokens(row, targets[0])'
        : 'cells.label(row, targets[0])';
  const targets = [
    ...((tokens && !tags) || says ? [spaced] : []),
    ...(says && !tokens ? [pieceFunctions] : []),
    ...(language ? [] : [says ? sequenceTarget : targetFunction(numbers, steps, tokens)]),
  ];
  return `"""Trains the network further on your own examples, or from new weights, with the settings that the run had:

    python train.py ${tags && tokens ? 'examples.conll' : 'examples.csv'} --epochs 5
    python train.py examples.jsonl --fresh

${[...formats({ tokens, steps: tags, windows, language, media }), `JSONL       ${example} on each line`].join('\n')}

${media ? 'Files are looked for from the folder of the examples. ' : ''}The columns are those of the data that the network was trained on; --input and --target name others.
${numbers ? 'Numbers are in the units of the data.' : says || language ? 'A token outside the vocabulary is <unk>.' : 'Classes are those of vocabulary.json.'} The result goes to trained.safetensors:

    python predict.py --weights trained.safetensors ...
"""
from __future__ import annotations

import argparse
import json
import math
${says ? 'import re\n' : ''}import sys
${says ? 'import unicodedata\n' : ''}${media ? 'from pathlib import Path\n' : ''}
import torch
from torch import Tensor, nn
from torch.nn.functional import ${{ 'dense-softmax': 'nll_loss', 'dense-sigmoid': 'binary_cross_entropy' }[head] ?? 'mse_loss'}
from torch.nn.utils.rnn import pad_sequence

from cells import BadRow, Cells${windows ? ', parse_date, text_of' : media ? ', text_of' : ''}
from examples import choose, is_for_training, ${language ? 'read_content, ' : ''}read_rows, settle
${media ? 'from features import read_steps\n' : ''}from model import ${name}
from predict import FOLDER, ${functions}
from weights import save_safetensors

# How the run was trained; the command line changes the first of them.
SETTINGS = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))["training"]
LEFT_OUT: list[str] = []  # rows that are no examples, and why
${says || language ? 'BEGIN, END = 2, 3  # ids of <bos> and <eos>\n' : ''}

${language ? readText : readExamples({ windows, tags, input: givenInput, target: givenTarget })}


${media ? mediaInput : tokens ? tokenInput(tags) : windows ? windowInput : seriesInput}


${targets.map((code) => `${code}\n\n\n`).join('')}def loss_of(model: ${name}, batch: list[tuple[Tensor, Tensor]]${numbers ? '' : ', weights: Tensor | None = None'}) -> Tensor:
    """${numbers ? 'Loss of a batch.' : `Mean loss over the ${steps ? 'real steps' : 'examples'} of a batch, each with the weight of its class.`}"""
    lengths = torch.tensor([len(x) for x, _ in batch])
    inputs = pad_sequence([x for x, _ in batch], batch_first=True)  # padding is 0
${
  says
    ? sequenceLoss
    : `    outputs = model(inputs, lengths)
${lossLines(head, steps).join('\n')}`
}


${trainingFunctions(numbers ? null : { classes: head === 'dense-sigmoid' ? 2 : headWidth(plan), steps })}


def main() -> None:
    layout = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    parser.add_argument("examples", help="a file of one of the formats above")
    parser.add_argument("--format", choices=["jsonl", "csv", "conll", "text"], help="where the file's name does not tell")
    parser.add_argument("--input", nargs="+", metavar="COLUMN", help="columns of the input")
    parser.add_argument("--target", nargs="+", metavar="COLUMN", help="columns of the target")
    parser.add_argument("--no-header", action="store_true", help="the columns have no names: #0, #1, ...")
    parser.add_argument("--epochs", type=int, default=SETTINGS["epochs"])
    parser.add_argument("--batch-size", type=int, default=SETTINGS["batchSize"])
    parser.add_argument("--learning-rate", type=float, default=SETTINGS["learningRate"])
    parser.add_argument("--fresh", action="store_true", help="start from PyTorch's own random weights")
    parser.add_argument("--seed", type=int, default=SETTINGS["seed"])
    parser.add_argument("--out", default="trained.safetensors")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    model, vocabulary = load()
    if arguments.fresh:
        model = ${name}()
    try:
        examples = read_examples(arguments.examples, vocabulary, arguments)
    except (OSError, ValueError) as error:
        sys.exit(f"{arguments.examples}: {error}")
    if not examples:
        sys.exit(f"{arguments.examples}: no examples" + (f"; {LEFT_OUT[0]}" if LEFT_OUT else ""))
    for reason in LEFT_OUT[:20]:
        print(f"left out: {reason}", file=sys.stderr)
    if len(LEFT_OUT) > 20:
        print(f"left out: {len(LEFT_OUT)} rows in all", file=sys.stderr)
    optimizer = make_optimizer(model, arguments.learning_rate)
    trained = [weight for group in optimizer.param_groups for weight in group["params"]]
${numbers ? '' : '    weights = class_weights(examples)\n'}    total_steps = arguments.epochs * math.ceil(len(examples) / arguments.batch_size)
    plateau = {"scale": 1.0, "best": math.inf, "stale": 0}
    step = 0
    model.train()
    for epoch in range(arguments.epochs):
        total = 0.0
        order = torch.randperm(len(examples)).split(arguments.batch_size)
        for indices in order:
            for group in optimizer.param_groups:
                group["lr"] = plateau["scale"] * rate_at(arguments.learning_rate, step, epoch, total_steps)
            optimizer.zero_grad()
            loss = loss_of(model, [examples[i] for i in indices]${numbers ? '' : ', weights'})
            loss.backward()
            if SETTINGS["clipValue"] is not None:
                nn.utils.clip_grad_value_(trained, SETTINGS["clipValue"])
            if SETTINGS["clipNorm"] is not None:
                nn.utils.clip_grad_norm_(trained, SETTINGS["clipNorm"])
            optimizer.step()
            step += 1
            total += loss.item()
        after_epoch(plateau, total / len(order))
        print(f"epoch {epoch + 1}  loss {total / len(order):.4f}")
    save_safetensors(model.state_dict(), arguments.out)


if __name__ == "__main__":
    main()
`;
}

/** Of a language model: a running text is cut into chunks, other rows are examples of their own. */
const readText = `def read_examples(path: str, vocabulary: dict, options: argparse.Namespace) -> list[tuple[Tensor, Tensor]]:
    """What is read and what is to be said at each step, as tensors."""
    columns = vocabulary["columns"] or {"input": None}
    LEFT_OUT.clear()
    reading = settle(path, vocabulary["reading"], options.format, options.input or columns["input"] or [], options.no_header)
    running = vocabulary.get("running")
    if running and reading["format"] == "text":
        return cut_into_chunks(torch.tensor(encode(tokenize(read_content(path, reading), vocabulary["tokenizer"]), vocabulary)), running)
    cells = Cells(reading)
    examples = []
    for line, row in read_rows(path, reading):
        try:
            if isinstance(row, BadRow):
                raise row
            if not is_for_training(row, reading["split"]):
                continue
            given = cells.text(row, choose(row, options.input, columns["input"], "input"))
            if running:
                given = [*given, "\\n"] if isinstance(given, list) else given + "\\n"
            x = read_input(given, vocabulary)
            if len(x) == 0:
                raise BadRow("the input is empty")
        except BadRow as error:
            LEFT_OUT.append(f"line {line}: {error}")
            continue
        except (TypeError, ValueError) as error:
            raise ValueError(f"line {line}: not an example of this model: {error}") from None
        examples.append((torch.cat([torch.tensor([BEGIN]), x]), torch.cat([x, torch.tensor([END])])))
    return cut_into_chunks(torch.cat([y[:-1] for _, y in examples]), running) if running and examples else examples


def cut_into_chunks(ids: Tensor, running: dict) -> list[tuple[Tensor, Tensor]]:
    """One text -> chunks of it, each from a state of zeros; the app carries the state on from one to the next."""
    before = torch.cat([torch.tensor([BEGIN]), ids[:-1]])
    return list(zip(before.split(running["chunk"]), ids.split(running["chunk"])))`;

/** @param input Python that reads the input of a row, and `target` its answer */
function readExamples({ windows, tags, input, target }: ReadKinds): string {
  return `def read_examples(path: str, vocabulary: dict, options: argparse.Namespace) -> list[tuple[Tensor, Tensor]]:
    """Input and target of each example, as tensors."""
    columns = vocabulary["columns"] or {"input": None, "target": None}
    wanted = [*(options.input or columns["input"] or []), *(options.target or columns["target"] or [])]
    LEFT_OUT.clear()
    reading = settle(path, vocabulary["reading"], options.format, wanted, options.no_header)
    cells = Cells(reading)
    rows = []
    for line, row in read_rows(path, reading):
        try:
            if isinstance(row, BadRow):
                raise row
            if not is_for_training(row, reading["split"]):${windows ? '\n                rows.append((line, row, None, None))' : ''}
                continue
            inputs = choose(row, options.input, columns["input"], "input")
            targets = choose(row, options.target, columns["target"], "target")
            rows.append((line, row, ${input}, ${target}))
        except BadRow as error:
            LEFT_OUT.append(f"line {line}: {error}")${windows ? '\n            rows.append((line, row, None, None))' : ''}
${
  windows
    ? `    if any(isinstance(x, list) and x and isinstance(x[0], list) for _, _, x, _ in rows):
        rows = [row for row in rows if row[2] is not None]
    else:
        rows = cut_windows(rows, reading, vocabulary["window"])
`
    : ''
}    examples = []
    for line, _, given, answer in rows:
        try:
            x = read_input(given, vocabulary)
            y = read_target(answer, vocabulary)
            if len(x) == 0:
                raise BadRow("the input is empty")${
                  tags
                    ? `
            if len(x) != len(y):
                raise BadRow("expected one tag for each step")`
                    : ''
                }
        except BadRow as error:
            LEFT_OUT.append(f"line {line}: {error}")
            continue
        except (OSError, TypeError, ValueError) as error:
            raise ValueError(f"line {line}: not an example of this model: {error}") from None
        examples.append((x, y))
    return examples`;
}

interface ReadKinds {
  readonly windows: boolean;
  readonly tags: boolean;
  /** Python expressions of what the chosen columns of `row` hold. */
  readonly input: string;
  readonly target: string;
}

function lossLines(head: string, steps: boolean): readonly string[] {
  if (head === 'linear-regression') {
    return [
      'loss = mse_loss(outputs, torch.stack([y for _, y in batch]))',
      'return (loss + 1e-12).sqrt() if SETTINGS["loss"] == "rmse" else loss',
    ].map((line) => `    ${line}`);
  }
  const lines = steps ? ['outputs = torch.cat([row[:length] for row, length in zip(outputs, lengths)])  # real steps'] : [];
  const targets = steps ? 'torch.cat([y for _, y in batch])' : 'torch.stack([y for _, y in batch])';
  const losses =
    head === 'dense-sigmoid'
      ? 'binary_cross_entropy(outputs, targets.float(), reduction="none")'
      : 'nll_loss(outputs, targets, reduction="none")';
  return [...lines, `targets = ${targets}`, `return mean_loss(${losses}, targets, weights, len(batch))`].map(
    (line) => `    ${line}`,
  );
}

/** An input as JSON, for the docstring. */
function exampleInput(tokens: boolean, tags: boolean, media: MediaKind | null): string {
  if (media) return `"${mediaWords[media].example}"`;
  if (!tokens) return '[[1.5, 2.0], [1.7, 1.9]]';
  return tags ? '["a", "list", "of", "tokens"]' : '"a text"';
}

/** How the examples may lie in a file, for the docstring. */
function formats({
  tokens,
  steps,
  windows,
  language,
  media,
}: {
  readonly tokens: boolean;
  readonly steps: boolean;
  readonly windows: boolean;
  readonly language: boolean;
  readonly media: MediaKind | null;
}): readonly string[] {
  if (media) return ['CSV, TSV    a column with the path of a file and one with the answer'];
  if (language)
    return [
      'CSV, TSV    a column with the text, one sequence a line',
      'TXT         the whole text, or one sequence a line, as in training',
    ];
  if (windows) return ['CSV, TSV    a time series: one step a line, oldest first, cut into windows as in training'];
  if (!tokens) return ['CSV, TSV    one example a line: a column for each step, or a column with a JSON list'];
  if (steps)
    return [
      'CoNLL       a token and its tag on each line, an empty line between sentences',
      'CSV, TSV    tokens and tags between spaces',
    ];
  return ['CSV, TSV    a column with the text and one with the answer'];
}

const mediaInput = `def read_input(file: tuple[Path, str], vocabulary: dict) -> Tensor:
    """A path relative to a folder -> normalized features [T, F]."""
    folder, path = file
    steps = read_steps(path, vocabulary["media"], folder)[: vocabulary["max_steps"]]
    return normalize(steps, vocabulary["input_normalization"])`;

const tokenInput = (
  steps: boolean,
): string => `def read_input(given: ${steps ? 'list[str]' : 'str | list[str]'}, vocabulary: dict) -> Tensor:
    """${steps ? 'Given tokens' : 'A text, or a list of its tokens'} -> ids [T]."""
    rule = vocabulary["tokenizer"]
${
  steps
    ? `    words = [normalize(word, rule) for word in given][: rule["max_length"]]`
    : `    if isinstance(given, str):
        words = tokenize(given, rule)
    else:
        words = pieces(spaced([normalize(word, rule) for word in given], rule), rule)[: rule["max_length"]]`
}
    return torch.tensor(encode(words, vocabulary))`;

const spaced = `def spaced(tokens: list[str], rule: dict) -> list[str]:
    """Given tokens as sub-words are cut out of them: the space stands before each but the first."""
    space = " " if rule["level"] == "subword" else ""
    return [space + token if place else token for place, token in enumerate(tokens)]`;

const seriesInput = `def read_input(steps: list[list[float]], vocabulary: dict) -> Tensor:
    """Steps of a series -> normalized [T, F]."""
    rule = vocabulary["input_normalization"]
    if any(len(step) != len(rule["mean"]) for step in steps):
        raise BadRow(f"expected {len(rule['mean'])} numbers at every step")
    return torch.tensor(normalize(steps[: vocabulary["max_steps"]], rule))`;

const windowInput = `def cut_windows(rows: list[tuple], reading: dict, window: dict) -> list[tuple]:
    """Steps of a series -> examples: a window of steps, and the target some steps after its last one.

    Each group is a series of its own, in the order of its dates; windows with a step that could not be read, or is not for training, are left out."""
    length, horizon = window["length"], window["horizon"]
    groups: dict[str | None, list[tuple]] = {}
    for one in rows:
        group = text_of(one[1][reading["group"]]) if reading["group"] and isinstance(one[1], dict) else None
        groups.setdefault(group, []).append(one)
    found = []
    for steps in groups.values():
        steps = in_time(steps, reading["time"])
        for start in range(0, len(steps) - length - horizon + 1, window["stride"]):
            span = steps[start : start + length + horizon]
            if all(x is not None for _, _, x, _ in span):
                found.append((span[-1][0], None, [x for _, _, x, _ in span[:length]], span[-1][3]))
    return found


def in_time(steps: list[tuple], time: dict | None) -> list[tuple]:
    """Oldest first, where all steps have a date."""
    if time is None:
        return steps
    dates = [date_of(row, time) for _, row, _, _ in steps]
    if None in dates:
        return steps
    jumps = [later - earlier for earlier, later in zip(dates, dates[1:])]
    if all(jump <= 0 for jump in jumps) and any(jumps):
        return steps[::-1]
    return [steps[i] for i in sorted(range(len(steps)), key=dates.__getitem__)]


def date_of(row: dict | BadRow, time: dict) -> float | None:
    if isinstance(row, BadRow):
        return None
    day, clock = (text_of(row[time[part]]).strip() if time[part] else "" for part in ("column", "clock"))
    return parse_date(f"{day} {clock}", time["order"])


def read_input(steps: list[list[float]], vocabulary: dict) -> Tensor:
    """A window of steps -> normalized [T, F]."""
    return torch.tensor(normalize(steps, vocabulary["input_normalization"]))`;

const sequenceTarget = `def read_target(given: str | list[str], vocabulary: dict) -> Tensor:
    """The text to say, or a list of its tokens -> their ids [U], <eos> last."""
    rule = vocabulary["target"]
    if isinstance(given, str):
        words = tokenize_target(given, rule)
    else:
        words = pieces(spaced([normalize_target(word, rule) for word in given], rule), rule)
    if not words:
        raise BadRow("no target text")
    words = words[: rule["max_length"]]
    ids = {word: i for i, word in enumerate(vocabulary["classes"]) if i > END}
    return torch.tensor([*(ids.get(word, 1) for word in words), END])


def normalize_target(text: str, rule: dict) -> str:
    text = unicodedata.normalize(rule["normalization"], text)
    return text.lower() if rule["lowercase"] else text


def tokenize_target(text: str, rule: dict) -> list[str]:
    text = normalize_target(text, rule)
    words = list(text) if rule["level"] == "character" else re.findall(rule["word_pattern"], text)
    return pieces(words, rule)`;

/** Teacher forcing: at every step the true previous token goes in. */
const sequenceLoss = `    first = torch.tensor([BEGIN])
    previous = pad_sequence([torch.cat([first, y[:-1]]) for _, y in batch], batch_first=True)
    target_lengths = torch.tensor([len(y) for _, y in batch])
    outputs = model(inputs, lengths, previous, target_lengths)
    outputs = torch.cat([row[:length] for row, length in zip(outputs, target_lengths)])  # real steps
    targets = torch.cat([y for _, y in batch])
    return mean_loss(nll_loss(outputs, targets, reduction="none"), targets, weights, len(batch))`;

function targetFunction(numbers: boolean, steps: boolean, tokens: boolean): string {
  if (numbers) {
    return `def read_target(given: list[float], vocabulary: dict) -> Tensor:
    """Numbers in the units of the data -> normalized [K]."""
    rule = vocabulary["target_normalization"]
    values = torch.tensor([float(value) for value in given])
    if len(values) != len(rule["mean"]):
        raise ValueError(f"expected {len(rule['mean'])} targets, found {len(values)}")
    return (values - torch.tensor(rule["mean"])) / torch.tensor(rule["deviation"])`;
  }
  const classId = `def class_id(name: str, vocabulary: dict) -> int:
    if name not in vocabulary["classes"]:
        raise ValueError(f"unknown class {name!r}: expected one of {vocabulary['classes'][:20]}")
    return vocabulary["classes"].index(name)`;
  if (!steps) {
    return `${classId}


def read_target(label: str, vocabulary: dict) -> Tensor:
    """A class -> its id."""
    return torch.tensor(class_id(label, vocabulary))`;
  }
  return `${classId}


def read_target(tags: list[str], vocabulary: dict) -> Tensor:
    """Tags -> their ids [T]."""
    return torch.tensor([class_id(tag, vocabulary) for tag in tags${tokens ? '[: vocabulary["tokenizer"]["max_length"]]' : ''}])`;
}
