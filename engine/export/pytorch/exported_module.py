"""Exported modules, as the runners of the tests load them, and are asked about one folder after another."""

import importlib.util
import json
import sys
from pathlib import Path

import torch


def load_file(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def load_module(number, folder):
    """The network of an export, with its weights."""
    code = load_file(f"model_{number}", folder / "model.py")
    weights = load_file("weights", folder / "weights.py")
    model = getattr(code, json.loads((folder / "config.json").read_text())["class"])()
    model.load_state_dict(weights.load_safetensors(folder / "model.safetensors"))
    return model


def answer_folders(answer):
    """One folder a line of standard input, one answer a line: of its network, and of its case.json."""
    torch.set_num_threads(1)
    for number, line in enumerate(sys.stdin):
        try:
            folder = Path(line.rstrip("\n"))
            result = answer(load_module(number, folder), json.loads((folder / "case.json").read_text()))
        except Exception as error:  # told with the case that it belongs to
            result = {"error": repr(error)}
        print(json.dumps(result), flush=True)
