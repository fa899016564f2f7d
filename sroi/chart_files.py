"""The charts of a case as image files, each stamped with what it shows and under which terms."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import Any, Literal

import altair as alt
import vl_convert

from sroi import charts, charts_lens, charts_uncertain, dependence, tables, units
from sroi.deep_value import relationship
from sroi.evidence import evidence_rows
from sroi.export import dated_stem
from sroi.result import Result
from sroi.uncertainty import Simulation, one_way, pictures

Kind = Literal["png", "svg"]
# Pixels of a chart's width, characters of a line above it, and how many times finer a PNG is.
WIDTH, LINE, SCALE = 640, 80, 2


def chart_files(result: Result, simulation: Simulation | None, kind: Kind, day: date | None = None) -> dict[str, bytes]:
    """Return each chart of a case as an image, by file name.

    Parameters
    ----------
    result : Result
        Of one case.
    simulation : Simulation or None
        Of the same case; without one the charts of likely ranges are left out.
    kind : "png" or "svg"
    day : date, optional
        That is stamped on them; today when not given.
    """
    day = day or date.today()
    found = _charts(result, simulation, day)
    stem = dated_stem(result, day)
    stamp = f"{tables.heading(result)}. sroi {tables.stated_under(result)['version']}, {day:%d %B %Y}."
    return {f"{stem}_{name}.{kind}": _image(chart, title, stamp, kind) for name, (title, chart) in found.items()}


def _charts(result: Result, simulation: Simulation | None, day: date) -> dict[str, tuple[str, Any]]:
    symbol = tables.symbol_of(result)
    found: dict[str, tuple[str, Any]] = {
        "year_by_year": ("Year by year", charts.cash_flow(result.cash_flow(), symbol)),
        "gross_to_net": ("From gross to net", charts.bridge(result.bridge(), symbol)),
        "who_pays_and_gains": ("Who pays and who gains", charts.by_bearer(result.by("bearer"), symbol)),
        "for_whom": ("For whom", charts.by_member(result.by("stakeholder"), symbol)),
        "what_carries_it": ("What the result rests on", charts.weights(evidence_rows(result, day.year))),
    }
    if result.base.relationship is not None:
        found["relationship"] = ("The relationship as an investment", _lens(result, symbol))
    if simulation is None or not simulation.uncertain:
        return found
    bars, swings = pictures.distribution(simulation), one_way(simulation)
    if not bars.empty:
        found["chance"] = ("Chance of paying back", charts_uncertain.distribution(bars, symbol))
    if (swings["swing"] > 0).any():
        found["what_matters"] = ("What matters most", charts_uncertain.tornado(swings, symbol))
    return found


def _lens(result: Result, symbol: str) -> alt.LayerChart:
    lens = relationship(result.base, dict(result.values), scenario=result.scenario, convention=result.convention)
    parameter = lens.service.parameters[lens.relationship.dependence]
    curve, marks = dependence.curve(lens), dependence.marks(lens)
    return charts_lens.returns(curve, marks, symbol, parameter.label, shares=units.is_share(parameter.unit))


def _image(chart: Any, title: str, stamp: str, kind: Kind) -> bytes:
    said = alt.TitleParams(
        title, subtitle=textwrap.wrap(stamp, LINE), anchor="start", fontSize=18, subtitleFontSize=12,
        color=charts.TEXT, subtitleColor=charts.TEXT, font=charts.FONT, subtitleFont=charts.FONT, offset=12,
    )  # fmt: skip
    spec = chart.properties(title=said, width=WIDTH).to_dict()
    # Nothing that a chart of ours holds has an address; none is allowed either.
    allowed: list[str] = []
    if kind == "svg":
        return vl_convert.vegalite_to_svg(spec, allowed_base_urls=allowed).encode()
    return vl_convert.vegalite_to_png(spec, scale=SCALE, allowed_base_urls=allowed)
