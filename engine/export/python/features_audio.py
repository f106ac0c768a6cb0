"""Turns a recording into the numbers that the network reads, as the app does, with torch alone.

WAV -> one channel -> sample rate of training -> frames -> power spectrum -> mel bands -> logarithm (-> MFCC).
The settings are "media" in vocabulary.json.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path

import torch
from torch import Tensor

EXAMPLE = "recording.wav"  # a path as one could give it
HELP = "a WAV file"

LONGEST_SECONDS = 600
SILENCE = 1e-5  # a recording whose samples are all below this is silent
LEAST_SHARE = 1 / 100  # of the samples a second that the network hears; the rest would be made up
LEAST_HEARD = 0.01  # seconds that may be missing at the end
UNKNOWN_SIZE = 0x7FFF0000  # from here on a size is what is written where it is not known, as to a pipe
FLOOR = 1e-10  # below this a band is silent
CROSSINGS = 16  # zero crossings of the resampling filter on either side
FRAMES_AT_ONCE = 256
INTEGER, FLOAT, A_LAW, MU_LAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE  # formats of samples
WIDTHS = {INTEGER: (8, 16, 24, 32), FLOAT: (32, 64), A_LAW: (8,), MU_LAW: (8,)}  # bits that are read


def read_steps(path: str, rule: dict, folder: str | Path = "") -> Tensor:
    """Features of a WAV file, not yet normalized: [T, F], double precision.

    The path is relative to the folder. OSError or ValueError when the file cannot be used.
    """
    file = Path(folder, path.strip())
    data = file.read_bytes()
    try:
        samples, rate = read_wav(data)
        if len(samples) / rate > LONGEST_SECONDS:
            seconds = len(samples) / rate
            raise ValueError(f"the recording lasts {seconds:.0f} s, at most {LONGEST_SECONDS} s are read")
        if rate < rule["sample_rate"] * LEAST_SHARE:
            least = math.ceil(rule["sample_rate"] * LEAST_SHARE)
            raise ValueError(
                f"the recording has {rate} samples a second, the network hears {rule['sample_rate']}: at least {least} are needed"
            )
        if not (samples.abs() > SILENCE).any():
            whole = "silent from beginning to end" if len(samples) else "empty"
            raise ValueError(f"the recording is {whole}")
        return features(resample(samples, rate, rule["sample_rate"]), rule)
    except ValueError as error:
        raise ValueError(f"{file.name}: {error}") from None


def not_wav(found: str) -> ValueError:
    return ValueError(f"this is no WAV file that can be read: {found}")


def read_wav(data: bytes) -> tuple[Tensor, int]:
    """Samples [N] between -1 and 1, channels averaged, and how many there are in a second.

    A last sample that is not whole is left out; ValueError where more is missing than nobody hears.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise not_wav("it does not start as a WAV file does")
    form = None
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        chunk = data[at + 8 : at + 8 + size]
        if name == b"fmt " and len(chunk) >= 16:
            form = read_format(chunk)
        if name == b"data":
            if form is None:
                raise not_wav("its samples come before their format")
            code, channels, rate, bits = form
            said, found = (length / (bits / 8 * channels * rate) for length in (size, len(chunk)))
            if size < UNKNOWN_SIZE and said - found > LEAST_HEARD:
                raise ValueError(f"the recording is cut off: its header says {said:.2f} s, {found:.2f} s are there")
            samples = read_samples(chunk, code, channels, bits)
            wrong = (~samples.isfinite()).nonzero()
            if len(wrong):
                first = wrong[0].item() / rate
                raise not_wav(f"it holds samples that are not numbers, the first at {first:.3f} s")
            return samples, rate
        at += 8 + size + size % 2
    raise not_wav("it holds no samples")


def read_format(chunk: bytes) -> tuple[int, int, int, int]:
    """Kind of samples, channels, sample rate, bits of a sample."""
    code, channels, rate, _, frame, bits = struct.unpack_from("<HHIIHH", chunk)
    if code == EXTENSIBLE and len(chunk) >= 26:
        (code,) = struct.unpack_from("<H", chunk, 24)
    if code == INTEGER and bits == 24 and frame == 4 * channels:
        bits = 32  # some recorders write each 24 bits as the high ones of 32
    if channels == 0 or rate == 0:
        raise not_wav(f"it says {channels} channels at {rate} samples a second")
    if bits not in WIDTHS.get(code, ()):
        raise not_wav(f"its samples are of a kind that is not read (format {code}, {bits} bits)")
    return code, channels, rate, bits


