"""Gradients back through time: at every state and input, term by term of what the cells learn, and of every answer by every step."""

from __future__ import annotations

import torch
from torch import Tensor

from recurrences import Recurrence


def gradients(objective: Tensor, recurrences: list[Recurrence]) -> list[dict | None]:
    """Of each recurrence: states {part: [T, units]}, x [T, I] or None, terms. None where the objective does not depend on it."""
    return [gradient(objective, one) if one.values else None for one in recurrences]


def gradient(objective: Tensor, one: Recurrence) -> dict | None:
    after = [state[name] for state in one.after for name in one.parts]
    *found, x = torch.autograd.grad(objective, [*after, one.x], retain_graph=True, allow_unused=True)
    if all(d is None for d in found):
        return None
    found = [torch.zeros_like(of) if d is None else d for of, d in zip(after, found)]
    parts = len(one.parts)
    states = {name: torch.stack(one.in_time(found[at::parts])) for at, name in enumerate(one.parts)}
    inputs = None if x is None else torch.stack(one.in_time(list(x)))
    return {"states": states, "x": inputs, "terms": terms(objective, one)}


def terms(objective: Tensor, one: Recurrence) -> dict:
    """The gradient G of each parameter is a sum over steps, G = Σ G_t: ‖G_t‖, ⟨G_t, G⟩ / ‖G‖² and ‖G‖.

    No G_t is kept: a first pass back gives G and the norms, a second one the products.
    """
    names = list(one.parameters)
    blocks = [one.parameters[name] for name in names]
    if not blocks:
        return {}
    norms = {name: [0.0] * len(one.copies) for name in names}
    along = {name: [0.0] * len(one.copies) for name in names}
    whole: dict[str, Tensor] = {}

    def arrived(t: int, name: str, d: Tensor) -> None:
        if name in whole:
            along[name][t] = (d * whole[name]).sum().item()
        else:
            norms[name][t] = d.norm().item()

    hooks = [
        copy.register_hook(lambda d, t=t, name=name: arrived(t, name, d))
        for t, copies in enumerate(one.copies)
        for name, copy in copies.items()
    ]
    first = torch.autograd.grad(objective, blocks, retain_graph=True, allow_unused=True)
    whole.update({name: d for name, d in zip(names, first) if d is not None})
    if whole:
        torch.autograd.grad(objective, [one.parameters[name] for name in whole], retain_graph=True)
    for hook in hooks:
        hook.remove()
    found = {}
    for name, d in whole.items():
        square = sum(along[name])
        share = [value / square if square > 0 else 0.0 for value in along[name]]
        found[name] = {"norm": one.in_time(norms[name]), "share": one.in_time(share), "total": d.norm().item()}
    return found


def connectivity(answers: list[Tensor], inputs: list[Tensor], steps: int) -> Tensor:
    """Norm of the gradient of each answer with respect to what the network first makes of each step of its input [K, T]."""
    rows = []
    for answer in answers:
        found = torch.autograd.grad(answer, inputs, retain_graph=True, allow_unused=True)
        squares = [d.reshape(steps, -1).square().sum(1) for d in found if d is not None]
        rows.append(torch.stack(squares).sum(0).sqrt() if squares else torch.zeros(steps))
    return torch.stack(rows)


def row_norms(rows: Tensor | None) -> list[float]:
    return [] if rows is None else rows.norm(dim=1).tolist()


def spectrum(matrix: Tensor) -> dict | None:
    """Eigenvalues of a square matrix, largest first, of a pair the one above the real axis first; None where there are none."""
    if matrix.dim() != 2 or matrix.size(0) != matrix.size(1) or not matrix.isfinite().all():
        return None
    values = [(value.real, value.imag) for value in torch.linalg.eigvals(matrix.detach()).tolist()]
    values.sort(key=lambda value: (-round(abs(complex(*value)), 12), -value[0], -value[1]))
    return {
        "eigenvalues": [list(value) for value in values],
        "radius": abs(complex(*values[0])),
        "singular": torch.linalg.matrix_norm(matrix.detach(), 2).item(),
    }
