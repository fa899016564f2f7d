"""How far each input may move before the answer turns, in words, and whether that is likely."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sroi import tables, units
from sroi.result import Result
from sroi.uncertainty.sensitivity import one_way
from sroi.uncertainty.simulation import Simulation
from sroi.uncertainty.switching import quantity, switching_values

COLUMNS = ("label", "unit", "central", "switches_at", "low", "high", "within", "says")


def margins(simulation: Simulation) -> pd.DataFrame:
    """Return how far each uncertain input may move, alone, before the service no longer pays back, or until it does.

    Parameters
    ----------
    simulation : Simulation

    Returns
    -------
    DataFrame
        One row for each input that turns the answer somewhere, first those that do so within their likely range, the
        nearest first. Columns: ``label``, ``unit``, ``central``, ``switches_at``, ``low`` and ``high`` (5th and 95th
        percentile of the input), ``within`` (whether it turns the answer between these), ``says``.
    """
    found = switching_values(simulation, list(simulation.uncertain))
    found = found[found["switches_at"].notna()].join(one_way(simulation)[["low", "high"]])
    found["within"] = found["switches_at"].between(found["low"], found["high"])
    rows = found.to_dict("records")
    found["says"] = [_says(row, simulation.central) for row in rows]
    found["near"] = [abs(row["change"]) if not math.isnan(row["change"]) else math.inf for row in rows]
    found = found.sort_values(["within", "near"], ascending=[False, True], kind="stable")
    return found[list(COLUMNS)]


def _says(row: dict[Any, Any], central: Result) -> str:
    unit, label, own, turns = row["unit"], row["label"], row["central"], row["switches_at"]
    now, then = _written(own, unit), _written(turns, unit)
    if now == then:
        return f"{label} stands where the answer turns, at {now}."
    way = "rise" if turns > own else "fall"
    if central.npsv > 0:
        said = f"{label} could {way} from {now} to {then} before {_even(central, 'only ')}."
    else:
        said = f"{label} would have to {way} from {now} to {then} before {_even(central)}."
    where = "within" if row["within"] else "outside"
    return f"{said} That is {where} its likely range, {_written(row['low'], unit)} to {_written(row['high'], unit)}."


def _even(central: Result, only: str = "") -> str:
    """Say that as much comes back as goes in; in pounds only where what is put in is what it costs."""
    inputs, costs = central.pv_inputs, central.pv_costs
    if costs > 0 and math.isclose(inputs, costs):
        symbol = tables.symbol_of(central)
        return f"{symbol}1 returns {only}{symbol}1"
    return f"the service {only}breaks even"


def _written(value: float, unit: str) -> str:
    if units.is_share(unit):
        return f"{100 * value:.3g}%".replace("-", "−")
    return quantity(value, unit)
