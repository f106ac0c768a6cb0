"""Runs exported modules in one Python process, for parity.test.ts.

Each folder given on standard input holds an export and case.json {rows, lengths, coefficients, target}. The module's outputs and the
gradients of sum(outputs * coefficients) over real steps come back as JSON, one line a folder, by the names of the state dict.
"""

import torch
from exported_module import answer_folders


def answer(model, case):
    model.eval()
    target = case["target"]
    targets = () if target is None else (torch.tensor(target["rows"]), torch.tensor(target["lengths"]))
    output = model(torch.tensor(case["rows"]), torch.tensor(case["lengths"]), *targets)
    (output * torch.tensor(case["coefficients"])).sum().backward()
    gradients = {name: None if p.grad is None else p.grad.flatten().tolist() for name, p in model.named_parameters()}
    return {"outputs": output.detach().flatten().tolist(), "gradients": gradients}


answer_folders(answer)
