"""Cells of a workbook that somebody edited: what stands in them, found by headings and names wherever they moved to."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, time

from sroi.errors import Fault, brief, nearest, shown
from sroi.sentences import number_meant
from sroi.service_file import shortest
from sroi.workbook import guard
from sroi.workbook.grid import letters, quoted
from sroi.workbook.render import clean

# A spreadsheet program may save 15 digits of the 17 that a number can have.
SAVED = 1e-14
PERCENT = 100
# What people type before an amount; the unit of the input says it already.
CURRENCY_SIGNS = "£$€ "
# The formulas that the cells that are read are written with, without $ and in capitals. A formula of another form was
# typed over them, be it a plain reference to a cell of one's own.
_CELL = r"[A-Z]+\d+"
_ON_VALUES = rf"'?VALUES'?!{_CELL}"
_INDEX = rf"INDEX\({_CELL}(:{_CELL})?,SCENARIO_NUMBER\)"
USED = re.compile(rf"=IF\(ISNUMBER\(({_CELL})\),\1,({_CELL}|{_INDEX})\)")
DEFAULT = re.compile(rf"={_ON_VALUES}")
FOLLOWS = re.compile(rf"={_CELL}")


def same(one: float, other: float) -> bool:
    """Say whether two numbers are one, however a spreadsheet program rounded it."""
    return math.isclose(one, other, rel_tol=SAVED)


def plain(text: str) -> str:
    """Return a text as it is compared: as a cell can hold it, ends of lines and blanks all alike."""
    # openpyxl drops these characters from every text.
    return " ".join(clean(text).replace("x005F_", "").split())


@dataclass(frozen=True)
class Cell:
    """A cell: where it is (from 0), what it holds or its formula gives, and the formula."""

    sheet: str
    row: int
    column: int
    value: object = None
    formula: str = ""

    @property
    def address(self) -> str:
        """Where it is on its sheet, such as E12."""
        return f"{letters(self.column)}{self.row + 1}"

    @property
    def place(self) -> str:
        """Where it is, as a formula would say."""
        return f"{quoted(self.sheet)}!{self.address}"

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it; blanks are nothing."""
        return not self.formula and (self.value is None or (isinstance(self.value, str) and not self.value.strip()))

    def holds(self, formula: re.Pattern[str]) -> bool:
        """Whether it holds a formula of this form."""
        return bool(formula.fullmatch(self.formula.replace("$", "").replace(" ", "").upper()))


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet."""

    name: str
    values: Sequence[Sequence[object]]
    formulas: Mapping[tuple[int, int], str]

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell; one beyond the edge is empty."""
        cells = self.values[row] if row < len(self.values) else ()
        value = cells[column] if column < len(cells) else None
        return Cell(self.name, row, column, value, self.formulas.get((row, column), ""))

    def words(self, row: int) -> list[str]:
        """Return the texts of a row, as they are compared."""
        return [plain(value) if isinstance(value, str) else "" for value in self.values[row]]


def grids(data: bytes, name: str, sizes: Mapping[str, tuple[int, int]]) -> dict[str, Grid]:
    """Return the sheets that are there of those wanted, each with the most rows and columns that are read of it."""
    values: dict[str, list[list[object]]] = {}
    formulas: dict[str, dict[tuple[int, int], str]] = {}
    with closing(guard.open_workbook(data, name)) as book:
        for sheet in (sheet for sheet in book.worksheets if sheet.title in sizes):
            rows, _ = guard.rows_of(sheet, name, *sizes[sheet.title])
            values[sheet.title] = [[cell.value for cell in row] for row in rows]
    with closing(guard.open_workbook(data, name, results=False)) as book:
        for sheet in (sheet for sheet in book.worksheets if sheet.title in sizes):
            rows, _ = guard.rows_of(sheet, name, *sizes[sheet.title])
            formulas[sheet.title] = {
                (row, column): str(cell.value)
                for row, cells in enumerate(rows)
                for column, cell in enumerate(cells)
                if cell.data_type == "f"
            }
    return {title: Grid(title, values[title], formulas[title]) for title in values}


@dataclass
class Reader:
    """Reads cells and collects what is wrong with them; of a share it knows that 30 means 0.3."""

    faults: list[Fault] = field(default_factory=list)
    share: bool = False

    def fault(self, cell: Cell, sentence: str) -> None:
        """Note what is wrong with a cell."""
        self.faults.append(Fault(cell.place, sentence))

    def number(self, cell: Cell) -> float | None:
        """Return the number in a cell; ``None`` where it is empty, or noted as a fault."""
        value = cell.value
        if cell.empty:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
        self.fault(cell, _no_number(cell, self.share))
        return None

    def given(self, cell: Cell, was: float) -> float:
        """Return the number in a cell that may not be empty; where it cannot be read, what it was."""
        if cell.empty:
            self.fault(cell, f"is empty. Write a number; it was {shortest(was)}.")
        found = self.number(cell)
        return was if found is None else found

    def typed_over(self, cell: Cell, formula: re.Pattern[str]) -> float | None:
        """Return the number typed over a formula of this form; ``None`` where the formula stands."""
        if cell.holds(formula):
            return None
        if cell.empty:
            rule = "Copy the formula from a cell beside it of the same kind, or write the number"
            self.fault(cell, f"is empty: its formula was taken out. {rule}.")
        return self.number(cell)

    def text(self, cell: Cell) -> str:
        """Return the text in a cell, empty where there is none."""
        value = cell.value
        if isinstance(value, (date, time)):
            self.fault(cell, f"holds a date ({value}). Write it as text: with an apostrophe before it.")
            return ""
        if value is None and cell.formula:
            self.fault(cell, f"holds a formula without a value ({brief(cell.formula)}): write the text.")
        if isinstance(value, float) and math.isfinite(value):
            return str(shortest(value))
        return "" if value is None else str(value)


