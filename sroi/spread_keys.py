"""Which keys state which distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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


@dataclass(frozen=True)
class Way:
    """A set of keys that states a distribution, and those that may stand beside it."""

    needs: frozenset[str]
    may: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return " and ".join(sorted(self.needs))


def _way(needs: str, may: str = "") -> Way:
    return Way(frozenset(needs.split()), frozenset(may.split()))


WAYS: dict[str, tuple[Way, ...]] = {
    "triangular": (_way("low high", "mode interval"),),
    "pert": (_way("low high", "mode interval"),),
    "uniform": (_way("low high", "interval"),),
    "normal": (_way("standard_error", "mean"), _way("low high interval")),
    "truncated_normal": (_way("standard_error", "mean low high"), _way("low high interval")),
    "lognormal": (_way("standard_error", "mean"), _way("low high interval")),
    "gamma": (_way("standard_error", "mean"), _way("low high interval")),
    "beta": (_way("n", "mean"), _way("low high", "mode interval")),
    "discrete": (_way("values weights"),),
    "fixed": (_way(""),),
}
KEYS = ("low", "high", "mode", "mean", "standard_error", "n", "values", "weights", "interval")
BOUNDED = frozenset({"triangular", "pert", "uniform", "beta", "discrete", "fixed", "truncated_normal"})
POSITIVE = frozenset({"lognormal", "gamma"})
