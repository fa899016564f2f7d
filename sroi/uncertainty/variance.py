"""Which uncertain numbers a result's variance comes from."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from sroi.formula import Array
from sroi.uncertainty.sobol import SobolPoints

# How sure the intervals of Sobol's indices are.
CONFIDENCE = 0.95


class Undefined(ValueError):
    """A model that has no number at some points: how many, and of how many."""

    def __init__(self, undefined: int, points: int) -> None:
        self.undefined, self.points = undefined, points
        super().__init__(f"{undefined} of {points} points have no number.")


@dataclass(frozen=True)
class Indices:
    """Sobol's indices, each of shape (parameters,): first-order and total, with half-widths of 95% intervals."""

    first: Array
    total: Array
    first_error: Array
    total_error: Array


def sobol(model: Callable[[Array], Array], dimensions: int, *, points: int, seed: int) -> Indices:
    """Return first-order and total Sobol indices, by the estimators that Saltelli and others (2010) find best.

    Their table 2, (b) and (f). The intervals are those of a ratio of two means, to first order: what resampling the
    points tends to, without its noise.

    Parameters
    ----------
    model : callable
        Takes uniform numbers of shape (dimensions, cases) and gives shape (cases,).
    dimensions, points, seed : int
        ``points`` is a power of 2; the model is worked out points times (dimensions + 2) times.

    Returns
    -------
    Indices
        nan where the result does not vary.

    Raises
    ------
    Undefined
        When the model has no number at some points.
    """
    sequence = SobolPoints(2 * dimensions, points, seed)
    both = np.array(list(sequence.rows(0, points))).reshape(2, dimensions, points)
    outputs = [model(part) for part in both]
    for place in range(dimensions):
        exchanged = both[0].copy()
        exchanged[place] = both[1, place]
        outputs.append(model(exchanged))
    found = np.array(outputs)
    if undefined := int(np.isnan(found).sum()):
        raise Undefined(undefined, found.size)
    if np.ptp(found) == 0:
        nothing = np.full(dimensions, np.nan)
        return Indices(nothing, nothing, nothing, nothing)
    # Brought to a mean of 0, as Sobol' and Levitan (1999) advise.
    a, b, *others = found - found[:2].mean()
    moved = np.array(others) - a
    squares = (a * a + b * b) / 2
    first, first_error = _ratio(b * moved, squares)
    total, total_error = _ratio(moved * moved / 2, squares)
    return Indices(first, total, first_error, total_error)


def _ratio(above: Array, below: Array) -> tuple[Array, Array]:
    """Return ratios of means, and the half-widths of their intervals by the delta method."""
    ratio = above.mean(axis=1) / below.mean()
    apart = (above - ratio[:, None] * below) / below.mean()
    width = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    return ratio, width * apart.std(axis=1) / math.sqrt(below.size)


def contributions(parameters: Array, output: Array) -> Array:
    """Return each parameter's share of the variance of an output, from draws.

    The squared rank correlations with the output, normalised to sum to 1; 0 for what does not vary, nan where the
    output does not. A first look: parameters that act only together with others, or not in one direction, are
    understated (Sobol's indices are not).

    Parameters
    ----------
    parameters : array of shape (draws, parameters)
    output : array of shape (draws,)
        Draws in which it is nan are left out.
    """
    from scipy import stats

    kept = ~np.isnan(output)
    nothing = np.full(parameters.shape[1], np.nan)
    if not kept.any():
        return nothing
    ranks = stats.rankdata(np.column_stack([parameters[kept], output[kept]]), axis=0)
    ranks -= ranks.mean(axis=0)
    size = np.sqrt(np.square(ranks).sum(axis=0))
    products = ranks[:, :-1].T @ ranks[:, -1]
    below = size[:-1] * size[-1]
    squares = np.square(np.divide(products, below, out=np.zeros_like(products), where=below > 0))
    total = squares.sum()
    return squares / total if total > 0 else nothing
