"""Cases side by side: what each comes to with its likely range, how far it is from the first, and what it rests on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sroi import printing, tables
from sroi.reference import currencies
from sroi.uncertainty import Simulation

RESULTS = ("sroi_ratio", "npsv", "pv_benefits", "pv_costs")


def side_by_side(simulations: Mapping[str, Simulation]) -> pd.DataFrame:
    """Return cases beside each other, in the order given, each with what it adds to the first.

    Parameters
    ----------
    simulations : mapping of str to Simulation
        By what each case is called; the first is what the others are held against.

    Returns
    -------
    DataFrame
        One row for each. For ``sroi_ratio``, ``npsv``, ``pv_benefits`` and ``pv_costs``: the value at the central
        inputs (nan where undefined), ``..._low`` and ``..._high`` (5th and 95th percentile of the draws),
        ``..._written``, and ``extra_...`` over the first (nan where either is undefined, or money of another
        currency or price base). Besides: ``label``; ``chance`` of paying back; ``title``, ``convention``, ``currency``,
        ``prices``, ``years`` of the appraisal; ``who`` experiences the outcomes; ``grades`` of the inputs;
        ``not_priced``, how many outcomes have no price.
    """
    rows = [{"label": label, **_figures(each), **_terms(each)} for label, each in simulations.items()]
    frame = pd.DataFrame(rows)
    first = frame.iloc[0]
    money = (frame["currency"] == first["currency"]) & (frame["prices"] == first["prices"])
    for name in RESULTS:
        extra = frame[name] - first[name]
        frame[f"extra_{name}"] = extra if tables.unit_of(name) == "ratio" else extra.where(money)
    return frame


def _figures(simulation: Simulation) -> dict[str, Any]:
    table = simulation.summary()
    numbers = table[["central", "p5", "p95"]].astype(float).to_dict("index")
    figures: dict[str, Any] = {"chance": simulation.chance("npsv > 0")}
    for name in RESULTS:
        row = numbers[name]
        figures |= {name: row["central"], f"{name}_low": row["p5"], f"{name}_high": row["p95"]}
        figures[f"{name}_written"] = table.at[name, "written"]
    return figures


def _terms(simulation: Simulation) -> dict[str, Any]:
    central = simulation.central
    service, about = central.service, central.service.about
    who = dict.fromkeys(service.stakeholders[outcome.stakeholder].label for outcome in service.outcomes)
    grades = Counter(parameter.grade for parameter in service.parameters.values())
    return {
        "title": service.title,
        "convention": central.convention.label,
        "currency": about.currency,
        "prices": about.price_base_year,
        "years": about.appraisal_years,
        "who": "; ".join(who),
        "grades": ", ".join(f"{count} {grade}" for grade, count in sorted(grades.items())),
        "not_priced": len(service.non_monetised),
    }


def difference(extra: float, unit: str, symbol: str) -> str:
    """Say how far something is from what it is held against: ``0.42 less``, ``£1.2 million more``, ``the same``."""
    if math.isnan(extra):
        return "not comparable"
    said = printing.figure(abs(extra), unit, symbol)
    if said == printing.figure(0.0, unit, symbol):
        return "the same"
    if unit == "money":
        # It stands beside figures with a range, of which no more is known.
        said = printing.to_figures(abs(extra), symbol)
    return f"{said} {'more' if extra > 0 else 'less'}"


def compared(frame: pd.DataFrame, measure: str, first: str = "this case") -> pd.DataFrame:
    """Write one result of cases as a table to read: one row for each, with its distance from the first.

    Parameters
    ----------
    frame : DataFrame
        As :func:`side_by_side` returns it.
    measure : str
        ``sroi_ratio``, ``npsv``, ``pv_benefits`` or ``pv_costs``.
    first : str
        How the first is spoken of.
    """
    symbols = {code: currency.symbol for code, currency in currencies().items()}
    unit, label = tables.unit_of(measure), tables.label_of(measure)
    rows = frame.to_dict("records")
    apart = [difference(row[f"extra_{measure}"], unit, symbols[row["currency"]]) for row in rows]
    return pd.DataFrame(
        {
            "Case": frame["label"],
            label: frame[f"{measure}_written"],
            f"Against {first}": [f"({first})", *apart[1:]],
            "Chance of paying back": [printing.chance(chance) for chance in frame["chance"]],
        }
    )


def grounds(frame: pd.DataFrame) -> pd.DataFrame:
    """Write what cases rest on, so that unlike ones are not taken for like."""
    return pd.DataFrame(
        {
            "Case": frame["label"],
            "Whose lives": frame["who"],
            "Looked at": [printing.years(int(years)) for years in frame["years"]],
            "Prices": [f"{row['currency']}, {row['prices']}" for row in frame.to_dict("records")],
            "Convention": frame["convention"],
            "Inputs by evidence grade": frame["grades"],
            "Outcomes without a price": [str(count) for count in frame["not_priced"]],
        }
    )
