"""A recurrent cell by its equations, one step at a time: every line is a value that can be looked at."""

import re

import torch
import torch.nn.functional as F

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z][A-Za-z0-9_]*'?)|([-+*/(),]))")
FUNCTIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "softplus": F.softplus,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "abs": torch.abs,
    "softmax": lambda value: torch.softmax(value, -1),
    "layernorm": lambda value: F.layer_norm(value, value.shape[-1:]),
    "min": torch.minimum,
    "max": torch.maximum,
}


class Expression:
    """The right side of a line, parsed as it is evaluated: lines are short, and each is read once a step."""

    def __init__(self, text):
        self.tokens = [match.groups() for match in TOKEN.finditer(text)]

    def value(self, names):
        self.at, self.names = 0, names
        return self.sum()

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (None, None, None)

    def take(self, *signs):
        if self.peek()[2] not in signs:
            return None
        self.at += 1
        return self.tokens[self.at - 1][2]

    def sum(self):
        value = self.term()
        while sign := self.take("+", "-"):
            value = value + self.term() if sign == "+" else value - self.term()
        return value

    def term(self):
        value = self.factor()
        while sign := self.take("*", "/"):
            value = value * self.factor() if sign == "*" else value / self.factor()
        return value

    def factor(self):
        if self.take("-"):
            return -self.factor()
        number, name, _ = self.peek()
        if name is not None and name[0].isupper():
            self.at += 1
            return self.factor() @ self.names[name].T
        return self.atom()

    def atom(self):
        if self.take("("):
            value = self.sum()
            self.take(")")
            return value
        number, name, _ = self.peek()
        self.at += 1
        if number is not None:
            return torch.tensor(float(number))
        if self.take("("):
            values = [self.sum()]
            while self.take(","):
                values.append(self.sum())
            self.take(")")
            return FUNCTIONS[name](*torch.broadcast_tensors(*values))
        return self.names[name]


class Equations:
    """What a text of equations computes. `states` are the parts of the state, `output` the one that a step gives."""

    def __init__(self, text):
        lines = [line.split("#")[0].strip() for line in text.splitlines()]
        lines = [line for line in lines if line and not re.match(r"(width|start)\s", line)]
        pairs = [line.split("=", 1) for line in lines]
        self.lines = []
        reached = {"out"}
        for name, right in reversed([(name.replace(" ", ""), Expression(right)) for name, right in pairs]):
            if name.endswith("'") or name in reached:
                reached.update(word for _, word, _ in right.tokens if word)
                self.lines.insert(0, (name, right))
        self.states = [name[:-1] for name, _ in self.lines if name.endswith("'")]
        outs = [right.strip() for name, right in pairs if name.strip() == "out"]
        other = re.fullmatch(r"([A-Za-z]\w*)'", outs[0]) if outs else None
        self.output = other[1] if other else "out" if outs else "h"
        if self.output == "out":
            self.states = ["out", *self.states]

    def step(self, x, state, parameters):
        """Every line's value, from the step's input and the state before it."""
        names = {**parameters, **state, "x": x}
        values = {}
        for name, expression in self.lines:
            values[name] = names[name] = expression.value(names)
        return values

    def after(self, values):
        """The state after a step, from its values."""
        return {name: values[name if name == "out" else f"{name}'"] for name in self.states}
