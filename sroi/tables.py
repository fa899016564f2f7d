"""The tables of a result. Faces show these; none of them computes a result."""

from __future__ import annotations

import html as markup
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from sroi import explain, printing, reference
from sroi.breakdown import one_case, rows_of
from sroi.figures import Figures
from sroi.formula import COHORT_AXIS, Array
from sroi.method import CALLED, LINES, RESULTS
from sroi.reference import Convention


def unit_of(name: str) -> str:
    """Return the unit of a result: ``money``, ``ratio``, ``years`` or ``rate``."""
    if name in CALLED:
        return "rate" if name == "irr" else "ratio"
    return LINES[name].unit


def label_of(name: str) -> str:
    """Return what a result is called."""
    return CALLED.get(name) or LINES[name].label


def symbol_of(figures: Figures) -> str:
    """Return the currency sign of a service."""
    return reference.currencies()[figures.service.about.currency].symbol


def summary(figures: Figures) -> pd.DataFrame:
    """Return one row for each result: label, value, unit, written, status; for many cases the mean of each."""
    values = {name: getattr(figures, name) for name in RESULTS}
    if figures.cases is not None:
        frame = pd.DataFrame(values)
        return pd.DataFrame(
            {
                "label": [label_of(name) for name in RESULTS],
                "unit": [unit_of(name) for name in RESULTS],
                "mean": frame.mean().to_numpy(),
                "least": frame.min().to_numpy(),
                "most": frame.max().to_numpy(),
                "undefined": frame.isna().sum().to_numpy(),
            },
            index=pd.Index(RESULTS, name="name"),
        )
    status, symbol = figures.status, symbol_of(figures)
    rows = [
        {
            "name": name,
            "label": label_of(name),
            "value": value,
            "unit": unit_of(name),
            "written": printing.figure(value, unit_of(name), symbol, status.get(name, "")),
            "status": status.get(name, ""),
        }
        for name, value in values.items()
    ]
    return pd.DataFrame(rows).set_index("name").astype({"value": float})


def _years(figures: Figures, line: str) -> Array:
    """Return a line of each year as shape (years,)."""
    return np.broadcast_to(figures.line(line).reshape(-1), (figures.service.about.appraisal_years,))


def cash_flow(figures: Figures) -> pd.DataFrame:
    """Return one row for each calendar year: benefits, costs and net; plain, discounted and to date."""
    one_case(figures, "cash_flow")
    about = figures.service.about
    columns = {
        "benefits": "benefits_in_year",
        "costs": "costs_in_year",
        "net": "net_flow",
        "net_to_date": "running_flow",
        "discounted_benefits": "discounted_benefits_in_year",
        "discounted_costs": "discounted_costs_in_year",
        "discounted_net": "discounted_net_flow",
        "discounted_net_to_date": "discounted_running_flow",
    }
    index = pd.Index(range(about.first_year, about.first_year + about.appraisal_years), name="year")
    return pd.DataFrame({column: _years(figures, line) for column, line in columns.items()}, index=index)


_MAP_INPUTS = (
    "proxy",
    "deadweight",
    "displacement",
    "attribution",
    "leakage",
    "substitution",
    "multiplier",
    "drop_off",
    "onset_year",
    "benefit_period",
    "cashable",
)


def impact_map(figures: Figures) -> pd.DataFrame:
    """Return one row for each outcome: who, how many, what each is worth, what is deducted, and its present value.

    ``quantity`` and ``impact`` are sums over the delivery years; a share or proxy that varies by year is shown
    for the first year.
    """
    one_case(figures, "impact_map")
    service = figures.service
    rows = len(service.outcomes)
    frame = pd.DataFrame(
        {
            "label": [outcome.name for outcome in service.outcomes],
            "stakeholder": [service.stakeholders[outcome.stakeholder].label for outcome in service.outcomes],
            "bearer": [service.bearers[outcome.bearer].label for outcome in service.outcomes],
            "kind": [outcome.kind for outcome in service.outcomes],
            "transfer": [outcome.transfer for outcome in service.outcomes],
            "quantity": _over_cohorts(figures, "quantity"),
        },
        index=pd.Index([outcome.id for outcome in service.outcomes], name="id"),
    )
    for key in _MAP_INPUTS:
        array = np.asarray(figures.line_or_setting(key))
        frame[key] = np.broadcast_to(array, (rows, *array.shape[1:])).reshape(rows, -1)[:, 0]
    frame["impact"] = _over_cohorts(figures, "impact")
    frame["present_value"] = rows_of(figures, "present_value")
    return frame


def _over_cohorts(figures: Figures, name: str) -> Array:
    array = figures.line_or_setting(name)
    summed: Array = array.sum(axis=COHORT_AXIS)
    return summed.reshape(array.shape[0], -1)[:, 0]


