"""The network, its weights and the settings of its run."""

from __future__ import annotations

import json
from pathlib import Path

from torch import nn

import model as architecture
from weights import load_safetensors

FOLDER = Path(__file__).resolve().parent
CONFIG = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))


def new_network() -> nn.Module:
    """The network with PyTorch's own random weights."""
    return getattr(architecture, CONFIG["class"])()


def load(weights: str | Path = FOLDER / "model.safetensors") -> tuple[nn.Module, dict]:
    """The trained network and the content of vocabulary.json."""
    network = new_network()
    network.load_state_dict(load_safetensors(weights))
    vocabulary = json.loads((FOLDER / "vocabulary.json").read_text(encoding="utf-8"))
    return network.eval(), vocabulary
