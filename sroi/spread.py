"""How uncertain a parameter is, as an analyst would state it: what may be stated, and the distribution that it is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from sroi import shapes
from sroi.entry import Entry, Numbers
from sroi.shapes import Unmet
from sroi.spread_keys import BOUNDED, KEYS, POSITIVE, WAYS, Shape

# What a double can carry through every shape, and what an analyst can mean.
LEAST_INTERVAL, MOST_INTERVAL = 0.01, 0.9999
SMALLEST, LARGEST = 1e-100, 1e100
NARROWEST = 1e-9
LARGEST_SAMPLE = 1e9


@dataclass(frozen=True)
class Stated:
    """A distribution by its own numbers.

    ``family`` says what they are: beta (two exponents, minimum, maximum), triangular (the mode's place from 0 to 1,
    minimum, maximum), uniform (minimum, maximum), normal (mean, standard deviation), truncated_normal (mean and
    standard deviation of the normal that is cut, minimum, maximum), lognormal (mean and standard deviation of the
    logarithm), gamma (shape, scale), fixed (value), discrete (none: they stand in the spread).
    """

    family: str
    numbers: tuple[float, ...]

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the most that can be drawn, where the numbers say it; may be infinite."""
        match self.family:
            case "fixed":
                return self.numbers[0], self.numbers[0]
            case "normal":
                return -math.inf, math.inf
            case "lognormal" | "gamma":
                return 0.0, math.inf
            case _:
                return self.numbers[-2], self.numbers[-1]


