"""What the network says to an input: the likeliest sequences."""

from __future__ import annotations

import argparse
import json
import sys

import torch
from torch import nn

import inputs
from beam_tree import BeamTree
from decode import beam
from network import FOLDER, load
from tokens import write


@torch.no_grad()
def predict(
    given, model: nn.Module, vocabulary: dict, width: int = 5, length_penalty: float = 0.6, tree: BeamTree | None = None
) -> list[dict]:
    """The likeliest sequences, best first; a width of 1 is greedy. tree: is told what is looked at."""
    x = inputs.to_input(given, vocabulary)
    limit = vocabulary["target"]["max_tokens"]
    found = beam(model, x.unsqueeze(0), torch.tensor([len(x)]), limit, width, length_penalty, tree)
    hypotheses = []
    for said, log_probability in found:
        tokens = [vocabulary["classes"][token] for token in said]
        text = write(tokens, vocabulary["target"])
        hypotheses.append({"tokens": tokens, "text": text, "log_probability": log_probability})
    return hypotheses


def main() -> None:
    sys.stdout.reconfigure(errors="replace")  # a console that lacks a character shows another one
    layout = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=f"{__doc__}\n\n{inputs.USAGE}", formatter_class=layout)
    inputs.add_argument(parser)
    parser.add_argument("--json", action="store_true", help="print all hypotheses as JSON")
    parser.add_argument("--width", type=int, default=5, help="hypotheses that are kept; 1 is greedy")
    parser.add_argument("--length-penalty", type=float, default=0.6, help="0 favours short sequences")
    parser.add_argument("--weights", default=FOLDER / "model.safetensors", help="as train.py wrote them")
    arguments = parser.parse_args()
    model, vocabulary = load(arguments.weights)
    try:
        given = inputs.read_argument(arguments, vocabulary)
        hypotheses = predict(given, model, vocabulary, arguments.width, arguments.length_penalty)
    except (OSError, ValueError) as error:
        sys.exit(f"predict.py: {error}")
    if arguments.json:
        print(json.dumps(hypotheses))
    else:
        for one in hypotheses:
            print(f"{one['log_probability']:9.4f}  {one['text']}")


if __name__ == "__main__":
    main()
