"""Stock PyTorch models for state-dict.test.ts: writes each one's state dict, inputs and outputs into a folder.

    python state_dict_models.py FOLDER

Prints one line of JSON a model: {name, inputs, lengths, outputs, answers}. Rows are run one by one, so nothing is padded.
"""
import json
import struct
import sys
from pathlib import Path

import torch
from torch import nn


def save(path, state):
    """safetensors, tensors in alphabetical order as the format's own library writes them."""
    header, parts, offset = {}, [], 0
    for name, tensor in sorted(state.items()):
        part = struct.pack(f"<{tensor.numel()}f", *tensor.flatten().tolist())
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(part)]}
        parts.append(part)
        offset += len(part)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


class Model(nn.Module):
    """The lectures' tagger or classifier: embedding -> recurrent layers -> (norm, dense) -> head."""

    def __init__(self, embedding, recurrent, between, head, every_step):
        super().__init__()
        if embedding is not None:
            self.embedding = embedding
        self.rnn = recurrent
        for name, module in between.items():
            setattr(self, name, module)
        self.fc = head
        self.between = list(between)
        self.every_step = every_step

    def forward(self, x):
        x = self.embedding(x) if hasattr(self, "embedding") else x
        outputs, state = self.rnn(x)
        h = state[0] if isinstance(state, tuple) else state
        directions = 2 if self.rnn.bidirectional else 1
        x = outputs if self.every_step else torch.cat(list(h[-directions:]), dim=-1)
        for name in self.between:
            x = getattr(self, name)(x)
            x = torch.relu(x) if name.startswith("hidden") else x
        return self.fc(x)


class LanguageModel(nn.Module):
    """As in pytorch/examples/word_language_model: the names say nothing, and the decoder may share the encoder's weight."""

    def __init__(self, tied):
        super().__init__()
        self.encoder = nn.Embedding(20, 6)
        self.rnn = nn.LSTM(6, 6, num_layers=2)
        self.decoder = nn.Linear(6, 20)
        if tied:
            self.decoder.weight = self.encoder.weight

    def forward(self, x):
        return self.decoder(self.rnn(self.encoder(x))[0])


class First(nn.Module):
    """The output of a recurrent layer without its state, so that nn.Sequential can hold one."""

    def forward(self, x):
        return x[0][-1]


def cases():
    embedding = nn.Embedding(20, 6)
    yield "lstm tagger", Model(embedding, nn.LSTM(6, 5), {}, nn.Linear(5, 4), True), {"output": "every-step"}
    deep = nn.LSTM(6, 5, num_layers=3, bidirectional=True, proj_size=2)
    yield "deep bidirectional projected lstm", Model(embedding, deep, {}, nn.Linear(4, 3), False), {}
    yield "gru", Model(embedding, nn.GRU(6, 5, num_layers=2, bidirectional=True), {}, nn.Linear(10, 3), False), {}
    plain = nn.RNN(6, 5, nonlinearity="relu", bias=False)
    yield "rnn relu", Model(embedding, plain, {}, nn.Linear(5, 3, bias=False), False), {"nonlinearity:rnn": "relu"}
    between = {"norm": nn.LayerNorm(5), "hidden1": nn.Linear(5, 7)}
    yield "norm and dense", Model(embedding, nn.GRU(6, 5), between, nn.Linear(7, 3), False), {}
    yield "yes or no", Model(embedding, nn.LSTM(6, 5), {}, nn.Linear(5, 1), False), {}
    yield "series", Model(None, nn.LSTM(3, 5), {}, nn.Linear(5, 2), False), {}
    yield "language model, tied", LanguageModel(True), {}
    yield "language model, tied, left out", LanguageModel(True), {}
    sequential = nn.Sequential(nn.Embedding(20, 5), nn.GRU(5, 5), First(), nn.Linear(5, 5), nn.Tanh(), nn.Linear(5, 5))
    yield "sequential", sequential, {"activation:3": "tanh"}
    yield "number from text", Model(embedding, nn.RNN(6, 5), {}, nn.Linear(5, 1), False), {"head": "numbers"}


def main(folder):
    torch.manual_seed(3)
    for name, model, answers in cases():
        for parameter in model.parameters():
            nn.init.uniform_(parameter, -0.5, 0.5)
        model.eval()
        path = folder / f"{name.replace(' ', '-')}.safetensors"
        state = model.state_dict()
        if name.endswith("left out"):
            del state["decoder.weight"]
        save(path, state)
        tokens = not isinstance(model, Model) or hasattr(model, "embedding")
        rows = [torch.randint(0, 20, (n,)) if tokens else torch.randn(n, 3) for n in (6, 1, 4)]
        with torch.no_grad():
            # One column of a batch: [T, 1] -> [T, 1, C] or [1, C]
            outputs = [model(row.unsqueeze(1)).flatten().tolist() for row in rows]
        print(json.dumps({"name": name, "path": str(path), "rows": [r.tolist() for r in rows], "outputs": outputs, "answers": answers}))


main(Path(sys.argv[1]))
