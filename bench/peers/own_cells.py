"""Cells that PyTorch has no module for, written for speed: products of the input made at once for all steps, products of the state joined."""

import torch
from torch import Tensor, nn
from torch.nn.functional import layer_norm, linear


class MinimalGatedUnit(nn.Module):
    def __init__(self, weights: dict):
        super().__init__()
        for name, value in weights.items():
            self.register_parameter(name, nn.Parameter(value))

    def forward(self, x: Tensor) -> Tensor:
        """x [T, B, E] -> h [B, H] after the last step, as for the others."""
        of_x = linear(x, torch.cat([self.W_f, self.W_n]), torch.cat([self.b_f, self.b_n]))
        h = torch.zeros(x.size(1), self.U_f.size(0))
        for step in of_x.unbind(0):
            f_x, n_x = step.chunk(2, 1)
            f = torch.sigmoid(f_x + linear(h, self.U_f))
            n = torch.tanh(n_x + linear(f * h, self.U_n))
            h = torch.lerp(h, n, f)
        return h


class LayerNormLSTM(nn.Module):
    def __init__(self, weights: dict):
        super().__init__()
        for name, value in weights.items():
            self.register_parameter(name, nn.Parameter(value))

    def forward(self, x: Tensor) -> Tensor:
        of_x = linear(x, torch.cat([self.W_i, self.W_f, self.W_n, self.W_o]))
        of_h = torch.cat([self.U_i, self.U_f, self.U_n, self.U_o])
        bias = torch.cat([self.b_i, self.b_f, self.b_n, self.b_o])
        width = self.U_i.size(0)
        h = torch.zeros(x.size(1), width)
        c = torch.zeros(x.size(1), width)
        for step in of_x.unbind(0):
            gates = layer_norm((step + linear(h, of_h)).view(-1, 4, width), [width]).view(-1, 4 * width) + bias
            i, f, n, o = gates.chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(n)
            h = torch.sigmoid(o) * torch.tanh(layer_norm(c, [width]))
        return h


class SlowMemoryLSTM(nn.Module):
    def __init__(self, weights: dict):
        super().__init__()
        for name, value in weights.items():
            self.register_parameter(name, nn.Parameter(value))

    def forward(self, x: Tensor) -> Tensor:
        of_x = linear(x, torch.cat([self.W_i, self.W_f, self.W_n, self.W_o]), torch.cat([self.b_i, self.b_f, self.b_n, self.b_o]))
        of_h = torch.cat([self.U_i, self.U_f, self.U_n, self.U_o])
        width = self.U_i.size(0)
        h = torch.zeros(x.size(1), width)
        c = torch.zeros(x.size(1), width)
        s = torch.zeros(x.size(1), width)
        for step in of_x.unbind(0):
            i, f, n, o = (step + linear(h, of_h)).chunk(4, 1)
            o = torch.sigmoid(o + linear(s, self.V_o))
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(n)
            s = torch.lerp(s, c, 0.05)
            h = o * torch.tanh(c + s)
        return h


CELLS = {cell.__name__: cell for cell in (MinimalGatedUnit, LayerNormLSTM, SlowMemoryLSTM)}


class OwnCell(nn.Module):
    """Embedding, the cell over all steps, and a head on its last output."""

    def __init__(self, own, tensors):
        super().__init__()
        self.embedding = nn.Embedding.from_pretrained(tensors["embedding.weight"], freeze=False, padding_idx=0)
        weights = {name[len("rnn.") :].removesuffix("_l0"): value for name, value in tensors.items() if name.startswith("rnn.")}
        cell = CELLS[own["torchClass"]](weights)
        self.cell = {"eager": lambda: cell, "script": lambda: torch.jit.script(cell), "compile": lambda: torch.compile(cell)}[own["way"]]()
        self.head = nn.Linear(*reversed(tensors["head.weight"].shape))
        self.head.load_state_dict({name: tensors[f"head.{name}"] for name in ("weight", "bias")})

    def forward(self, tokens, lengths):
        if lengths is not None:
            raise ValueError("rows of one length only")
        return self.head(self.cell(self.embedding(tokens)))
