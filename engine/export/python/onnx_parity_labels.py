"""Predictions of classes, tags and numbers against the app's; for test_parity.py."""

from __future__ import annotations

import numpy as np

from parity import MODEL, VOCABULARY, check, normalized, run


def check_prediction(golden: dict) -> None:
    row = golden["ids"] if golden["kind"] == "text" else normalized(golden["rows"])
    [output] = run(MODEL, [row], None)
    check("prediction", shown(output), golden["expected"])


def shown(output: np.ndarray) -> np.ndarray:
    """What the app shows for an output of the graph."""
    name = MODEL.get_outputs()[0].name
    if name == "values":
        rule = VOCABULARY["target_normalization"]
        return output * rule["deviation"] + rule["mean"]
    if name == "probability":
        return np.stack([1 - output, output], axis=-1)
    return np.exp(output)
