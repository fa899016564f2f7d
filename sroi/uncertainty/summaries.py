"""Sum up draws segment by segment: moments, quantiles and counts, in memory that does not grow with the draws.

A segment is a fixed number of draws, whatever the chunks and workers that filled it, so that summaries are the same
to the last bit. Quantiles of one segment are exact. Over several, draws are counted in 65,536 bins of one width between
the 1st and 99th percentile of the first segment and read off linearly within a bin: off by far less than the Monte
Carlo error. What lies outside is counted at the ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sroi.formula import Array

PROBABILITIES = {"p5": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}
BINS = 2**16
# The bins reach from this quantile to its mirror, beyond every quantile that is asked for.
OUTER = 0.01
SAMPLE = 2**14
# The density at a quantile is taken between this share of draws on either side.
AROUND = 0.02


@dataclass(frozen=True)
class Summary:
    """What the draws of one result come to.

    Attributes
    ----------
    mean, sd, p5, p25, median, p75, p95 : float
        Over the draws in which the result is defined; nan where there are none.
    errors : dict of str to float
        The Monte Carlo standard error of the mean and of each quantile, as for independent draws.
    defined, undefined : int
        How many draws have a number, and how many have none.
    """

    mean: float
    sd: float
    quantiles: dict[str, float]
    errors: dict[str, float]
    defined: int
    undefined: int


class Accumulator:
    """Collects the draws of one result."""

    def __init__(self) -> None:
        self._count = 0
        self._undefined = 0
        self._mean = 0.0
        self._squares = 0.0
        self._only: Array | None = None
        self._sorted = False
        self._low = self._width = 0.0
        self._bins = np.zeros(0, np.int64)

    def add(self, segment: Array) -> None:
        """Take a segment of draws, shape (draws,), nan where undefined; it is not kept beyond the next one."""
        missing = np.isnan(segment)
        some_missing = bool(missing.any())
        found = segment[~missing] if some_missing else segment
        self._undefined += segment.size - found.size
        if not found.size:
            return
        self._moments(found)
        if self._only is None and not self._bins.size:
            self._only = found.copy()
            return
        if self._only is not None:
            self._set_bins(self._only)
            self._count_in_bins(self._only)
            self._only = None
        self._count_in_bins(found)

    def _moments(self, found: Array) -> None:
        """Combine mean and squared deviations (Chan, Golub and LeVeque 1979)."""
        mean = float(found.mean())
        deviations = found - mean
        squares = float(np.square(deviations, out=deviations).sum())
        together = self._count + found.size
        apart = mean - self._mean
        self._squares += squares + apart * apart * self._count * found.size / together
        self._mean += apart * found.size / together
        self._count = together

    def _set_bins(self, found: Array) -> None:
        # The bins only have to hold the quantiles that are asked for: a part of the segment says where they are.
        low, high = np.quantile(found[:: max(1, found.size // SAMPLE)], [OUTER, 1 - OUTER])
        self._low, self._width = float(low), float(high - low) / BINS
        self._bins = np.zeros(BINS + 2, np.int64)

    def _count_in_bins(self, found: Array) -> None:
        if self._width == 0:
            places = np.where(found < self._low, 0, np.where(found > self._low, BINS + 1, 1))
        else:
            # Counted from 1, so that what lies below all bins is cut to 0.
            scaled = (found - (self._low - self._width)) * (1 / self._width)
            np.maximum(scaled, 0, out=scaled)
            np.minimum(scaled, BINS + 1, out=scaled)
            places = scaled.astype(np.intp)
        self._bins += np.bincount(places, minlength=BINS + 2)

    def quantile(self, probabilities: Array) -> Array:
        """Return quantiles, linear between neighbours."""
        if self._only is not None:
            if not self._sorted:
                # Once: quicker than a selection for each quantile, and not needed where more segments follow.
                self._only.sort()
                self._sorted = True
            exact: Array = np.interp(probabilities * (self._only.size - 1), np.arange(self._only.size), self._only)
            return exact
        # Bin k ends at low + k * width; what lies below all bins stands in the first place.
        reached = np.cumsum(self._bins)[:-1] / self._count
        ends = self._low + self._width * np.arange(BINS + 1)
        read_off: Array = np.interp(probabilities, reached, ends)
        return read_off

    def summary(self) -> Summary:
        """Return what was collected."""
        names = list(PROBABILITIES)
        if not self._count:
            nothing = dict.fromkeys(names, math.nan)
            return Summary(math.nan, math.nan, nothing, {"mean": math.nan, **nothing}, 0, self._undefined)
        at = np.array(list(PROBABILITIES.values()))
        quantiles = self.quantile(at)
        # One draw has no spread, and says nothing of its error.
        sd = math.sqrt(self._squares / (self._count - 1)) if self._count > 1 else math.nan
        # A quantile varies by the square root of p (1 - p) / n over the density there.
        spacing = self.quantile(np.minimum(at + AROUND, 1.0)) - self.quantile(np.maximum(at - AROUND, 0.0))
        errors = np.sqrt(at * (1 - at) / self._count) * spacing / (2 * AROUND)
        if self._count == 1:
            errors[:] = math.nan
        return Summary(
            self._mean,
            sd,
            dict(zip(names, quantiles.tolist(), strict=True)),
            {"mean": sd / math.sqrt(self._count), **dict(zip(names, errors.tolist(), strict=True))},
            self._count,
            self._undefined,
        )


def enough(summary: Summary, share: float) -> tuple[bool, int | None]:
    """Say whether the draws are enough, and how many would be: those without a number are asked for as well.

    Enough is when the standard errors of mean, median, 5th and 95th percentile are each at most ``share`` of the
    width from the 5th to the 95th percentile. Where no draw has a number, how many would be enough is not known.
    """
    draws = summary.defined + summary.undefined
    if not summary.defined:
        return False, None
    if summary.defined == 1:
        return False, math.ceil(draws / share**2)
    width = summary.quantiles["p95"] - summary.quantiles["p5"]
    worst = max(summary.errors[name] for name in ("mean", "median", "p5", "p95"))
    if width <= 0 or worst == 0:
        return True, draws
    needed = math.ceil(draws * (worst / (share * width)) ** 2)
    return needed <= draws, needed


def chance_error(chance: float, draws: int) -> float:
    """Return the Monte Carlo standard error of a share of draws; at 0 or 1 half a draw's worth, as Wilson has it."""
    return math.sqrt(chance * (1 - chance) / draws) if 0 < chance < 1 else 0.5 / (draws + 1)
