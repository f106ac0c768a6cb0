"""Looks inside the network while it reads one input: every value of its cells at every step, gradients, what of the input matters, spectra.

Each cell runs by its equations, in the place of its module; how far the two are apart is told. What is printed with --json are
the lines of the app's `unroll inspect … --json`, computed by PyTorch's autograd in double precision.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path

import torch
from torch import Tensor, nn

import inputs
from answers import EVERY_STEP, NUMBERS, Answers, Example
from example import read_example, search
from made import Made
from network import CONFIG, FOLDER, load
from recurrences import WITHIN, Recurrence, Recurrences
from saliency import saliency
from through_time import connectivity, gradients, row_norms, spectrum
from weights import save_safetensors


class Told:
    """Lines as they are printed, and arrays as they are written."""

    def __init__(self, as_json: bool):
        self.as_json = as_json
        self.events: list[dict] = []
        self.arrays: dict[str, Tensor] = {}
        self.index: list[dict] = []

    def tell(self, line: dict, words: str, keep: bool = True) -> None:
        print(json.dumps(figures(line), ensure_ascii=False) if self.as_json else words)
        if keep:
            self.events.append(line)

    def add(self, event: str, place: dict, name: str, array: Tensor) -> None:
        where = [place["node"], f"layer{place['layer']}", place["direction"]] if place else []
        tensor = "/".join([event, *where, name])
        self.arrays[tensor] = array
        self.index.append({"tensor": tensor, "event": event, **place, "name": name, "shape": list(array.shape)})

    def write(self, folder: Path, overwrite: bool) -> None:
        if not overwrite and folder.exists() and any(folder.iterdir()):
            raise ValueError(f"{folder} is not empty: choose another folder, or --overwrite")
        folder.mkdir(parents=True, exist_ok=True)
        save_safetensors(self.arrays, folder / "arrays.safetensors")
        about = json.dumps(figures({"arrays": self.index, "events": self.events}), indent=2, ensure_ascii=False)
        (folder / "index.json").write_text(f"{about}\n", encoding="utf-8")


def figures(value):
    """JSON has no word for numbers that are not finite: "NaN", "Infinity", "-Infinity"."""
    if isinstance(value, dict):
        return {name: figures(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [figures(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def run(network: nn.Module, example: Example, made: Made, factors: Tensor | None = None) -> Tensor:
    """What the network says to one row, or to as many as there are factors of the input's steps [B, T]."""
    batch = made.read(example.given, factors)
    given = (batch, torch.full((len(batch),), batch.size(1)))
    if example.previous is None:
        return network(*given)
    previous = torch.tensor([example.previous] * len(batch))
    return network(*given, previous, torch.full((len(batch),), previous.size(1)))


def wanted_gradient(of: str | None, step: int | None, answers: Answers) -> dict:
    """What --of and --step name; without them the loss where it is known, otherwise what the network says at its last step."""
    if of is None and step is None:
        return {"kind": "loss"} if answers.loss() is not None else answers.most_probable()
    kind, _, name = (of or "step").partition("=")
    at = {} if step is None else {"step": step}
    if kind == "loss" and not at and not name:
        return {"kind": "loss"}
    if kind == "step" and at and not name:
        return {"kind": "step", **at}
    if kind in ("class", "token") and name and (at or kind == "class"):
        return {"kind": kind, kind: name, **at}
    raise ValueError("--of: expected loss; step with --step N; class=NAME, with --step N or without; token=NAME with --step N")


def place_words(place: dict) -> str:
    return f"{place['node']} · layer {place['layer'] + 1} · {place['direction']}"


def look_inside(told: Told, arguments: argparse.Namespace) -> None:
    network, vocabulary = load(arguments.weights)
    given = inputs.read_argument(arguments, vocabulary)
    example = read_example(given, arguments.target, network.requires_grad_(), vocabulary)
    made, recurrences = Made(network), Recurrences(network)
    answers = Answers(run(network, example, made)[0], example, vocabulary)
    chosen = [one for one in recurrences.all if arguments.node in (None, one.place["node"])]
    if arguments.node is not None and not chosen:
        nodes = ", ".join(dict.fromkeys(one.place["node"] for one in recurrences.all))
        raise ValueError(f"nothing recurs in a node {arguments.node}; something does in {nodes or 'none'}")
    tell_example(told, example, answers, recurrences)
    for one in chosen:
        tell_values(told, one)
    of = wanted_gradient(arguments.of, arguments.step, answers)
    tell_gradients(told, chosen, answers, of, made.scaled)
    recurrences.rest()
    tell_saliency(told, network, answers, of, made)
    tell_beam(told, search(given, network, vocabulary, arguments.beam or 5, arguments.length_penalty), arguments.beam)
    for one in chosen:
        tell_spectra(told, one)
    if arguments.out is not None:
        told.write(arguments.out, arguments.overwrite)
        told.tell({"event": "done", "directory": str(arguments.out)}, str(arguments.out), keep=False)


def tell_example(told: Told, example: Example, answers: Answers, recurrences: Recurrences) -> None:
    steps = [{"token": word, "unknown": lacks, "padded": False} for word, lacks in zip(example.words, example.unknown)]
    loss, losses = answers.loss(), answers.losses() if EVERY_STEP else None
    line = {
        "event": "inspection",
        "steps": steps,
        "target": example.target,
        "loss": None if loss is None else loss.item(),
        "losses": None if losses is None else losses.tolist(),
        "equality": {"difference": recurrences.difference, "within": WITHIN, "node": recurrences.at},
    }
    words = [" ".join(example.words)]
    if example.target is not None:
        said = "target" if example.target["given"] else "what it says itself"
        words.append(f"{said}: {' '.join(example.target['values'])}" + ("" if loss is None else f" · loss {loss.item():.5g}"))
    far = "" if recurrences.difference <= WITHIN else f" at {recurrences.at}: more than rounding"
    words.append(f"equations and modules are {recurrences.difference:.1e} apart{far}")
    told.tell(line, "\n".join(words))


