"""The distribution of a parameter, from its spread: quantiles, possible range, mean and standard deviation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from sroi import reference, shapes, units
from sroi.formula import Array
from sroi.schema import Parameter
from sroi.spread import Spread, Stated
from sroi.uncertainty.quantile_table import QuantileTable

# A uniform number this near to an end stands for the end's neighbour.
NEAREST = 2.0**-54


@dataclass(frozen=True, eq=False)
class Distribution:
    """A distribution that can be drawn from.

    Attributes
    ----------
    stated : Stated
        The distribution by its own numbers.
    values, weights : tuple of float
        For discrete: the values in rising order, each once, and their weights.
    low, high : float
        The possible range; may be infinite.
    mean, sd : float
        The mean and the standard deviation.
    """

    stated: Stated
    low: float
    high: float
    mean: float
    sd: float
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()

    def ppf(self, u: Array) -> Array:
        """Return exact quantiles.

        Parameters
        ----------
        u : array
            Probabilities strictly between 0 and 1, of any shape.
        """
        probabilities = np.clip(np.asarray(u, dtype=float), NEAREST, 1 - 2 * NEAREST)
        # Never a cut of the distribution: min + (max - min) × 1 may lie a rounding beyond max.
        found: Array = np.clip(self._quantiles(probabilities), self.low, self.high)
        return found

    def quantile(self, u: Array) -> Array:
        """Return quantiles quickly: from a table that is built at the first call, or a closed form.

        Within 1e-4 standard deviations of :meth:`ppf`, or in far tails 1e-5 of the number. The same uniform gives the
        same bits, whatever stands beside it.

        Parameters
        ----------
        u : array
            Probabilities strictly between 0 and 1, of any shape.
        """
        probabilities = np.asarray(u, dtype=float)
        if self.stated.family == "uniform":
            least, most = self.stated.numbers
            found = probabilities * (most - least)
            found += least
            return np.minimum(found, most, out=found)
        if self.stated.family in ("fixed", "discrete"):
            return self.ppf(probabilities)
        return self._table(probabilities)

    @cached_property
    def _table(self) -> QuantileTable:
        # The triangular quantile function has a bend, and costs little.
        return QuantileTable(self.ppf, self.low, self.high, smooth=self.stated.family != "triangular")

    @cached_property
    def _steps(self) -> tuple[Array, Array]:
        below = np.cumsum(self.weights)
        return np.asarray(self.values), below[:-1] / below[-1]

    def _quantiles(self, u: Array) -> Any:
        from scipy import special

        numbers = self.stated.numbers
        match self.stated.family:
            case "fixed":
                return np.full(u.shape, numbers[0])
            case "discrete":
                values, below = self._steps
                return values[np.searchsorted(below, u, side="left")]
            case "uniform":
                least, most = numbers
                return least + (most - least) * u
            case "normal":
                mean, sd = numbers
                return mean + sd * special.ndtri(u)
            case "lognormal":
                mean, sd = numbers
                return np.exp(mean + sd * special.ndtri(u))
            case "gamma":
                shape, scale = numbers
                return special.gammaincinv(shape, u) * scale
            case "beta":
                first, second, least, most = numbers
                return least + (most - least) * special.betaincinv(first, second, u)
            case "triangular":
                place, least, most = numbers
                # In closed form: to import scipy.stats takes longer than most runs.
                below, above = np.sqrt(place * u), 1 - np.sqrt((1 - place) * (1 - u))
                return least + (most - least) * np.where(u < place, below, above)
            case _:
                from scipy import stats

                centre, width, least, most = numbers
                ends = (least - centre) / width, (most - centre) / width
                return stats.truncnorm.ppf(u, *ends, loc=centre, scale=width)


@lru_cache(maxsize=1024)
def distribution(spread: Spread, value: float, *, share: bool) -> Distribution:
    """Return the distribution that a spread states, kept so that its table is built once.

    Parameters
    ----------
    spread : Spread
        A spread in which :meth:`sroi.spread.Spread.problems` finds nothing.
    value : float
        The parameter's value, in its own unit.
    share : bool
        Whether the parameter is a share.

    Raises
    ------
    sroi.shapes.Unmet
        Where no distribution of the shape is as stated.
    """
    stated = spread.stated(value, share=share)
    if stated.family == "discrete":
        return _discrete(stated, spread)
    return Distribution(stated, *stated.reach, *_moments(stated))


def _discrete(stated: Stated, spread: Spread) -> Distribution:
    weights: dict[float, float] = {}
    for value, weight in sorted(zip(spread.values or (), spread.weights or (), strict=True)):
        if weight > 0:
            weights[value] = weights.get(value, 0) + weight
    total = math.fsum(weights.values())
    mean = math.fsum(value * (weight / total) for value, weight in weights.items())
    sd = math.hypot(*((value - mean) * math.sqrt(weight / total) for value, weight in weights.items()))
    values = tuple(weights)
    return Distribution(stated, values[0], values[-1], mean, sd, values, tuple(weights.values()))


def _moments(stated: Stated) -> tuple[float, float]:
    """Return mean and standard deviation in closed form."""
    numbers = stated.numbers
    match stated.family:
        case "fixed":
            return numbers[0], 0.0
        case "uniform":
            least, most = numbers
            return least + (most - least) / 2, (most - least) * math.sqrt(1 / 12)
        case "normal":
            return numbers[0], numbers[1]
        case "lognormal":
            mean = math.exp(numbers[0] + numbers[1] ** 2 / 2)
            return mean, mean * math.sqrt(math.expm1(numbers[1] ** 2))
        case "gamma":
            shape, scale = numbers
            return shape * scale, math.sqrt(shape) * scale
        case "beta":
            first, second, least, most = numbers
            total, width = first + second, most - least
            deviation = math.sqrt(first / total * (second / total) / (total + 1))
            return least + width * first / total, width * deviation
        case "triangular":
            place, least, most = numbers
            width = most - least
            deviation = math.sqrt((1 - place + place * place) / 18)
            return least + width * (1 + place) / 3, width * deviation
        case _:
            return shapes.truncated_moments(*numbers)


def default_spread(parameter: Parameter, preset: str) -> Spread | None:
    """Return the spread of a parameter that states none, by its evidence grade.

    A PERT distribution around the value, whose half-width is the preset's share of the value for the parameter's grade;
    for a share p, of the smaller of p and 1 - p. Where the parameter's own minimum or maximum is nearer, it ends there.

    Parameters
    ----------
    parameter : Parameter
        A parameter of a service.
    preset : str
        A name in :func:`sroi.reference.spread_presets`.

    Returns
    -------
    Spread or None
        ``None`` where the value does not vary: 0, values by year, a share of 0 or 1, or no room within the bounds.
    """
    value = parameter.value
    if value is None or value == 0:
        return None
    width = reference.spread_presets()[preset].width[parameter.grade]
    size = min(value, 1 - value) if units.is_share(parameter.unit) else abs(value)
    low, high = value - width * size, value + width * size
    low = low if parameter.minimum is None else max(low, parameter.minimum)
    high = high if parameter.maximum is None else min(high, parameter.maximum)
    if not low < high:
        return None
    return Spread(shape="pert", low=low, high=high)
