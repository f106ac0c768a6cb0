"""Saves a training so that it goes on exactly where it was, also with another number of processes."""

from __future__ import annotations

import os

import torch
from torch import nn

from progress import Progress


def save_checkpoint(path: str, model: nn.Module, optimizer: torch.optim.Optimizer, scaler, progress: Progress, run: dict) -> None:
    """Atomic: a file under the name is whole, whenever the machine stops. run: what must be the same when it goes on."""
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scaler": scaler.state_dict(),
        "progress": vars(progress),
        "run": run,
    }
    with open(f"{path}.part", "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(f"{path}.part", path)


def load_checkpoint(path: str, model: nn.Module, optimizer: torch.optim.Optimizer, scaler, run: dict) -> Progress:
    """ValueError where the checkpoint is of another run."""
    state = read_checkpoint(path)
    for name, value in run.items():
        if state["run"].get(name) != value:
            raise ValueError(f"{path} is of another run: {name} was {state['run'].get(name)}, now it is {value}")
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    scaler.load_state_dict(state["scaler"])
    progress = Progress()
    vars(progress).update(state["progress"])
    return progress


def read_checkpoint(path: str) -> dict:
    safely = {} if torch.__version__.startswith("1.") else {"weights_only": True}  # before torch 2, that refuses plain numbers
    return torch.load(path, map_location="cpu", **safely)
