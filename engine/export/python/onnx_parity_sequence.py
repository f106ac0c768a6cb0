"""Sequences that are said through the two graphs of one step, and where attention looks, against the app's; for test_parity.py."""

from __future__ import annotations

import numpy as np

from decode import greedy
from parity import MODEL, VOCABULARY, check, normalized, padded, session

ENCODER = session("encoder.onnx")
STEP = session("decoder_step.onnx")


def check_prediction(golden: dict) -> None:
    row = golden["ids"] if MODEL.get_inputs()[0].name == "tokens" else normalized(golden["input"])
    feeds = {MODEL.get_inputs()[0].name: padded(MODEL, 0, [row], 0), "lengths": np.array([len(row)], dtype=np.int64)}
    said, alignment = greedy(ENCODER, STEP, feeds, VOCABULARY["target"]["max_tokens"])
    found = [VOCABULARY["classes"][token] for token in said]
    assert found == golden["greedy"], f"greedy: expected {golden['greedy']}, got {found}"
    if golden["alignment"]:
        check("alignment", np.array(alignment), golden["alignment"])
