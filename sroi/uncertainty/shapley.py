"""Share the difference between two cases among the changes that make it, whatever their order (Shapley 1953)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sroi.formula import Array

# Up to so many changes every order is averaged; beyond, so many random orders and their reverses, from this seed.
MOST_EXACT = 16
ORDERS = 500
SEED = 1

Made = np.ndarray[tuple[int, int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Parts:
    """What each change contributes, and whether every order was averaged; the parts sum to the difference."""

    parts: dict[str, float]
    exact: bool


def shapley(names: Sequence[str], value: Callable[[Made], Array]) -> Parts:
    """Return what each change contributes.

    Parameters
    ----------
    names : sequence of str
        The changes.
    value : callable
        Takes a boolean array of shape (cases, changes), true where a change is made, and gives shape (cases,).
    """
    count = len(names)
    if not count:
        return Parts({}, exact=True)
    ends = value(np.array([[False] * count, [True] * count]))
    exact = count <= MOST_EXACT
    found = _every_order(count, value) if exact else _some_orders(count, value)
    # What rounding leaves goes to the largest part, so that the parts sum to the difference.
    largest = int(np.argmax(np.abs(found)))
    rest = math.fsum([float(ends[1] - ends[0]), *(-found)])
    found[largest] += rest
    return Parts(dict(zip(names, found.tolist(), strict=True)), exact)


def _every_order(count: int, value: Callable[[Made], Array]) -> Array:
    sets = np.arange(2**count)
    made = (sets[:, None] >> np.arange(count)) & 1 == 1
    worth, sizes = value(made), made.sum(axis=1)
    weights = np.array([1 / (count * math.comb(count - 1, size)) for size in range(count)])
    found = np.empty(count)
    for change in range(count):
        before = sets[~made[:, change]]
        found[change] = (weights[sizes[before]] * (worth[before | 1 << change] - worth[before])).sum()
    return found


def _some_orders(count: int, value: Callable[[Made], Array]) -> Array:
    rng = np.random.default_rng(SEED)
    found = np.zeros(count)
    for _ in range(ORDERS):
        order = rng.permutation(count)
        for each in (order, order[::-1]):
            made = np.zeros((count + 1, count), bool)
            for step, change in enumerate(each):
                made[step + 1 :, change] = True
            found[each] += np.diff(value(made))
    return found / (2 * ORDERS)
