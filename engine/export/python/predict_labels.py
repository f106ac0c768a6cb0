"""What the network says of an input: classes with their probabilities, tags for each step, or numbers."""

from __future__ import annotations

import argparse
import json
import sys

import torch
from torch import nn

import inputs
from network import CONFIG, FOLDER, load

NUMBERS = CONFIG["head"]["kind"] == "linear-regression"
EVERY_STEP = CONFIG["head"]["every_step"]


@torch.no_grad()
def predict(given, model: nn.Module, vocabulary: dict) -> list:
    """Probability of each class [C], or at each step [T][C]; numbers [K] in the units of the data."""
    x = inputs.to_input(given, vocabulary)
    output = model(x.unsqueeze(0), torch.tensor([len(x)]))[0]
    if NUMBERS:
        rule = vocabulary["target_normalization"]
        return [value * deviation + mean for value, mean, deviation in zip(output.tolist(), rule["mean"], rule["deviation"])]
    if CONFIG["head"]["kind"] == "dense-sigmoid":
        return torch.stack([1 - output, output], dim=-1).tolist()
    return output.exp().tolist()


def show(given, result: list, vocabulary: dict) -> None:
    """Prints each number with its name, each step with its likeliest tag, or the ten likeliest classes."""
    if NUMBERS:
        for name, value in zip(vocabulary["target_normalization"]["names"], result):
            print(f"{value:.6g}  {name}")
    elif EVERY_STEP:
        for step, row in zip(inputs.step_names(given, vocabulary), result):
            best = max(range(len(row)), key=row.__getitem__)
            print(f"{row[best]:.4f}  {vocabulary['classes'][best]}  {step}")
    else:
        ranked = sorted(zip(result, vocabulary["classes"]), reverse=True)
        for probability, label in ranked[:10]:
            print(f"{probability:.4f}  {label}")


def as_json(given, result: list, vocabulary: dict) -> str:
    if NUMBERS:
        said = {"names": vocabulary["target_normalization"]["names"], "values": result}
    else:
        said = {"classes": vocabulary["classes"], "probabilities": result}
    return json.dumps({**inputs.told(given, vocabulary), **said})


def main() -> None:
    sys.stdout.reconfigure(errors="replace")  # a console that lacks a character shows another one
    layout = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=f"{__doc__}\n\n{inputs.USAGE}", formatter_class=layout)
    inputs.add_argument(parser)
    parser.add_argument("--json", action="store_true", help="print the numbers or all probabilities as JSON")
    parser.add_argument("--weights", default=FOLDER / "model.safetensors", help="as train.py wrote them")
    arguments = parser.parse_args()
    model, vocabulary = load(arguments.weights)
    try:
        given = inputs.read_argument(arguments, vocabulary)
        result = predict(given, model, vocabulary)
    except (OSError, ValueError) as error:
        sys.exit(f"predict.py: {error}")
    if arguments.json:
        print(as_json(given, result, vocabulary))
    else:
        show(given, result, vocabulary)


if __name__ == "__main__":
    main()