def tell_values(told: Told, one: Recurrence) -> None:
    values = {name: one.of_line(name) for name in one.lines}
    line = {"event": "trace", **one.place, "values": {name: rows.tolist() for name, rows in values.items()}}
    told.tell(line, f"{place_words(one.place)}: {', '.join(values)}", keep=False)
    for name, rows in [*values.items(), *((name, one.of_state(name)) for name in one.parts)]:
        told.add("trace", one.place, name, rows)


def tell_gradients(told: Told, chosen: list[Recurrence], answers: Answers, of: dict, read: list[Tensor]) -> None:
    said = answers.said()
    rows = connectivity([answer for _, answer in said], read, len(answers.example.given))
    told.add("connectivity", {}, "connectivity", rows)
    for one, found in zip(chosen, gradients(answers.objective(of), chosen)):
        if found is None:  # nothing arrives here
            continue
        states = {name: row_norms(d) for name, d in found["states"].items()}
        line = {"event": "gradient", "of": of, **one.place, "states": states, "inputs": row_norms(found["x"])}
        line.update(terms=found["terms"], says=[name for name, _ in said], connectivity=rows.tolist())
        where = place_words(one.place)
        words = [f"{where} ‖∂/∂{name}‖  {'  '.join(f'{n:.3g}' for n in norms)}" for name, norms in states.items()]
        told.tell(line, "\n".join(words))
        for name, d in found["states"].items():
            told.add("gradient", one.place, name, d)


def tell_saliency(told: Told, network: nn.Module, answers: Answers, of: dict, made: Made) -> None:
    example, vocabulary = answers.example, answers.vocabulary

    def picked(factors: Tensor) -> Tensor:
        return torch.stack([Answers(row, example, vocabulary).objective(of) for row in run(network, example, made, factors)])

    found = saliency(example.given, made, picked)
    scale, shift, unit = 1.0, 0.0, "loss" if NUMBERS else "nats"
    if NUMBERS and of["kind"] != "loss":
        rule = vocabulary["target_normalization"]
        at = rule["names"].index(of[of["kind"]])
        scale, shift, unit = rule["deviation"][at], rule["mean"][at], "data"
    line = {"event": "saliency", "of": of, "unit": unit}
    line.update({name: scale * found[name] + shift for name in ("value", "without")})
    line["zero"] = "mean" if example.given.is_floating_point() else "embedding"
    line.update({name: (scale * found[name]).tolist() for name in ("gradient", "integrated", "occlusion")})
    line.update(points=found["points"], error=scale * found["error"], exact=found["exact"])
    each = zip(example.words, line["integrated"])
    told.tell(line, f"saliency  {'  '.join(f'{word} {one:.3g}' for word, one in each)}")
    image = CONFIG["data"].get("image")
    size = (image["height"], image["width"], image["channels"]) if image else ()
    if size and len(example.given) == 1 and example.given.numel() == math.prod(size):
        for name, numbers in found["numbers"].items():  # of a picture that is the whole input, all colours together
            told.add("saliency", {}, name, scale * numbers.reshape(size).sum(2))


def tell_beam(told: Told, found: dict | None, width: int | None) -> None:
    if found is None:
        if width is not None:
            raise ValueError("--beam: this network says no sequence that beam search could look for")
        return
    said = [f"{one['logProbability']:9.4f}  {one['text']}{'' if one['finished'] else ' …'}" for one in found["hypotheses"]]
    told.tell({"event": "beam", **found}, "\n".join([f"beam search, {len(found['nodes'])} tokens looked at", *said]))


def tell_spectra(told: Told, one: Recurrence) -> None:
    for name in one.recurrent:
        found = spectrum(one.parameters[name])
        if found is not None:
            words = f"{place_words(one.place)} {name}: ρ {found['radius']:.4g}, σ₁ {found['singular']:.4g}"
            told.tell({"event": "spectrum", **one.place, "matrix": name, **found}, words)


def width(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError("expected a whole number from 1 to 100")
    return int(text)


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    torch.set_default_dtype(torch.float64)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    inputs.add_argument(parser)
    parser.add_argument("--target", help="what it should say: a class, tags or numbers between spaces, a text, the next token")
    parser.add_argument("--of", help="gradient of: loss | step | class=NAME | token=NAME (default: the loss where it is known)")
    parser.add_argument("--step", type=int, help="the step, from 0, whose loss, class or token it is")
    parser.add_argument("--beam", type=width, metavar="WIDTH", help="sequences: hypotheses that beam search keeps (default: 5)")
    parser.add_argument("--length-penalty", type=float, default=0.6, help="sequences: above 0 lets it find longer ones (0.6)")
    parser.add_argument("--node", help="only this node in which a cell runs")
    parser.add_argument("--json", action="store_true", help="print lines of JSON")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write all arrays as safetensors, with an index")
    parser.add_argument("--overwrite", action="store_true", help="replace the files of an earlier one")
    parser.add_argument("--weights", default=FOLDER / "model.safetensors", help="as train.py wrote them")
    arguments = parser.parse_args()
    try:
        look_inside(Told(arguments.json), arguments)
    except (OSError, ValueError) as error:
        sys.exit(f"look_inside.py: {error}")


if __name__ == "__main__":
    main()
