"""Runs the recurrent modules of a network by the equations of their cells, so that every line of every step can be looked at."""

from __future__ import annotations

import json

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from equations import Equations
from network import FOLDER

WITHIN = 1e-5  # how far equations and modules may be apart by rounding


class Recurrence:
    """A cell as it runs in one layer and direction of a network, over one example. entry: of recurrences.json."""

    def __init__(self, entry: dict, network: nn.Module):
        self.place = {name: entry[name] for name in ("node", "layer", "direction")}
        self.cell = Equations(entry["equations"])
        self.lines: list[str] = entry["lines"]
        self.parts: list[str] = [state["name"] for state in entry["states"]]  # of the state; the first is the output
        self.recurrent: list[str] = entry["recurrent"]
        self.within: str = entry["module"]
        self.module = network.get_submodule(self.within)
        both = getattr(self.module, "bidirectional", False)
        backward = entry["direction"] == "backward"
        self.runs_back = backward and both  # a module of one direction is given its steps in reverse
        self.given_reversed = backward and not both
        self.parameters = {}
        for block in entry["parameters"]:
            weight = getattr(self.module, block["weight"])
            self.parameters[block["name"]] = block["sign"] * weight[block["from"] : block["to"]]
        self.forget()

    def forget(self) -> None:
        """Before another run."""
        self.x: Tensor | None = None
        self.values: list[dict] = []  # of each step: every line
        self.before: list[dict] = []  # the state that it starts from, by its parts
        self.after: list[dict] = []
        self.copies: list[dict] = []  # parameters as this step has them, so that a gradient arrives at each step's own

    def run(self, x: Tensor, state: dict) -> tuple[Tensor, dict]:
        """x [T, I], state before the first step -> output of each step [T, P], last state."""
        self.forget()
        self.x = x.view_as(x)  # this direction's own: the other one reads x, too
        steps: list = [None] * len(x)
        for t in reversed(range(len(x))) if self.runs_back else range(len(x)):
            copies = {name: block.view_as(block) for name, block in self.parameters.items()}
            values = self.cell.step(self.x[t], state, copies)
            after = self.cell.after(values)
            steps[t] = (values, state, after, copies)
            state = after
        self.values, self.before, self.after, self.copies = (list(each) for each in zip(*steps))
        return torch.stack([after[self.parts[0]] for after in self.after]), state

    def in_time(self, steps: list) -> list:
        """What is there for each step of the module, in the order of the input's steps."""
        return steps[::-1] if self.given_reversed else steps

    def of_line(self, name: str) -> Tensor:
        """A line at every step [T, units]."""
        return torch.stack(self.in_time([values[name] for values in self.values]))

    def of_state(self, name: str) -> Tensor:
        """A part of the state before every step [T, units]."""
        return torch.stack(self.in_time([before[name] for before in self.before]))


class Recurrences:
    """All of a network. Until they rest, its modules give what their equations give."""

    def __init__(self, network: nn.Module):
        entries = json.loads((FOLDER / "recurrences.json").read_text(encoding="utf-8"))
        self.all = [Recurrence(entry, network) for entry in entries]
        self.difference, self.at = 0.0, None
        modules: dict[str, list[Recurrence]] = {}
        for one in self.all:
            modules.setdefault(one.within, []).append(one)
        self.hooks = [
            own[0].module.register_forward_hook(lambda _, given, found, own=own: self.replaced(own, given, found))
            for own in modules.values()
        ]

    def rest(self) -> None:
        """From now on the modules give what they give themselves."""
        for hook in self.hooks:
            hook.remove()

    def replaced(self, own: list[Recurrence], given: tuple, found: tuple) -> tuple:
        """What a module gives, by the equations of its layers and directions."""
        packed = isinstance(given[0], PackedSequence)
        hidden = given[-1] if isinstance(given[-1], tuple) else (given[-1],)
        x = given[0].data if packed else given[0][0]  # [T, I]: there is one row
        directions = 1 + any(one.runs_back for one in own)
        last = []
        for layer in range(0, len(own), directions):
            outputs = []
            for place, one in enumerate(own[layer : layer + directions], start=layer):
                output, state = one.run(x, {name: part[place, 0] for name, part in zip(one.parts, hidden)})
                outputs.append(output)
                last.append(state)
            x = torch.cat(outputs, dim=-1)
        final = [torch.stack([state[name] for state in last]).unsqueeze(1) for name in own[0].parts]
        sequence, end = found
        end = end if isinstance(end, tuple) else (end,)
        self.compare(own[0], sequence.data if packed else sequence[0], x)
        for module, equations in zip(end, final):
            self.compare(own[0], module, equations)
        sequence = sequence._replace(data=x) if packed else x.unsqueeze(0)
        return sequence, tuple(final) if isinstance(found[1], tuple) else final[0]

    @torch.no_grad()
    def compare(self, one: Recurrence, module: Tensor, equations: Tensor) -> None:
        """The largest difference between module and equations, relative to the largest of the module's numbers."""
        most = (module - equations).abs().max().item()
        difference = most / module.abs().max().item() if most > 0 else 0.0
        if not difference <= self.difference:
            self.difference, self.at = difference, one.place["node"]
