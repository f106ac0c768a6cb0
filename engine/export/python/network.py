"""The network, its weights and the settings of its run."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import nn

import model as architecture
from weights import load_safetensors

FOLDER = Path(__file__).resolve().parent
CONFIG = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))


def built() -> nn.Module:
    """The network as its class makes it."""
    return getattr(architecture, CONFIG["class"])()


@torch.no_grad()
def new_network() -> nn.Module:
    """The network with PyTorch's own random weights; recurrent matrices that start orthogonal in the app do so here, too."""
    network = built()
    for recurrence in json.loads((FOLDER / "recurrences.json").read_text(encoding="utf-8")):
        module = network.get_submodule(recurrence["module"])
        for block in recurrence["parameters"]:
            if block["orthogonal"]:
                nn.init.orthogonal_(getattr(module, block["weight"])[block["from"] : block["to"]])
    return network


def load(weights: str | Path = FOLDER / "model.safetensors") -> tuple[nn.Module, dict]:
    """The trained network and the content of vocabulary.json."""
    network = built()
    network.load_state_dict(load_safetensors(weights))
    vocabulary = json.loads((FOLDER / "vocabulary.json").read_text(encoding="utf-8"))
    return network.eval(), vocabulary
