"""A quantile function as a table: any uniform becomes a draw for two look-ups, whatever the shape.

The cells follow the floating-point numbers themselves. A probability is counted from its nearer end, and its exponent
with the first 8 bits of its fraction is the number of its cell: 256 cells for each halving of the distance to the end,
so that cells are as fine in the tails as the quantile function needs, and the look-up is a shift of bits. Nearer to an
end than 2**-19 the exact function is used. Each draw rests on its own uniform alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from sroi.formula import Array

FRACTION_BITS = 8
HALVINGS = 19
# How a double is built: bits of its fraction, and the exponent that stands for 1.
DOUBLE_FRACTION, DOUBLE_EXPONENT = 52, 1023
_SHIFT = DOUBLE_FRACTION - FRACTION_BITS
_FIRST_CELL = (DOUBLE_EXPONENT - HALVINGS) << FRACTION_BITS
# One cell more on each side, for a half itself.
_CELLS = ((HALVINGS - 1) << FRACTION_BITS) + 1
NEAREST = 2.0**-HALVINGS
# Exact values that the smooth curve through them joins, by normal deviate: this many for each standard deviation.
KNOTS_PER_DEVIATION = 16

Quantile = Callable[[Array], Array]


@cache
def _probabilities() -> tuple[Array, Array, Array]:
    """Return where cells begin, counted from an end, with its normal deviates; and the deviates of the exact values."""
    from scipy import special

    bits = np.arange(_FIRST_CELL, _FIRST_CELL + _CELLS, dtype=np.int64) << _SHIFT
    starts = bits.view(np.float64)
    deviates = special.ndtri(starts)
    reach = np.ceil(-deviates[0] * KNOTS_PER_DEVIATION)
    return starts, deviates, np.arange(-reach, reach + 1) / KNOTS_PER_DEVIATION


class QuantileTable:
    """A quantile function, tabulated.

    Parameters
    ----------
    exact : callable
        The quantile function: non-decreasing.
    low, high : float
        The possible range, which rounding may not leave; may be infinite.
    smooth : bool
        Whether the function is smooth in the normal deviate, so that some 150 exact values carry a cubic spline
        through all knots; else every knot is an exact value.
    """

    def __init__(self, exact: Quantile, low: float, high: float, *, smooth: bool) -> None:
        self._exact, self._low, self._high = exact, low, high
        starts, deviates, knots = _probabilities()
        if smooth:
            from scipy import interpolate, special

            curve = interpolate.CubicSpline(knots, exact(special.ndtr(knots)))
            lower, upper = curve(deviates), curve(-deviates)
        else:
            lower, upper = exact(starts), exact(1 - starts)
        # Where the function is flat a spline may fall by a rounding or rise above it: quantiles never do.
        lower = np.maximum.accumulate(np.clip(lower, low, high))
        upper = np.maximum.accumulate(np.clip(upper, lower[-1], high)[::-1])[::-1]
        # A line for each cell: its height at the end of the range, and its slope.
        lines = [self._lines(starts, heights) for heights in (lower, upper)]
        self._slopes, self._heights = np.concatenate(lines, axis=1)

    def _lines(self, starts: Array, heights: Array) -> Array:
        """Return slope and height of the line in each cell, shape (2, cells)."""
        slopes = np.append(np.diff(heights) / np.diff(starts), 0)
        at_end = heights - slopes * starts
        # A line may leave the range by a rounding. It is as high as its ends, so that these say whether it does.
        ends = slopes * np.array([starts, np.append(starts[1:], starts[-1])]) + at_end
        outside = (ends.min(axis=0) < self._low) | (ends.max(axis=0) > self._high)
        return np.array([np.where(outside, 0, slopes), np.where(outside, heights, at_end)])

    def __call__(self, uniforms: Array) -> Array:
        """Return the quantiles of uniforms from 0 to below 1, in their shape."""
        from_end = np.subtract(1, uniforms)
        np.minimum(uniforms, from_end, out=from_end)
        cells = from_end.view(np.int64) >> _SHIFT
        cells -= _FIRST_CELL
        side = np.greater(uniforms, 0.5).astype(np.int64)
        side *= _CELLS
        cells += side
        outermost = bool(from_end.size) and from_end.min() < NEAREST
        far = np.flatnonzero(from_end < NEAREST) if outermost else None
        # Out of range only in the outermost ends, which follow below.
        from_end *= self._slopes.take(cells, mode="clip")
        from_end += self._heights.take(cells, mode="clip")
        if far is not None:
            from_end.flat[far] = self._exact(uniforms.flat[far])
        return from_end
