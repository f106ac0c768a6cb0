"""Runs exported modules in one Python process, for parity.test.ts.

Each folder given on standard input holds an export and case.json {rows, lengths, coefficients, target}. The module's outputs and the
gradients of sum(outputs * coefficients) over real steps come back as JSON, one line a folder, by the names of the state dict.
"""

import importlib.util
import json
import sys
from pathlib import Path

import torch


def load_module(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def run(number, folder):
    case = json.loads((folder / "case.json").read_text())
    code = load_module(f"model_{number}", folder / "model.py")
    weights = load_module("weights", folder / "weights.py")
    model = getattr(code, json.loads((folder / "config.json").read_text())["class"])()
    model.load_state_dict(weights.load_safetensors(folder / "model.safetensors"))
    model.eval()
    target = case["target"]
    targets = () if target is None else (torch.tensor(target["rows"]), torch.tensor(target["lengths"]))
    output = model(torch.tensor(case["rows"]), torch.tensor(case["lengths"]), *targets)
    (output * torch.tensor(case["coefficients"])).sum().backward()
    gradients = {name: None if p.grad is None else p.grad.flatten().tolist() for name, p in model.named_parameters()}
    return {"outputs": output.detach().flatten().tolist(), "gradients": gradients}


torch.set_num_threads(1)
for number, line in enumerate(sys.stdin):
    try:
        result = run(number, Path(line.rstrip("\n")))
    except Exception as error:  # told with the case that it belongs to
        result = {"error": repr(error)}
    print(json.dumps(result), flush=True)
