"""What a step does to arrays over draws: each function writes what it makes of its operands into its last argument.

All arrays have the axes (outcome, cohort, year, draw), the first of length 1. What is worked out year by year here
stays in the processor's cache, and years in which nothing happens cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from sroi.formula import COHORT_AXIS, YEAR_AXIS, Array
from sroi.formula.arrays import EQUAL_WITHIN, total

Write = Callable[..., Any]


def _where(condition: Array, a: Array, b: Array, out: Array) -> None:
    out[...] = b
    np.copyto(out, a, where=np.not_equal(condition, 0))


def _difference(a: Array, b: Array, out: Array) -> None:
    for year in range(out.shape[YEAR_AXIS]):
        first, left = _year(a, year), out[:, :, year]
        np.subtract(first, _year(b, year), out=left)
        near = np.abs(first)
        near *= EQUAL_WITHIN
        rounding = np.abs(left) <= near
        if rounding.any():
            left[rounding] = 0.0


def _year(x: Array | float, year: int) -> Array | float:
    """Return one year of what may be the same in every year."""
    if isinstance(x, float):
        return x
    found: Array = x[:, :, year if x.shape[YEAR_AXIS] > 1 else 0]
    return found


def _powers(base: Array, out: Array) -> None:
    """Write the powers 0, 1, 2, … of a base along the year axis."""
    out[:, :, 0] = 1.0
    for exponent in range(1, out.shape[YEAR_AXIS]):
        np.multiply(out[:, :, exponent - 1], base[:, :, 0], out[:, :, exponent])


def _cumulate(x: Array, out: Array) -> None:
    # Year by year: numpy's own running sum along any but the last axis is many times slower.
    out[:, :, 0] = x[:, :, 0]
    for year in range(1, x.shape[YEAR_AXIS]):
        np.add(out[:, :, year - 1], x[:, :, year], out[:, :, year])


def _lag(x: Array, out: Array) -> None:
    out[:, :, 0] = 0.0
    out[:, :, 1:] = x[:, :, :-1]


def _copy_of(function: Callable[..., Array], **options: Any) -> Write:
    def write(x: Array, out: Array) -> None:
        out[...] = function(x, **options)

    return write


def as_cohorts(x: Array, out: Array) -> None:
    """Write years as cohorts, as many as there are."""
    out[...] = np.swapaxes(x, COHORT_AXIS, YEAR_AXIS)[:, : out.shape[COHORT_AXIS]]


def by_place(places: Array) -> Write:
    """Return what takes years of an array by place, shape (cohort, year)."""

    def write(x: Array, out: Array) -> None:
        for cohort, row in enumerate(places):
            for year, place in enumerate(row):
                out[:, cohort, year] = x[:, 0, place]

    return write


def weighted_years(weights: Array) -> Write:
    """Return what adds years up, each times its weight, shape (cohort, year)."""

    def write(x: Array, out: Array) -> None:
        out[...] = 0.0
        for cohort, row in enumerate(np.broadcast_to(weights, (out.shape[COHORT_AXIS], x.shape[YEAR_AXIS]))):
            source = x[0, cohort if x.shape[COHORT_AXIS] > 1 else 0]
            for year in np.flatnonzero(row):
                out[0, cohort, 0] += source[year] * row[year]

    return write


def total_of_rows(rows: Sequence[tuple[int, Array]]) -> Write:
    """Return what adds rows up: each a number for each draw, times a weight for each year, times a profile.

    The operands are, row by row, its number and its profile. ``rows`` holds for each the place of the operand that is
    its profile, and its weights, shape (cohort, year). Rows with one profile share the multiplication by it.
    """
    profiles: dict[int, list[tuple[int, Array]]] = {}
    for place, (profile, weights) in enumerate(rows):
        profiles.setdefault(profile, []).append((2 * place, weights))

    def write(*operands: Any) -> None:
        out = operands[-1][0]
        part, spare = np.empty((2, out.shape[-1]))
        for cohort, year in np.ndindex(out.shape[:2]):
            found = False
            for profile, members in profiles.items():
                weighted = [(operands[place], float(weights[cohort, year])) for place, weights in members]
                weighted = [(number, weight) for number, weight in weighted if weight != 0]
                if not weighted:
                    continue
                into = part if found else out[cohort, year]
                _add_up(weighted, into, spare)
                if not isinstance(operands[profile], float):
                    into *= _cell(operands[profile], cohort, year)
                if found:
                    out[cohort, year] += part
                found = True
            if not found:
                out[cohort, year] = 0.0

    return write


def _add_up(weighted: Sequence[tuple[Any, float]], into: Array, spare: Array) -> None:
    for count, (number, weight) in enumerate(weighted):
        np.multiply(_cell(number, 0, 0), weight, out=spare if count else into)
        if count:
            into += spare


def _cell(x: Array | float, cohort: int, year: int) -> Array | float:
    if isinstance(x, float):
        return x
    found: Array = x[0, cohort if x.shape[COHORT_AXIS] > 1 else 0, year if x.shape[YEAR_AXIS] > 1 else 0]
    return found


# Payback: each comes to what the method's line says, and visits a draw only in the year in which it pays back -------


def first_reached(running: Array, out: Array) -> None:
    """Write when running sums first reach 0, linear between years, the horizon where they never do.

    Parameters
    ----------
    running : array of shape (1, 1, years, draws)
    out : array of shape (1, 1, 1, draws)
    """
    sums, found = running[0, 0], out[0, 0, 0]
    found[:] = len(sums)
    reached = sums[0] >= 0
    found[reached] = 0
    waiting = ~reached
    for year in range(1, len(sums)):
        np.greater_equal(sums[year], 0, out=reached)
        now = np.flatnonzero(waiting & reached)
        after, before = sums[year].take(now), sums[year - 1].take(now)
        found[now] = year - after / (after - before)
        np.greater(waiting, reached, out=waiting)


def years_below_after(running: Array, reached: Array, out: Array) -> None:
    """Write in how many years after a time running sums are below 0; shapes as for :func:`first_reached`."""
    sums, times = running[0, 0], reached[0, 0, 0]
    count = np.zeros(times.shape, np.uint8)
    for year in range(len(sums)):
        count += (sums[year] < 0) & (times < year)
    out[0, 0, 0] = count


WRITES: dict[str, Write] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.float_power,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "min": lambda a, b, out: np.minimum(a, b, out=out),
    "max": lambda a, b, out: np.maximum(a, b, out=out),
    "where": _where,
    "difference": _difference,
    "powers": _powers,
    "as_cohorts": as_cohorts,
    "lag": _lag,
    "total_years": _copy_of(total, axis=YEAR_AXIS),
    "total_cohorts": _copy_of(total, axis=COHORT_AXIS),
    "cumulate": _cumulate,
    "earliest": lambda x, out: np.minimum.reduce(x, axis=YEAR_AXIS, keepdims=True, out=out),
}
# What leaves one number along an axis.
REDUCES = {"total_years": YEAR_AXIS, "earliest": YEAR_AXIS, "total_cohorts": COHORT_AXIS}
# Lines of the method with a reading of their own: the lines that it reads, and what works it out.
BY_HAND: dict[str, tuple[tuple[str, ...], Write]] = {
    "payback_year": (("discounted_running_flow",), first_reached),
    "years_below_again": (("discounted_running_flow", "payback_year"), years_below_after),
    "payback_year_undiscounted": (("running_flow",), first_reached),
    "years_below_again_undiscounted": (("running_flow", "payback_year_undiscounted"), years_below_after),
}
