"""How uncertain a parameter is, as an analyst would state it. Accepted and checked here; drawn from later."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

from sroi.entry import Entry, Numbers

Shape = Literal[
    "triangular",
    "pert",
    "uniform",
    "normal",
    "truncated_normal",
    "lognormal",
    "beta",
    "gamma",
    "discrete",
    "fixed",
]

# What each shape may be stated by: one of these sets of keys, besides `mode` or `mean` where it stands.
STATED_BY: dict[str, tuple[frozenset[str], ...]] = {
    "triangular": (frozenset({"low", "high"}),),
    "pert": (frozenset({"low", "high"}),),
    "uniform": (frozenset({"low", "high"}),),
    "normal": (frozenset({"standard_error"}), frozenset({"low", "high", "interval"})),
    "truncated_normal": (frozenset({"standard_error"}), frozenset({"low", "high", "interval"})),
    "lognormal": (frozenset({"standard_error"}), frozenset({"low", "high", "interval"})),
    "gamma": (frozenset({"standard_error"}), frozenset({"low", "high", "interval"})),
    "beta": (frozenset({"n"}), frozenset({"low", "high"})),
    "discrete": (frozenset({"values", "weights"}),),
    "fixed": (frozenset(),),
}
BOUNDED = frozenset({"triangular", "pert", "uniform", "beta", "discrete", "fixed", "truncated_normal"})
POSITIVE = frozenset({"lognormal", "gamma"})


class Spread(Entry):
    """The distribution of a parameter around its value, in the parameter's own unit."""

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
        """Yield a sentence for each thing that is wrong, given the parameter's value."""
        stated = {
            key for key in ("low", "high", "standard_error", "n", "values", "weights") if getattr(self, key) is not None
        }
        wanted = STATED_BY[self.shape]
        if not any(keys - {"interval"} <= stated for keys in wanted):
            ways = " or ".join(" and ".join(sorted(keys)) for keys in wanted)
            yield f"A {self.shape} spread needs {ways}."
        elif any("interval" in keys for keys in wanted) and "low" in stated and self.interval is None:
            yield f"low and high of a {self.shape} spread bound an interval: write interval = 0.95, or another share."
        unused = stated - set().union(*wanted) - {"low", "high"}
        if unused:
            keys = " and ".join(sorted(unused))
            yield f"A {self.shape} spread does not use {keys}: take {'them' if len(unused) > 1 else 'it'} out."
        yield from self._bounds(value)
        yield from self._weights()
        yield from self._support(value, share)

    def _bounds(self, value: float | None) -> Iterator[str]:
        if self.low is not None and self.high is not None:
            if self.low >= self.high:
                yield f"low is {self.low:g} and high is {self.high:g}. Write the smaller first, or shape = 'fixed'."
            elif value is not None and not self.low <= value <= self.high:
                yield f"The value {value:g} lies outside low {self.low:g} to high {self.high:g}: mend one of them."
            if self.mode is not None and not self.low <= self.mode <= self.high:
                yield f"mode {self.mode:g} lies outside low {self.low:g} to high {self.high:g}: mend one of them."
        if self.interval is not None and not 0 < self.interval < 1:
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
        ends = {key: getattr(self, key) for key in ("low", "high", "mode", "mean")}
        ends |= {f"values {place}": number for place, number in enumerate(self.values or (), 1)}
        if self.shape in POSITIVE:
            ends |= {"the value": value} if self.mean is None else {}
            for key, end in ends.items():
                if end is not None and end <= 0:
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
                if end is not None and not 0 <= end <= 1:
                    yield f"{key} is {end:g}. Shares are fractions from 0 to 1."
