"""What matters: one parameter at a time, two together, and from one case to another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sroi import reference, units
from sroi.breakdown import one_case
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.formula import Array
from sroi.result import Result, evaluate
from sroi.schema import Parameter
from sroi.service import Service
from sroi.uncertainty import asked
from sroi.uncertainty.shapley import Made, shapley
from sroi.uncertainty.simulation import Simulation
from sroi.uncertainty.spreads import Uncertain

LIKELY = (0.05, 0.95)
# Points of a grid in each direction, and at most.
POINTS, MOST_POINTS = 11, 1024


def at(central: Result, values: Mapping[str, Array]) -> Result:
    """Return the central case with some parameters as arrays."""
    return evaluate(central.service, {**central.values, **values}, convention=central.convention)


def one_way(simulation: Simulation, result: str = "npsv") -> pd.DataFrame:
    """Return what one result does when each parameter moves alone between its 5th and 95th percentile.

    One row for each uncertain parameter, the widest first; before them those that take the result to where it has no
    number, or from there, which no width measures. Columns: ``label``, ``unit``, ``low`` and ``high`` (values of the
    parameter), ``at_low`` and ``at_high`` (of the result), ``swing`` (their distance), ``central``, ``undefined`` (at
    which of ``low``, ``central`` and ``high`` the result has no number, nothing where it always has one).
    """
    asked.simulated(simulation, "one_way")
    asked.known(simulation.central.service, result)
    central, names = simulation.central, list(simulation.uncertain)
    parameters = central.service.parameters
    ends = {name: each.distribution.ppf(np.array(LIKELY)) for name, each in simulation.uncertain.items()}
    columns = {name: np.full(2 * len(names), float(central_value(central, name))) for name in names}
    for place, name in enumerate(names):
        columns[name][2 * place : 2 * place + 2] = ends[name]
    found = getattr(at(central, columns), result) if names else np.zeros(0)
    own, rows = getattr(central, result), {}
    for place, name in enumerate(names):
        low, high = found[2 * place], found[2 * place + 1]
        stands = {"low": low, "central": math.nan if own is None else own, "high": high}
        undefined = [where for where, number in stands.items() if math.isnan(number)]
        rows[name] = {
            "label": parameters[name].label,
            "unit": parameters[name].unit,
            "low": ends[name][0],
            "high": ends[name][1],
            "at_low": low,
            "at_high": high,
            "swing": abs(high - low),
            "central": own,
            "undefined": ", ".join(undefined),
        }
    columns_of = ["label", "unit", "low", "high", "at_low", "at_high", "swing", "central", "undefined"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns_of).rename_axis("name")
    frame = frame.sort_values("swing", ascending=False, kind="stable")
    turns = ~frame["undefined"].isin(["", "low, central, high"]).to_numpy(bool)
    return frame.iloc[np.argsort(~turns, kind="stable")]


def two_way(
    simulation: Simulation, first: str, second: str, result: str = "npsv", points: int = POINTS
) -> pd.DataFrame:
    """Return one result over a grid of two parameters between their 5th and 95th percentiles.

    One row for each value of ``first`` (the index) and one column for each value of ``second``; nan where the result
    is undefined. ``points`` says how many values of each.
    """
    asked.simulated(simulation, "two_way")
    service = simulation.central.service
    asked.known(service, result)
    if not asked.whole(points, 2, MOST_POINTS):
        rule = f"Write a whole number from 2 to {MOST_POINTS:,}."
        raise ServiceError(service.id, [Fault("points", f"is {shown(points)}. {rule}")])
    if first == second:
        raise ServiceError(service.id, [Fault("two_way", f"was given {shown(first)} twice. Name two parameters.")])
    steps = np.linspace(*LIKELY, int(points))
    ends = [_uncertain(simulation, name).distribution.ppf(steps) for name in (first, second)]
    a, b = (grid.reshape(-1) for grid in np.meshgrid(*ends, indexing="ij"))
    found = getattr(at(simulation.central, {first: a, second: b}), result)
    rows, columns = pd.Index(ends[0], name=first), pd.Index(ends[1], name=second)
    return pd.DataFrame(found.reshape(len(rows), len(columns)), index=rows, columns=columns)


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

    Raises
    ------
    ServiceError
        Also when the result has no number at some step on the way.
    """
    for case in (before, after):
        one_case(asked.evaluated(case, "scenario_bridge"), "scenario_bridge")
    asked.known(before.service, result)
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
        _refuse_undefined(before, result, names, made, found)
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


def _refuse_undefined(before: Result, result: str, names: list[str], made: Made, found: Array) -> None:
    if not np.isnan(found).any():
        return
    changed = made[int(np.isnan(found).argmax())]
    where = f"with only {', '.join(name for name, change in zip(names, changed, strict=True) if change)} changed"
    if changed.all() or not changed.any():
        where = "after the changes" if changed.any() else "before the changes"
    rule = "A bridge takes every step on the way: ask for another result, such as 'npsv'."
    raise ServiceError(before.service.id, [Fault(result, f"has no number {where}. {rule}")])


def _pair(before: Result, after: Result, name: str) -> tuple[float, float] | None:
    """Return a parameter's value before and after, in the unit and prices of before; None where they are equal."""
    first, second = before.service.parameters[name], after.service.parameters[name]
    own, other = central_value(before, name), central_value(after, name)
    if own is None or other is None:
        if (own, first.by_year, first.price_year) == (other, second.by_year, second.price_year):
            return None
        problem = "varies by year in one of the cases. A bridge needs one value: evaluate with values={...}."
        raise ServiceError(before.service.id, [Fault(name, problem)])
    other = float(other) * _price_change(first, second, before.service)
    return None if own == other else (float(own), other)


def _price_change(first: Parameter, second: Parameter, service: Service) -> float:
    """Return the factor from the second's prices to the first's.

    By way of the price base: from year to year another index may hold, as between calendar and financial years, and
    the parts would not sum to the difference.
    """
    if first.price_year is None or second.price_year is None or first.price_year == second.price_year:
        return 1.0
    base, pinned = service.about.price_base_year, service.about.editions
    found = 1.0
    for code, power in units.currencies_in(units.read(first.unit), reference.currencies()):
        to_base = (reference.price_factor(code, year, base, pinned) for year in (second.price_year, first.price_year))
        found *= (next(to_base) / next(to_base)) ** power
    return found


def _uncertain(simulation: Simulation, name: str) -> Uncertain:
    if name not in simulation.uncertain:
        rule = nearest(name, simulation.uncertain)
        raise ServiceError(simulation.central.service.id, [Fault(name, f"is not an uncertain parameter. {rule}")])
    return simulation.uncertain[name]
