"""Which uncertain numbers a result's variance comes from."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sroi.formula import Array

# Resamples behind the errors of Sobol's indices, and the share of them within the error.
RESAMPLES = 99
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Indices:
    """Sobol's indices, each of shape (parameters,): first-order and total, with half-widths of 95% intervals."""

    first: Array
    total: Array
    first_error: Array
    total_error: Array


def sobol(model: Callable[[Array], Array], dimensions: int, *, points: int, seed: int) -> Indices:
    """Return first-order and total Sobol indices (Saltelli and others 2010), by ``scipy.stats.sobol_indices``.

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
    """
    from scipy import stats

    def finite(uniforms: Array) -> Array:
        # Points at the very ends stand for distributions without an end: move them inside.
        found: Array = np.atleast_2d(model(np.clip(uniforms, 0.5 / points**2, 1 - 0.5 / points**2)))
        return found

    trial = model(np.random.default_rng(seed).random((dimensions, points)))
    if np.ptp(trial) == 0:
        nothing = np.full(dimensions, np.nan)
        return Indices(nothing, nothing, nothing, nothing)
    unit: Any = [stats.uniform()] * dimensions
    found = stats.sobol_indices(func=finite, n=points, dists=unit, rng=np.random.default_rng(seed))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        # A parameter that moves nothing has no spread to resample: its error is 0.
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        resampled = found.bootstrap(confidence_level=CONFIDENCE, n_resamples=RESAMPLES)
    intervals = resampled.first_order.confidence_interval, resampled.total_order.confidence_interval
    errors = [np.nan_to_num(np.ravel((interval.high - interval.low) / 2)) for interval in intervals]
    return Indices(np.ravel(found.first_order), np.ravel(found.total_order), *errors)


def contributions(parameters: Array, output: Array) -> Array:
    """Return each parameter's share of the variance of an output, from draws.

    The squared rank correlations with the output, normalised to sum to 1; 0 for what does not vary. A first look:
    parameters that act only together with others, or not in one direction, are understated (Sobol's indices are not).

    Parameters
    ----------
    parameters : array of shape (draws, parameters)
    output : array of shape (draws,)
        Draws in which it is nan are left out.
    """
    from scipy import stats

    kept = ~np.isnan(output)
    ranks = stats.rankdata(np.column_stack([parameters[kept], output[kept]]), axis=0)
    ranks -= ranks.mean(axis=0)
    size = np.sqrt(np.square(ranks).sum(axis=0))
    products = ranks[:, :-1].T @ ranks[:, -1]
    squares = np.square(np.divide(products, size[:-1] * size[-1], out=np.zeros_like(products), where=size[:-1] > 0))
    total = squares.sum()
    return squares / total if total > 0 else np.zeros_like(squares)
