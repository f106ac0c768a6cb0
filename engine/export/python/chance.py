"""The app's own random numbers: the same seed gives the same splits and the same order of batches."""

from __future__ import annotations

MASK = 0xFFFFFFFF


class Random:
    """xoshiro128**, its state made by splitmix32. stream: separates uses of one seed."""

    def __init__(self, seed: int, stream: str = ""):
        word = seed & MASK
        for letter in stream:
            word = ((word ^ ord(letter)) * 0x01000193) & MASK
        self.state = []
        for _ in range(4):
            word = (word + 0x9E3779B9) & MASK
            mixed = ((word ^ word >> 16) * 0x21F0AAAD) & MASK
            mixed = ((mixed ^ mixed >> 15) * 0x735A2D97) & MASK
            self.state.append(mixed ^ mixed >> 15)

    def next(self) -> int:
        """A whole number from 0 up to 2**32, which it never is."""
        a, b, c, d = self.state
        result = (rotated(b * 5 & MASK, 7) * 9) & MASK
        c, d = c ^ a, d ^ b
        self.state = [a ^ d, b ^ c, c ^ (b << 9 & MASK), rotated(d, 11)]
        return result

    def uniform(self) -> float:
        """From 0 up to 1."""
        return (self.next() >> 8) / 0x1000000

    def below(self, limit: int) -> int:
        return int(self.next() / 0x100000000 * limit)

    def shuffle(self, items: list) -> list:
        """Fisher-Yates, in place."""
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items


def rotated(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & MASK
