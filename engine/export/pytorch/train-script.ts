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

from examples import choose, read_rows
${media ? 'from features import read_steps\n' : ''}from model import ${name}
from predict import FOLDER, ${functions}
from weights import save_safetensors

# How the run was trained; the command line changes the first of them.
SETTINGS = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))["training"]
${says || language ? 'BEGIN, END = 2, 3  # ids of <bos> and <eos>\n' : ''}

${language ? readText : readExamples({ windows, tags, media })}


def as_list(cell: object) -> list | None:
    """A list, or the list that a cell holds as JSON."""
    if isinstance(cell, str) and cell.strip().startswith("["):
        try:
            return json.loads(cell)
        except ValueError:
            return None
    return cell if isinstance(cell, list) else None


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
        sys.exit(f"{arguments.examples}: no examples")
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
    columns = vocabulary["columns"] or {"input": None, "header": True}
    header = columns["header"] and not options.no_header
    running = vocabulary.get("running")
    if running and (options.format == "text" or not options.format and path.endswith(".txt")):
        with open(path, encoding="utf-8-sig") as file:
            return cut_into_chunks(torch.tensor(encode(tokenize(file.read(), vocabulary["tokenizer"]), vocabulary)), running)
    examples = []
    for line, row in read_rows(path, options.format, header):
        cells = [row[column] for column in choose(row, options.input, columns["input"], "input")]
        try:
            x = read_input([*cells[:-1], cells[-1] + "\\n"] if running and isinstance(cells[-1], str) else cells, vocabulary)
        except (TypeError, ValueError) as error:
            raise ValueError(f"line {line}: not an example of this model: {error}") from None
        if len(x) == 0:
            raise ValueError(f"line {line}: the input is empty")
        examples.append((torch.cat([torch.tensor([BEGIN]), x]), torch.cat([x, torch.tensor([END])])))
    return cut_into_chunks(torch.cat([y[:-1] for _, y in examples]), running) if running and examples else examples


def cut_into_chunks(ids: Tensor, running: dict) -> list[tuple[Tensor, Tensor]]:
    """One text -> chunks of it, each from a state of zeros; the app carries the state on from one to the next."""
    before = torch.cat([torch.tensor([BEGIN]), ids[:-1]])
    return list(zip(before.split(running["chunk"]), ids.split(running["chunk"])))`;

function readExamples({
  windows,
  tags,
  media,
}: {
  readonly windows: boolean;
  readonly tags: boolean;
  readonly media: MediaKind | null;
}): string {
  return `def read_examples(path: str, vocabulary: dict, options: argparse.Namespace) -> list[tuple[Tensor, Tensor]]:
    """Input and target of each example, as tensors."""
    columns = vocabulary["columns"] or {"input": None, "target": None, "header": True}
    header = columns["header"] and not options.no_header
    rows = []
    for line, row in read_rows(path, options.format, header):
        x = [row[column] for column in choose(row, options.input, columns["input"], "input")]
        y = [row[column] for column in choose(row, options.target, columns["target"], "target")]
        rows.append((line, x, y))
${
  windows
    ? `    if rows and not isinstance(rows[0][1][0], list):
        rows = cut_windows(rows, vocabulary["window"])
`
    : ''
}    examples = []
    for line, cells, targets in rows:
        try:
            x = read_input(cells, vocabulary${media ? ', Path(path).parent' : ''})
            y = read_target(targets, vocabulary)
        except (${media ? 'OSError, ' : ''}TypeError, ValueError) as error:
            raise ValueError(f"line {line}: not an example of this model: {error}") from None
        if len(x) == 0${tags ? ' or len(x) != len(y)' : ''}:
            raise ValueError(f"line {line}: ${tags ? 'expected one tag for each step' : 'the input is empty'}")
        examples.append((x, y))
    return examples`;
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

const mediaInput = `def read_input(cells: list, vocabulary: dict, folder: Path) -> Tensor:
    """A path relative to the folder -> normalized features [T, F]."""
    return normalize(read_steps(cells[0], vocabulary["media"], folder), vocabulary["input_normalization"])`;

const tokenInput = (steps: boolean): string => `def read_input(cells: list, vocabulary: dict) -> Tensor:
    """${steps ? 'Given tokens' : 'A text, or a list of its tokens'} -> ids [T]."""
    rule = vocabulary["tokenizer"]
    given = as_list(cells[0]) if len(cells) == 1 else None
