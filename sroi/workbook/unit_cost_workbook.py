"""Read a published workbook of unit costs: columns found by their headings, and what is not understood refused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sroi.errors import Fault, ServiceError, shown
from sroi.unit_costs import PARTS
from sroi.workbook.guard import MOST_COLUMNS, guarded_bytes, open_workbook, rows_of

# Where headings may stand, and how many rows of a published database there may be.
HEADING_ROWS, MOST_ROWS = 40, 10_000
_YEAR = re.compile(r"((?:19|20)\d\d)\s*[-/–]\s*(?:20)?(\d\d)|((?:19|20)\d\d)")
# Role -> a word that its heading holds, and one that it must not.
_COMMON = {
    "code": ("code", None),
    "theme": ("theme", None),
    "unit": ("unit", "cost"),
    "agency": ("agency", None),
    "source": ("source", None),
    "confidence": ("confidence", None),
    "outcome": ("outcome", None),
    "label": ("description", None),
}
_MONEY = ("cost", "value", "saving", "£", "gbp", "estimate")
# Some editions add the value at today's prices: the stated value and its own year are taken.
_NOT_STATED = ("updated", "inflated", "uprated", "current", "comment", "source")
A_PART = "a fiscal, economic or social value with its year"
FIELDS = (
    *("code", "theme", "outcome", "label", "unit"),
    *(f"{part}{end}" for part in PARTS for end in ("", "_price_year")),
    *("agency", "confidence", "source"),
)
NEEDED = ("code", "label", "unit", "source")


@dataclass(frozen=True)
class Read:
    """A workbook of unit costs as it was read.

    Attributes
    ----------
    rows : list of dict
        One for each unit cost, by the columns of ``FIELDS``; empty text where a cell is empty.
    sheet : str
    columns : dict of str to str
        Which heading was taken for what.
    left_out : list of str
        Rows without a value in any part, by code.
    """

    rows: list[dict[str, str]]
    sheet: str
    columns: dict[str, str]
    left_out: list[str]

    def as_csv(self) -> str:
        """Write the rows as a table of reference data."""
        text = io.StringIO()
        writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return text.getvalue()


def read_unit_costs(path: str | Path) -> Read:
    """Read a published workbook of unit costs, such as a newer edition of the GMCA Unit Cost Database.

    Parameters
    ----------
    path : str or Path
        Of an ``.xlsx`` file. The columns are found by heading, over one row or two: code, unit, description or cost
        detail, agency, source, and for the fiscal, economic and social part a value and its price year.

    Raises
    ------
    ServiceError
        When the file is not safe to open, when headings are missing or two would do, or with every row that is not
        understood: a value that is no number, a value without a price year, a code that stands twice.
    """
    name = Path(path).name
    with closing(open_workbook(guarded_bytes(path), name)) as book:
        tried = [_headings(name, sheet) for sheet in book.worksheets]
        found = [each for each in tried if isinstance(each, _Table)]
        if not found:
            said = "; ".join(dict.fromkeys(each for each in tried if isinstance(each, str))) or "it has no sheets"
            raise ServiceError(name, [Fault("", f"No sheet is a table of unit costs: {said}.")])
        best = max(found, key=lambda table: len(table.columns))
        return _rows(name, best)


@dataclass(frozen=True)
class _Table:
    sheet: str
    first: int
    columns: dict[str, int]
    headings: dict[str, str]
    cells: list[tuple[Any, ...]]


def _headings(file: str, sheet: Any) -> _Table | str:
    """Return where the table of a sheet stands, or the sentence that says what is missing."""
    rows, more = rows_of(sheet, file, MOST_ROWS)
    cells = [tuple(cell.value for cell in row) for row in rows]
    if more:
        return f"sheet {shown(sheet.title)} has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns"
    nearest: tuple[int, str] = (0, f"sheet {shown(sheet.title)} has no heading with the word code")
    for number, row in enumerate(cells[:HEADING_ROWS]):
        for texts in _ways(cells, number, row):
            columns, doubled = _roles(texts)
            if "code" not in columns:
                continue
            lacking = [role for role in NEEDED if role not in columns]
            parts = [part for part in PARTS if part in columns and f"{part}_price_year" in columns]
            if doubled:
                text = f"sheet {shown(sheet.title)}, row {number + 1}: two columns could be the {doubled}"
                nearest = max(nearest, (len(columns), text))
            elif lacking or not parts:
                missing = ", ".join([*lacking, *([] if parts else [A_PART])])
                text = f"sheet {shown(sheet.title)}, row {number + 1}: there is no heading for {missing}"
                nearest = max(nearest, (len(columns), text))
            else:
                headings = {role: texts[place] for role, place in columns.items()}
                return _Table(sheet.title, number + 1, columns, headings, cells)
    return nearest[1]


def _ways(cells: list[tuple[Any, ...]], number: int, row: tuple[Any, ...]) -> Iterator[list[str]]:
    """Yield the headings of a row, joined with those of the row above it and alone."""
    own = [_text(cell) for cell in row]
    if number:
        above, spread = [_text(cell) for cell in cells[number - 1]], ""
        joined = []
        for place, text in enumerate(own):
            # A heading over several columns stands in the first of them.
            spread = above[place] if place < len(above) and above[place] else spread
            # What names itself, such as the source, may stand to the right of the last part.
            joined.append(text if not text or _common(text.casefold()) else f"{spread} {text}".strip())
        yield joined
    yield own


def _text(cell: object) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def _roles(headings: Sequence[str]) -> tuple[dict[str, int], str]:
    """Return which column has which role, and a role that two columns claim."""
    columns: dict[str, int] = {}
    for place, heading in enumerate(headings):
        role = _role(heading.casefold())
        if role is None:
            continue
        if role in columns:
            return columns, role
        columns[role] = place
    return columns, ""


def _role(heading: str) -> str | None:
    for part in PARTS:
        if part in heading:
            if "agency" in heading or "bearer" in heading:
                return "agency"
            if any(word in heading for word in _NOT_STATED):
                return None
            if "year" in heading:
                return f"{part}_price_year"
            return (
                part if any(word in heading for word in ("cost", "value", "saving", "£", "gbp", "estimate")) else None
            )
    found = _common(heading)
    if found is not None:
        return found
    return "label" if "detail" in heading or "cost / saving" in heading or "cost/saving" in heading else None


def _common(heading: str) -> str | None:
    """Return the role of a heading that belongs to no part."""
    of_a_part = any(part in heading for part in PARTS)
    for role, (word, without) in _COMMON.items():
        if word in heading and not of_a_part and (without is None or without not in heading):
            return role
    return None


def _rows(file: str, table: _Table) -> Read:
    found: dict[str, dict[str, str]] = {}
    faults: list[Fault] = []
    left_out = []
    for number, cells in enumerate(table.cells[table.first :], table.first + 1):
        texts = {role: _text(cells[place]) if place < len(cells) else "" for role, place in table.columns.items()}
        code = texts["code"]
        if not code or not texts["label"]:
            continue
        where = f"sheet {shown(table.sheet)}, row {number} ({code})"
        row = dict.fromkeys(FIELDS, "") | {key: text for key, text in texts.items() if key not in _PART_FIELDS}
        row |= _parts(cells, table, where, faults)
        if code in found:
            faults.append(Fault(where, "is a code that stands above already. Codes are used once: mend one."))
        elif any(row[part] for part in PARTS):
            found[code] = row
        else:
            left_out.append(code)
    if faults:
        raise ServiceError(file, faults)
    return Read(list(found.values()), table.sheet, table.headings, left_out)


_PART_FIELDS = frozenset(f"{part}{end}" for part in PARTS for end in ("", "_price_year"))


def _parts(cells: tuple[Any, ...], table: _Table, where: str, faults: list[Fault]) -> dict[str, str]:
    row: dict[str, str] = {}
    for part in PARTS:
        place, year_place = (table.columns.get(key) for key in (part, f"{part}_price_year"))
        if place is None or year_place is None or place >= len(cells) or _text(cells[place]) in {"", "-", "n/a", "N/A"}:
            continue
        value = _number(cells[place])
        year = _price_year(_text(cells[year_place]) if year_place < len(cells) else "")
        if value is None:
            faults.append(Fault(f"{where}, {part}", f"is {shown(cells[place])}. Write a number, or leave it empty."))
        elif year is None:
            found = shown(_text(cells[year_place])) if year_place < len(cells) else "empty"
            faults.append(Fault(f"{where}, {part} year", f"is {found}. Write the year of its prices, such as 2023/24."))
        else:
            row |= {part: value, f"{part}_price_year": year}
    return row


def _number(cell: object) -> str | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return f"{cell:.12g}"
    text = str(cell).replace("£", "").replace(",", "").strip()
    return text if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def _price_year(text: str) -> str | None:
    found = _YEAR.search(text)
    if found is None:
        return None
    return f"{found[1]}-{found[2]}" if found[1] else found[3]
