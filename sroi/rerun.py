"""Work a service out again under today's editions of the reference data, and say what moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sroi import editions, tables
from sroi.method import RESULTS
from sroi.result import evaluate
from sroi.schema import Parameter
from sroi.service import Service
from sroi.service_file import tables_of


def under_todays(service: Service) -> Service:
    """Return a service built with today's editions: prices brought by them, unit costs as they state them.

    Raises
    ------
    ServiceError
        When today's edition no longer holds a unit cost that the service cites, or a year of prices.
    """
    stated = tables_of(service)
    stated["service"]["editions"] = editions.current()
    return Service.model_validate(stated)


def built_with(service: Service) -> pd.DataFrame:
    """Return the series that a service rests on: ``label``, ``built_with`` (empty where it states none), ``today``."""
    pinned = service.about.editions
    cited = {name for name, series in editions.all_series().items() if name in pinned or _prices(service, series)}
    rows = {
        name: {"label": series.label, "built_with": pinned.get(name, ""), "today": series.current}
        for name, series in editions.all_series().items()
        if name in cited
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["label", "built_with", "today"]).rename_axis("series")


def _prices(service: Service, series: editions.Series) -> bool:
    """Say whether a series brings the service's own currency to its price base."""
    return series.currency == service.about.currency and any(
        each.financial or each.calendar for each in series.editions.values()
    )


def rerun(
    service: Service,
    values: Mapping[str, Any] | None = None,
    *,
    scenario: str | None = None,
    convention: Any = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what moves when a service is worked out again under today's editions.

    Parameters
    ----------
    service : Service
    values, scenario, convention : optional
        As for :func:`sroi.evaluate`.

    Returns
    -------
    results, inputs : DataFrame
        The results that move, by name, and the parameters whose value or price year moves: ``label``, ``unit``,
        ``was`` and ``now``. Both are empty where nothing moves.

    Raises
    ------
    ServiceError
        When the service cannot be built with today's editions, or the request has faults.
    """
    today = under_todays(service)
    asked = {"scenario": scenario, "convention": convention}
    before, after = (evaluate(each, values, **asked) for each in (service, today))
    results = {
        name: {"label": tables.label_of(name), "unit": tables.unit_of(name), "was": was, "now": now}
        for name in RESULTS
        if (was := getattr(before, name)) != (now := getattr(after, name))
    }
    inputs = {
        name: {"label": old.label, "unit": old.unit, "was": _stated(old), "now": _stated(new)}
        for name, old in service.parameters.items()
        if _stated(old) != _stated(new := today.parameters[name])
    }
    columns = ["label", "unit", "was", "now"]
    made = (pd.DataFrame.from_dict(rows, orient="index", columns=columns) for rows in (results, inputs))
    first, second = (frame.rename_axis("name") for frame in made)
    return first, second


def _stated(parameter: Parameter) -> str:
    prices = f" ({parameter.price_year})" if parameter.price_year else ""
    return f"{parameter.value:,.12g}{prices}" if parameter.value is not None else f"by year{prices}"