def evidence(figures: Figures) -> pd.DataFrame:
    """Return one row for each parameter: value, unit, default, source, locator, how sure, grade."""
    service, base = figures.service, figures.service.parameters
    base_year, pinned = service.about.price_base_year, service.about.editions
    rows = []
    for name, parameter in base.items():
        changed = name in figures.values
        source = None if changed else service.sources.get(parameter.source)
        value = figures.values.get(name, parameter.value)
        stated = parameter.by_year if value is None else value
        rows.append(
            {
                "name": name,
                "label": parameter.label,
                "value": float(np.mean(np.asarray(stated, float))),
                "by_year": parameter.by_year if value is None else None,
                "unit": parameter.unit,
                "price_year": parameter.price_year or "",
                "price_note": reference.price_note(parameter.unit, parameter.price_year, base_year, pinned),
                "default": parameter.value,
                "changed": changed,
                "cited": explain.cite(figures, name),
                "how_sure": "your own value" if changed else source.how_sure if source else "assumption",
                "url": (source.url or "") if source else "",
                "grade": "" if changed else parameter.grade,
                "grade_means": "" if changed else reference.grades()[parameter.grade],
                "group": parameter.group,
                "note": "" if changed else parameter.note or "",
            }
        )
    return pd.DataFrame(rows).set_index("name")


def non_monetised(figures: Figures) -> pd.DataFrame:
    """Return the outcomes that carry no price: who, what, how many over the delivery years, how important."""
    service = figures.service
    rows = [
        {
            "id": entry.id,
            "label": entry.label,
            "stakeholder": service.stakeholders[entry.stakeholder].label,
            "description": entry.description,
            "quantity": float(figures.in_delivery(figures.named(entry.quantity)).flat[0]) if entry.quantity else None,
            "importance": entry.importance,
        }
        for entry in service.non_monetised
    ]
    columns = ["id", "label", "stakeholder", "description", "quantity", "importance"]
    return pd.DataFrame(rows, columns=columns).set_index("id")


def per_participant(figures: Figures) -> pd.DataFrame:
    """Return money results for each participant and for each unit of inputs; empty where the file counts nobody."""
    one_case(figures, "per_participant")
    count, inputs = figures.participants, figures.pv_inputs
    names = [name for name in RESULTS if unit_of(name) == "money" and getattr(figures, name) is not None]
    if not count:
        names = []
    rows = {
        name: {
            "label": label_of(name),
            "per_participant": figures.per(name, count or 0.0),
            "per_pound": figures.per(name, inputs or 0.0),
        }
        for name in names
    }
    columns = ["label", "per_participant", "per_pound"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("name")


def cases(figures: Figures) -> pd.DataFrame:
    """Return one row for each case: the values that vary, and every result."""
    count = figures.cases or 1
    values = {name: np.broadcast_to(value, count) for name, value in figures.values.items()}
    results = {name: getattr(figures, name) for name in RESULTS}
    return pd.DataFrame(values | results, index=pd.RangeIndex(count, name="case"))


def stated_under(figures: Figures) -> dict[str, Any]:
    """Return what a result was computed under: price base, discounting base year, schedule, convention, horizon."""
    about, convention = figures.service.about, figures.convention
    return {
        "service": about.id,
        "title": about.title,
        "scenario": figures.scenario,
        "convention": figures.convention_name,
        "currency": about.currency,
        "price_base_year": about.price_base_year,
        "discounting_base_year": about.first_year,
        "schedule": _schedule_name(convention),
        "appraisal_years": about.appraisal_years,
        "delivery_years": about.delivery_years,
        "version": version("sroi"),
    }


def _schedule_name(convention: Convention) -> str:
    return reference.schedule(convention.schedule).label


def as_dict(figures: Figures) -> dict[str, Any]:
    """Return what ``--json`` prints: every result, its status, what it rests on, and what carries no price."""
    results = {name: _plain(getattr(figures, name)) for name in RESULTS}
    values = {name: _plain(value) for name, value in figures.values.items()}
    unpriced = [entry.label for entry in figures.service.non_monetised]
    stated = stated_under(figures) | {"values": values, "participants": _plain(figures.participants)}
    return stated | results | {"status": figures.status, "non_monetised": unpriced}


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [None if np.isnan(number) else float(number) for number in value]
    return value


def heading(figures: Figures) -> str:
    """Say in a line what a result is of: service, scenario, convention, price base and horizon."""
    about = figures.service.about
    scenario = f"scenario {figures.scenario}" if figures.scenario else "base case"
    return (
        f"{about.title}, {scenario}, convention {figures.convention_name},"
        f" {about.currency} at {about.price_base_year} prices,"
        f" {printing.years(about.appraisal_years)} from {about.first_year}"
    )


def html(figures: Figures) -> str:
    """Return the heading and the summary as HTML, for notebooks."""
    table = summary(figures)
    shown_columns = ["label", "written"] if figures.cases is None else ["label", "mean", "least", "most"]
    return f"<p>{markup.escape(heading(figures))}</p>{table[shown_columns].to_html(index=False, header=False)}"
