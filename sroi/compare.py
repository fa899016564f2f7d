"""One service under several scenarios or conventions, side by side, and the headline that states the range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sroi import printing, reference, tables
from sroi.breakdown import one_case
from sroi.method import RESULTS
from sroi.result import Result, evaluate
from sroi.service import Service

BASE = "base"


def compare_conventions(
    service: Service, values: Mapping[str, Any] | None = None, *, scenario: str | None = None
) -> pd.DataFrame:
    """Return every result of one case under every convention: one row for each convention.

    Parameters
    ----------
    service : Service
    values : mapping of str to float, optional
        Parameters that differ from the file.
    scenario : str, optional
        A scenario of the service.
    """
    found = {name: evaluate(service, values, scenario=scenario, convention=name) for name in reference.conventions()}
    return _side_by_side(found, "convention")


def compare_scenarios(
    service: Service, values: Mapping[str, Any] | None = None, *, convention: Any = None
) -> pd.DataFrame:
    """Return every result of one case under the base case and every scenario: one row for each.

    Parameters
    ----------
    service : Service
    values : mapping of str to float, optional
        Parameters that differ from the file, whatever the scenario.
    convention : optional
        As for :func:`sroi.evaluate`.
    """
    found = {
        name or BASE: evaluate(service, values, scenario=name, convention=convention)
        for name in (None, *service.scenarios)
    }
    return _side_by_side(found, "scenario")


def compare_elasticities(
    service: Service, values: Mapping[str, Any] | None = None, *, scenario: str | None = None, convention: Any = None
) -> pd.DataFrame:
    """Return weighted results at the low, central and high elasticity of income, beside the unweighted ones.

    Parameters
    ----------
    service : Service
        With incomes; without them the weighted columns are nan.
    values, scenario, convention : optional
        As for :func:`sroi.evaluate`.
    """
    _, bundle = reference.convention(service.about.convention if convention is None else convention)
    columns = ["pv_benefits", "pv_benefits_weighted", "npsv", "npsv_weighted"]
    rows = {}
    for elasticity in reference.income_elasticities().values():
        chosen = bundle.model_copy(update={"income_elasticity": elasticity})
        result = evaluate(service, values, scenario=scenario, convention=chosen)
        one_case(result, "elasticity")
        rows[elasticity] = [getattr(result, name) for name in columns]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("elasticity").astype(float)


def _side_by_side(found: Mapping[str, Result], what: str) -> pd.DataFrame:
    for result in found.values():
        one_case(result, what)
    rows = {name: {key: getattr(result, key) for key in RESULTS} for name, result in found.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(RESULTS)).rename_axis(what).astype(float)


def headline(result: Result) -> str:
    """Say the result in a few sentences, with its range over scenarios, its terms, and what carries no price.

    Parameters
    ----------
    result : Result
        One case.

    Raises
    ------
    ServiceError
        When the result holds many cases.
    """
    one_case(result, "headline")
    about, symbol = result.service.about, tables.symbol_of(result)
    name = _stated(result)
    if name == "npsv":
        said = f"This comes to {printing.money(result.npsv, symbol)} of net present social value"
    else:
        said = f"{symbol}1 put in returns {printing.money(getattr(result, name), symbol)} of social value"
        said += f", {printing.money(abs(result.npsv), symbol)} {'more' if result.npsv >= 0 else 'less'} than it costs"
    years = printing.years(about.appraisal_years)
    said = f"{said} ({result.convention.label}, {about.price_base_year} prices, {years}). {scenario_range(result)}"
    return f"{said} {printing.not_priced([entry.label for entry in result.service.non_monetised])}".rstrip()


def scenario_range(result: Result) -> str:
    """Say from where to where the scenarios of the file lead, each at its central values."""
    symbol, name = tables.symbol_of(result), _stated(result)
    # Of each scenario only the one result that is said: all of them take many times as long.
    others = (
        evaluate(result.base, result.values, scenario=scenario, convention=result.convention)
        for scenario in (None, *result.base.scenarios)
    )
    found = [figure for each in others if (figure := getattr(each, name)) is not None]
    if len(found) < 2:
        return "No range is stated: the file has no other scenario."
    low, high = (printing.money(end, symbol) for end in (min(found), max(found)))
    return f"The scenarios of this file range from {low} to {high}."


def _stated(result: Result) -> str:
    """Return the result that a headline states: the convention's ratio, or the net value where that is undefined."""
    name = next((key for key in ("sroi_ratio", "bcr") if key in result.convention.headline), "bcr")
    return "npsv" if getattr(result, name) is None else name
