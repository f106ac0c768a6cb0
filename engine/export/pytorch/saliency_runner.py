"""Saliency of exported networks by autograd, in double precision, for saliency.test.ts: one folder a line, one answer a line.

Each folder has case.json {rows, readers, target, step, id, points}: what each reader makes of step t is multiplied by scale[t], so that the
gradient with respect to the scale is x_t . d/dx_t.
"""

import numpy
import torch
from exported_module import answer_folders


def answer(model, case):
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


torch.set_default_dtype(torch.float64)
answer_folders(answer)
