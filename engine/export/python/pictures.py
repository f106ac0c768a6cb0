"""Turns a picture into numbers, as the app does.

PNG or JPEG -> upright pixels on white -> size of training, by the mean of what each new pixel covers -> 0 ... 1.
Pillow decodes the file, torch does the rest. The settings are "media" in vocabulary.json.
"""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import torch
from torch import Tensor

MOST_PIXELS = 50_000_000
ROWS_AT_ONCE = 256
ORIENTATION = 0x0112  # tag of EXIF
LUMA = [0.299, 0.587, 0.114]  # of red, green and blue in grey


def read_picture(path: Path, rule: dict) -> Tensor:
    """Numbers of one picture, row by row, in each row pixel by pixel: [height * width * channels]."""
    data = path.read_bytes()
    try:
        pixels, largest = decode(data)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None
    colours = shrink(pixels, largest, rule["height"], rule["width"])
    if rule["channels"] == 1:
        colours = colours @ torch.tensor(LUMA, dtype=torch.double)
    return colours.flatten()


def decode(data: bytes) -> tuple[Tensor, int]:
    """Red, green, blue and opacity of each pixel [H, W, 4], and the value that is full."""
    try:
        from PIL import Image
    except ImportError:
        raise ValueError("pictures are read with Pillow: pip install pillow") from None
    no_picture = "this is no picture that can be read"
    if not data.startswith((b"\x89PNG", b"\xff\xd8")):
        raise ValueError(f"{no_picture}: it starts neither as a PNG nor as a JPEG does")
    Image.MAX_IMAGE_PIXELS = None  # the limit below is stricter
    try:
        image = Image.open(BytesIO(data), formats=["PNG", "JPEG"])
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise ValueError(f"{width} x {height} pixels are too many")
        deep = image.mode.startswith("I")  # grey of 16 bits
        values = bytearray(image.convert("I" if deep else "RGBA").tobytes())
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        raise ValueError(f"{no_picture}: {error}") from None
    if deep:
        grey = torch.frombuffer(values, dtype=torch.int32).reshape(height, width)
        pixels, largest = torch.stack([grey, grey, grey, torch.full_like(grey, 65535)], dim=-1), 65535
    else:
        pixels, largest = torch.frombuffer(values, dtype=torch.uint8).reshape(height, width, 4), 255
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
    except (SyntaxError, ValueError, struct.error):
        pass  # damaged: the pixels are taken as they lie
    return upright(pixels, exif.get(ORIENTATION, 1)), largest


def upright(pixels: Tensor, orientation: int) -> Tensor:
    """Pixels [H, W, ...] as they are to be seen, by the number of EXIF that says how they lie."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.transpose(0, 1)
    turned = {2: [1], 3: [0, 1], 4: [0], 6: [1], 7: [0, 1], 8: [0]}.get(orientation, [])
    return pixels.flip(turned) if turned else pixels


def shrink(pixels: Tensor, largest: int, height: int, width: int) -> Tensor:
    """Mean colour, 0 ... 1, of the area that each new pixel covers: [H, W, 4] -> [height, width, 3]."""
    rows = []
    for part in pixels.split(ROWS_AT_ONCE):
        colour, opacity = (part.double() / largest).split([3, 1], dim=-1)
        on_white = colour * opacity + 1 - opacity
        rows.append(means(on_white.transpose(0, 1), width).transpose(0, 1))
    return means(torch.cat(rows), height)


def means(values: Tensor, count: int) -> Tensor:
    """Mean of each of so many equal parts along the first dimension: [N, ...] -> [count, ...]."""
    size = values.size(0) / count
    edges = torch.arange(count + 1, dtype=torch.double) * size
    last = edges.long().clamp(max=values.size(0) - 1)
    share = (edges - last).reshape(-1, *[1] * (values.dim() - 1))  # of the value in which an edge lies
    up_to = values.cumsum(0)[last] - (1 - share) * values[last]
    return up_to.diff(dim=0) / size