def _no_number(cell: Cell, share: bool) -> str:
    """Say what stands where a number belongs, and what to write."""
    value = cell.value
    if cell.formula and value is None:
        return f"holds a formula without a value ({brief(cell.formula)}): write the number."
    if isinstance(value, str):
        if value.startswith("#"):
            return f"holds the error {shown(value)}. Write a number, or empty it."
        meant = number_meant(value.strip().lstrip(CURRENCY_SIGNS))
        if meant is not None and share and 1 < meant <= PERCENT:
            return f"is the text {shown(value)}. Shares are fractions from 0 to 1: write {shortest(meant / PERCENT)}."
        hint = "a number" if meant is None else str(shortest(meant))
        return f"is the text {shown(value)}. Write {hint}."
    if isinstance(value, (date, time)):
        return f"holds a date ({value}). Write a number, and give the cell the format of a number."
    return f"is {shown(value)}. Write a number."


@dataclass(frozen=True)
class Headings:
    """The row of headings of a table, and the column of each."""

    grid: Grid
    row: int
    columns: tuple[int, ...]

    def cell(self, row: int, place: int) -> Cell:
        """Return the cell of a row under the heading that has this place among those asked for."""
        return self.grid.cell(row, self.columns[place])

    @property
    def rows(self) -> range:
        """The rows below the headings."""
        return range(self.row + 1, len(self.grid.values))


def headings(grid: Grid, wanted: Sequence[str], reader: Reader) -> Headings | None:
    """Find the columns of a table by their headings; the second column of a heading goes to its second mention.

    Returns
    -------
    Headings or None
        ``None`` where a heading is missing, which is noted.
    """
    names = [plain(heading) for heading in wanted]
    counts = [len(set(grid.words(row)) & set(names)) for row in range(len(grid.values))]
    if not any(counts):
        listed = brief(", ".join(names))
        reader.faults.append(Fault(grid.name, f"has no row of headings. Put it back above the table: {listed}."))
        return None
    row = counts.index(max(counts))
    found: dict[str, list[int]] = {}
    for column, word in enumerate(grid.words(row)):
        found.setdefault(word, []).append(column)
    columns = []
    for place, name in enumerate(names):
        nth = names[:place].count(name)
        at = found.get(name, [])
        if nth < len(at):
            columns.append(at[nth])
        else:
            said = f"has no column {shown(name)} any more. Put its heading back, and what stood below it."
            reader.faults.append(Fault(f"{quoted(grid.name)}!{row + 1}:{row + 1}", said))
    return Headings(grid, row, tuple(columns)) if len(columns) == len(names) else None


def rows_by_name(table: Headings, place: int, known: Mapping[str, str], reader: Reader) -> dict[str, list[int]]:
    """Find the rows of each name, wherever they were moved to; names that are none of ours are noted.

    Parameters
    ----------
    table : Headings
    place : int
        Of the heading of names.
    known : mapping of str to str
        Each name with its label.
    reader : Reader
    """
    rows: dict[str, list[int]] = {}
    for row in table.rows:
        cell = table.cell(row, place)
        if cell.empty:
            continue
        name = reader.text(cell).strip()
        if name in known:
            rows.setdefault(name, []).append(row)
        else:
            rule = f"{nearest(name, known)} Names are not changed here, and inputs are added to the service file."
            reader.fault(cell, f"is {shown(name)}, which is not an input of this service. {rule}")
    return rows


def each_once(rows: Mapping[str, Sequence[int]], table: Headings, place: int, reader: Reader) -> dict[str, int]:
    """Return the row of each name that has one; note those that have several."""
    for name, found in rows.items():
        for row in found[1:]:
            said = f"stands in {table.cell(found[0], place).address} already. Take one of the rows out"
            reader.fault(table.cell(row, place), f"is {shown(name)}, which {said}.")
    return {name: found[0] for name, found in rows.items()}


def missing(grid: Grid, known: Mapping[str, str], rows: Iterable[str], reader: Reader) -> None:
    """Note each name without a row."""
    there = set(rows)
    for name, label in known.items():
        if name not in there:
            said = f"has no row for {shown(label)} ({name}). Put the row back, with {name} in the column Name."
            reader.faults.append(Fault(quoted(grid.name), said))
