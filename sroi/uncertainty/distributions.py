"""Distributions as analysts state them, exact by scipy and quick by tables.

A draw is a uniform number put through the quantile function. Tables make that as quick for a PERT as for a
uniform distribution: linear between knots over the centre, finer over the outermost 1/128 on either side, exact beyond.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from sroi import reference, shapes, units
from sroi.formula import Array
from sroi.schema import Parameter
from sroi.spread import Spread

# Cells of the table over the centre, cells over a tail, the share of each tail, and where the exact function begins.
CENTRE, TAIL = 4096, 1024
OUTER = 1 / 128
EXACT_CELLS = 16
# A uniform number this near to an end stands for the end's neighbour.
NEAREST = 2.0**-54
REMEMBERED = 1024

Quantiles = Callable[[Array], Any]
Table = tuple[Array, Array]  # what a cell begins with, and how far it rises


@dataclass(frozen=True, eq=False)
class Distribution:
    """A distribution, in the unit of its parameter.

    Attributes
    ----------
    low, high : float
        The possible range, infinite where there is no end.
    """

    exact: Quantiles
    low: float
    high: float
    _tables: list[tuple[Table, Table]] = field(default_factory=list, repr=False)

    def ppf(self, u: Array) -> Array:
        """Return the exact quantiles of uniform numbers."""
        found: Array = self.exact(np.clip(u, NEAREST, 1 - NEAREST / 2))
        return found

    def quantile(self, u: Array) -> Array:
        """Return quantiles of uniform numbers, shape (draws,), by table: the same number gives the same bits."""
        if not self._tables:
            # Threads may come here together: each makes the whole, and nobody sees a part of it.
            self._tables.append(self._made())
        (base, slope), _ = self._tables[0]
        place = u * CENTRE
        cell = place.astype(np.int32)
        place -= cell
        found: Array = slope.take(cell)
        found *= place
        found += base.take(cell)
        outer = int(CENTRE * OUTER)
        cell -= outer
        # As unsigned numbers, cells left of the centre are large too.
        ends = np.flatnonzero(cell.view(np.uint32) >= CENTRE - 2 * outer)
        if ends.size:
            found[ends] = self._at_ends(u[ends])
        return found

    def _at_ends(self, u: Array) -> Array:
        right = u > 0.5
        place = (u - (1 - OUTER) * right) * (TAIL / OUTER)
        cell = place.astype(np.int32)
        place -= cell
        cell += TAIL * right
        _, (base, slope) = self._tables[0]
        found: Array = base.take(cell, mode="clip") + slope.take(cell, mode="clip") * place
        far = np.flatnonzero((cell < EXACT_CELLS) | (cell >= 2 * TAIL - EXACT_CELLS))
        if far.size:
            found[far] = self.ppf(u[far])
        return found

    def _made(self) -> tuple[Table, Table]:
        """Return the table over the centre, and that over both tails."""
        tails = [self._table(0.0, OUTER, TAIL), self._table(1 - OUTER, 1.0, TAIL)]
        bases, slopes = zip(*tails, strict=True)
        return self._table(0.0, 1.0, CENTRE), (np.concatenate(bases), np.concatenate(slopes))

    def _table(self, start: float, stop: float, cells: int) -> tuple[Array, Array]:
        knots = self.ppf(np.linspace(start, stop, cells + 1))
        return knots[:-1].copy(), np.diff(knots)


@lru_cache(maxsize=REMEMBERED)
def distribution(spread: Spread, value: float, *, share: bool) -> Distribution:
    """Return the distribution that a spread states.

    Parameters
    ----------
    spread : Spread
        Accepted by :meth:`Spread.problems`.
    value : float
        The parameter's value: the mode or mean where the spread gives none.
    share : bool
        Whether the parameter is a share, which stays within 0 to 1.

    Raises
    ------
    Unmet
        With a sentence, when no distribution of the shape is as stated.
    """
    made = _MAKERS[spread.shape](spread, value, share)
    if share and not (made.low >= -shapes.CLOSEST and made.high <= 1 + shapes.CLOSEST):
        raise shapes.Unmet(
            f"The share would reach from {made.low:.3g} to {made.high:.3g}: use a beta or truncated_normal spread."
        )
    return made


def _uniform(spread: Spread, _value: float, _share: bool) -> Distribution:
    low, high = _ends(spread)
    if spread.interval is not None:
        low, high = shapes.stretched_uniform(low, high, spread.interval)
    return Distribution(lambda u: low + (high - low) * u, low, high)


def _triangular(spread: Spread, value: float, _share: bool) -> Distribution:
    low, high, place = _with_mode(spread, value, "triangular")
    width = high - low

    def exact(u: Array) -> Array:
        found: Array = np.where(u <= place, np.sqrt(u * place), 1 - np.sqrt((1 - u) * (1 - place)))
        return low + width * found

    return Distribution(exact, low, high)


def _pert(spread: Spread, value: float, _share: bool) -> Distribution:
    low, high, place = _with_mode(spread, value, "pert")
    return _beta_between(*shapes.pert(place), low, high)


def _beta_between(a: float, b: float, low: float, high: float) -> Distribution:
    from scipy import special

    return Distribution(lambda u: low + (high - low) * special.betaincinv(a, b, u), low, high)


def _beta(spread: Spread, value: float, share: bool) -> Distribution:
    if spread.n is None:
        return _pert(spread, value, share)
    mean = value if spread.mean is None else spread.mean
    return _beta_between(mean * spread.n, (1 - mean) * spread.n, 0.0, 1.0)


def _normal(spread: Spread, value: float, _share: bool) -> Distribution:
    from scipy import special

    if spread.standard_error is not None:
        mean, sd = (value if spread.mean is None else spread.mean), spread.standard_error
    else:
        low, high = _ends(spread)
        mean, sd = (low + high) / 2, (high - low) / 2 / shapes.deviations(_interval(spread))
    return Distribution(lambda u: mean + sd * special.ndtri(u), -math.inf, math.inf)


def _truncated_normal(spread: Spread, value: float, share: bool) -> Distribution:
    """Cut at 0 and 1 for a share, at low and high where these bound no interval, else at 0 on the value's side."""
    from scipy import stats

    if share:
        least, most = 0.0, 1.0
    elif spread.interval is None and spread.low is not None and spread.high is not None:
        least, most = spread.low, spread.high
    else:
        least, most = (0.0, math.inf) if value >= 0 else (-math.inf, 0.0)
    if spread.standard_error is not None:
        mean = value if spread.mean is None else spread.mean
        centre, width = shapes.truncated_from_moments(mean, spread.standard_error, least, most)
    else:
        centre, width = shapes.truncated_between(*_ends(spread), _interval(spread), least, most)
    frozen = stats.truncnorm((least - centre) / width, (most - centre) / width, centre, width)
    return Distribution(frozen.ppf, least, most)


