"""Where the answer turns: the value of one parameter at which a result reaches a threshold."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sroi import printing, reference, tables, units
from sroi.breakdown import one_case
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.formula import Array
from sroi.method import LINES
from sroi.plan import Plan, flat
from sroi.result import Result
from sroi.schema import LONGEST_HORIZON
from sroi.stated import Stated, lines_behind
from sroi.uncertainty import asked
from sroi.uncertainty.sensitivity import at, central_value
from sroi.uncertainty.simulation import Simulation
from sroi.uncertainty.spreads import Uncertain

IntArray = np.ndarray[Any, np.dtype[np.int64]]

# How many values of a parameter are tried before a root is closed in on, and how often it then is.
TRIED = 401
CLOSER = 50
# A parameter without bounds is tried up to this many times its value.
FAR = 10.0
# Where a result has no bound it doubles with every step that closes in on the place; a jump does not grow.
GROWN = 2.0 ** (CLOSER // 2)


def switching_values(
    central: Result | Simulation, names: list[str] | None = None, result: str = "npsv", threshold: float = 0.0
) -> pd.DataFrame:
    """Return for each parameter the value at which a result reaches a threshold, all others at their central values.

    Parameters
    ----------
    central : Result or Simulation
        One case. With a simulation the range that is searched is that of each distribution.
    names : list of str, optional
        Parameters; all that have one value, when not given.
    result, threshold : optional
        ``npsv`` at 0 by default: where the service just pays.

    Returns
    -------
    DataFrame
        One row for each parameter: ``label``, ``unit``, ``central``, ``switches_at`` (nan where there is none; the
        one nearest to the central value where there are several), ``change`` (relative to the central value),
        ``searched_from``, ``searched_to``, ``reached`` (where nothing switches: whether the threshold is reached at
        every value that was tried and has a number, True, or at none, False; else None), ``says``.

    Notes
    -----
    A switch is where the result passes through the threshold, or jumps over it; not where it has no bound, as a ratio
    has none where its denominator passes through 0. At an end of the range it is enough that the threshold is met
    there, unless nothing is done any more: without benefits and costs every service breaks even.
    """
    uncertain: Mapping[str, Uncertain] = central.uncertain if isinstance(central, Simulation) else {}
    case = central.central if isinstance(central, Simulation) else asked.evaluated(central, "switching_values")
    one_case(case, "switching_values")
    asked.known(case.service, result)
    if not asked.finite(threshold):
        rule = "Write the number that the result has to reach."
        raise ServiceError(case.service.id, [Fault("threshold", f"is {shown(threshold)}. {rule}")])
    parameters = case.service.parameters
    chosen = list(parameters) if names is None else asked.names(case.service, names, "names")
    unknown = [
        Fault(name, f"is not a parameter. {nearest(name, parameters)}") for name in chosen if name not in parameters
    ]
    if unknown:
        raise ServiceError(case.service.id, unknown)
    chosen = [name for name in chosen if central_value(case, name) is not None]
    ranges = {name: _range(case, name, uncertain.get(name)) for name in chosen}
    roots, reached = _roots(case, ranges, result, float(threshold))
    asked_for = result, float(threshold)
    rows = {name: _row(case, name, asked_for, ranges[name], roots[name], reached[name]) for name in chosen}
    columns = ["label", "unit", "central", "switches_at", "change", "searched_from", "searched_to", "reached", "says"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("name")


def _row(
    case: Result,
    name: str,
    asked_for: tuple[str, float],
    ends: tuple[float, float],
    roots: list[float],
    reached: bool | None,
) -> dict[str, Any]:
    parameter, own = case.service.parameters[name], float(central_value(case, name))
    found = min(roots, key=lambda root: abs(root - own)) if roots else math.nan
    now, then, low, high = (quantity(number, parameter.unit) for number in (own, found, *ends))
    if roots:
        says = f"{parameter.label} would have to be {then}, where it is {now}, for {_wanted(case, *asked_for)}"
    else:
        # The unit is said once: after the second number.
        start = low.removesuffix(f" {parameter.unit}").removesuffix(f" {parameter.unit.partition(' ')[2]}")
        says = f"{parameter.label}: {_stays(case, *asked_for, reached)} from {start} to {high}"
    return {
        "label": parameter.label,
        "unit": parameter.unit,
        "central": own,
        "switches_at": found,
        "change": (found - own) / abs(own) if own else math.nan,
        "searched_from": ends[0],
        "searched_to": ends[1],
        "reached": None if roots else reached,
        "says": says,
    }


def _pays(result: str, threshold: float) -> bool:
    return result == "npsv" and threshold == 0


def _wanted(case: Result, result: str, threshold: float) -> str:
    if _pays(result, threshold):
        return "the service to break even"
    return f"the {_called(result)} to reach {_threshold(case, result, threshold)}"


def _stays(case: Result, result: str, threshold: float, reached: bool | None) -> str:
    """Say on which side a result stays; "no value lets it break even" would be true of one that always pays."""
    if reached is None:
        return f"the {_called(result)} passes through {_threshold(case, result, threshold)} at no value"
    if _pays(result, threshold):
        return f"the service pays back at {'every' if reached else 'no'} value"
    side = "reaches" if reached else "stays below"
    return f"the {_called(result)} {side} {_threshold(case, result, threshold)} at every value"


def _called(result: str) -> str:
    """Write the label of a result within a sentence: abbreviations stay as they are."""
    label = tables.label_of(result)
    return label if label[:2].isupper() else label[0].lower() + label[1:]


def _threshold(case: Result, result: str, threshold: float) -> str:
    unit = tables.unit_of(result)
    if unit == "money":
        return printing.money(threshold, tables.symbol_of(case))
    number = printing.quantity(threshold, "", {}, exact=True)
    return {"rate": printing.tick(threshold, "share"), "years": f"{number} years"}.get(unit, number)


def quantity(value: float, unit: str) -> str:
    """Write a value with its unit: a plain number has none, and one of something is no plural."""
    symbols = {code: currency.symbol for code, currency in reference.currencies().items()}
    said = printing.quantity(value, unit, symbols)
    if units.read(unit) == units.NUMBER and not units.is_share(unit):
        return said.removesuffix(unit).strip()
    counted, per, each = unit.partition(" per ")
    return f"1 {units.singular(counted)}{per}{each}" if said == f"1 {unit}" else said


def _roots(
    case: Result, ranges: Mapping[str, tuple[float, float]], result: str, threshold: float
) -> tuple[dict[str, list[float]], dict[str, bool | None]]:
    """Return for each parameter the values at which the answer turns, and on which side of the threshold it stays.

    All parameters are searched together.
    """
    names = list(ranges)
    roots: dict[str, list[float]] = {name: [] for name in names}
    reached: dict[str, bool | None] = dict.fromkeys(names)
    if not names:
        return roots, reached
    owns = np.array([float(central_value(case, name)) for name in names])
    ask = _asker(case, {name: high for name, (_, high) in ranges.items()}, result)

    def beyond(moved: IntArray, values: Array) -> tuple[Array, Array]:
        found, sign = ask({name: np.where(moved == place, values, owns[place]) for place, name in enumerate(names)})
        return found - threshold, (found - threshold) * sign

    grids = [_tried(case, name, ranges[name], own) for name, own in zip(names, owns, strict=True)]
    moved = np.repeat(np.arange(len(names)), [grid.size for grid in grids])
    over, signed = beyond(moved, np.concatenate(grids))
    brackets: list[tuple[int, float, float, float]] = []
    for place, name in enumerate(names):
        # A value without a number hides nothing: those beside it are compared.
        here = (moved == place) & ~np.isnan(signed)
        grid, values, sizes = np.concatenate(grids)[here], signed[here], np.abs(over[here])
        reached[name] = _one_side(over[moved == place])
        roots[name] += _exact(case, name, grid, values)
        crossed = np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) < 0)
        brackets += [(place, grid[step], grid[step + 1], sizes[step : step + 2].max()) for step in crossed]
    for place, root in _closed_in(beyond, brackets, np.array([name in _whole(case) for name in names])):
        roots[names[place]].append(root)
    return roots, reached


def _one_side(over: Array) -> bool | None:
    """Say whether all values lie at or above a threshold, or all below; None where they differ or none has a number.

    At the threshold itself a value lies with the others: of a loss that ends where nothing is done, nothing pays back.
    """
    above, below = bool((over > 0).any()), bool((over < 0).any())
    if (above and below) or np.isnan(over).all():
        return None
    return not below


def _closed_in(
    beyond: Callable[[IntArray, Array], tuple[Array, Array]],
    brackets: list[tuple[int, float, float, float]],
    whole: Any,
) -> list[tuple[int, float]]:
    """Return which parameter turns the answer where, of the brackets in which one does."""
    if not brackets:
        return []
    which, low, high, size = (np.array(column) for column in zip(*brackets, strict=True))
    below = np.sign(beyond(which, low)[1])
    whole = whole[which]
    for _ in range(CLOSER):
        middle = np.where(whole, high, (low + high) / 2)
        same = np.sign(beyond(which, middle)[1]) == below
        low, high = np.where(same & ~whole, middle, low), np.where(same, high, middle)
    ends = np.array([beyond(which, low)[0], beyond(which, high)[0]])
    # nan compares as false: next to a value without a number nothing turns.
    turns = (np.sign(ends[0]) * np.sign(ends[1]) <= 0) & (np.abs(ends).max(axis=0) <= GROWN * size)
    found = np.where(whole, high, (low + high) / 2)
    return [(int(place), float(root)) for place, root, turn in zip(which, found, turns, strict=True) if turn]


def _tried(case: Result, name: str, ends: tuple[float, float], own: float) -> Array:
    tried = np.union1d(np.linspace(*ends, TRIED), own)
    return np.unique(np.floor(tried)) if name in _whole(case) else tried


def _exact(case: Result, name: str, tried: Array, found: Array) -> list[float]:
    """Return values that are roots to the last bit."""
    # Where it only touches, nothing switches: the sign must differ on both sides.
    inside = np.flatnonzero(found[1:-1] == 0) + 1
    exact = [float(tried[place]) for place in inside if found[place - 1] * found[place + 1] < 0]
    if found.size > 1:
        ends = [float(tried[end]) for end, beside in ((0, 1), (-1, -2)) if found[end] == 0 and found[beside] != 0]
        exact += [end for end in ends if not _nothing_is_done(case, name, end)]
    return exact


def _nothing_is_done(case: Result, name: str, value: float) -> bool:
    there = at(case, {name: np.array([value])})
    return bool(there.pv_benefits[0] == 0 and there.pv_costs[0] == 0)


def _asker(
    case: Result, most: Mapping[str, float], result: str
) -> Callable[[Mapping[str, Array]], tuple[Array, Array]]:
    """Return what works one result out for values of some parameters, shape (cases,), the steps written once.

    Beside the result stands the sign of what a ratio is divided by, 1 where there is nothing: result times sign passes
    through a threshold with the result, but does not leap from one side to the other where the ratio has no bound.
    """
    service, convention = case.service, case.convention
    fixed = {name: float(value) for name, value in case.values.items() if name not in most}
    lines = lines_behind(result, service, convention)
    below = LINES[lines[0]].needs if lines else None
    runner = Plan(service, convention, fixed, most, lines).runner()
    years = service.about.appraisal_years

    def ask(values: Mapping[str, Array]) -> tuple[Array, Array]:
        raw = runner.run(values)
        size = next(iter(values.values())).size
        stated = Stated(service, convention, size, lambda name: flat(name, raw[name], years))
        with np.errstate(all="ignore"):
            found = stated.figure(result).copy()
            return found, np.sign(stated.figure(below)) if below else np.ones(size)

    return ask


def _whole(case: Result) -> set[str | None]:
    return {o.onset_year for o in case.service.outcomes} | {c.start_year for c in case.service.costs}


def _range(case: Result, name: str, uncertain: Uncertain | None) -> tuple[float, float]:
    """Return where a parameter can lie: a share from 0 to 1, else its bounds, its distribution's, or far around it."""
    parameter, own = case.service.parameters[name], float(central_value(case, name))
    low, high = parameter.minimum, parameter.maximum
    if units.is_share(parameter.unit):
        low, high = max(0.0, low or 0.0), 1.0 if high is None else min(1.0, high)
    elif parameter.unit.strip() in {"year", "years"}:
        longest = float(min(LONGEST_HORIZON, case.service.about.appraisal_years))
        low, high = max(0.0, low or 0.0), longest if high is None else min(longest, high)
    far = max(FAR * abs(own), 1.0)
    if low is None:
        possible = -math.inf if uncertain is None else uncertain.distribution.low
        low = possible if math.isfinite(possible) else (0.0 if own >= 0 else -far)
    if high is None:
        possible = math.inf if uncertain is None else uncertain.distribution.high
        high = possible if math.isfinite(possible) else (far if own >= 0 else 0.0)
    return min(low, own), max(high, own)
