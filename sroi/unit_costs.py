"""Unit costs by code and part, such as ``E&E1.0.2:fiscal``, from the editions at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from sroi.editions import Edition, all_series, edition_of, rows_of
from sroi.errors import nearest, shown

PARTS = ("fiscal", "economic", "social")


@dataclass(frozen=True)
class UnitCost:
    """What a unit of something costs, in up to three parts.

    Attributes
    ----------
    series, edition : str
        Where it stands: such as ``gmca_unit_costs`` and ``1.4``.
    values : mapping of str to (float, str)
        For each part that is given: money for one unit, and the year of its prices. ``fiscal`` falls to public bodies,
        ``economic`` to people, firms and earnings, ``social`` is the wellbeing of people and victims.
    """

    code: str
    label: str
    unit: str
    theme: str
    agency: str
    confidence: str
    source: str
    values: Mapping[str, tuple[float, str]]
    low: str
    high: str
    how_sure: str
    note: str
    series: str
    edition: str


@cache
def unit_costs(series: str, edition: str) -> Mapping[str, UnitCost]:
    """Return the unit costs of one edition by code."""
    publication = all_series()[series].editions[edition]
    rows = rows_of(publication.unit_costs) if publication.unit_costs else ()
    return {row["code"]: _read(row, series, edition, publication) for row in rows}


def _read(row: Mapping[str, str], series: str, edition: str, publication: Edition) -> UnitCost:
    values = {part: (_number(row[part]), row[f"{part}_price_year"]) for part in PARTS if row[part]}
    texts = {key: row.get(key, "") for key in ("low", "high", "note", "confidence", "theme", "agency")}
    how_sure = row.get("how_sure") or publication.how_sure
    return UnitCost(
        code=row["code"],
        label=row["label"],
        unit=row["unit"],
        source=row["source"],
        values=values,
        how_sure=how_sure,
        series=series,
        edition=edition,
        **texts,
    )


def _number(text: str) -> float:
    """Read a number as a file states it: 566, not 566.0."""
    return int(text) if text.isdigit() else float(text)


def tables(pinned: Mapping[str, str]) -> Iterator[Mapping[str, UnitCost]]:
    """Yield the unit costs of each series, in the edition that is pinned or today's."""
    for name, series in all_series().items():
        if any(edition.unit_costs for edition in series.editions.values()):
            yield unit_costs(name, edition_of(name, pinned)[0])


def find(citation: str, pinned: Mapping[str, str]) -> tuple[UnitCost, str] | str:
    """Return what a citation such as ``E&E1.0.2:fiscal`` names, with its part; or the sentence that says why it cannot.

    Parameters
    ----------
    citation : str
        A code, a colon and a part.
    pinned : mapping of str to str
        The edition of each series, today's where none is given.
    """
    code, _, part = citation.rpartition(":")
    if not code or part not in PARTS:
        return f"is {shown(citation)}. Write a code and a part, such as 'HE4.0:fiscal'; parts are {', '.join(PARTS)}."
    found = list(tables(pinned))
    cost = next((table[code] for table in found if code in table), None)
    if cost is None:
        known = [key for table in found for key in table]
        return f"is {shown(citation)}: there is no such code. {nearest(code, known)} To look one up: sroi units WORD."
    if part not in cost.values:
        return f"is {shown(citation)}: {code} has no {part} part. It has {' and '.join(cost.values)}."
    return cost, part


def search(words: str, pinned: Mapping[str, str]) -> list[UnitCost]:
    """Return the unit costs whose code, label, theme, agency or unit holds every one of some words."""
    wanted = words.casefold().split()
    return [
        cost
        for table in tables(pinned)
        for cost in table.values()
        if all(word in f"{cost.code} {cost.label} {cost.theme} {cost.agency} {cost.unit}".casefold() for word in wanted)
    ]
