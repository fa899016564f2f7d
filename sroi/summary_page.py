"""The summary of a case on two pages of A4: what a commissioner lays on the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from sroi import compare, page, printing, reference, tables
from sroi.charts import bridge_sentence, by_bearer_sentence
from sroi.evidence import evidence_rows
from sroi.evidence_pages import NUMBER, number_row, what_carries
from sroi.page import Block, Bullets, Grid, Heading, Link, Paragraph, Words
from sroi.result import Result
from sroi.uncertainty import Simulation

FIGURES = ("npsv", "pv_benefits", "pv_costs", "payback_year", "net_budget_impact")
# So much of each fits on two pages; what is left out is said.
UNPRICED, BEARERS, NUMBERS, OWN, SOURCES, LIMITS = 5, 7, 5, 8, 6, 3
# A description longer than this many characters ends with its last whole sentence before, or is cut.
LONGEST = 260
STYLE = """
body { max-width: 52rem; }
h2 { margin-top: 1.5rem; font-size: 1.2rem; }
table { min-width: 0; }
h1 + p { color: #3D3D3D; }
h1 + p + p { font-size: 1.15rem; font-weight: 600; }
@media (max-width: 40rem) { table { min-width: 0; font-size: .8rem; } th, td { padding: .3rem; }
  td, th { overflow-wrap: anywhere; } }
@media print {
  @page { size: A4 portrait; margin: 13mm 14mm; }
  body { font-size: 8.5pt; line-height: 1.3; }
  h1 + p + p { font-size: 10.5pt; }
  h1 { font-size: 16pt; margin: 0 0 2mm; }
  h2 { font-size: 11pt; margin: 3mm 0 1mm; }
  p, ul { margin: 0 0 1.5mm; }
  .table { margin: 0; }
  table { font-size: 8pt; line-height: 1.25; }
  th, td { padding: .6mm 1.5mm; }
  caption { padding: 0 0 .5mm; }
}
"""


@dataclass(frozen=True)
class Asked:
    """What a summary is made from.

    Attributes
    ----------
    result : Result
        Of one case; ``result.base.profile`` is shown as the profile of the relationship.
    simulation : Simulation or None
        Of the same case, for the likely ranges.
    day : date
        That is printed.
    address : str
        Where the case can be opened again, or nothing.
    """

    result: Result
    simulation: Simulation | None
    day: date
    address: str = ""

    @property
    def uncertain(self) -> Simulation | None:
        """The simulation, where anything in it is uncertain."""
        return self.simulation if self.simulation is not None and self.simulation.uncertain else None


def summary_page(asked: Asked) -> str:
    """Return the summary of a case as one HTML file that prints on two pages of A4 and asks nothing of the network."""
    return page.to_html(list(_blocks(asked)), f"Summary: {asked.result.service.title}", style=STYLE)


def _blocks(asked: Asked) -> Iterator[Block]:
    result = asked.result
    rows = evidence_rows(result, asked.day.year)
    yield Heading(1, result.service.title)
    yield Paragraph(_terms(asked))
    yield from _headline(asked)
    yield from _unpriced(result)
    yield from _own(result)
    yield from _deductions(result)
    yield from _bearers(result)
    yield from _carries(result, rows)
    yield from _sources(result, rows)
    yield from _profile(result)
    yield from _made(asked)


def _terms(asked: Asked) -> str:
    result, about = asked.result, asked.result.service.about
    scenario = result.base.scenarios[result.scenario].label or result.scenario if result.scenario else "Base case"
    return (
        f"{scenario} · {result.convention.label} · {about.currency} at {about.price_base_year} prices ·"
        f" {printing.years(about.appraisal_years)} from {about.first_year} · made {asked.day:%d %B %Y} with sroi"
        f" {tables.stated_under(result)['version']}"
    )


def _headline(asked: Asked) -> Iterator[Block]:
    result, drawn = asked.result, asked.uncertain
    yield Paragraph(drawn.headline() if drawn else compare.headline(result))
    if drawn:
        yield Paragraph(compare.scenario_range(result))
    table = (drawn or result).summary()
    names = list(dict.fromkeys([*result.convention.headline, *FIGURES]))
    rows: list[list[Words]] = [[str(table.at[name, "label"]), str(table.at[name, "written"])] for name in names]
    likely = " “Likely” is from the 5th to the 95th percentile of the draws." if drawn else ""
    yield Heading(2, "Key figures")
    yield Grid(f"Present values.{likely}", ("Figure", "Value"), rows)


def _unpriced(result: Result) -> Iterator[Block]:
    yield Heading(2, "Not priced, and in no figure")
    found = result.service.non_monetised
    if not found:
        yield Paragraph("The service file names no outcome without a price.")
        return
    items = [f"{each.label}: {_short(each.description)}" for each in found[:UNPRICED]]
    yield Bullets((*items, *_more(len(found) - UNPRICED, "outcome")))


def _own(result: Result) -> Iterator[Block]:
    if not result.values:
        return
    yield Heading(2, "What was changed")
    frame = result.evidence()
    changed = frame[frame["changed"]]
    symbols = {code: currency.symbol for code, currency in reference.currencies().items()}
    rows: list[list[Words]] = [
        [
            str(row["label"]),
            *(
                "by year" if pd.isna(row[key]) else printing.quantity(row[key], row["unit"], symbols)
                for key in ("default", "value")
            ),
        ]
        for row in changed.head(OWN).to_dict("records")
    ]
    yield Grid("Inputs that differ from the scenario.", ("Input", "Service file", "Here"), rows)
    for more in _more(len(changed) - OWN, "input"):
        yield Paragraph(more)


def _deductions(result: Result) -> Iterator[Block]:
    steps, symbol = result.bridge(), tables.symbol_of(result)
    kept = steps[(steps["value"] != 0) | (steps.index == steps.index[0])]
    rows: list[list[Words]] = [
        [str(row.label), *(printing.money(float(amount), symbol) for amount in (row.value, row.total))]
        for row in kept.itertuples()
    ]
    yield Heading(2, "From gross to net")
    yield Grid(bridge_sentence(steps, symbol), ("Step", "Changes by", "Leads to"), rows, _AMOUNTS)


_AMOUNTS = frozenset({"Changes by", "Leads to", "Gains or loses", "Pays", "Net"})


def _bearers(result: Result) -> Iterator[Block]:
    frame, symbol = result.by("bearer"), tables.symbol_of(result)
    columns = ["pv_benefits", "pv_costs", "pv_net"]
    # Who neither pays nor gains needs no row on a page that short.
    frame = frame[(frame[columns] != 0).any(axis=1)] if (frame[columns] != 0).any(axis=None) else frame
    rows: list[list[Words]] = [
        [str(row["label"]), *(_amount(float(row[name]), symbol) for name in columns)]
        for _, row in frame.head(BEARERS).iterrows()
    ]
    yield Heading(2, "Who pays and who gains")
    yield Grid(by_bearer_sentence(frame, symbol), ("Who", "Gains or loses", "Pays", "Net"), rows, _AMOUNTS)
    for more in _more(len(frame) - BEARERS, "row"):
        yield Paragraph(more)


def _amount(value: float, symbol: str) -> str:
    return printing.money(value, symbol) if value else "none"


def _carries(result: Result, rows: pd.DataFrame) -> Iterator[Block]:
    yield Heading(2, "What carries the result")
    _, weak = what_carries(result, rows)
    yield Paragraph(weak)
    places = [NUMBER.index(column) for column in ("Number", "Value", "Share", "Grade", "How sure")]
    top = rows[rows["share"] > 0].head(NUMBERS)
    grid: list[list[Words]] = []
    for name, row in top.iterrows():
        every = number_row(result, str(name), row)
        grid.append([every[place] for place in places])
    if grid:
        columns = [NUMBER[place] for place in places]
        yield Grid("The numbers on which most rests; “Share” is of the result.", columns, grid, frozenset({"Share"}))


def _sources(result: Result, rows: pd.DataFrame) -> Iterator[Block]:
    shares = rows.groupby("source")["share"].sum().sort_values(ascending=False, kind="stable")
    every = result.service.sources
    used = [key for key in shares.index if key in every]
    items: list[Words] = []
    for key in used[:SOURCES]:
        source = every[key]
        title: str | Link = Link(source.title, source.url) if source.url else source.title
        items.append((f"{source.author} ({source.year}), ", title, f"; {source.how_sure}"))
    yield Heading(2, "Sources on which most rests")
    if not items:
        yield Paragraph("No number has a source.")
        return
    yield Bullets((*items, *_more(len(every) - len(items), "source")))


def _profile(result: Result) -> Iterator[Block]:
    rated = result.base.profile
    if not rated:
        return
    rows: list[list[Words]] = []
    for entries in reference.relationship_profile().values():
        rows += [
            [entry.label, f"{rated[key].rating}", _short(rated[key].why)]
            for key, entry in entries.items()
            if key in rated
        ]
    yield Heading(2, "Profile of the relationship")
    yield Grid("Rated by hand from 1 to 5. No figure rests on it.", ("What", "Rating", "What it rests on"), rows)


def _made(asked: Asked) -> Iterator[Block]:
    about, stated = asked.result.service.about, tables.stated_under(asked.result)
    yield Heading(2, "How to read this")
    said = (
        f"Discounted with {stated['schedule']} to {about.first_year}. A ratio above 1 says that priced benefits exceed"
        " inputs; ratios of different services rest on different evidence and are no league table."
    )
    yield Paragraph((said, *((" This case: ", Link(asked.address, asked.address)) if asked.address else ())))
    limits = [_short(text) for text in about.does_not_show[:LIMITS]]
    if limits:
        yield Paragraph("What the evidence does not show:")
        yield Bullets(tuple(limits))


def _short(text: str) -> str:
    """Return a text no longer than a few lines: whole sentences where one ends in time."""
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    end = text.rfind(". ", 0, LONGEST)
    return text[: end + 1] if end > 0 else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"


def _more(count: int, thing: str) -> list[str]:
    return [f"and {printing.counted(count, thing)} more: see the workbook or the evidence page."] if count > 0 else []
