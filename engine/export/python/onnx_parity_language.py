"""How a prompt goes on, always with the most probable token, against the app's; for test_parity.py."""

from __future__ import annotations

from decode import generate
from parity import VOCABULARY, session

STEP = session("step.onnx")


def check_prediction(golden: dict) -> None:
    said = generate(STEP, golden["ids"], 24, endless="running" in VOCABULARY)
    found = [VOCABULARY["classes"][token] for token in said]
    assert found == golden["tokens"], f"after {golden['prompt']!r}: expected {golden['tokens']}, got {found}"
