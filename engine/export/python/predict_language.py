"""Goes on from a prompt, token by token:

python predict.py "Call me" --max-tokens 200 --temperature 0.8
python predict.py --temperature 0            (always the most probable token)
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys

import torch
from torch import nn

from network import CONFIG, FOLDER, load
from tokens import BEGIN, END, NEVER_SAID, encode, tokenize

CARRIES_STATE = CONFIG["carries_state"]  # without a recurrent layer there is none: the last token alone decides


def read_prompt(prompt: str, vocabulary: dict) -> list[int]:
    """Ids of a prompt as in training: a running text as it stands; other lines each begin with <bos>, and all but the last
    end with <eos>."""
    if "running" in vocabulary:
        rule = vocabulary["tokenizer"]
        ids = encode(tokenize(re.sub("\r\n?", "\n", prompt), rule), vocabulary)
        (line_end,) = encode(["\n"], vocabulary)
        return ids or [BEGIN if line_end == rule["unknown_id"] else line_end]
    ids = []
    for number, line in enumerate(prompt.split("\n")):
        ids += [END] if number else []
        ids += [BEGIN, *encode(tokenize(line, vocabulary["tokenizer"]), vocabulary)]
    return ids


def draw(log: torch.Tensor, temperature: float, top_k: int | None, top_p: float, chance: torch.Generator) -> int:
    """One token by its log-probabilities [V]: temperature first, then top-k, then top-p."""
    if temperature == 0:
        return int(log.argmax())
    ranked, order = log.sort(descending=True, stable=True)
    weights = ((ranked - ranked[0]) / temperature).exp()[:top_k]
    before = weights.cumsum(0) - weights
    weights = weights[before < top_p * weights.sum()]
    return int(order[torch.multinomial(weights / weights.sum(), 1, generator=chance)])


@torch.no_grad()
def predict(
    prompt: str,
    model: nn.Module,
    vocabulary: dict,
    max_tokens: int = 200,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
    seed: int = 1,
    until_end: bool = True,
) -> list[str]:
    """The tokens that follow a prompt; <eos> ends them, or is a line's end where until_end is False."""
    chance = torch.Generator().manual_seed(seed)
    ids = read_prompt(prompt, vocabulary)
    said: list[str] = []
    hidden = None
    for _ in range(max_tokens):
        given = (torch.tensor([ids]), torch.tensor([len(ids)]))
        log = (model(*given, hidden) if CARRIES_STATE else model(*given))[0, -1].double()
        hidden = model.hidden if CARRIES_STATE else None
        log[[*NEVER_SAID, END] if "running" in vocabulary else NEVER_SAID] = -math.inf
        token = draw(log, temperature, top_k, top_p, chance)
        if token == END and until_end:
            break
        said.append(vocabulary["classes"][token])
        ids = [BEGIN if token == END else token]
    return said


def as_text(tokens: list[str], rule: dict) -> str:
    """Tokens as one text: words with spaces between, others as they stand, <eos> as a line's end."""
    separator = " " if rule["level"] == "word" else ""
    if separator and any(token.isspace() for token in tokens):  # of a running text
        pairs = zip(["\n", *tokens], tokens)
        return "".join(token if token.isspace() or last.isspace() else " " + token for last, token in pairs)
    return "\n".join(line.strip() if separator else line for line in separator.join(tokens).split("<eos>"))


def main() -> None:
    sys.stdout.reconfigure(errors="replace")  # a console that lacks a character shows another one
    layout = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    parser.add_argument("prompt", nargs="?", default="", help="where it begins; from nothing when left out")
    parser.add_argument("--max-tokens", type=int, default=200)
    parser.add_argument("--temperature", type=float, default=1.0, help="below 1 safer, above 1 bolder")
    parser.add_argument("--top-k", type=int, help="only so many of the most probable tokens")
    parser.add_argument("--top-p", type=float, default=1.0, help="only the most probable that reach this together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", action="store_true", help="go on after <eos> with the next line")
    parser.add_argument("--json", action="store_true", help="print the tokens as JSON")
    parser.add_argument("--weights", default=FOLDER / "model.safetensors", help="as train.py wrote them")
    arguments = parser.parse_args()
    if not 0 < arguments.top_p <= 1 or arguments.temperature < 0:
        sys.exit("predict.py: expected 0 < top-p <= 1 and a temperature of at least 0")
    model, vocabulary = load(arguments.weights)
    tokens = predict(
        arguments.prompt,
        model,
        vocabulary,
        arguments.max_tokens,
        arguments.temperature,
        arguments.top_k,
        arguments.top_p,
        arguments.seed,
        not arguments.lines,
    )
    print(json.dumps(tokens) if arguments.json else as_text(tokens, vocabulary["tokenizer"]))


if __name__ == "__main__":
    main()
