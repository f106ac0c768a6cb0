/** `weights.py`: reads safetensors with torch alone. */
export const weightsScript = `"""Reads model.safetensors with no other package than torch."""
from __future__ import annotations

import json
import struct
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
        numbers = torch.frombuffer(
            data, dtype=DTYPES[entry["dtype"]], count=(end - begin) // 4, offset=8 + length + begin
        )
        tensors[name] = numbers.reshape(entry["shape"]).clone()
    return tensors
`;
