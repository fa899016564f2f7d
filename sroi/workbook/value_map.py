"""Read a completed Social Value International Value Map into a service, and say what it leaves open."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from sroi import printing, reference
from sroi.errors import Fault, ServiceError, shown
from sroi.result import Result, evaluate
from sroi.service import Service
from sroi.workbook.guard import MOST_COLUMNS, MOST_ROWS, guarded_bytes, open_workbook, rows_of
from sroi.workbook.marks import LAYOUT_MARK, properties_of
from sroi.workbook.value_map_audit import COLUMNS, Audit
from sroi.workbook.value_map_cells import cells_of, letters
from sroi.workbook.value_map_gaps import COLUMNS as GAP_COLUMNS
from sroi.workbook.value_map_gaps import Gaps
from sroi.workbook.value_map_headings import CALLED, HEADING_ROWS, NEEDED, TALLEST, Headings, find
from sroi.workbook.value_map_names import slug
from sroi.workbook.value_map_rows import Sheet, sheet_of
from sroi.workbook.value_map_service import CONVENTION, Builder

_SIGNS = re.compile(r"[£$€]|\b(?:GBP|USD|EUR)\b")
_CODES = {"£": "GBP", "$": "USD", "€": "EUR"}
_YEAR = re.compile(r"\b(?:19|20)\d\d(?:[-/]\d\d)?\b")
# Checks and comparisons grow with the square of the rows; a map that people can read has a hundred.
MOST_MAP_ROWS = 1_000
# Columns that change no number, so that nobody need be told where they are missing.
_DISPENSABLE = frozenset({"output", "indicator", "group_size", "impact", "input", "proxy"})


@dataclass(frozen=True)
class ValueMap:
    """A Value Map as it was read.

    Attributes
    ----------
    service : Service
        One outcome for each row that has a quantity and a proxy; convention ``svi``.
    gaps : DataFrame
        What is missing or was assumed: ``sheet``, ``cell``, ``gap``, ``write`` (what to write there).
    disagreements : DataFrame
        Where the sheet's figures differ from ours: ``what``, ``cell``, ``sheet``, ``ours``, ``difference``, ``reason``.
    sheet : str
        The sheet that was read.
    """

    service: Service
    gaps: pd.DataFrame = field(repr=False)
    disagreements: pd.DataFrame = field(repr=False)
    sheet: str

    @cached_property
    def result(self) -> Result:
        """What the service comes to under the convention ``svi``."""
        return evaluate(self.service)

    @property
    def headline(self) -> str:
        """What was read, in a sentence."""
        outcomes, costs = len(self.service.outcomes), len(self.service.costs)
        ratio = self.result.sroi_ratio
        said = "no ratio, since no input has a value" if ratio is None else f"an SROI ratio of {printing.ratio(ratio)}"
        return (
            f"Sheet “{self.sheet}”: {outcomes} outcomes with a price, {len(self.service.non_monetised)} without,"
            f" {costs} inputs; {said} (convention {CONVENTION})."
            f" {len(self.gaps)} gaps, {len(self.disagreements)} disagreements with the sheet's own figures."
        )

    def __repr__(self) -> str:
        return f"<ValueMap {self.service.id}: {self.headline}>"

    def _repr_html_(self) -> str:
        return f"{self.result._repr_html_()}{self.gaps.to_html(index=False)}{self.disagreements.to_html(index=False)}"


def read_value_map(
    path: str | Path,
    *,
    price_year: str | None = None,
    currency: str | None = None,
    sheet: str | None = None,
    name: str | None = None,
) -> ValueMap:
    """Read a completed Social Value International Value Map.

    Columns are found by their headings, wherever they stand. Nothing is made up: what the map does not state is
    listed as a gap, with what was assumed instead.

    Parameters
    ----------
    path : str or Path
        Of an ``.xlsx`` workbook.
    price_year : str, optional
        In whose prices the map's values are: ``"2024"`` or ``"2024-25"``. When not given it is taken from a year above
        the rows, else the latest that the price index has; either is listed as a gap.
    currency : str, optional
        ``"GBP"`` or ``"USD"``; when not given by the signs in the headings, else pounds.
    sheet : str, optional
        The name of the sheet; when not given the one that looks most like a Value Map.
    name : str, optional
        The id of the service; made from the file's name when not given.

    Raises
    ------
    ServiceError
        When the workbook is not safe to open or damaged, no sheet has the headings of a Value Map, or no row has a
        quantity and a proxy.

    Notes
    -----
    Order and meaning of the columns: Social Value International, Value Map. A duration counts from the year in which
    the outcome starts: start 1 is the first year column, start 2 the second.
    """
    file = Path(path)
    return value_map_in(
        guarded_bytes(path), file.name, price_year=price_year, currency=currency, sheet=sheet, name=name
    )


def value_map_in(
    data: bytes,
    file: str,
    *,
    price_year: str | None = None,
    currency: str | None = None,
    sheet: str | None = None,
    name: str | None = None,
) -> ValueMap:
    """Read the Value Map in the bytes of a file called ``file``; the rest as for :func:`read_value_map`.

    Bytes that were not read by :func:`sroi.workbook.guard.guarded_bytes` go through ``guard.check_bytes`` first.
    """
    found, others, larger = _find(data, file, sheet)
    gaps = Gaps(found.title)
    _note_columns(found, gaps)
    for other in others:
        gaps.add(
            "", f"the sheet “{other}” looks like a Value Map too, and is not read", f"sheet = {other!r} to read it"
        )
    if larger:
        gaps.add("", f"beyond {MOST_ROWS:,} rows and {MOST_COLUMNS} columns nothing is read", "a smaller sheet")
    _refuse_extremes(found, data)
    currency = _currency(found, currency, gaps)
    builder = Builder(found, gaps, currency=currency, price_year=_price_year(found, price_year, currency, gaps))
    service = _service(builder, name or slug(Path(file).stem, "value_map"))
    _note_whole(builder, gaps)
    rows = Audit(service, found, builder.row_of, builder.repeated).run()
    return ValueMap(
        service, pd.DataFrame(gaps.rows, columns=[*GAP_COLUMNS]), pd.DataFrame(rows, columns=[*COLUMNS]), found.title
    )


def _find(data: bytes, file: str, wanted: str | None) -> tuple[Sheet, list[str], bool]:
    """Return the sheet that is most like a Value Map, the names of others that are one, and whether it is larger."""
    with closing(open_workbook(data, file)) as workbook:
        if LAYOUT_MARK in properties_of(workbook):
            rule = f"To read back what was changed in it, write: sroi import {shown(file)}"
            raise ServiceError(file, [Fault("", f"This is a workbook that sroi export made, no Value Map. {rule}")])
        sheets = {sheet.title: sheet for sheet in workbook.worksheets}
        if wanted is not None and wanted not in sheets:
            known = ", ".join(shown(title) for title in sheets)
            raise ServiceError(file, [Fault(f"sheet {shown(wanted)}", f"is not in the workbook. It has: {known}.")])
        seen: dict[str, Headings] = {}
        for title, sheet in sheets.items():
            if wanted in (None, title) and (wanted or sheet.sheet_state == "visible"):
                grid = cells_of(rows_of(sheet, file, HEADING_ROWS + TALLEST)[0], file)
                headings = find(grid)
                if headings is not None:
                    seen[title] = headings
        complete = [title for title, headings in seen.items() if headings.complete]
        if not complete:
            raise _no_map(file, seen)
        best = max(complete, key=lambda title: seen[title].score)
        rows, larger = rows_of(sheets[best], file)
        others = [title for title in complete if title != best]
        return sheet_of(file, best, cells_of(rows, file), seen[best]), others, larger


def looks_like_map(data: bytes, file: str) -> bool:
    """Say whether a workbook that is safe to open has a sheet with the headings of a Value Map."""
    try:
        _find(data, file, None)
    except ServiceError:
        return False
    return True


def _no_map(file: str, seen: dict[str, Headings]) -> ServiceError:
    best = max(seen.items(), key=lambda pair: pair[1].score, default=None)
    wanted = ", ".join(CALLED[key] for key in ("outcome", *NEEDED))
    rule = f"The import looks for headings such as: {wanted}."
    if best is None or not best[1].columns:
        return ServiceError(file, [Fault("", f"No sheet has the headings of a Value Map. {rule}")])
    title, headings = best
    lacking = [CALLED[key] for key in NEEDED if key not in headings.columns] or [CALLED["outcome"]]
    found = f"Rows {headings.first_row} to {headings.last_row} have no heading for: {', '.join(lacking)}."
    return ServiceError(file, [Fault(f"sheet {shown(title)}", f"is not a Value Map. {found} {rule}")])


def _refuse_extremes(sheet: Sheet, data: bytes) -> None:
    if len(sheet.rows) > MOST_MAP_ROWS:
        rule = f"A Value Map of at most {MOST_MAP_ROWS:,} rows is read: put like outcomes together."
        raise ServiceError(sheet.file, [Fault(f"sheet {shown(sheet.title)}", f"has {len(sheet.rows):,} rows. {rule}")])
    if any(row.priced for row in sheet.rows):
        return
    quantity, proxy = (sheet.headings.at(key) for key in NEEDED)
    columns = f"quantity (column {quantity}) and a value of the proxy (column {proxy})"
    unsaved = ""
    with closing(open_workbook(data, sheet.file, results=False)) as workbook:
        grid = cells_of(rows_of(workbook[sheet.title], sheet.file)[0], sheet.file)
        column = sheet.headings.columns["quantity"], sheet.headings.columns["proxy_value"]
        cells = [cells[place] for number, cells in grid.items() for place in column if place in cells]
        formula = next((cell for cell in cells if str(cell.value).startswith("=")), None)
        if formula is not None:
            unsaved = (
                f" {formula.at} holds a formula whose result is not saved:"
                " open the workbook in a spreadsheet program and save it."
            )
    rule = f"No row below row {sheet.headings.last_row} has both a {columns}: fill in at least one.{unsaved}"
    raise ServiceError(sheet.file, [Fault(f"sheet {shown(sheet.title)}", f"has nothing to value. {rule}")])


def _note_columns(sheet: Sheet, gaps: Gaps) -> None:
    for name, called in CALLED.items():
        if name not in sheet.headings.columns and name not in _DISPENSABLE:
            gaps.add("", f"there is no column {called!r}", "the column, with its heading")
    for column, heading in sheet.headings.unread():
        if column in sheet.filled:
            gaps.add(f"column {letters(column)}", f"the column {heading!r} is not read", "")


def _currency(sheet: Sheet, given: str | None, gaps: Gaps) -> str:
    found = given
    if found is None:
        codes = [_CODES.get(sign, sign) for cell in sheet.above for sign in _SIGNS.findall(cell.text)]
        values = [row.cells[key] for row in sheet.rows for key in ("proxy_value", "input_value") if key in row.cells]
        codes += [_CODES.get(sign, sign) for cell in values for sign in _SIGNS.findall(cell.text)]
        if len(set(codes)) > 1:
            gaps.add("", f"several currencies are named ({', '.join(sorted(set(codes)))})", "currency = the one meant")
        if not codes:
            gaps.add("", "no currency is named: taken to be pounds", "currency = 'GBP' or 'USD'")
        found = codes[0] if codes else "GBP"
    if found not in reference.currencies():
        rule = f"Price indices are there for {', '.join(reference.currencies())}: convert the values first."
        raise ServiceError(sheet.file, [Fault("currency", f"is {shown(found)}. {rule}")])
    return found


def _price_year(sheet: Sheet, given: str | None, currency: str, gaps: Gaps) -> str:
    if given is not None:
        if not reference.is_price_year(given):
            rule = "Write a calendar year such as '2024' or a financial year such as '2024-25'."
            raise ServiceError(sheet.file, [Fault("price_year", f"is {shown(given)}. {rule}")])
        return given
    stated = [(cell, year) for cell in sheet.above for year in _YEAR.findall(cell.text.replace("/", "-"))]
    for cell, year in reversed(stated):
        if reference.is_price_year(year):
            gaps.add(cell, f"the year of prices is not stated: taken to be {year}, named here", "price_year = the year")
            return str(year)
    prices = reference.currencies()[currency].edition(reference.NONE_PINNED)
    latest = str(max(reference.deflator(prices.financial or prices.calendar or "")))
    gaps.add("", f"the year of prices is not stated: taken to be {latest}", "price_year = the year of the proxies")
    return latest


def _note_whole(builder: Builder, gaps: Gaps) -> None:
    """Note what is missing in the map as a whole."""
    summary = builder.sheet.summary
    gaps.add("", f"the first year is not stated: taken to be {builder.price_year[: len('2024')]}", "service.first_year")
    if not builder.costs:
        gaps.add("", "no input has a value, so that there is no ratio", "what each stakeholder puts in, with its value")
    if summary.ratio is None:
        gaps.add("", "no ratio is stated, so that ours cannot be compared with it", "")
    if summary.rate is None:
        gaps.add("", f"no discount rate is stated: that of {CONVENTION} is taken", "the discount rate")
    if builder.sources:
        gaps.add("", "how good the sources are is not in a Value Map: graded D", "the grade of each parameter")
    if builder.unpriced:
        gaps.add("", "how important outcomes without a price are: taken to be medium", "high, medium or low")


def _service(builder: Builder, identifier: str) -> Service:
    sheet = builder.sheet
    title = identifier.replace("_", " ").capitalize()
    about: dict[str, Any] = {
        "id": identifier,
        "title": title,
        "currency": builder.currency,
        "convention": CONVENTION,
        "description": f"Imported from the Value Map “{sheet.file}”, sheet “{sheet.title}”.",
        "price_base_year": builder.price_year,
        "first_year": int(builder.price_year[: len("2024")]),
        "appraisal_years": builder.horizon,
        "does_not_show": ["Nothing here has been checked against its sources: it is what the Value Map says."],
        "notes": ["First year and prices are of the year that the Value Map states, or that was assumed."],
    }
    tables = {
        "service": about,
        "sources": builder.sources,
        "parameters": builder.parameters,
        "outcomes": builder.outcomes,
        "costs": builder.costs,
        "non_monetised": builder.unpriced,
        "bearers": builder.bearers,
        "stakeholders": builder.stakeholders,
    }
    return Service.model_validate(tables)
