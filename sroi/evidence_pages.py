"""The evidence page of a service: every number, where it comes from, how good it is, and what rests on it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sroi import library, page, printing, tables
from sroi.evidence import Standing, evidence_rows, standing, this_year
from sroi.page import Block, Bullets, Grid, Heading, Link, Paragraph, Words
from sroi.reference import Convention, grades
from sroi.result import Result, evaluate
from sroi.schema import ASSUMPTION, Change, Parameter, Source
from sroi.service import Service

NONE = "–"
# The headings of the table of numbers.
NUMBER = ("Number", "Value", "1% more: ratio", "1% more: NPSV", "Share", "Grade", "Source", "How sure", "Age")
_NUMERIC = frozenset({"1% more: ratio", "1% more: NPSV", "Share", "Age"})
RESTS = {"sroi_ratio": "the SROI ratio", "npsv": "the net present social value"}


def evidence_page(
    service: Service,
    values: Mapping[str, Any] | None = None,
    *,
    scenario: str | None = None,
    convention: str | Path | Convention | None = None,
    year: int | None = None,
    html: bool = False,
) -> str:
    """Return the evidence page of a service: every number, its source, grade, age, and how much rests on it.

    Parameters
    ----------
    service : Service
    values : mapping of str to float, optional
        Parameters that differ from the file.
    scenario, convention : optional
        As for :func:`sroi.evaluate`.
    year : int, optional
        The calendar year to which ages are counted; this year when not given.
    html : bool
        An HTML file that needs nothing from the network, and not Markdown.

    Raises
    ------
    ServiceError
        With every fault of the request, or when it holds many cases.
    """
    result = evaluate(service, values, scenario=scenario, convention=convention)
    blocks = list(page_of(result, this_year() if year is None else year))
    return page.to_html(blocks, f"Evidence: {service.title}") if html else page.to_markdown(blocks)


def library_pages(year: int | None = None, *, convention: str | Path | Convention | None = None) -> dict[str, str]:
    """Return the evidence pages of the library as Markdown by file name, and a list of them as ``README.md``.

    Parameters
    ----------
    year, convention : optional
        As for :func:`evidence_page`.
    """
    counted_to = this_year() if year is None else year
    pages, rows = {}, []
    for service in library.all_services():
        result = evaluate(service, convention=convention)
        pages[f"{service.id}.md"] = page.to_markdown(list(page_of(result, counted_to)))
        rows.append(_in_list(result, counted_to))
    return pages | {"README.md": page.to_markdown(list(_list_of(rows, counted_to)))}


def _list_of(rows: list[list[Words]], year: int) -> Iterator[Block]:
    yield Heading(1, "Evidence behind each service")
    yield Paragraph(
        "Each page says of every number where it comes from, how good and how old the evidence is, and how much of the"
        " result rests on it. They are written by the command “sroi evidence --all”: do not edit them by"
        f" hand. Ages are counted to {year}."
    )
    columns = ("Service", "Base case", "Numbers", "Assumptions", "Graded D or E", "Share on these", "Oldest source")
    yield Grid("The services of the library, each in its base case.", columns, rows, frozenset(columns[2:]))


def _in_list(result: Result, year: int) -> list[Words]:
    rows = evidence_rows(result, year)
    found, key, service = standing(rows), rows.attrs["result"], result.service
    return [
        Link(service.title, f"{service.id}.md"),
        result_said(result, key).removeprefix("the "),
        f"{found.numbers}",
        f"{found.assumptions}",
        f"{found.weakly_graded}",
        _percent(found.on_weak),
        NONE if rows["age"].isna().all() else printing.years(int(rows["age"].max())),
    ]


def page_of(result: Result, year: int) -> Iterator[Block]:
    """Yield the evidence page of a result of one case."""
    rows = evidence_rows(result, year)
    yield Heading(1, f"Evidence: {result.service.title}")
    yield Paragraph(result.service.about.description)
    yield from _carried(result, rows)
    yield from _numbers(result, rows, year)
    yield from _scenarios(result)
    yield from _unpriced(result)
    yield from _sources(result, rows)


def steady(value: float) -> float:
    """Drop the digits that differ from machine to machine, before a figure is rounded for print."""
    return float(f"{value:.9g}")


def result_said(result: Result, key: str) -> str:
    """Write the result on which shares rest, with its name."""
    value = getattr(result, key)
    said = printing.figure(None if value is None else steady(value), tables.unit_of(key), tables.symbol_of(result))
    return f"{RESTS[key]} is {said}"


# At the top: what carries the result ------------------------------------------------------------------------------


def _carried(result: Result, rows: pd.DataFrame) -> Iterator[Block]:
    yield Heading(2, "What the result rests on")
    for words in what_carries(result, rows):
        yield Paragraph(words)


def what_carries(result: Result, rows: pd.DataFrame) -> tuple[str, str]:
    """Say which few numbers carry a result, and how much of it rests on weak evidence.

    Parameters
    ----------
    result : Result
        Of one case.
    rows : DataFrame
        From :func:`sroi.evidence.evidence_rows`.
    """
    about, found, key = result.service.about, standing(rows), rows.attrs["result"]
    scenario = f"scenario {result.scenario}" if result.scenario else "base case"
    said = result_said(result, key)
    terms = f"{scenario}, {result.convention.label}, {about.currency} at {about.price_base_year} prices"
    carry = " ".join([f"{said[0].upper()}{said[1:]} ({terms}).", *_few(rows, found)])
    return carry, " ".join(_weak(rows, found))


def _few(rows: pd.DataFrame, found: Standing) -> Iterator[str]:
    if not found.carry:
        yield "It moves with no single number of the file."
        return
    count = f"{len(found.carry)} of its {printing.counted(found.numbers, 'number')}"
    yield f"{_percent(found.carried)} of it rests on {count}: {_listed(rows, found.carry)}."


def _weak(rows: pd.DataFrame, found: Standing) -> Iterator[str]:
    own = [f"{found.own} {'is' if found.own == 1 else 'are'} your own"] if found.own else []
    kinds = [
        f"{found.assumptions or 'none'} {'are assumptions' if found.assumptions > 1 else 'is an assumption'} (grade F)",
        *own,
        f"{found.weakly_graded or 'none'} {'are' if found.weakly_graded > 1 else 'is'} graded D or E",
    ]
    yield (
        f"Weak evidence: of its {printing.counted(found.numbers, 'number')} {', '.join(kinds[:-1])} and {kinds[-1]}."
        f" On these rests {_percent(found.on_weak)} of the result."
    )
    if found.on_weak_fixed:
        yield (
            f"{_percent(found.on_weak_fixed)} rests on those of them that the file holds fixed: definitions, records"
            " and decisions, which are no matter of evidence."
        )
    if found.weak:
        said = "Apart from those, the weak numbers" if found.on_weak_fixed else "The weak numbers"
        yield f"{said} on which most rests: {_listed(rows, found.weak)}."
    if found.zero:
        yield f"At 0, where this measure says nothing: {'; '.join(rows['label'][list(found.zero)])}."


def _listed(rows: pd.DataFrame, names: Any) -> str:
    return "; ".join(f"{row.label} ({', '.join(_marks(row))})" for row in rows.loc[names].itertuples())


def _marks(row: Any) -> Iterator[str]:
    yield f"grade {row.grade}" if row.grade else "your own value"
    if row.fixed:
        yield "held fixed"
    yield _percent(row.share)


def _percent(share: Any) -> str:
    share = steady(float(share))
    return f"{share:.0%}" if share >= 0.005 or share == 0 else "under 1%"


# Every number -----------------------------------------------------------------------------------------------------


def _numbers(result: Result, rows: pd.DataFrame, year: int) -> Iterator[Block]:
    key = rows.attrs["result"]
    yield Heading(2, "Every number")
    yield Paragraph(
        f"“1% more” says by how much {RESTS['sroi_ratio']} and {RESTS['npsv']} (NPSV) move when the number alone is 1%"
        f" larger. “Share” is the size of that for {RESTS[key]}, out of the sum over all numbers; the number on which"
        " most rests comes first. It says how much depends on a number, not how uncertain the number is. Age is in"
        f" years, to {year}, from the year of the source, or of the prices where that is earlier."
    )
    grid = [number_row(result, str(name), row) for name, row in rows.iterrows()]
    yield Grid("Every number of the service, those on which most rests first.", NUMBER, grid, _NUMERIC)
    notes = [f"{row.label}: {row.note}" for row in _with_notes(rows).itertuples()]
    if notes:
        yield Paragraph("Of these the 1% is to be read with care:")
        yield Bullets(tuple(notes))
    yield Heading(3, "Grades")
    yield Bullets(tuple(f"{grade}: {meaning}" for grade, meaning in grades().items()))


def _with_notes(rows: pd.DataFrame) -> pd.DataFrame:
    # ``note`` of the evidence table is the file's; that of the elasticities stands beside it.
    return rows.assign(note=rows["rests_note"])[rows["rests_note"] != ""]


def number_row(result: Result, name: str, row: pd.Series[Any]) -> list[Words]:
    """Return what the page says of one number, under the headings of ``NUMBER``."""
    parameter = result.service.parameters[name]
    source = None if row["changed"] else result.service.sources.get(parameter.source)
    return [
        str(row["label"]),
        _value(parameter, row["by_year"] or (row["value"],)),
        _rise(row["elasticity"], result),
        _money(row["npsv_per_percent"], result),
        NONE if math.isnan(row["share"]) else _percent(row["share"]),
        str(row["grade"] or NONE),
        _cited(parameter, source) if source else str(row["cited"]),
        str(row["how_sure"]),
        NONE if math.isnan(row["age"]) else f"{row['age']:.0f}",
    ]


def _value(parameter: Parameter, stated: tuple[float, ...], price_year: str | None = None) -> str:
    numbers = " · ".join(f"{value:,.12g}".replace("-", "−") for value in stated)
    prices = price_year or parameter.price_year
    return f"{numbers} {parameter.unit}{f' ({prices} prices)' if prices else ''}"


def _rise(elasticity: float, result: Result) -> str:
    if math.isnan(elasticity):
        return NONE
    return f"{steady(elasticity):+.2f}%".replace("-", "−").replace("+0.00%", "0").replace("−0.00%", "0")


def _money(value: float, result: Result) -> str:
    if math.isnan(value) or value == 0:
        return NONE if math.isnan(value) else "0"
    said = printing.to_figures(steady(value), tables.symbol_of(result))
    return said if value < 0 else f"+{said}"


def _cited(parameter: Parameter | Change, source: Source) -> Words:
    title: str | Link = Link(source.title, source.url) if source.url else source.title
    return (f"{source.author} {source.year}, ", title, f", {parameter.locator or source.locator}")


# What else the file says ------------------------------------------------------------------------------------------


def _scenarios(result: Result) -> Iterator[Block]:
    yield Heading(2, "What each scenario changes")
    base = result.base
    if not base.scenarios:
        yield Paragraph("The file has no scenario.")
    for name, scenario in base.scenarios.items():
        yield Heading(3, f"{scenario.label or name} ({name})")
        source = base.sources.get(scenario.source or "")
        why: tuple[str | Link, ...] = (f"{scenario.why} ", *_end(source))
        other = evaluate(base, dict(result.values), scenario=name, convention=result.convention)
        key = "npsv" if other.sroi_ratio is None else "sroi_ratio"
        yield Paragraph((*why, f"Here {result_said(other, key)}."))
        if not scenario.changes:
            yield Paragraph("It changes nothing: it is the base case by name.")
            continue
        columns = ("Number", "Base case", "Here", "Why", "Source", "Grade")
        rows = [_change(other, key, change) for key, change in scenario.changes.items()]
        yield Grid(f"What the scenario {name} changes.", columns, rows)


def _end(source: Source | None) -> tuple[str | Link, ...]:
    if source is None:
        return ()
    title: str | Link = Link(source.title, source.url) if source.url else source.title
    return (f"Source: {source.author} {source.year}, ", title, ". ")


def _change(other: Result, name: str, change: Change) -> list[Words]:
    before, after = other.base.parameters[name], other.service.parameters[name]
    source = other.base.sources.get(change.source)
    return [
        before.label,
        _value(before, before.values),
        _value(before, after.values, after.price_year),
        change.why,
        _cited(change, source) if source else "Assumption",
        after.grade,
    ]


def _unpriced(result: Result) -> Iterator[Block]:
    service = result.service
    yield Heading(2, "What has no price")
    if service.non_monetised:
        rows = [
            [each.label, service.stakeholders[each.stakeholder].label, each.importance, each.description]
            for each in service.non_monetised
        ]
        yield Grid(
            "Outcomes that carry no price, and are in no figure.", ("Outcome", "For", "Importance", "What"), rows
        )
    else:
        yield Paragraph("The file names no outcome without a price.")
    yield Heading(2, "What this does not show")
    said = service.about.does_not_show
    yield Bullets(said) if said else Paragraph("The file does not say what its evidence does not show.")


def _sources(result: Result, rows: pd.DataFrame) -> Iterator[Block]:
    yield Heading(2, "Sources")
    shares = rows.groupby("source")["share"].sum()
    grid: list[list[Words]] = []
    for key, source in result.service.sources.items():
        title: Words = Link(source.title, source.url) if source.url else source.title
        rests = _percent(shares[key]) if key in shares.index else NONE
        more = "; ".join(part for part in (source.note, source.licence) if part)
        grid.append([title, source.author, f"{source.year}", source.locator, source.how_sure, rests, more or NONE])
    assumed = f"{_percent(shares[ASSUMPTION])}" if ASSUMPTION in shares.index else "0%"
    if grid:
        columns = ("Source", "Author", "Year", "Where in it", "How sure", "Share", "Note")
        yield Grid("“Share” is what rests on the numbers from each source.", columns, grid, frozenset({"Share"}))
    yield Paragraph(f"On assumptions, which have no source, rests {assumed}.")
