"""What somebody changed in a workbook: every input of it compared with the service that was written into it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sroi import units
from sroi.errors import shown
from sroi.rules import possible_range
from sroi.schema import Change, Parameter
from sroi.service import Service
from sroi.service_file import Value, series_of, shortest
from sroi.workbook import inputs_sheets as inputs
from sroi.workbook import read_cells
from sroi.workbook.read_cells import Cell, Grid, Headings, Reader, each_once, headings, missing, plain, same
from sroi.workbook.read_cells import rows_by_name as rows_of_names
from sroi.workbook.read_edits import Difference, Edits
from sroi.workbook.request import variant_labels, varies_by_year

# The columns that say what an input is, and the key of the service file that each fills.
TEXTS = {
    inputs.LABEL: "label",
    inputs.IN_UNIT: "unit",
    inputs.PRICES: "price_year",
    inputs.SOURCE: "source",
    inputs.GRADE: "grade",
    inputs.GROUP: "group",
}
BOUNDS = {inputs.LEAST: "minimum", inputs.MOST: "maximum"}
ALREADY = "nothing: it is the value already"


class Comparison:
    """Compares the sheets of inputs with a service.

    Parameters
    ----------
    service : Service
        As it was written.
    sheets : mapping of str to Grid
        Inputs, Values, and the inputs by year where there are any.
    reader : Reader
        Collects the faults.
    chosen : str
        The scenario chosen, ``""`` for the base case.
    """

    def __init__(self, service: Service, sheets: Mapping[str, Grid], reader: Reader, chosen: str) -> None:
        self.service, self.reader, self.edits = service, reader, Edits(chosen)
        self.labels = {key: plain(label) for key, label in variant_labels(service).items()}
        self.known = {name: parameter.label for name, parameter in service.parameters.items()}
        self.by_year = [name for name in self.known if varies_by_year(service, name)]
        found = self._inputs(sheets["Inputs"]), self._values(sheets["Values"]), self._yearly(sheets)
        if all(found):
            self._compare()

    # Where everything stands --------------------------------------------------------------------------------------

    def _inputs(self, grid: Grid) -> bool:
        table = headings(grid, inputs.COLUMNS, self.reader)
        if table:
            self.inputs, self.rows = table, self._rows(table, inputs.NAME)
        return table is not None

    def _values(self, grid: Grid) -> bool:
        wanted = (*inputs.VALUE_COLUMNS, *self.labels.values(), *inputs.AFTER_VARIANTS)
        table = headings(grid, wanted, self.reader)
        if table:
            self.values, self.value_rows = table, self._rows(table, 0)
        return table is not None

    def _rows(self, table: Headings, place: int) -> dict[str, int]:
        rows = each_once(rows_of_names(table, place, self.known, self.reader), table, place, self.reader)
        missing(table.grid, self.known, rows, self.reader)
        return rows

    def _yearly(self, sheets: Mapping[str, Grid]) -> bool:
        """Find the rows of each input by year: one's own values, every scenario's, those in use."""
        self.years = [f"{self.service.about.first_year + year}" for year in range(self.service.about.appraisal_years)]
        self.yearly_rows: dict[str, list[int]] = {}
        if not self.by_year:
            return True
        grid = sheets[inputs.YEARLY]
        table = headings(grid, (*inputs.YEARLY_COLUMNS, *self.years), self.reader)
        if table is None:
            return False
        self.yearly = table
        known = {name: self.known[name] for name in self.by_year}
        name_place = inputs.YEARLY_COLUMNS.index("Name")
        found = rows_of_names(table, name_place, known, self.reader)
        missing(grid, known, found, self.reader)
        self.yearly_rows = {
            name: self._rows_of_one(table, name, found[name]) if name in found else [] for name in known
        }
        return True

    def _rows_of_one(self, table: Headings, name: str, rows: Sequence[int]) -> list[int]:
        wanted = [plain(word) for word in (inputs.OWN_ROW, *self.labels.values(), *inputs.USED_ROWS)]
        words = [plain(self.reader.text(table.cell(row, 0))) for row in rows]
        ordered: list[int] = []
        for place, word in enumerate(wanted):
            at = [row for row, found in zip(rows, words, strict=True) if found == word]
            nth = wanted[:place].count(word)
            if nth >= len(at):
                said = f"is where {name} begins, which has no row {shown(word)} any more. Put it back, with these words"
                self.reader.fault(table.cell(rows[0], 0), f"{said} in the first column.")
                return []
            ordered.append(at[nth])
        for row, word in zip(rows, words, strict=True):
            if row not in ordered:
                said = f"is {shown(word)}, a row that {name} does not have, or has already. Take it out."
                self.reader.fault(table.cell(row, 0), said)
        return ordered

    # What is different -------------------------------------------------------------------------------------------

    def _compare(self) -> None:
        for name, parameter in self.service.parameters.items():
            if name not in self.rows or name not in self.value_rows or not self.yearly_rows.get(name, True):
                continue
            self._places(name)
            self.reader.share = units.is_share(parameter.unit)
            if name in self.by_year:
                self._each_year(name)
            else:
                self._one_number(name)
            self._texts(name, parameter)
            self._bounds(name, parameter)

    def _places(self, name: str) -> None:
        """Say where each key of a parameter stands; an edit puts its own place over it."""
        here = f"parameters.{name}"
        row, note = self.rows[name], "help" if self.service.parameters[name].help else "note"
        columns = {**TEXTS, **BOUNDS, inputs.NOTE: note, inputs.YOURS: "value"}
        for column, key in columns.items():
            self.edits.places[f"{here}.{key}"] = self.inputs.cell(row, column).place
        # Not shown for themselves: the number they belong to.
        for key in ("by_year", "spread", "note"):
            self.edits.places.setdefault(f"{here}.{key}", self.inputs.cell(row, inputs.YOURS).place)
        self.edits.places[here] = self.inputs.cell(row, inputs.LABEL).place

    def _differ(self, cell: Cell, name: str, key: str, old: object, new: object, takes: str) -> None:
        what = f"{self.known[name]} ({name})"
        self.edits.differences.append(Difference(cell.sheet, cell.address, what, key, old, new, takes))

    def _texts(self, name: str, parameter: Parameter) -> None:
        owned = name in self.edits.numbers.get("", {})
        note = "help" if parameter.help else "note"
        edited: dict[str, str | float | None] = {}
        for column, key in {**TEXTS, inputs.NOTE: note}.items():
            cell = self.inputs.cell(self.rows[name], column)
            old, new = getattr(parameter, key) or "", self.reader.text(cell)
            if key == "grade" and "source" in edited and owned:
                # Who says where a number of one's own comes from vouches for the grade that stands beside it.
                edited[key] = new
            if plain(old) == plain(new):
                continue
            takes = f"the input's {key}"
            if key == "grade" and owned and "source" not in edited:
                takes = "nothing: a value of one's own has grade F, unless Source says where it comes from"
            else:
                edited[key] = new if plain(new) else None
                self.edits.places[f"parameters.{name}.{key}"] = cell.place
            self._differ(cell, name, key, old, new, takes)
        if edited:
            self.edits.entries.setdefault(name, {}).update(edited)

    def _bounds(self, name: str, parameter: Parameter) -> None:
        for (column, key), end in zip(BOUNDS.items(), possible_range(parameter), strict=True):
            cell = self.inputs.cell(self.rows[name], column)
            old, new = (end if math.isfinite(end) else None), self.reader.number(cell)
            if old == new or (old is not None and new is not None and same(old, new)):
                continue
            self.edits.entries.setdefault(name, {})[key] = new
            self._differ(cell, name, key, old, new, f"the input's {key}")

    # One number for every year -------------------------------------------------------------------------------------

    def _one_number(self, name: str) -> None:
        row, value_row = self.rows[name], self.value_rows[name]
        own = self._own(*(self.inputs.cell(row, place) for place in (inputs.YOURS, inputs.IN_USE, inputs.DEFAULT)))
        cells = {
            key: self.values.cell(value_row, inputs.FIRST_VARIANT + place) for place, key in enumerate(self.labels)
        }
        now = self._variants(name, cells, partial(_of_year, year=0), own, "value")
        for key, number in now.items():
            if number is not None:
                self._record(name, key, number, own[0] if own and key == self.edits.chosen else cells[key])

    def _own(self, yours: Cell, used: Cell, default: Cell | None = None) -> tuple[Cell, float] | None:
        """Return the number that stands over every scenario's: one's own, or one typed over a formula."""
        mine, over = self.reader.number(yours), self.reader.typed_over(used, read_cells.USED)
        if mine is not None and over is not None and not same(mine, over):
            said = f"is {shortest(mine)}, but {used.place} holds {shortest(over)} over its formula"
            self.reader.fault(yours, f"{said}. Write one number into {yours.place}, and put the formula back.")
        if mine is not None:
            return yours, mine
        if over is not None:
            return used, over
        typed = self.reader.typed_over(default, read_cells.DEFAULT) if default else None
        return None if default is None or typed is None else (default, typed)

    def _variants(
        self,
        name: str,
        cells: Mapping[str, Cell],
        stated: Callable[[Parameter | Change], float],
        own: tuple[Cell, float] | None,
        key: str,
    ) -> dict[str, float | None]:
        """Return the number of each scenario, ``None`` where it follows the base case; take note of edited ones."""
        now: dict[str, float | None] = {}
        base = 0.0
        for variant, cell in cells.items():
            entry = self._entry(variant, name)
            if entry is None:
                was, new = base, self.reader.typed_over(cell, read_cells.FOLLOWS)
            else:
                was = stated(entry)
                new = self.reader.given(cell, was)
            changed = new is not None and not same(was, new)
            now[variant] = new if changed else None if entry is None else was
            base = base if variant else (was if new is None or not changed else new)
            if changed:
                covered = own is not None and variant == self.edits.chosen
                takes = f"nothing: {own[0].place} stands over it" if own and covered else self._takes(variant)
                self._differ(cell, name, key, was, new, takes)
        if own is not None:
            found = now[self.edits.chosen]
            was = base if found is None else found
            takes = ALREADY if same(own[1], was) else self._takes(self.edits.chosen)
            self._differ(own[0], name, key, was, own[1], takes)
            if not same(own[1], was):
                now[self.edits.chosen] = own[1]
        return now

    def _takes(self, variant: str) -> str:
        if not variant:
            return "the input's value in the base case: an assumption of grade F"
        return f"the value in the scenario {self.labels[variant]!r}: an assumption of grade F"

    def _record(self, name: str, variant: str, value: Value, cell: Cell) -> None:
        """Keep a value that is not what was written, and where it stands."""
        entry = self._entry(variant, name)
        if entry is not None and _alike(entry.by_year or float(entry.value or 0.0), value):
            return
        self.edits.numbers.setdefault(variant, {})[name] = value
        here = _path(variant, name)
        for key in ("", ".value", ".by_year", ".spread") if variant else (".value", ".by_year", ".spread"):
            self.edits.places[f"{here}{key}"] = cell.place

    def _entry(self, variant: str, name: str) -> Parameter | Change | None:
        """Return what a scenario says of a parameter; ``None`` where it leaves it alone."""
        if variant:
            found: Change | None = self.service.scenarios[variant].changes.get(name)
            return found
        parameter: Parameter = self.service.parameters[name]
        return parameter

    # A number for each year ---------------------------------------------------------------------------------------

    def _each_year(self, name: str) -> None:
        for place in (inputs.YOURS, inputs.IN_USE, inputs.DEFAULT):
            cell = self.inputs.cell(self.rows[name], place)
            if not cell.empty and cell.value != inputs.YEARLY_WORD:
                said = f"is {shown(cell.value)}, but this input varies by year"
                self.reader.fault(cell, f"{said}: empty it, and write into the yellow cells of {inputs.YEARLY}.")
        own_row, *variant_rows, used_row, _ = self.yearly_rows[name]
        now: dict[str, list[float | None]] = {key: [] for key in self.labels}
        # The first cell that holds a number of each scenario, and the first of one's own.
        first: dict[str, Cell] = {}
        first_own: list[Cell] = []
        for year, heading in enumerate(self.years):
            place = len(inputs.YEARLY_COLUMNS) + year
            own = self._own(self.yearly.cell(own_row, place), self.yearly.cell(used_row, place))
            cells = {key: self.yearly.cell(row, place) for key, row in zip(self.labels, variant_rows, strict=True)}
            found = self._variants(name, cells, partial(_of_year, year=year), own, heading)
            first_own += [own[0]] if own else []
            for key, number in found.items():
                now[key].append(number)
                first.setdefault(key, cells[key])
                cell = own[0] if own and key == self.edits.chosen else cells[key]
                self.edits.years.setdefault((_path(key, name), f"{number or 0:g}"), cell.place)
        for key, numbers in now.items():
            if any(number is not None for number in numbers):
                filled = [each if each is not None else base for each, base in zip(numbers, now[""], strict=True)]
                cell = first_own[0] if first_own and key == self.edits.chosen else first[key]
                self._record(name, key, self._series(name, key, [each or 0.0 for each in filled]), cell)

    def _series(self, name: str, variant: str, numbers: Sequence[float]) -> Value:
        """Return numbers by year, as one where they are one and one was stated."""
        entry = self._entry(variant, name)
        if entry is not None and entry.by_year is None and len(set(numbers)) == 1:
            return numbers[0]
        return tuple(numbers)


def _path(variant: str, name: str) -> str:
    """Return where a service file holds what a scenario says of a parameter."""
    return f"scenarios.{variant}.changes.{name}" if variant else f"parameters.{name}"


def _of_year(entry: Parameter | Change, year: int) -> float:
    return float(entry.by_year[year] if entry.by_year is not None else entry.value or 0.0)


def _alike(one: Value, other: Value) -> bool:
    first, second = series_of(one), series_of(other)
    return len(first) == len(second) and all(map(same, first, second))
