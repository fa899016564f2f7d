"""The rows of a Value Map: who, what, how many, worth what; and the figures that the sheet comes to itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sroi.workbook.value_map_cells import PERCENT, Cell, normal
from sroi.workbook.value_map_headings import DEDUCTIONS, Grid, Headings

# No discount rate that is meant lies above.
HIGHEST_RATE = 0.3

# What the labels beside and below the rows mean.
_LABELS = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"(?:real )?discount rate", "rate"),
        (r"net present value|npv\b|net social value", "npv"),
        (r"total present value|total pv\b|present value of (?:all )?(?:benefits|outcomes|impact)", "total_pv"),
        (r"present values?\b|pv\b|discounted (?:values?|totals?|impact)", "pv"),
        (
            r"social return\b|sroi(?: ratio)?(?=$| ?\()|sroi ratio|ratio(?=$| ?[(:])|value per (?:amount|£|pound)",
            "ratio",
        ),
        (r"sub ?-?total|totals? (?:for|of) (?!all)(?!inputs?|investments?)", "subtotal"),
        (r"total (?:of )?(?:all )?(?:the )?(?:inputs?|investments?|invested|costs?)\b", "inputs"),
        (r"(?:grand |overall )?totals?\b", "total"),
    )
)
UNNAMED = "Stakeholder not named"
_REMARK = re.compile(r"(?:notes?|sources?|nb|key)\b|\*|†")
_RATIO = re.compile(r"\D*?(\d+(?:[.,]\d+)?)\s*(?::|to)\s*\D*?(\d+(?:[.,]\d+)?)\D*")


@dataclass(frozen=True)
class Row:
    """One row of the map, by the names of its columns."""

    number: int
    stakeholder: str
    cells: dict[str, Cell]
    years: dict[int, Cell]

    def number_of(self, name: str) -> float | None:
        """Return the number in a column, ``None`` where there is none."""
        cell = self.cells.get(name)
        return None if cell is None else cell.number

    @property
    def priced(self) -> bool:
        """Whether the row has all that makes a value: how many, and worth what."""
        return self.number_of("quantity") is not None and self.number_of("proxy_value") is not None

    @property
    def has_outcome(self) -> bool:
        """Whether the row speaks of an outcome at all."""
        return any(name in self.cells for name in ("outcome", "indicator", "quantity", "proxy", "proxy_value"))


@dataclass
class Summary:
    """The figures that the sheet comes to itself, each with its cell."""

    totals: dict[int, Cell] = field(default_factory=dict)
    present_values: dict[int, Cell] = field(default_factory=dict)
    single: dict[str, Cell] = field(default_factory=dict)
    """``inputs``, ``impact``, ``total_pv``, ``npv``, ``ratio`` and ``rate``."""

    @property
    def rate(self) -> float | None:
        """The discount rate that the sheet states; 3.5 is 3.5%."""
        cell = self.single.get("rate")
        written = None if cell is None else cell.written
        if written is None:
            return None
        rate = written.number if written.percent or written.number <= HIGHEST_RATE else written.number / PERCENT
        return rate if 0 <= rate <= HIGHEST_RATE else None

    @property
    def ratio(self) -> float | None:
        """The ratio that the sheet states, also where it is written "£1.39 : £1"."""
        cell = self.single.get("ratio")
        return None if cell is None else _ratio(cell)


def read(grid: Grid, headings: Headings) -> tuple[list[Row], Summary]:
    """Return the rows below the headings, blank ones and totals left out, and what the totals say."""
    rows: list[Row] = []
    summary = Summary()
    known = {*headings.columns.values(), *(column for column, _ in headings.years.values())}
    below = [number for number in grid if number > headings.last_row]
    last = max((number for number in below if _row(number, "", grid[number], headings).priced), default=0)
    for number in (number for number in grid if number <= headings.last_row):
        _note_singles(grid, number, [label for label in _labels(grid[number]) if label[1] == "rate"], summary)
    stakeholder, ended = "", False
    for number in below:
        row = _row(number, stakeholder, grid[number], headings)
        labels = list(_labels(grid[number]))
        if row.priced:
            # A panel of results may stand to the right of the rows.
            _note_singles(grid, number, [label for label in labels if label[0] not in known], summary)
        elif labels:
            _note_summary(grid, number, labels, headings, summary)
            ended = number > last
            continue
        if "stakeholder" in row.cells and not _REMARK.match(normal(row.stakeholder)):
            stakeholder = row.stakeholder
        # Below the totals stand remarks: only what has numbers of its own belongs to the map.
        has_text = row.has_outcome or "input" in row.cells
        if row.priced or row.number_of("input_value") or (has_text and not ended):
            rows.append(row)
    return rows, summary


def _row(number: int, stakeholder: str, cells: dict[int, Cell], headings: Headings) -> Row:
    found = {name: cells[column] for name, column in headings.columns.items() if column in cells}
    years = {place: cells[column] for place, (column, _) in headings.years.items() if column in cells}
    # A stakeholder with several outcomes is named once, in the first of its rows or over all of them.
    named = found["stakeholder"].label if "stakeholder" in found else stakeholder
    return Row(number, named or UNNAMED, found, years)


def _labels(cells: dict[int, Cell]) -> Iterator[tuple[int, str]]:
    for column, cell in cells.items():
        if isinstance(cell.value, str) and cell.number is None:
            text = cell.words
            meaning = next((meaning for words, meaning in _LABELS if words.match(text)), None)
            if meaning is not None:
                yield column, meaning


def _note_summary(grid: Grid, number: int, labels: list[tuple[int, str]], headings: Headings, summary: Summary) -> None:
    """Note a row of totals or present values. Of several rows of totals the last is the grand one."""
    cells = grid[number]
    years = {place: cells[column] for place, (column, _) in headings.years.items() if column in cells}
    years = {place: cell for place, cell in years.items() if cell.number is not None}
    meanings = [meaning for _, meaning in labels]
    if "total" in meanings:
        summary.totals = years or summary.totals
        for name, called in (("input_value", "inputs"), ("impact", "impact")):
            cell = cells.get(headings.columns.get(name, 0))
            if cell is not None and cell.number is not None:
                summary.single[called] = cell
    elif "pv" in meanings and years:
        summary.present_values = summary.present_values or years
    single = [(column, "total_pv" if meaning == "pv" else meaning) for column, meaning in labels]
    _note_singles(grid, number, single if not years or "pv" not in meanings else [], summary)


def _note_singles(grid: Grid, number: int, labels: list[tuple[int, str]], summary: Summary) -> None:
    """Note for each label the number to its right, else the one below it, else the one within its text."""
    cells = grid[number]
    for column, meaning in labels:
        if meaning in ("total", "subtotal", "pv"):
            continue
        right = [cells[place] for place in cells if place > column]
        below = [grid[number + 1][column]] if column in grid.get(number + 1, {}) else []
        inside = re.search(r"(\d+(?:\.\d+)?) ?%", cells[column].text) if meaning == "rate" else None
        for cell in (*right, *below):
            if cell.number is not None or (meaning == "ratio" and _ratio(cell) is not None):
                summary.single.setdefault(meaning, cell)
                break
        else:
            if inside:
                rate = Cell(cells[column].at, float(inside[1]) / PERCENT, percent=True)
                summary.single.setdefault(meaning, rate)


def _ratio(cell: Cell) -> float | None:
    match = _RATIO.fullmatch(cell.label)
    if match is None:
        return cell.number
    first, second = (float(part.replace(",", "")) for part in match.groups())
    if second == 1:
        return first
    return second if first == 1 else None


@dataclass(frozen=True)
class Share:
    """A share as it was read, with what had to be supposed to read it."""

    value: float
    supposed: str = ""


def shares(rows: list[Row]) -> dict[tuple[int, str], Share]:
    """Return each share that can be read, by row and column, as a fraction; those outside 0 to 1 are left out."""
    found = {}
    for name in DEDUCTIONS:
        written = {row.number: row.cells[name].written for row in rows if name in row.cells}
        # Some people write 27 for 27%, some 0.27, and 1 may be either.
        whole = any(one is not None and not one.percent and one.number > 1 for one in written.values())
        for number, one in written.items():
            if one is None:
                continue
            plain = not one.percent
            percent = plain and (one.number > 1 or (whole and one.number == 1))
            share = one.number / PERCENT if percent else one.number
            doubtful = plain and (percent or one.number == 1 or (whole and one.number > 0))
            if 0 <= share <= 1:
                found[number, name] = Share(share, f"read as {share:.4g}, which is {share:.4%}" if doubtful else "")
    return found


@dataclass(frozen=True)
class Sheet:
    """A Value Map as it was read."""

    file: str
    title: str
    headings: Headings
    rows: list[Row]
    summary: Summary
    shares: dict[tuple[int, str], Share]
    above: list[Cell]
    """What stands above the rows, headings included."""
    filled: frozenset[int]
    """The columns in which some row of the map holds something."""


def sheet_of(file: str, title: str, grid: Grid, headings: Headings) -> Sheet:
    """Read a sheet of which the headings are known."""
    rows, summary = read(grid, headings)
    above = [cell for number, cells in grid.items() if number <= headings.last_row for cell in cells.values()]
    filled = frozenset(column for row in rows for column in grid[row.number])
    return Sheet(file, title, headings, rows, summary, shares(rows), above, filled)