${
  steps
    ? `    words = cells[0].split() if given is None else given
    words = [normalize(str(word), rule) for word in words][: rule["max_length"]]`
    : `    if given is None:
        words = tokenize(" ".join(cells), rule)
    else:
        words = pieces(spaced([normalize(str(word), rule) for word in given], rule), rule)[: rule["max_length"]]`
}
    return torch.tensor(encode(words, vocabulary))`;

const spaced = `def spaced(tokens: list[str], rule: dict) -> list[str]:
    """Given tokens as sub-words are cut out of them: the space stands before each but the first."""
    space = " " if rule["level"] == "subword" else ""
    return [space + token if place else token for place, token in enumerate(tokens)]`;

const seriesInput = `def read_input(cells: list, vocabulary: dict) -> Tensor:
    """Numbers, one cell a step or all steps in a list -> normalized [T, F]."""
    steps = as_list(cells[0]) if len(cells) == 1 else cells
    rows = [[float(x) for x in (step if isinstance(step, list) else [step])] for step in steps or []]
    return torch.tensor(normalize(rows, vocabulary["input_normalization"]))`;

const windowInput = `def cut_windows(rows: list[tuple[int, list, list]], window: dict) -> list[tuple[int, list, list]]:
    """Steps of a series -> examples: a window of steps, and the target some steps after its last one."""
    length, horizon = window["length"], window["horizon"]
    starts = range(0, len(rows) - length - horizon + 1, window["stride"])
    return [
        (rows[start][0], [[x for _, x, _ in rows[start : start + length]]], rows[start + length + horizon - 1][2])
        for start in starts
    ]


def read_input(cells: list, vocabulary: dict) -> Tensor:
    """A window of steps -> normalized [T, F]."""
    steps = as_list(cells[0]) or []
    return torch.tensor(normalize([[float(x) for x in step] for step in steps], vocabulary["input_normalization"]))`;

const sequenceTarget = `def read_target(cells: list, vocabulary: dict) -> Tensor:
    """The text to say, or a list of its tokens -> their ids [U], <eos> last."""
    rule = vocabulary["target"]
    given = as_list(cells[0]) if len(cells) == 1 else None
    if given is None:
        words = tokenize_target(" ".join(cells), rule)
    else:
        words = pieces(spaced([normalize_target(str(word), rule) for word in given], rule), rule)
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
    return `def read_target(cells: list, vocabulary: dict) -> Tensor:
    """Numbers in the units of the data -> normalized [K]."""
    rule = vocabulary["target_normalization"]
    given = as_list(cells[0]) if len(cells) == 1 else None
    values = torch.tensor([float(value) for value in given or cells])
    if len(values) != len(rule["mean"]):
        raise ValueError(f"expected {len(rule['mean'])} targets, found {len(values)}")
    return (values - torch.tensor(rule["mean"])) / torch.tensor(rule["deviation"])`;
  }
  const classId = `def class_id(cell: object, vocabulary: dict) -> int:
    name = cell.strip() if isinstance(cell, str) else json.dumps(cell)
    if name not in vocabulary["classes"]:
        raise ValueError(f"unknown class {name!r}: expected one of {vocabulary['classes'][:20]}")
    return vocabulary["classes"].index(name)`;
  if (!steps) {
    return `${classId}


def read_target(cells: list, vocabulary: dict) -> Tensor:
    """A class -> its id."""
    return torch.tensor(class_id(cells[0], vocabulary))`;
  }
  return `${classId}


def read_target(cells: list, vocabulary: dict) -> Tensor:
    """Tags -> their ids [T]."""
    given = as_list(cells[0])
    tags = cells[0].split() if given is None else given
    return torch.tensor([class_id(tag, vocabulary) for tag in tags${tokens ? '[: vocabulary["tokenizer"]["max_length"]]' : ''}])`;
}
