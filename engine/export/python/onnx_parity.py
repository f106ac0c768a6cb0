"""Compares what onnxruntime computes with what the app computed; for test_parity.py."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime

FOLDER = Path(__file__).resolve().parent
GOLDEN = json.loads((FOLDER / "golden.json").read_text(encoding="utf-8"))
VOCABULARY = json.loads((FOLDER / "vocabulary.json").read_text(encoding="utf-8"))


def session(name: str) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(FOLDER / name), providers=["CPUExecutionProvider"])


MODEL = session("model.onnx")


def check(what: str, found: np.ndarray, expected: list, _again: object = None) -> None:
    """Fails when a number is further off than the tolerance (of its own size, where it is larger than 1)."""
    wanted = np.array(expected, dtype=np.float64)
    assert found.shape == wanted.shape, f"{what}: expected shape {wanted.shape}, got {found.shape}"
    error = (np.abs(found - wanted) / np.maximum(1, np.abs(wanted))).max()
    assert error <= GOLDEN["tolerance"], f"{what}: the app's numbers differ by {error:.2e}"


def run(graph: onnxruntime.InferenceSession, rows: list, targets: list | None, padding: int = 0) -> list[np.ndarray]:
    """Output of each row, out of one batch padded to the longest row and `padding` steps more.

    targets: the previous target tokens of each row, of an encoder-decoder.
    """
    steps = [len(row) for row in rows]
    feeds = {graph.get_inputs()[0].name: padded(graph, 0, rows, padding), "lengths": np.array(steps, dtype=np.int64)}
    if targets is not None:
        steps = [len(row) for row in targets]
        feeds.update(targets=padded(graph, 2, targets, padding), target_lengths=np.array(steps, dtype=np.int64))
    outputs = graph.run(None, feeds)[0]
    if not every_step(graph):
        return list(outputs)
    return [output[:length] for output, length in zip(outputs, steps)]


def every_step(graph: onnxruntime.InferenceSession) -> bool:
    """Whether the output has a time axis: an axis of any length has a name, not a size."""
    return any(isinstance(size, str) for size in graph.get_outputs()[0].shape[1:])


def padded(graph: onnxruntime.InferenceSession, place: int, rows: list, padding: int) -> np.ndarray:
    """Rows as the graph's input at that place: [batch, time], of ids, or [batch, time, features]."""
    taken = graph.get_inputs()[place]
    steps = max(len(row) for row in rows) + padding
    dtype = np.int64 if taken.type == "tensor(int64)" else np.float32
    batch = np.zeros((len(rows), steps, *taken.shape[2:]), dtype=dtype)
    for row, values in zip(batch, rows):
        row[: len(values)] = values
    return batch


def normalized(rows: list) -> np.ndarray:
    """A series in the units of the data as the graph reads it."""
    rule = VOCABULARY["input_normalization"]
    return (np.array(rows) - rule["mean"]) / rule["deviation"]
