"""The first reading of a formula: numbers and numpy arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from sroi.formula.tree import Name, Node, Operation

Array = npt.NDArray[np.float64]
Value = float | Array

OUTCOME_AXIS, COHORT_AXIS, YEAR_AXIS, DRAW_AXIS = 0, 1, 2, 3


def _compound(x: Array) -> Array:
    product: Array = np.multiply.accumulate(x, axis=YEAR_AXIS)
    return product


def _where(condition: Value, a: Value, b: Value) -> Array:
    chosen: Array = np.where(np.not_equal(condition, 0), a, b)
    return chosen


def _lag(x: Array) -> Array:
    earlier = np.zeros_like(x)
    earlier[:, :, 1:] = x[:, :, :-1]
    return earlier


def total(x: Array, axis: int) -> Array:
    """Sum along an axis in order of the axis, so that a draw comes out the same alone and among others."""
    if x.shape[DRAW_AXIS] == 1 and x.shape[axis] > 1:
        # With one draw the axis lies contiguous in memory, where numpy's reduction would add in another order.
        running: Array = np.add.accumulate(x, axis=axis)
        return running.take([-1], axis=axis)
    total: Array = np.add.reduce(x, axis=axis, keepdims=True)
    return total


# Two totals that agree to this share of their size are equal: what is left is rounding.
EQUAL_WITHIN = 1e-12


def _difference(a: Value, b: Value) -> Array:
    left = np.subtract(a, b)
    chosen: Array = np.where(np.abs(left) <= EQUAL_WITHIN * np.abs(a), 0.0, left)
    return chosen


_ARRAY: dict[str, Callable[..., Value]] = {
    "difference": _difference,
    "neg": lambda a: -a,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": np.divide,
    # As IEEE 754: 0 ** 0 is 1, and a fractional power of a negative number is not a number.
    "**": np.float_power,
    "<": lambda a, b: np.less(a, b) * 1.0,
    "<=": lambda a, b: np.less_equal(a, b) * 1.0,
    ">": lambda a, b: np.greater(a, b) * 1.0,
    ">=": lambda a, b: np.greater_equal(a, b) * 1.0,
    "min": np.minimum,
    "max": np.maximum,
    "where": _where,
    "total_years": lambda x: total(x, YEAR_AXIS),
    "total_cohorts": lambda x: total(x, COHORT_AXIS),
    "total": lambda x: total(x, OUTCOME_AXIS),
    "cumulate": lambda x: np.add.accumulate(x, axis=YEAR_AXIS),
    "compound": _compound,
    "lag": _lag,
    "earliest": lambda x: np.min(x, axis=YEAR_AXIS, keepdims=True),
}


def apply(symbol: str, arguments: Sequence[Value]) -> Value:
    """Return what one operation makes of its arguments, unchecked."""
    return _ARRAY[symbol](*arguments)


def evaluate_unchecked(node: Node, lookup: Callable[[str], Value]) -> Value:
    """Read the tree as numbers.

    Parameters
    ----------
    node : Node
        The parsed formula.
    lookup : callable
        Gives the value of a name: a float, or an array with axes (outcome, cohort, year, draw), length-1
        axes kept. Call inside ``np.errstate(all="ignore")``: what is not finite is refused by line name
        by whoever holds the name.
    """
    if isinstance(node, Operation):
        return _ARRAY[node.symbol](*[evaluate_unchecked(argument, lookup) for argument in node.arguments])
    return lookup(node.id) if isinstance(node, Name) else node.value


def evaluate(node: Node, lookup: Callable[[str], Value]) -> Value:
    """Read the tree as numbers, not finite wherever an intermediate is not, as a spreadsheet would.

    ``min(1 / 0, 5)`` is not a number here, while in plain arithmetic infinity would vanish. The branch that
    ``where`` does not choose may be anything. Arguments as for :func:`evaluate_unchecked`.
    """
    return _strictly(node, lookup)[0]


def _strictly(node: Node, lookup: Callable[[str], Value]) -> tuple[Value, bool]:
    """Return the value, and whether all of it is finite."""
    if not isinstance(node, Operation):
        return evaluate_unchecked(node, lookup), True
    parts = [_strictly(argument, lookup) for argument in node.arguments]
    values = [value for value, _ in parts]
    found = _ARRAY[node.symbol](*values)
    if not all(finite for _, finite in parts):
        decisive = values[:1] if node.symbol == "where" else values
        for value in decisive:
            found = np.where(np.isnan(value), np.nan, found)
    if math.isfinite(found) if isinstance(found, float) else np.isfinite(found).all():
        return found, True
    return np.where(np.isfinite(found), found, np.nan), False
