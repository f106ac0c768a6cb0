"""Checks that this folder gives the numbers that the app gave:

python test_parity.py        (or pytest, if you have it)
"""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

from parity import GOLDEN, MODEL, VOCABULARY, check, run
from parity_predictions import check_prediction


def test_padded_batches() -> None:
    """Rows of different lengths in one batch."""
    for batch in GOLDEN["batches"]:
        rows, targets = batch["rows"], batch.get("targets")
        for i, found in enumerate(run(MODEL, rows, targets)):
            check("padded batch", found, batch["outputs"][i], lambda model: run(model, rows, targets)[i])


def test_padding_changes_nothing() -> None:
    """The same rows, each alone, and all of them padded further."""
    for batch in GOLDEN["batches"]:
        rows, targets = batch["rows"], batch.get("targets")
        padded = run(MODEL, rows, targets, 3)
        for i, expected in enumerate(batch["outputs"]):
            alone = ([rows[i]], None if targets is None else [targets[i]])
            check("row alone", run(MODEL, *alone)[0], expected, lambda model: run(model, *alone)[0])
            check("row padded further", padded[i], expected, lambda model: run(model, rows, targets, 3)[i])


def test_predictions() -> None:
    """What the app predicted."""
    for golden in GOLDEN["predictions"]:
        check_prediction(golden)


def test_features() -> None:
    """Files, of a network that reads them, through features.py."""
    for golden in GOLDEN.get("files", []):
        from features import read_steps

        with tempfile.TemporaryDirectory() as folder:
            Path(folder, golden["name"]).write_bytes(base64.b64decode(golden["base64"]))
            check("features", read_steps(golden["name"], VOCABULARY["media"], folder), golden["features"])


if __name__ == "__main__":
    tests = [test_padded_batches, test_padding_changes_nothing, test_predictions]
    for test in [*tests, test_features] if GOLDEN.get("files") else tests:
        test()
        print(f"ok  {test.__name__}")
