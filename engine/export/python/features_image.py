"""Turns a picture into the numbers that the network reads, as the app does."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor

from pictures import read_picture

EXAMPLE = "picture.png"  # a path as one could give it
HELP = "a PNG or JPEG file"


def read_steps(path: str, rule: dict, folder: str | Path = "") -> Tensor:
    """Numbers of a picture, not yet normalized: [1, height * width * channels], double precision.

    The path is relative to the folder. OSError or ValueError when the file cannot be used.
    """
    return read_picture(Path(folder, path.strip()), rule).unsqueeze(0)