def _lognormal(spread: Spread, value: float, _share: bool) -> Distribution:
    from scipy import special

    if spread.standard_error is not None:
        mean = value if spread.mean is None else spread.mean
        sigma = math.sqrt(math.log1p((spread.standard_error / mean) ** 2))
        mu = math.log(mean) - sigma * sigma / 2
    else:
        low, high = _ends(spread)
        mu = (math.log(low) + math.log(high)) / 2
        sigma = (math.log(high) - math.log(low)) / 2 / shapes.deviations(_interval(spread))
    return Distribution(lambda u: np.exp(mu + sigma * special.ndtri(u)), 0.0, math.inf)


def _gamma(spread: Spread, value: float, _share: bool) -> Distribution:
    from scipy import special

    if spread.standard_error is not None:
        mean = value if spread.mean is None else spread.mean
        shape = (mean / spread.standard_error) ** 2
        scale = mean / shape
    else:
        shape, scale = shapes.gamma_between(*_ends(spread), _interval(spread))
    return Distribution(lambda u: scale * special.gammaincinv(shape, u), 0.0, math.inf)


class _Discrete(Distribution):
    """Quantiles of a few values: looked up, since a table would blur them."""

    def quantile(self, u: Array) -> Array:
        return self.ppf(u)


def _discrete(spread: Spread, _value: float, _share: bool) -> Distribution:
    order = np.argsort(spread.values or ())
    values = np.asarray(spread.values, float)[order]
    reached = np.cumsum(np.asarray(spread.weights, float)[order])
    # The last value has all that rounding leaves.
    reached[-1] = 1.0
    return _Discrete(lambda u: values[np.searchsorted(reached, u, side="left")], float(values[0]), float(values[-1]))


_MAKERS: dict[str, Callable[[Spread, float, bool], Distribution]] = {
    "uniform": _uniform,
    "triangular": _triangular,
    "pert": _pert,
    "beta": _beta,
    "normal": _normal,
    "truncated_normal": _truncated_normal,
    "lognormal": _lognormal,
    "gamma": _gamma,
    "discrete": _discrete,
}


def _ends(spread: Spread) -> tuple[float, float]:
    assert spread.low is not None, "Spread.problems asks for it"
    assert spread.high is not None, "Spread.problems asks for it"
    return spread.low, spread.high


def _interval(spread: Spread) -> float:
    assert spread.interval is not None, "Spread.problems asks for it"
    return spread.interval


def _with_mode(spread: Spread, value: float, shape: str) -> tuple[float, float, float]:
    """Return minimum, maximum and the mode's place between them."""
    low, high = _ends(spread)
    mode = value if spread.mode is None else spread.mode
    if spread.interval is not None:
        return shapes.stretched(shape, low, high, mode, spread.interval)
    return low, high, (mode - low) / (high - low)


def default_spread(parameter: Parameter, preset: str) -> Spread | None:
    """Return the spread that a preset gives a parameter by its evidence grade, ``None`` for none.

    A PERT from value - w |value| to value + w |value|, w by grade; for a share p from p - w min(p, 1 - p) to
    p + w min(p, 1 - p); within the parameter's own bounds.
    """
    value = parameter.value
    if not value:
        return None
    size = min(value, 1 - value) if units.is_share(parameter.unit) else abs(value)
    width = reference.spread_presets()[preset].width[parameter.grade] * size
    low = value - width if parameter.minimum is None else max(value - width, parameter.minimum)
    high = value + width if parameter.maximum is None else min(value + width, parameter.maximum)
    return Spread(shape="pert", low=low, high=high) if low < high else None
