"""Says sequences with the graphs of one step; the same loops are needed in any language."""

from __future__ import annotations

import numpy as np
import onnxruntime

BEGIN, END = 2, 3
NEVER_SAID = [0, 1, 2]  # <pad>, <unk>, <bos>


def outputs_of(graph: onnxruntime.InferenceSession, feeds: dict) -> dict:
    """Every output of a graph, by its name."""
    return dict(zip([output.name for output in graph.get_outputs()], graph.run(None, feeds)))


def next_states(found: dict) -> dict:
    """The states after a step, under the names by which the next step takes them."""
    prefix = "next_"
    return {name[len(prefix) :]: value for name, value in found.items() if name.startswith(prefix)}


def most_probable(found: dict, never: list) -> int:
    """The token that comes next in the one row."""
    log = found["log_probabilities"][0, -1].copy()
    log[never] = -np.inf
    return int(log.argmax())


def greedy(
    encoder: onnxruntime.InferenceSession, step: onnxruntime.InferenceSession, feeds: dict, max_tokens: int
) -> tuple[list, list]:
    """What one row says, always the most probable next token, <eos> left out; and where each token looked, if it attends."""
    given = outputs_of(encoder, feeds)  # states to start from, and what every step reads
    said, alignment = [], []
    last = BEGIN
    for _ in range(max_tokens):
        found = outputs_of(step, {"targets": np.array([[last]], dtype=np.int64), **given})
        given.update(next_states(found))
        last = most_probable(found, NEVER_SAID)
        if last == END:
            break
        said.append(last)
        if "alignment" in found:
            alignment.append(found["alignment"][0, 0])
    return said, alignment


def generate(step: onnxruntime.InferenceSession, ids: list, max_tokens: int, endless: bool = False) -> list:
    """How a text goes on after its ids, always with the most probable token, until <eos>, which an endless one does not have."""
    states = {}
    for one in step.get_inputs()[1:]:
        layers, _, width = one.shape
        states[one.name] = np.zeros((layers, 1, width), dtype=np.float32)
    said = []
    for _ in range(max_tokens):
        found = outputs_of(step, {"tokens": np.array([ids], dtype=np.int64), **states})
        states = next_states(found)
        token = most_probable(found, [*NEVER_SAID, END] if endless else NEVER_SAID)
        if token == END:
            break
        said.append(token)
        ids = [token]
    return said