def read_samples(chunk: bytes, code: int, channels: int, bits: int) -> Tensor:
    """Samples of all channels, one after another -> their mean [N]."""
    count = len(chunk) // (bits // 8 * channels)
    if count == 0:
        return torch.zeros(0)
    data = bytearray(chunk[: count * channels * bits // 8])
    if code == FLOAT:
        values = torch.frombuffer(data, dtype=torch.float32 if bits == 32 else torch.float64).double()
    elif code in (A_LAW, MU_LAW):
        values = logarithmic(torch.frombuffer(data, dtype=torch.uint8).int(), code).double() / 2**15
    elif bits == 8:
        values = (torch.frombuffer(data, dtype=torch.uint8).double() - 128) / 128
    elif bits == 16:
        values = torch.frombuffer(data, dtype=torch.int16).double() / 2**15
    elif bits == 24:
        low, middle, high = torch.frombuffer(data, dtype=torch.uint8).reshape(-1, 3).double().unbind(1)
        high = torch.where(high < 128, high, high - 256)  # the sign
        values = (low + 256 * middle + 65536 * high) / 2**23
    else:
        values = torch.frombuffer(data, dtype=torch.int32).double() / 2**31
    return (values.reshape(count, channels).sum(dim=1) / channels).float()


def logarithmic(values: Tensor, code: int) -> Tensor:
    """Eight bits of a telephone each, sign, exponent and mantissa -> 16 bits. Source: ITU-T G.711."""
    values = values ^ (0x55 if code == A_LAW else 0xFF)
    exponent, mantissa = (values >> 4) & 7, values & 15
    if code == A_LAW:
        size = torch.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << (exponent - 1).clamp(min=0))
        return torch.where(values & 0x80 == 0, -size, size)
    size = (((mantissa << 3) + 0x84) << exponent) - 0x84
    return torch.where(values & 0x80 == 0, size, -size)


def resample(samples: Tensor, rate: int, wanted: int) -> Tensor:
    """The same sound [N] at another sample rate [M], by a sinc under a Hann window.

    Source: J. O. Smith, "Digital Audio Resampling".
    """
    if rate == wanted:
        return samples
    ratio = wanted / rate
    cutoff = min(1.0, ratio)
    reach = CROSSINGS / cutoff
    centre = torch.arange(max(1, nearest(len(samples) * ratio)), dtype=torch.double) / ratio
    first = torch.ceil(centre - reach)
    total = torch.zeros_like(centre)
    for step in range(math.floor(2 * reach) + 2):
        place = first + step
        inside = (place <= centre + reach) & (place >= 0) & (place < len(samples))
        distance = centre - place
        weight = cutoff * torch.sinc(distance * cutoff) * (0.5 + 0.5 * torch.cos(math.pi * distance / reach))
        total += inside * weight * samples[place.clamp(0, len(samples) - 1).long()]
    return total.float()


def features(samples: Tensor, rule: dict) -> Tensor:
    """Logarithm of the power in mel bands, or cepstral coefficients of it, frame by frame: [N] -> [T, F]."""
    rate = rule["sample_rate"]
    size = max(2, nearest(rule["frame_ms"] / 1000 * rate))
    hop = max(1, nearest(rule["hop_ms"] / 1000 * rate))
    window = torch.hann_window(size, periodic=True, dtype=torch.double)
    bands = mel_bands(rule["bands"], size, rate)
    samples = torch.nn.functional.pad(samples.double(), (0, max(0, size - len(samples))))
    steps = []
    for frames in samples.unfold(0, size, hop).split(FRAMES_AT_ONCE):
        power = torch.fft.rfft(frames * window).abs() ** 2  # [frames, size // 2 + 1]
        steps.append((power @ bands).clamp(min=FLOOR).log())
    mel = torch.cat(steps)
    if rule["features"] == "mfcc":
        return mel @ cosines(rule["bands"], min(rule["coefficients"], rule["bands"]))
    return mel


def mel_bands(bands: int, size: int, rate: int) -> Tensor:
    """Weights [size // 2 + 1, bands]: triangles, equally wide on the scale 2595 log10(1 + f / 700)."""
    top = 2595 * math.log10(1 + rate / 2 / 700)
    edges = 700 * (torch.pow(10.0, top * torch.arange(bands + 2, dtype=torch.double) / (bands + 1) / 2595) - 1)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    hertz = torch.arange(size // 2 + 1, dtype=torch.double).unsqueeze(1) * rate / size
    return torch.minimum((hertz - low) / (middle - low), (high - hertz) / (high - middle)).clamp(min=0)


def cosines(bands: int, count: int) -> Tensor:
    """The orthonormal cosine transform (DCT-II) of so many bands, its first coefficients: [bands, count]."""
    place = torch.arange(bands, dtype=torch.double).unsqueeze(1) + 0.5
    basis = torch.cos(math.pi / bands * place * torch.arange(count, dtype=torch.double)) * math.sqrt(2 / bands)
    basis[:, 0] /= math.sqrt(2)
    return basis


def nearest(value: float) -> int:
    """The nearest whole number; halves go up."""
    return math.floor(value + 0.5)
