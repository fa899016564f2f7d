"""What knowing more would be worth to a decision, from draws of the options' net benefits.

EVPPI by cross-fitting: a regression on one half of the draws says which option is best given the parameters; the other
half says what following that advice brings. So an overfitted regression cannot make information look valuable, and the
estimate errs, if at all, on the low side. The regression follows Strong, Oakley and Brennan (2014).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sroi.formula import Array

# Knots of the piecewise linear regression on one parameter, and on each of several.
KNOTS, KNOTS_EACH = 20, 8
# Beyond so many parameters in a group only their main effects are fitted.
MOST_CROSSED = 10
# Steadies the regression where two of its columns say the same.
RIDGE = 1e-10


@dataclass(frozen=True)
class Perfect:
    """The expected value of perfect information.

    Attributes
    ----------
    value, standard_error : float
        For each decision, in the unit of the net benefit.
    chosen : int
        The option that is best on average.
    chance_wrong : float
        The share of draws in which another option would have been better.
    """

    value: float
    standard_error: float
    chosen: int
    chance_wrong: float


@dataclass(frozen=True)
class Partial:
    """The expected value of knowing some parameters, and in which share of cases the decision would change."""

    value: float
    standard_error: float
    chance_changes: float


def evpi(net_benefit: Array) -> Perfect:
    """Return E[max over options] - max over options of E[net benefit].

    Parameters
    ----------
    net_benefit : array of shape (draws, options)

    Raises
    ------
    ValueError
        When some are not numbers.
    """
    _refuse_nan(net_benefit)
    chosen = int(net_benefit.mean(axis=0).argmax())
    own = net_benefit[:, chosen]
    gain = net_benefit.max(axis=1) - own
    return Perfect(float(gain.mean()), _error(gain), chosen, float(np.mean(gain > 0)))


def evppi(parameters: Array, net_benefit: Array) -> Partial:
    """Return what it would be worth to know some parameters before deciding.

    Parameters
    ----------
    parameters : array of shape (draws,) or (draws, parameters)
    net_benefit : array of shape (draws, options)

    Raises
    ------
    ValueError
        When some are not numbers.
    """
    parameters = parameters.reshape(len(net_benefit), -1)
    _refuse_nan(net_benefit)
    _refuse_nan(parameters)
    chosen = int(net_benefit.mean(axis=0).argmax())
    advised = np.full(len(net_benefit), chosen)
    design = _design(parameters)
    # Draws of a Sobol or Latin hypercube sequence are spread over both halves alike.
    halves = np.arange(len(net_benefit)) % 2 == 0
    for half in (halves, ~halves):
        if half.any() and not half.all():
            advised[half] = _fitted(design[~half], net_benefit[~half], design[half]).argmax(axis=1)
    gain = net_benefit[np.arange(len(net_benefit)), advised] - net_benefit[:, chosen]
    return Partial(max(0.0, float(gain.mean())), _error(gain), float(np.mean(advised != chosen)))


def _fitted(design: Array, net_benefit: Array, wanted: Array) -> Array:
    """Regress each option's net benefit on the columns of a design, and return what it gives elsewhere."""
    square = design.T @ design
    square[np.diag_indices_from(square)] += RIDGE * len(design)
    fitted: Array = wanted @ np.linalg.solve(square, design.T @ net_benefit)
    return fitted


def _design(parameters: Array) -> Array:
    """Return the columns of the regression: hat functions of each parameter, and products of any two."""
    count = parameters.shape[1]
    knots = KNOTS if count == 1 else KNOTS_EACH
    columns = [np.ones((len(parameters), 1)), *(_hats(column, knots) for column in parameters.T)]
    if 1 < count <= MOST_CROSSED:
        columns.append(np.column_stack(list(_products(parameters))))
    return np.hstack(columns)


def _hats(column: Array, knots: int) -> Array:
    """Return the hat functions between knots at quantiles, all but the first; of few values each its own."""
    values = np.unique(column)
    at = values if values.size <= knots else np.unique(np.quantile(column, np.linspace(0, 1, knots)))
    if at.size == 1:
        return np.zeros((column.size, 0))
    left = np.clip(np.searchsorted(at, column, side="right") - 1, 0, at.size - 2)
    share = (column - at[left]) / (at[left + 1] - at[left])
    found = np.zeros((column.size, at.size))
    rows = np.arange(column.size)
    found[rows, left] = 1 - share
    found[rows, left + 1] += share
    return found[:, 1:]


def _products(parameters: Array) -> Iterator[Array]:
    spread = parameters.std(axis=0)
    scores = (parameters - parameters.mean(axis=0)) / np.where(spread > 0, spread, 1)
    for first, second in combinations(range(parameters.shape[1]), 2):
        yield scores[:, first] * scores[:, second]


def _error(gain: Array) -> float:
    return float(gain.std(ddof=1)) / math.sqrt(gain.size) if gain.size > 1 else math.nan


def _refuse_nan(array: Array) -> None:
    if np.isnan(array).any():
        raise ValueError("Some draws are not numbers.")
