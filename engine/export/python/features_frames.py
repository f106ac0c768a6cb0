"""Turns the pictures of a video into the numbers that the network reads, as the app does."""

from __future__ import annotations

import re
from pathlib import Path

import torch
from torch import Tensor

from pictures import read_picture

EXAMPLE = "folder-of-pictures"  # a path as one could give it
HELP = "a folder with PNG or JPEG files, in the order of their names; or paths between semicolons"

PICTURE = re.compile(r"\.(png|jpe?g)$", re.IGNORECASE)
MARKS = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"  # in the order of a sorted folder, before digits and letters


def read_steps(path: str, rule: dict, folder: str | Path = "") -> Tensor:
    """Numbers of each picture, not yet normalized: [T, height * width * channels], double precision.

    A path of a folder with pictures, of one picture, or several paths between semicolons; relative to the folder.
    OSError or ValueError when a file cannot be used.
    """
    return torch.stack([read_picture(picture, rule) for picture in picture_paths(path, Path(folder))])


def picture_paths(path: str, folder: Path) -> list[Path]:
    if ";" in path:
        return [folder / part.strip() for part in path.split(";")]
    file = folder / path.strip()
    if PICTURE.search(file.name):
        return [file]
    pictures = [entry for entry in file.iterdir() if PICTURE.search(entry.name)]
    if not pictures:
        raise ValueError(f"{file}: it holds no PNG or JPEG files")
    return sorted(pictures, key=lambda entry: sorting_key(entry.name))


def sorting_key(name: str) -> tuple:
    """Numbers by their value: 2.png comes before 10.png. Case decides only between names that are otherwise equal."""
    parts = re.findall(r"\d+|\D", name)
    ranks = [(1, int(part)) if part.isdigit() else letter_rank(part) for part in parts]
    return ranks, name.swapcase()


def letter_rank(letter: str) -> tuple[int, int]:
    return (0, MARKS.index(letter)) if letter in MARKS else (2, ord(letter.lower()[0]))
