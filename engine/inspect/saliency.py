"""Saliency of exported networks by autograd, in double precision, for saliency.test.ts: one folder a line, one answer a line.

Each folder has case.json {rows, readers, target, step, id, points}: what each reader makes of step t is multiplied by scale[t], so that the
gradient with respect to the scale is x_t . d/dx_t.
"""

import importlib.util
import json
import sys
from pathlib import Path

import numpy
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
    model.double().eval()
    rows = torch.tensor([case["rows"]])
    lengths = torch.tensor([rows.shape[1]])
    target = case["target"]
    targets = () if target is None else (torch.tensor([target]), torch.tensor([len(target)]))
    scale = torch.ones(rows.shape[1])
    for name in case["readers"]:
        model.get_submodule(name).register_forward_hook(lambda _module, _given, made: made * scale[None, :, None])

    def value(factors):
        nonlocal scale
        scale = factors
        given = rows if case["readers"] else rows * factors[None, :, None]
        found = model(given, lengths, *targets)[0]
        found = found if case["step"] is None else found[case["step"]]
        if found.dim() == 0:
            return torch.log(found if case["id"] == 1 else 1 - found)
        # A number, or the logarithm of a class's probability.
        return found[case["id"]]

    def slope(alpha):
        factors = torch.full((rows.shape[1],), alpha, requires_grad=True)
        return torch.autograd.grad(value(factors), factors)[0]

    one = torch.ones(rows.shape[1])
    with torch.no_grad():
        whole = value(one)
        occlusion = [(whole - value(one - row)).item() for row in torch.eye(rows.shape[1])]
        without = value(0 * one).item()
    places, shares = numpy.polynomial.legendre.leggauss(case["points"])
    integrated = sum(share / 2 * slope((place + 1) / 2) for place, share in zip(places, shares))
    return {
        "value": whole.item(),
        "without": without,
        "gradient": slope(1.0).tolist(),
        "integrated": integrated.tolist(),
        "occlusion": occlusion,
    }


torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
for number, line in enumerate(sys.stdin):
    try:
        result = run(number, Path(line.rstrip("\n")))
    except Exception as error:  # told with the case that it belongs to
        result = {"error": repr(error)}
    print(json.dumps(result), flush=True)
