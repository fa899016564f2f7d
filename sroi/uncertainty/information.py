"""What knowing more would be worth to a decision, from draws of the options' net benefits.

EVPPI by cross-fitting: a regression on one half of the draws says which option is best given the parameters; the other
half says what following that advice brings. So an overfitted regression cannot make information look valuable: the
estimate is one from below, on average too low. Where few draws change the decision, a regression on half of them places
the turn badly, and part of the value is missed; the standard error does not show that, and more draws mend it. The
regression follows Strong, Oakley and Brennan (2014). How far it bends is chosen by how well it foretells the half that
it has not seen; where it foretells nothing, the advice stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from sroi.formula import Array

# The finest regression on one parameter, and on each of several, has 2 to this power of straight pieces; each coarser
# one joins two of them.
HALVINGS, HALVINGS_EACH = 4, 3
# Beyond so many parameters in a group only their main effects are fitted.
MOST_CROSSED = 10
# Steadies the regression where two of its columns say the same.
RIDGE = 1e-10
# A value of at most so many standard errors is one that draws cannot tell from nothing.
ERRORS_OF_NOTHING = 2


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
    """The expected value of knowing some parameters.

    Attributes
    ----------
    value, standard_error : float
        For each decision, in the unit of the net benefit. The value is an estimate from below, the error that of
        sampling only: what the regression misses comes on top of it.
    chance_changes : float
        In which share of cases the option that is best given the measured value is another than the one that is best
        now. 0 where the value is not more than two standard errors: a regression on draws always bends a little, and
        where that shows no value, the changes of advice that it makes are noise as well.
    """

    value: float
    standard_error: float
    chance_changes: float


def nothing_shown(value: float, standard_error: float) -> bool:
    """Say whether draws cannot tell a value of information from nothing; a single draw never can."""
    return not value > ERRORS_OF_NOTHING * standard_error


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
    """Return what it would be worth to know some parameters before deciding: an estimate from below.

    Parameters
    ----------
    parameters : array of shape (draws,) or (draws, parameters)
    net_benefit : array of shape (draws, options)

    Raises
    ------
    ValueError
        When some are not numbers.
    """
    _refuse_nan(net_benefit)
    _refuse_nan(parameters)
    means = net_benefit.mean(axis=0)
    chosen = int(means.argmax())
    # One row for each option, and one half of the draws behind the other: draws of a Sobol or Latin hypercube sequence
    # are spread over both halves alike.
    over_chosen = _halves((net_benefit - net_benefit[:, [chosen]]).T)
    # The level is that of all draws: only what the parameters move is left to the regression.
    level = (means - means[chosen])[:, None]
    moved = _moved(_halves(parameters.reshape(len(net_benefit), -1).T), over_chosen - level)
    advised = (level + moved).argmax(axis=0)
    gain = np.take_along_axis(over_chosen, advised[None], axis=0)[0]
    value, error = max(0.0, float(gain.mean())), _error(gain)
    changes = 0.0 if nothing_shown(value, error) else float(np.mean(advised != chosen))
    return Partial(value, error, changes)


def _halves(rows: Array) -> Array:
    return np.hstack([rows[:, ::2], rows[:, 1::2]])


def _moved(parameters: Array, wanted: Array) -> Array:
    """Return what regressions on one half of the draws foretell of the other, for each row of mean 0."""
    found = np.zeros_like(wanted)
    draws = wanted.shape[1]
    design, candidates = _design(parameters)
    if draws < 2 or not len(design):
        return found
    half = (draws + 1) // 2
    halves = slice(0, half), slice(half, draws)
    squares = [design[:, part] @ design[:, part].T for part in halves]
    products = [design[:, part] @ wanted[:, part].T for part in halves]
    # To foretell nothing is the first candidate, and what the others are measured against.
    best = [np.zeros_like(product) for product in products]
    least = np.zeros(len(wanted))
    for candidate in candidates:
        fits = [_fit(candidate, *pair) for pair in zip(squares, products, strict=True)]
        others = zip(fits, squares[::-1], products[::-1], strict=True)
        misses = np.sum([np.sum(fit * (square @ fit - 2 * product), axis=0) for fit, square, product in others], axis=0)
        better = misses < least
        least = np.where(better, misses, least)
        best = [np.where(better, fit, before) for fit, before in zip(fits, best, strict=True)]
    for part, fit in zip(halves, best[::-1], strict=True):
        # Not by a product of matrices, whose threads wait for one another where a machine is busy.
        np.einsum("ro,rd->od", fit, design[:, part], out=found[:, part])
    return found


def _fit(candidate: Array, square: Array, product: Array) -> Array:
    """Return the coefficients of all rows of a design, among the combinations of them that a candidate allows."""
    reduced = candidate.T @ square @ candidate
    reduced[np.diag_indices_from(reduced)] += RIDGE * (1 + np.trace(square))
    fitted: Array = candidate @ np.linalg.solve(reduced, candidate.T @ product)
    return fitted


def _design(parameters: Array) -> tuple[Array, list[Array]]:
    """Return the rows of the finest regression, of mean 0, and the combinations of them that candidates allow.

    There is a ramp for each piece between the knots of each parameter, and a product of any two parameters.
    """
    count, draws = parameters.shape
    halvings = HALVINGS if count == 1 else HALVINGS_EACH
    knots = [_knots(row, 2**halvings) for row in parameters]
    pairs = list(combinations(range(count), 2)) if count <= MOST_CROSSED else []
    main = sum(at.size - 1 for at in knots)
    design = np.empty((main + len(pairs), draws))
    ramps = ((row, *ends) for row, at in zip(parameters, knots, strict=True) for ends in pairwise(at))
    for place, (row, begin, end) in enumerate(ramps):
        np.clip((row - begin) / (end - begin), 0, 1, out=design[place])
    spread = parameters.std(axis=1, keepdims=True)
    scores = (parameters - parameters.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
    for place, (first, second) in enumerate(pairs, main):
        np.multiply(scores[first], scores[second], out=design[place])
    design -= design.mean(axis=1, keepdims=True)
    return design, list(_candidates(knots, len(pairs), halvings))


def _knots(row: Array, pieces: int) -> Array:
    """Return knots at quantiles; of few values each is one."""
    ordered = np.sort(row)
    values: Array = ordered[np.concatenate([[True], ordered[1:] > ordered[:-1]])]
    if values.size <= pieces + 1:
        return values
    quantiles: Array = np.unique(ordered[np.linspace(0, ordered.size - 1, pieces + 1).astype(int)])
    return quantiles


def _candidates(knots: Sequence[Array], products: int, halvings: int) -> Iterator[Array]:
    """Yield combinations of the rows of a design: from one straight piece for each parameter to all of its pieces.

    Each with and without the products of parameters, where there are some.
    """
    lengths = np.concatenate([np.diff(at) for at in knots])
    for halving in range(halvings, -1, -1):
        pieces = [place * 2**halvings + (np.arange(at.size - 1) >> halving) for place, at in enumerate(knots)]
        joined = np.concatenate(pieces)
        # Ramps one behind the other, each as steep as the next, make one long ramp.
        long = np.where(joined[:, None] == np.unique(joined), lengths[:, None], 0)
        candidate = np.pad(long / long.sum(axis=0), ((0, products), (0, 0)))
        yield candidate
        if products:
            yield np.hstack([candidate, np.eye(len(candidate))[:, -products:]])


def _error(gain: Array) -> float:
    return float(gain.std(ddof=1)) / math.sqrt(gain.size) if gain.size > 1 else math.nan


def _refuse_nan(array: Array) -> None:
    if np.isnan(array).any():
        raise ValueError("Some draws are not numbers.")
