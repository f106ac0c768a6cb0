"""Reads and writes safetensors with no other package than torch."""

from __future__ import annotations

import json
import os
import struct
from array import array
from pathlib import Path

import torch
from torch import Tensor

DTYPES = {"F32": torch.float32, "I32": torch.int32}


def load_safetensors(path: str | Path) -> dict[str, Tensor]:
    """Tensors by name, ready for load_state_dict.

    The format: 8 bytes with the header's length, the header as JSON, then the numbers, little-endian.
    """
    data = bytearray(Path(path).read_bytes())
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        numbers = torch.frombuffer(data, dtype=DTYPES[entry["dtype"]], count=(end - begin) // 4, offset=8 + length + begin)
        tensors[name] = numbers.reshape(entry["shape"]).clone()
    return tensors


def save_safetensors(tensors: dict[str, Tensor], path: str | Path, metadata: dict[str, str] | None = None) -> None:
    """Writes float32 tensors, e.g. a state dict. A file under the name is whole at any time."""
    header: dict = {} if metadata is None else {"__metadata__": metadata}
    parts, offset = [], 0
    for name, tensor in tensors.items():
        part = array("f", tensor.detach().cpu().flatten().tolist()).tobytes()
        span = [offset, offset + len(part)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": span}
        parts.append(part)
        offset += len(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    Path(f"{path}.part").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
    os.replace(f"{path}.part", path)
