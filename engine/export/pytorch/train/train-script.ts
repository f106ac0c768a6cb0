import type { Plan } from '../../../compile/plan.ts';
import type { MediaKind } from '../../features/media-json.ts';
import { type TrainForm, trainForm } from './form.ts';
import { formats } from './formats.ts';
import { figureName, judging } from './judging.ts';
import { readExamples } from './read-examples.ts';
import { readInput } from './read-input.ts';
import { readTarget } from './read-target.ts';
import { trainLoop } from './train-loop.ts';

/** `train.py`: a training loop over the user's own examples that follows the run's settings. */
export function trainScript(plan: Plan, media: MediaKind | null): string {
  const form = trainForm(plan, media);
  return `${docstring(form)}
${imports(form)}

LEFT_OUT: list[str] = []  # rows that are no examples, and why
${form.says || form.language ? 'BEGIN, END = 2, 3  # ids of <bos> and <eos>\n' : ''}

${[readExamples(form), readInput(form), ...readTarget(form), judging(form), trainLoop(form), main(form)].join('\n\n\n')}


if __name__ == "__main__":
    main()
`;
}

function docstring(form: TrainForm): string {
  const { media, tokens, tags, numbers, says, language, windows } = form;
  const units = numbers
    ? 'Numbers are in the units of the data.'
    : says || language
      ? 'A token outside the vocabulary is <unk>.'
      : 'Classes are those of vocabulary.json.';
  const share = windows || language ? 'a share at the end' : 'a share drawn by chance';
  return `"""Trains the network further on your own examples, or from new weights, with the settings that the run had:

    python train.py ${tags && tokens ? 'examples.conll' : 'examples.csv'} --epochs 5
    python train.py examples.jsonl --validation others.jsonl --fresh

${formats(form)}

${media ? 'Files are looked for from the folder of the examples. ' : ''}The columns are those of the data that the network was trained on; --input and --target name others.
${units}

As in the app, the weights are judged after each epoch, and the best are kept: by ${figureName(form)}, on the examples of --validation,
or those that a column names for validation, or ${share}; on the training examples where there are none.
Early stopping and the plateau schedule go by the loss there. All settings are in config.json, under "training".
Other than in the app: batches are drawn by chance, whatever the lengths${language ? ' (not those of a running text)' : ''}; dropout draws other numbers; --fresh starts from
PyTorch's own random weights; optimizers that follow no gradient become Adam. The result goes to trained.safetensors:

    python predict.py --weights trained.safetensors ...
"""`;
}

function imports({ name, media, tokens, tags, windows, numbers, sigmoid, says, language }: TrainForm): string {
  const loss = numbers ? [] : [sigmoid ? 'binary_cross_entropy' : 'nll_loss'];
  const own = [
    `from cells import ${['BadRow', 'Cells', ...(windows || media ? ['text_of'] : [])].join(', ')}`,
    ...(windows ? ['from dates import in_time'] : []),
    ...(says ? ['from decode import NEVER_SAID, greedy'] : []),
    `from examples import choose, ${language ? 'read_content, ' : ''}read_rows, settle, split_of`,
    ...(media ? ['from features import read_steps'] : []),
    `from model import ${name}`,
    `from predict import ${tokens ? `encode, load, normalize${tags ? '' : ', pieces, tokenize'}` : 'load, normalize'}`,
    `from settings import SETTINGS, Books, ${numbers ? '' : 'class_weights, '}make_optimizer, rate_at, update`,
    'from weights import save_safetensors',
  ];
  return `from __future__ import annotations

import argparse
import math
${says ? 'import re\n' : ''}import sys
${says ? 'import unicodedata\n' : ''}${media ? 'from pathlib import Path\n' : ''}
import torch
from torch import Tensor${says ? ', nn' : ''}
${loss.map((one) => `from torch.nn.functional import ${one}\n`).join('')}from torch.nn.utils.rnn import pad_sequence

${own.join('\n')}`;
}

function main({ name }: TrainForm): string {
  return `def read_file(path: str, vocabulary: dict, arguments: argparse.Namespace) -> dict[str, list[tuple[Tensor, Tensor]]]:
    """The examples of a file; says which rows are none."""
    try:
        examples = read_examples(path, vocabulary, arguments)
    except (OSError, ValueError) as error:
        sys.exit(f"{path}: {error}")
    if not any(examples.values()):
        sys.exit(f"{path}: no examples" + (f"; {LEFT_OUT[0]}" if LEFT_OUT else ""))
    for reason in LEFT_OUT[:20]:
        print(f"left out: {reason}", file=sys.stderr)
    if len(LEFT_OUT) > 20:
        print(f"left out: {len(LEFT_OUT)} rows in all", file=sys.stderr)
    return examples


def main() -> None:
    layout = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    parser.add_argument("examples", help="a file of one of the formats above")
    parser.add_argument("--validation", metavar="FILE", help="examples to judge by, of the same formats")
    parser.add_argument("--validation-share", type=float, metavar="SHARE", help="of the examples, where none are for validation")
    parser.add_argument("--format", choices=["jsonl", "csv", "conll", "text", "ts", "arff"], help="where the file's name does not tell")
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
    found = read_file(arguments.examples, vocabulary, arguments)
    training, validation = found["train"], found["validation"]
    if not training:
        sys.exit(f"{arguments.examples}: no examples for training")
    if arguments.validation is not None:
        others = read_file(arguments.validation, vocabulary, arguments)
        validation = others["validation"] or others["train"]
    elif not validation:
        share = vocabulary["validation_share"] if arguments.validation_share is None else arguments.validation_share
        training, validation = hold_out(training, share, arguments.seed)
        if validation and not arguments.fresh:
            print("held out for validation: other examples than in the app, whose weights may know them (--validation names a file)")
    print(f"examples: {len(training)} for training, {len(validation)} for validation")
    books = train(model, training, validation, vocabulary, arguments)
    if books.best is None:
        sys.exit("nothing is kept: the loss was never a number")
    save_safetensors(books.weights, arguments.out)`;
}
