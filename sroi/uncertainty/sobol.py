"""Scrambled Sobol points, any part by itself.

The points are scipy's. Point i is the exclusive or of one direction for each bit of i's Gray code, so a block of points
is the first block, moved by one such sum: any block costs the same, wherever it stands and whoever asked before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sroi.formula import Array

# Points have so many binary digits; half a step moves them inside 0 to 1.
BITS = 30
# Points of a block, and numbers of a block over all dimensions, as powers of 2.
LARGEST_BLOCK, LARGEST_TABLE = 14, 22


class SobolPoints:
    """The first points of a scrambled Sobol sequence.

    Parameters
    ----------
    dimensions : int
    draws : int
        How many points may be asked for.
    seed : int
    wanted : sequence of int, optional
        The dimensions to yield; all when not given.
    """

    def __init__(self, dimensions: int, draws: int, seed: int, wanted: Sequence[int] | None = None) -> None:
        from scipy.stats import qmc

        engine = qmc.Sobol(dimensions, scramble=True, bits=BITS, rng=np.random.default_rng(seed))
        self._power = max(1, min(LARGEST_BLOCK, LARGEST_TABLE - dimensions.bit_length()))
        chosen = slice(None) if wanted is None else list(wanted)
        block = _whole(engine.random(2**self._power)[:, chosen])
        self._first = block[:, :1]
        self._block = block ^ self._first
        # A point whose number is a power of 2 holds two directions: the bit's own, and the one before.
        self._directions = [self._block[:, 1:2]]
        for bit in range(1, (draws - 1).bit_length()):
            if bit < self._power:
                point = self._block[:, 2**bit : 2**bit + 1]
            else:
                engine.fast_forward(2**bit - engine.num_generated)
                point = _whole(engine.random(1)[:, chosen]) ^ self._first
            self._directions.append(point ^ self._directions[-1])

    def rows(self, start: int, stop: int) -> Iterator[Array]:
        """Yield the points from start to stop by dimension, shape (stop - start,), strictly between 0 and 1."""
        size = 2**self._power
        begins = range(start - start % size, stop, size)
        shifts = [self._moved(begin) for begin in begins]
        for row, block in enumerate(self._block):
            found = np.empty(stop - start)
            for begin, shift in zip(begins, shifts, strict=True):
                left, right = max(start, begin), min(stop, begin + size)
                moved = block[left - begin : right - begin] ^ shift[row]
                np.multiply(moved, 0.5**BITS, out=found[left - start : right - start])
            found += 0.5 ** (BITS + 1)
            yield found

    def _moved(self, begin: int) -> Any:
        """Return by how much the block that begins here differs from the first, with the scramble's own shift."""
        gray, total = begin ^ begin >> 1, self._first
        for bit, direction in enumerate(self._directions):
            if gray >> bit & 1:
                total = total ^ direction
        return total


def _whole(points: Array) -> Any:
    return np.ascontiguousarray((points.T * 2.0**BITS).astype(np.uint32))
