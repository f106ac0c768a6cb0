"""PyTorch: nn.RNN, nn.GRU and nn.LSTM with packed sequences where lengths differ, fused Adam, eager mode; on demand under autocast to bfloat16."""

import os
import time

import torch
from own_cells import OwnCell
from protocol import serve, sgemm_gflops
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

torch.set_num_threads(int(os.environ["BENCH_THREADS"]))
AUTOCAST = os.environ.get("BENCH_AUTOCAST") == "bfloat16"
MODULES = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class Model(nn.Module):
    def __init__(self, task):
        super().__init__()
        self.pooling = task["head"]
        both = task["directions"] == 2
        self.embedding = nn.Embedding(task["vocabulary"], task["embedding"], padding_idx=0)
        self.rnn = MODULES[task["cell"]](task["embedding"], task["hidden"], task["layers"], bidirectional=both)
        self.head = nn.Linear(task["hidden"] * task["directions"], task["classes"])

    def forward(self, tokens, lengths):
        """tokens [T, B]; lengths [B] on the CPU, or None where no row is shorter."""
        x = self.embedding(tokens)
        if lengths is not None:
            x = pack_padded_sequence(x, lengths, enforce_sorted=False)
        sequence, state = self.rnn(x)
        if self.pooling == "last":
            h = state[0] if isinstance(state, tuple) else state
            return self.head(torch.cat([h[-2], h[-1]], 1) if self.rnn.bidirectional else h[-1])
        if lengths is not None:
            padding = float("-inf") if self.pooling == "max" else 0.0
            sequence, _ = pad_packed_sequence(sequence, padding_value=padding)
        return self.head(sequence.amax(0) if self.pooling == "max" else sequence)


def build(task, tensors):
    """The model with our weights, and its optimizer."""
    if task["own"] is not None:
        model = OwnCell(task["own"], {name: torch.from_numpy(array.copy()) for name, array in tensors.items()})
        return model, adam(model, task)
    model = Model(task)
    model.load_state_dict({name: torch.from_numpy(tensors[name].copy()) for name in model.state_dict()})
    return model, adam(model, task)


def adam(model, task):
    try:
        return torch.optim.Adam(model.parameters(), lr=task["learningRate"], fused=True)
    except RuntimeError:  # PyTorch 1 has it for CUDA only
        return torch.optim.Adam(model.parameters(), lr=task["learningRate"])


def train_step(model, optimizer, task, tokens, lengths, targets):
    optimizer.zero_grad(set_to_none=True)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=AUTOCAST):
        logits = model(tokens, lengths)
        if task["head"] == "every-step":
            logits, targets = logits.flatten(0, 1), targets.flatten()
        loss = cross_entropy(logits, targets, ignore_index=-100)
    loss.backward()
    if task["clipNorm"] is not None:
        nn.utils.clip_grad_norm_(model.parameters(), task["clipNorm"])
    optimizer.step()
    return loss.item()


def load(task, tensors):
    if task["kind"] == "epoch":
        return epoch(task, tensors)
    tokens, lengths, targets = (torch.from_numpy(tensors[name]).long() for name in ("tokens", "lengths", "targets"))
    if int(lengths.min()) == len(tokens):
        lengths = None
    model, optimizer = build(task, tensors)
    if task["kind"] == "train":
        return lambda: train_step(model, optimizer, task, tokens, lengths, targets)
    model.eval()

    def infer():
        with torch.inference_mode():
            return cross_entropy(model(tokens, lengths), targets).item()

    return infer


def epoch(task, tensors):
    """Every batch of an epoch through a DataLoader, from encoded examples in memory; a fresh model each time."""
    offsets = tensors["offsets"].tolist()
    per_step = task["head"] == "every-step"
    tokens, targets = (torch.from_numpy(tensors[name]).long() for name in ("tokens", "targets"))
    examples = [
        (tokens[start:end], targets[start:end] if per_step else targets[i])
        for i, (start, end) in enumerate(zip(offsets, offsets[1:]))
    ]
    ends = tensors["batchEnds"].tolist()
    order = tensors["order"].tolist()
    batches = [order[start:end] for start, end in zip([0, *ends], ends)]

    def collate(rows):
        inputs, outputs = zip(*rows)
        lengths = torch.tensor([len(row) for row in inputs])
        outputs = pad_sequence(outputs, padding_value=-100) if per_step else torch.stack(outputs)
        return pad_sequence(inputs), lengths, outputs

    def run():
        model, optimizer = build(task, tensors)
        start = time.perf_counter()
        loader = torch.utils.data.DataLoader(examples, batch_sampler=batches, collate_fn=collate)
        losses = [train_step(model, optimizer, task, *batch) for batch in loader]
        return (time.perf_counter() - start) * 1000, sum(losses) / len(losses)

    return run


def sgemm(size=1024):
    a, b, c = torch.rand(size, size), torch.rand(size, size), torch.empty(size, size)
    return sgemm_gflops(lambda: torch.mm(a, b, out=c), size)


serve(torch.__version__, load, sgemm)
