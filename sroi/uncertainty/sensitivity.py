"""What matters: one parameter at a time, two together, and where the answer turns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sroi import printing, reference, units
from sroi.breakdown import one_case
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.formula import Array
from sroi.method import RESULTS
from sroi.plan import Plan, flat
from sroi.result import Result, evaluate
from sroi.schema import LONGEST_HORIZON, Parameter
from sroi.stated import Stated, lines_behind
from sroi.uncertainty.shapley import Made, shapley
from sroi.uncertainty.simulation import Simulation
from sroi.uncertainty.spreads import Uncertain

IntArray = np.ndarray[Any, np.dtype[np.int64]]

LIKELY = (0.05, 0.95)
# How many values of a parameter are tried before a root is closed in on, and how often it then is.
TRIED = 401
CLOSER = 50
# A parameter without bounds is tried up to this many times its value.
FAR = 10.0


def at(central: Result, values: Mapping[str, Array]) -> Result:
    """Return the central case with some parameters as arrays."""
    return evaluate(central.service, {**central.values, **values}, convention=central.convention)


def one_way(simulation: Simulation, result: str = "npsv") -> pd.DataFrame:
    """Return what one result does when each parameter moves alone between its 5th and 95th percentile.

    One row for each uncertain parameter, the widest first. Columns: ``label``, ``unit``, ``low`` and ``high`` (values
    of the parameter), ``at_low`` and ``at_high`` (of the result), ``swing`` (their distance), ``central``.
    """
    _known(simulation.central, result)
    central, names = simulation.central, list(simulation.uncertain)
    ends = {name: each.distribution.ppf(np.array(LIKELY)) for name, each in simulation.uncertain.items()}
    columns = {name: np.full(2 * len(names), float(central_value(central, name))) for name in names}
    for place, name in enumerate(names):
        columns[name][2 * place : 2 * place + 2] = ends[name]
    found = getattr(at(central, columns), result) if names else np.zeros(0)
    rows = {}
    for place, name in enumerate(names):
        low, high = found[2 * place], found[2 * place + 1]
        rows[name] = {
            "label": central.service.parameters[name].label,
            "unit": central.service.parameters[name].unit,
            "low": ends[name][0],
            "high": ends[name][1],
            "at_low": low,
            "at_high": high,
            "swing": abs(high - low),
            "central": getattr(central, result),
        }
    columns_of = ["label", "unit", "low", "high", "at_low", "at_high", "swing", "central"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns_of).rename_axis("name")
    return frame.sort_values("swing", ascending=False, kind="stable")


def two_way(simulation: Simulation, first: str, second: str, result: str = "npsv", points: int = 11) -> pd.DataFrame:
    """Return one result over a grid of two parameters between their 5th and 95th percentiles.

    One row for each value of ``first`` (the index) and one column for each value of ``second``.
    """
    _known(simulation.central, result)
    steps = np.linspace(*LIKELY, points)
    ends = [_uncertain(simulation, name).distribution.ppf(steps) for name in (first, second)]
    a, b = (grid.reshape(-1) for grid in np.meshgrid(*ends, indexing="ij"))
    found = getattr(at(simulation.central, {first: a, second: b}), result)
    return pd.DataFrame(
        found.reshape(points, points), index=pd.Index(ends[0], name=first), columns=pd.Index(ends[1], name=second)
    )


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
        ``searched_from``, ``searched_to``, ``says``.
    """
    uncertain: Mapping[str, Uncertain] = central.uncertain if isinstance(central, Simulation) else {}
    case = central.central if isinstance(central, Simulation) else central
    one_case(case, "switching_values")
    _known(case, result)
    parameters = case.service.parameters
    chosen = list(parameters) if names is None else names
    for name in chosen:
        if name not in parameters:
            raise ServiceError(case.service.id, [Fault(name, f"is not a parameter. {nearest(name, parameters)}")])
    chosen = [name for name in chosen if central_value(case, name) is not None]
    ranges = {name: _range(case, name, uncertain.get(name)) for name in chosen}
    roots = _roots(case, ranges, result, threshold)
    rows = {name: _said(case, name, result, threshold, ranges[name], roots[name]) for name in chosen}
    columns = ["label", "unit", "central", "switches_at", "change", "searched_from", "searched_to", "says"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("name")


def _said(
    case: Result, name: str, result: str, threshold: float, ends: tuple[float, float], root: float | None
) -> dict[str, Any]:
    parameter, own = case.service.parameters[name], float(central_value(case, name))
    found = math.nan if root is None else root
    what = "break even" if result == "npsv" and threshold == 0 else f"reach {result} of {threshold:g}"
    symbols = {code: currency.symbol for code, currency in reference.currencies().items()}
    now, then = (printing.quantity(number, parameter.unit, symbols) for number in (own, found))
    says = f"{parameter.label} would have to be {then}, where it is {now}, for the service to {what}"
    if root is None:
        says = f"{parameter.label}: no value from {ends[0]:.4g} to {ends[1]:.4g} lets the service {what}"
    return {
        "label": parameter.label,
        "unit": parameter.unit,
        "central": own,
        "switches_at": found,
        "change": (found - own) / abs(own) if own else math.nan,
        "searched_from": ends[0],
        "searched_to": ends[1],
        "says": says,
    }


def _roots(
    case: Result, ranges: Mapping[str, tuple[float, float]], result: str, threshold: float
) -> dict[str, float | None]:
    """Return for each parameter the root nearest to its central value, all parameters searched together."""
    names = list(ranges)
    owns = np.array([float(central_value(case, name)) for name in names])
    grids = [_tried(case, name, ranges[name], own) for name, own in zip(names, owns, strict=True)]
    if not names:
        return {}
    ask = _asker(case, {name: high for name, (_, high) in ranges.items()}, result)

    def beyond(moved: IntArray, values: Array) -> Array:
        columns = {name: np.where(moved == place, values, owns[place]) for place, name in enumerate(names)}
        return ask(columns) - threshold

    moved = np.repeat(np.arange(len(names)), [grid.size for grid in grids])
    found = np.split(beyond(moved, np.concatenate(grids)), np.cumsum([grid.size for grid in grids])[:-1])
    roots: dict[str, list[float]] = {name: [] for name in names}
    brackets: list[tuple[int, float, float, float]] = []
    for place, (grid, values) in enumerate(zip(grids, found, strict=True)):
        exact, crossed = _crossings(grid, values)
        roots[names[place]] += exact
        brackets += [(place, grid[step], grid[step + 1], math.copysign(1, values[step])) for step in crossed]
    if brackets:
        which, low, high, below = (np.array(column) for column in zip(*brackets, strict=True))
        whole = np.array([names[place] in _whole(case) for place in which])
        for _ in range(CLOSER):
            middle = np.where(whole, high, (low + high) / 2)
            same = np.sign(beyond(which, middle)) == below
            low, high = np.where(same & ~whole, middle, low), np.where(same, high, middle)
        for place, root in zip(which, np.where(whole, high, (low + high) / 2), strict=True):
            roots[names[place]].append(float(root))
    return {
        name: min(roots[name], key=lambda root, own=own: abs(root - own)) if roots[name] else None  # type: ignore[misc]
        for name, own in zip(names, owns, strict=True)
    }


def _tried(case: Result, name: str, ends: tuple[float, float], own: float) -> Array:
    tried = np.union1d(np.linspace(*ends, TRIED), own)
    return np.unique(np.floor(tried)) if name in _whole(case) else tried


def _crossings(tried: Array, found: Array) -> tuple[list[float], IntArray]:
    """Return values that are roots to the last bit, and places after which the sign changes."""
    # Where it only touches, as with nobody served, nothing switches: the sign must differ on both sides.
    touching = np.flatnonzero(found[1:-1] == 0) + 1
    exact = [float(tried[place]) for place in touching if found[place - 1] * found[place + 1] < 0]
    return exact, np.flatnonzero(np.sign(found[:-1]) * np.sign(found[1:]) < 0)


def _asker(case: Result, most: Mapping[str, float], result: str) -> Callable[[Mapping[str, Array]], Array]:
    """Return what works one result out for values of some parameters, shape (cases,), the steps written once."""
    service, convention = case.service, case.convention
    fixed = {name: float(value) for name, value in case.values.items() if name not in most}
    runner = Plan(service, convention, fixed, most, lines_behind(result, service, convention)).runner()
    years = service.about.appraisal_years

    def ask(values: Mapping[str, Array]) -> Array:
        raw = runner.run(values)
        size = next(iter(values.values())).size
        with np.errstate(all="ignore"):
            return Stated(service, convention, size, lambda name: flat(name, raw[name], years)).figure(result).copy()

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


def central_value(case: Result, name: str) -> Any:
    """Return the value of a parameter in a case, ``None`` where it varies by year."""
    return case.values.get(name, case.service.parameters[name].value)


def scenario_bridge(before: Result, after: Result, result: str = "npsv") -> pd.DataFrame:
    """Return what each changed parameter contributes to the difference between two cases of one service.

    By Shapley's value: the average over every order in which the changes could be made, so that the order does not
    matter and the parts sum to the difference exactly.

    Parameters
    ----------
    before, after : Result
        One case each, of one service under one convention and horizon, such as two scenarios.
    result : str

    Returns
    -------
    DataFrame
        One row for each change: ``label``, ``before``, ``after`` (values in the first one's prices), ``contribution``;
        the attribute ``attrs["exact"]`` says whether every order was averaged, or a sample of orders.
    """
    for case in (before, after):
        one_case(case, "scenario_bridge")
    _known(before, result)
    if before.service.about != after.service.about or before.convention != after.convention:
        rule = "Evaluate both under one convention and horizon: a bridge explains changed parameters only."
        raise ServiceError(before.service.id, [Fault("scenario_bridge", f"joins two different appraisals. {rule}")])
    changes = {name: pair for name in before.service.parameters if (pair := _pair(before, after, name)) is not None}
    names = list(changes)

    def value(made: Made) -> Array:
        columns = {
            name: np.where(made[:, place], changes[name][1], changes[name][0]) for place, name in enumerate(names)
        }
        found: Array = getattr(at(before, columns), result)
        return found

    parts = shapley(names, value)
    labels = [before.service.parameters[name].label for name in names]
    frame = pd.DataFrame(
        {
            "label": labels,
            "before": [changes[name][0] for name in names],
            "after": [changes[name][1] for name in names],
            "contribution": [parts.parts[name] for name in names],
        },
        index=pd.Index(names, name="name"),
    )
    frame.attrs["exact"] = parts.exact
    return frame


def _pair(before: Result, after: Result, name: str) -> tuple[float, float] | None:
    """Return a parameter's value before and after, in the unit and prices of before; None where they are equal."""
    first, second = before.service.parameters[name], after.service.parameters[name]
    own, other = central_value(before, name), central_value(after, name)
    if own is None or other is None:
        if (own, first.by_year, first.price_year) == (other, second.by_year, second.price_year):
            return None
        problem = "varies by year in one of the cases. A bridge needs one value: evaluate with values={...}."
        raise ServiceError(before.service.id, [Fault(name, problem)])
    other = float(other) * _price_change(first, second)
    return None if own == other else (float(own), other)


def _price_change(first: Parameter, second: Parameter) -> float:
    """Return the factor from the second's prices to the first's."""
    if first.price_year is None or second.price_year is None or first.price_year == second.price_year:
        return 1.0
    found = 1.0
    for code, power in units.currencies_in(units.read(first.unit), reference.currencies()):
        found *= reference.price_factor(code, second.price_year, first.price_year) ** power
    return found


def _uncertain(simulation: Simulation, name: str) -> Uncertain:
    if name not in simulation.uncertain:
        rule = nearest(name, simulation.uncertain)
        raise ServiceError(simulation.central.service.id, [Fault(name, f"is not an uncertain parameter. {rule}")])
    return simulation.uncertain[name]


def _known(case: Result, result: str) -> None:
    if result not in RESULTS:
        problem = f"is {shown(result)}, which is not a result. {nearest(str(result), RESULTS)}"
        raise ServiceError(case.service.id, [Fault("result", problem)])
