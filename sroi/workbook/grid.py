"""Sheets as data: what stands in which cell, and how a formula refers to it. Nothing here knows a file format.

Rows and columns count from 0. A formula carries the value that the engine gave it, so that previewers show numbers and
another calculator can be held against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
LETTERS = 26
# Title and description stand above every table.
TITLE_ROW, DESCRIPTION_ROW, HEADER_ROW = 0, 1, 3


@dataclass(frozen=True)
class Formula:
    """A formula without its ``=``, and the engine's value."""

    text: str
    value: float | str


Content = str | float | Formula | None


@dataclass(frozen=True)
class Written:
    """What stands in a cell, and the name of the style that it is written in."""

    content: Content
    style: str


@dataclass(frozen=True)
class Validation:
    """What may be typed into a cell: a list of cells, or numbers between two ends, with a message for each case."""

    row: int
    column: int
    message: str
    refusal: str
    options: str = ""
    low: float | None = None
    high: float | None = None
    whole: bool = False


@dataclass(frozen=True)
class Table:
    """A range marked up as a table: its header row, and how many rows and columns it has."""

    name: str
    row: int
    column: int
    headers: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class Series:
    """One series of a chart: references to its name, categories and values, and its colour."""

    name: str
    categories: str
    values: str
    colour: str


@dataclass(frozen=True)
class Chart:
    """A native chart: ``kind`` is ``bar``, ``column``, ``stacked`` or ``line``; ``alt`` says what it shows."""

    kind: str
    row: int
    column: int
    title: str
    alt: str
    series: tuple[Series, ...]
    axis: str
    number_format: str


@dataclass
class Sheet:
    """One sheet.

    Attributes
    ----------
    role : str
        ``inputs``, ``workings``, ``outputs`` or ``control``: the colour of its tab.
    widths : dict of int to float
        Widths of columns in characters.
    frozen : tuple of int
        How many rows and columns stay in view.
    """

    name: str
    role: str
    title: str
    description: str
    cells: dict[tuple[int, int], Written] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    frozen: tuple[int, int] = (HEADER_ROW + 1, 0)
    tables: list[Table] = field(default_factory=list)
    validations: list[Validation] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    flags: list[tuple[int, int, int]] = field(default_factory=list)
    """Columns in which a word stands out: column, first row, last row."""
    portrait: bool = False
    breaks: list[int] = field(default_factory=list)
    """Rows before which a new page begins."""

    def __post_init__(self) -> None:
        self.put(TITLE_ROW, 0, self.title, "title")
        self.put(DESCRIPTION_ROW, 0, self.description, "description")

    def put(self, row: int, column: int, content: Content, style: str = "text") -> None:
        """Write into a cell."""
        self.cells[row, column] = Written(content, style)

    def header(self, row: int, headers: Sequence[str], name: str, rows: int, column: int = 0) -> None:
        """Write a header row and mark what stands below it up as a table."""
        for place, text in enumerate(headers):
            self.put(row, column + place, text, "header")
        if rows:
            self.tables.append(Table(name, row, column, tuple(headers), rows))

    def cell(self, row: int, column: int, home: Sheet | None = None, *, fix: str = "rc") -> str:
        """Return a reference, with the sheet's name unless ``home`` is it; ``fix`` says what $ holds: r, c or both."""
        place = f"{'$' * ('c' in fix)}{letters(column)}{'$' * ('r' in fix)}{row + 1}"
        return place if home is self else f"{quoted(self.name)}!{place}"

    def range(
        self, first: tuple[int, int], last: tuple[int, int], home: Sheet | None = None, *, fix: str = "rc"
    ) -> str:
        """Return a reference to a block of cells; one cell stands for itself."""
        start = self.cell(*first, home, fix=fix)
        return start if first == last else f"{start}:{self.cell(*last, self, fix=fix)}"


def letters(column: int) -> str:
    """Return the letters of a column: A, B, …, Z, AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, LETTERS)
        text = chr(ord("A") + rest) + text
    return text


def quoted(name: str) -> str:
    """Return a sheet's name as a formula needs it."""
    return name if _PLAIN_NAME.fullmatch(name) else "'" + name.replace("'", "''") + "'"
