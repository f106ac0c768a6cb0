import type { Plan } from '../../compile/plan.ts';
import { className, everyStep, headOf, inputName } from './torch-plan.ts';

/** `train.py`: a plain training loop over the user's own examples, to start from. */
export function trainScript(plan: Plan): string {
  const name = className(plan);
  const tokens = inputName(plan) === 'tokens';
  const steps = everyStep(plan);
  const head = headOf(plan).kind;
  const numbers = head === 'linear-regression';
  const input = tokens ? (steps ? '["a", "list", "of", "tokens"]' : '"a text"') : '[[1.5, 2.0], [1.7, 1.9]]';
  const target = numbers ? '[12.5]' : steps ? '["its", "tag", "each", "step"]' : '"class"';
  return `"""Trains the network further on your own examples, or from new weights:

    python train.py examples.jsonl --epochs 5
    python train.py examples.jsonl --fresh

One example a line, in JSON:  {"input": ${input}, "target": ${target}}
${numbers ? 'Numbers are in the units of the data.' : 'Classes are those of vocabulary.json.'} The result goes to trained.safetensors:

    python predict.py --weights trained.safetensors ...
"""
from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import ${{ 'dense-softmax': 'nll_loss', 'dense-sigmoid': 'binary_cross_entropy' }[head] ?? 'mse_loss'}
from torch.nn.utils.rnn import pad_sequence

from model import ${name}
from predict import ${tokens ? 'encode, load, normalize, tokenize' : 'load, normalize'}
from weights import save_safetensors


def read_examples(path: str, vocabulary: dict) -> list[tuple[Tensor, Tensor]]:
    """Input and target of each line, as tensors."""
    examples = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            example = json.loads(line)
            x = read_input(example["input"], vocabulary)
            y = read_target(example["target"], vocabulary)
        except (KeyError, TypeError, ValueError) as error:
            sys.exit(f"{path}, line {number}: not an example of this model: {error!r}")
        if len(x) == 0${steps ? ' or len(x) != len(y)' : ''}:
            sys.exit(f"{path}, line {number}: ${steps ? 'expected one tag for each step' : 'the input is empty'}")
        examples.append((x, y))
    return examples


def read_input(value: ${tokens ? 'str | list[str]' : 'list[list[float]]'}, vocabulary: dict) -> Tensor:
    """${tokens ? 'A text, or a list of its tokens -> ids [T].' : 'Rows of numbers -> normalized [T, F].'}"""
${
  tokens
    ? `    rule = vocabulary["tokenizer"]
    if isinstance(value, str):
        words = tokenize(value, rule)
    else:
        words = [normalize(word, rule) for word in value][: rule["max_length"]]
    return torch.tensor(encode(words, vocabulary))`
    : `    return torch.tensor(normalize(value, vocabulary["input_normalization"]))`
}


def read_target(value: ${numbers ? 'list[float]' : steps ? 'list[str]' : 'str'}, vocabulary: dict) -> Tensor:
${
  numbers
    ? `    """Numbers in the units of the data -> normalized [K]."""
    rule = vocabulary["target_normalization"]
    values = torch.tensor(value, dtype=torch.float)
    return (values - torch.tensor(rule["mean"])) / torch.tensor(rule["deviation"])`
    : steps
      ? `    """Tags -> their ids [T]."""
    tags = value${tokens ? '[: vocabulary["tokenizer"]["max_length"]]' : ''}
    return torch.tensor([vocabulary["classes"].index(tag) for tag in tags])`
      : `    """A class -> its id."""
    return torch.tensor(vocabulary["classes"].index(value))`
}


def loss_of(model: ${name}, batch: list[tuple[Tensor, Tensor]]) -> Tensor:
    """Mean loss over the ${steps ? 'real steps' : 'examples'} of a batch."""
    lengths = torch.tensor([len(x) for x, _ in batch])
    inputs = pad_sequence([x for x, _ in batch], batch_first=True)  # padding is 0
    outputs = model(inputs, lengths)
${lossLines(head, steps).join('\n')}


def main() -> None:
    layout = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    parser.add_argument("examples", help="a file with one JSON object a line")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=0.001)
    parser.add_argument("--fresh", action="store_true", help="start from PyTorch's own random weights")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="trained.safetensors")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    model, vocabulary = load()
    if arguments.fresh:
        model = ${name}()
    examples = read_examples(arguments.examples, vocabulary)
    if not examples:
        sys.exit(f"{arguments.examples}: no examples")
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=arguments.learning_rate)
    model.train()
    for epoch in range(1, arguments.epochs + 1):
        total = 0.0
        order = torch.randperm(len(examples)).split(arguments.batch_size)
        for indices in order:
            optimizer.zero_grad()
            loss = loss_of(model, [examples[i] for i in indices])
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 5.0)
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch}  loss {total / len(order):.4f}")
    save_safetensors(model.state_dict(), arguments.out)


if __name__ == "__main__":
    main()
`;
}

function lossLines(head: string, steps: boolean): readonly string[] {
  const targets = steps ? 'torch.cat([y for _, y in batch])' : 'torch.stack([y for _, y in batch])';
  const lines = steps ? ['outputs = torch.cat([row[:length] for row, length in zip(outputs, lengths)])  # real steps'] : [];
  const loss = {
    'dense-softmax': `return nll_loss(outputs, ${targets})`,
    'dense-sigmoid': `return binary_cross_entropy(outputs, ${targets}.float())`,
  }[head];
  return [...lines, loss ?? `return mse_loss(outputs, ${targets})`].map((line) => `    ${line}`);
}