class Spread(Entry):
    """The distribution of a parameter around its value, in the parameter's own unit.

    triangular, pert
        ``low`` and ``high``; ``mode`` unless it is the value. PERT has a weight of 4 on the mode.
    uniform
        ``low`` and ``high``.
    normal
        ``standard_error``, with ``mean`` unless it is the value; or ``low``, ``high`` and ``interval``: then the mean
        is their middle.
    truncated_normal
        The part of a normal distribution that keeps to a range: 0 to 1 for a share, else the sign of the value (above
        0, or below 0 where the value is below 0). ``standard_error`` and ``mean`` (unless it is the value) are those
        of what is left, not of the normal that was cut; ``low`` and ``high`` may then state another range. Or ``low``,
        ``high`` and ``interval``, which are quantiles of what is left.
    lognormal, gamma
        ``standard_error``, with ``mean`` unless it is the value; or ``low``, ``high`` and ``interval``.
    beta
        ``n``, with ``mean`` unless it is the value: exponents mean × n and (1 − mean) × n. Or ``low``, ``high`` and
        ``mode``, which is the same as pert.
    discrete
        ``values`` and ``weights``.
    fixed
        Nothing: the value itself.

    For triangular, pert, uniform and beta, low and high are the minimum and the maximum; with ``interval = 0.95`` they
    are the 2.5% and 97.5% quantiles, and minimum and maximum lie beyond. The distribution is as it is stated: the value
    need be neither its mean nor its median.
    """

    shape: Shape
    """The name of the distribution."""
    low: float | None = None
    """The minimum, or the lower end of the interval."""
    high: float | None = None
    """The maximum, or the upper end of the interval."""
    mode: float | None = None
    """The most likely value; the parameter's value when not given."""
    mean: float | None = None
    """The mean; the parameter's value when not given."""
    standard_error: float | None = None
    """The standard deviation of the estimate."""
    n: float | None = None
    """For beta: the number of observations that the mean rests on."""
    values: Numbers | None = None
    """For discrete: the values that can occur."""
    weights: Numbers | None = None
    """For discrete: how likely each value is, in the same order."""
    interval: float | None = None
    """The share that lies between low and high, such as 0.95; without it they are minimum and maximum."""
    source: str | None = None
    """Where the spread comes from: a source of the file, or `assumption`."""
    note: str | None = None
    """What a reader should know of it."""

    def problems(self, value: float | None, *, share: bool) -> Iterator[str]:
        """Yield a sentence for each thing that is wrong, given the parameter's value.

        A spread without a problem can be drawn from: :meth:`stated` gives its distribution.
        """
        found = list(
            chain(self._keys(), self._bounds(value), self._weights(), self._support(value, share), self._sizes(value))
        )
        yield from found
        if found:
            return
        if value is not None:
            try:
                self.stated(value, share=share)
            except Unmet as unmet:
                yield str(unmet)
        elif self.shape != "fixed":
            yield "A spread surrounds one value: write value instead of by_year, or shape = 'fixed'."

    def stated(self, value: float, *, share: bool) -> Stated:
        """Return the distribution that is stated, for a spread in which the keys are in order.

        Parameters
        ----------
        value : float
            The parameter's value, in its own unit.
        share : bool
            Whether the parameter is a share, which stays from 0 to 1.

        Raises
        ------
        Unmet
            With a sentence, where no distribution of the shape is as stated.
        """
        if self.shape == "fixed":
            return Stated("fixed", (value,))
        if self.shape == "discrete":
            return Stated("discrete", ())
        if self.standard_error is not None:
            return self._from_moments(value if self.mean is None else self.mean, self.standard_error, value, share)
        if self.n is not None:
            mean = value if self.mean is None else self.mean
            return Stated("beta", (*shapes.beta_from_sample(mean, self.n), 0, 1))
        # The keys are in order: what states no moments states low and high.
        assert self.low is not None
        assert self.high is not None
        if self.shape in ("triangular", "pert", "beta", "uniform"):
            return self._between(self.low, self.high, value if self.mode is None else self.mode, share)
        assert self.interval is not None
        return self._from_quantiles(self.low, self.high, self.interval, value, share)

    def reach(self, value: float, *, share: bool) -> tuple[float, float]:
        """Return the least and the most that can be drawn; may be infinite. Arguments and errors as for ``stated``."""
        if self.shape == "discrete":
            likely = [each for each, weight in zip(self.values or (), self.weights or (), strict=True) if weight > 0]
            return min(likely), max(likely)
        return self.stated(value, share=share).reach

    def around(self, value: float, was: float) -> Spread:
        """Return this spread about another value than the one that it was stated for, as wide beside it as before.

        Its numbers are multiplied by value / was. Where one would rise above 1 and all lie from 0 to 1, their distances
        to 1 are multiplied instead, so that a share stays one. From or across 0 the numbers are moved, not stretched.
        """
        named = self._numbers()
        placed = [number for key, number in named.items() if key != "standard_error"]
        width, start = 1.0, value - was
        if value * was > 0:
            width, start = value / was, 0.0
            beyond = any(number * width > 1 for number in placed)
            if beyond and was < 1 and value <= 1 and all(0 <= number <= 1 for number in placed):
                width = (1 - value) / (1 - was)
                start = 1 - width
        moved: dict[str, object] = {
            key: number * width + start for key, number in named.items() if key in ("low", "high", "mode", "mean")
        }
        if self.standard_error is not None:
            moved["standard_error"] = self.standard_error * abs(width)
        if self.values is not None:
            moved["values"] = tuple(number * width + start for number in self.values)
        return self.model_copy(update=moved)

    def _between(self, low: float, high: float, mode: float, share: bool) -> Stated:
        place = (mode - low) / (high - low)
        least, most = low, high
        if self.interval is not None and self.shape == "uniform":
            least, most = shapes.stretched_uniform(low, high, self.interval)
        elif self.interval is not None:
            least, most, place = shapes.stretched(self.shape, low, high, mode, self.interval)
        if share and not (least >= 0 and most <= 1):
            raise Unmet(
                f"As the middle {self.interval:g} of a {self.shape} spread, low {low:g} and high {high:g} make it run"
                f" from {least:.3g} to {most:.3g}. A share stays between 0 and 1: use a beta or truncated_normal"
                " spread, or state minimum and maximum without interval."
            )
        if self.shape == "uniform":
            return Stated("uniform", (least, most))
        if self.shape == "triangular":
            return Stated("triangular", (place, least, most))
        return Stated("beta", (*shapes.pert(place), least, most))

    def _from_moments(self, mean: float, error: float, value: float, share: bool) -> Stated:
        if self.shape == "normal":
            return Stated("normal", (mean, error))
        if self.shape == "truncated_normal":
            least, most = self._range(value, share)
            return Stated("truncated_normal", (*shapes.truncated_from_moments(mean, error, least, most), least, most))
        moments = shapes.lognormal_from_moments if self.shape == "lognormal" else shapes.gamma_from_moments
        return Stated(self.shape, moments(mean, error))

    def _from_quantiles(self, low: float, high: float, interval: float, value: float, share: bool) -> Stated:
        if self.shape == "truncated_normal":
            least, most = self._range(value, share)
            found = shapes.truncated_between(low, high, interval, least, most)
            return Stated("truncated_normal", (*found, least, most))
        if self.shape == "normal":
            half = (high - low) / 2
            return Stated("normal", (low + half, half / shapes.deviations(interval)))
        between = shapes.lognormal_between if self.shape == "lognormal" else shapes.gamma_between
        return Stated(self.shape, between(low, high, interval))

    def _range(self, value: float, share: bool) -> tuple[float, float]:
        """Return where a truncated normal is cut."""
        least, most = (0, 1) if share else (0, math.inf) if value >= 0 else (-math.inf, 0)
        if self.interval is not None:
            return least, most
        return least if self.low is None else self.low, most if self.high is None else self.high

    def _keys(self) -> Iterator[str]:
        stated = {key for key in KEYS if getattr(self, key) is not None}
        ways = WAYS[self.shape]
        met = next((way for way in ways if way.needs <= stated), None)
        if met is None:
            if any(way.needs <= stated | {"interval"} for way in ways):
                yield (
                    f"low and high of a {self.shape} spread bound an interval: write interval = 0.95, or another share."
                )
            else:
                yield f"A {self.shape} spread needs {' or '.join(map(str, ways))}."
        used = [met] if met else ways
        unused = stated - frozenset().union(*(way.needs | way.may for way in used))
        if unused:
            by = f" stated by {met}" if met and len(ways) > 1 else ""
            keys = " and ".join(sorted(unused))
            them = "them" if len(unused) > 1 else "it"
            yield f"A {self.shape} spread{by} does not use {keys}: take {them} out."

    def _bounds(self, value: float | None) -> Iterator[str]:
        if self.low is not None and self.high is not None:
            if self.low >= self.high:
                yield f"low is {self.low:g} and high is {self.high:g}. Write the smaller first, or shape = 'fixed'."
            elif value is not None and not self.low <= value <= self.high:
                yield f"The value {value:g} lies outside low {self.low:g} to high {self.high:g}: mend one of them."
            for key in ("mode", "mean"):
                number = getattr(self, key)
                if number is not None and not self.low <= number <= self.high:
                    yield f"{key} {number:g} lies outside low {self.low:g} to high {self.high:g}: mend one of them."
        if self.interval is not None and not LEAST_INTERVAL <= self.interval <= MOST_INTERVAL:
            yield f"interval is {self.interval:g}. Write the share between low and high, such as 0.95."
        if self.standard_error is not None and self.standard_error <= 0:
            yield f"standard_error is {self.standard_error:g}. It must be above 0; for none write shape = 'fixed'."
        if self.n is not None and self.n <= 0:
            yield f"n is {self.n:g}. It must be above 0."

    def _weights(self) -> Iterator[str]:
        if self.values is not None and self.weights is not None:
            if len(self.values) != len(self.weights) or not self.values:
                yield f"{len(self.values)} values have {len(self.weights)} weights: write one weight for each value."
            elif min(self.weights) < 0 or not math.isclose(math.fsum(self.weights), 1):
                yield f"The weights sum to {math.fsum(self.weights):g}. They must not be negative and must sum to 1."

    def _support(self, value: float | None, share: bool) -> Iterator[str]:
        ends = self._numbers()
        if self.shape in POSITIVE:
            if self.mean is None and self.standard_error is not None and value is not None:
                ends["the value"] = value
            for key, end in ends.items():
                if end <= 0 and key != "standard_error":
                    yield f"A {self.shape} spread is above 0 everywhere: {key} is {end:g}."
        elif self.shape == "beta" and self.n is not None and not share:
            yield "A beta spread stated by n lies between 0 and 1: use low and high, or the unit 'share'."
        if share:
            if self.shape not in BOUNDED:
                yield (
                    "A share stays between 0 and 1:"
                    f" use beta, pert, triangular, uniform or truncated_normal, not {self.shape}."
                )
            for key, end in ends.items():
                if not 0 <= end <= 1 and key != "standard_error":
                    yield f"{key} is {end:g}. Shares are fractions from 0 to 1."

    def _sizes(self, value: float | None) -> Iterator[str]:
        """Yield what a double cannot carry: numbers at the ends of its range, and widths lost in rounding."""
        if self.shape == "fixed":
            return
        numbers = self._numbers() | ({} if value is None else {"the value": value})
        for key, number in numbers.items():
            if number != 0 and not SMALLEST <= abs(number) <= LARGEST:
                yield f"{key} is {number:g}. Beside a spread, write 0 or {SMALLEST:g} to {LARGEST:g} in size."
        low, high = self.low, self.high
        if low is not None and high is not None and 0 < high - low < NARROWEST * max(abs(low), abs(high)):
            yield f"low and high, {low!r} and {high!r}, differ by no more than rounding: use shape = 'fixed'."
        mean = self.mean if self.mean is not None else value
        if self.standard_error is not None and mean is not None and 0 < self.standard_error < NARROWEST * abs(mean):
            yield (
                f"standard_error is {self.standard_error:g}, no more than rounding beside the mean {mean:g}:"
                " use shape = 'fixed'."
            )
        if self.n is not None and (0 < self.n < 1 or self.n > LARGEST_SAMPLE):
            yield f"n is {self.n:g}. Write the number of observations, from 1 to {LARGEST_SAMPLE:g}."

    def _numbers(self) -> dict[str, float]:
        """Return the numbers in the parameter's unit, each by what it is called."""
        keys = ("low", "high", "mode", "mean", "standard_error")
        numbers = {key: getattr(self, key) for key in keys if getattr(self, key) is not None}
        return numbers | {f"values {place}": number for place, number in enumerate(self.values or (), 1)}
