"""What was changed in a workbook where nothing is read back: formulas, other sheets, notes in the margin.

The workbook is made again from what it says that it was made from, and every cell is held against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import closing

from sroi.errors import ServiceError
from sroi.result import evaluate
from sroi.service import Service
from sroi.workbook import guard
from sroi.workbook import inputs_sheets as inputs
from sroi.workbook.grid import Formula, Sheet, Written, letters
from sroi.workbook.marks import Made
from sroi.workbook.read_cells import Grid, plain
from sroi.workbook.read_edits import Difference
from sroi.workbook.read_places import Places, canonical, places_of, renamed
from sroi.workbook.render import held
from sroi.workbook.write import request_of, sheets_of

# How far another version of a library may carry a number that was worked out when the workbook was made.
NEAR = 1e-9
# Making more draws again takes longer than anybody waits for.
MOST_DRAWS = 1_000_000
# How far beyond the edge of what was written notes in the margin are looked for.
MARGIN_ROWS, MARGIN_COLUMNS = 1_000, 50
LONGEST_TIMES = 5
NOTHING = "nothing: only Inputs, Values and Yearly inputs are read back"
# The columns of Inputs that are read back cell by cell.
READ = frozenset(range(len(inputs.COLUMNS))) - {
    *(inputs.IN_USE, inputs.DEFAULT, inputs.CHANGED, inputs.LOW, inputs.HIGH),
}


def rest_of(
    data: bytes, file: str, service: Service, made: Made, read: frozenset[tuple[str, str]]
) -> tuple[list[Difference], str]:
    """Return what was changed that is not read back, and why nothing could be compared, in a sentence.

    Parameters
    ----------
    data : bytes
        A workbook, from :func:`sroi.workbook.guard.guarded_bytes`.
    file : str
        What messages call it.
    service : Service
        As it was written.
    made : Made
        What else it was made from.
    read : set of (sheet, cell)
        Where a difference was found that is read back.
    """
    if (made.draws or 0) > MOST_DRAWS:
        return [], f"Its ranges rest on more than {MOST_DRAWS:,} draws: only the inputs were compared."
    try:
        result = evaluate(service, made.values, scenario=made.scenario, convention=made.convention)
        result.convention_name = made.convention_name
        sheets, names = sheets_of(request_of(result, made.log), made.draws, made.seed, made.day)
    except ServiceError as error:
        return [], f"It cannot be made again ({error.faults[0]}): only the inputs were compared."
    there, named = _grids(data, file, {sheet.name: sheet for sheet in sheets})
    return list(_Rest(sheets, names, there, named, read).differences()), ""


def _grids(data: bytes, file: str, written: Mapping[str, Sheet]) -> tuple[dict[str, Grid], dict[str, str]]:
    """Return every sheet that is there, its cells and formulas apart, and the names that are defined."""
    found: dict[str, Grid] = {}
    most = [max((place[axis] for sheet in written.values() for place in sheet.cells), default=0) for axis in (0, 1)]
    with closing(guard.open_workbook(data, file, results=False)) as book:
        for page in book.worksheets:
            wanted = written.get(page.title)
            rows, columns = (max(place[axis] for place in wanted.cells) for axis in (0, 1)) if wanted else most
            cells, _ = guard.rows_of(page, file, rows + MARGIN_ROWS, columns + MARGIN_COLUMNS)
            values: list[list[object]] = [[None] * len(row) for row in cells]
            formulas: dict[tuple[int, int], str] = {}
            for row, each in enumerate(cells):
                for column, cell in enumerate(each):
                    if cell.data_type == "f":
                        formulas[row, column] = str(getattr(cell.value, "text", None) or cell.value)
                    else:
                        values[row][column] = cell.value
            found[page.title] = Grid(page.title, values, formulas)
        named = {name: str(each.attr_text) for name, each in book.defined_names.items()}
    return found, named


class _Rest:
    """Compares a workbook with the same one made again."""

    def __init__(
        self,
        sheets: list[Sheet],
        names: Mapping[str, str],
        there: dict[str, Grid],
        named: Mapping[str, str],
        read: frozenset[tuple[str, str]],
    ) -> None:
        self.sheets, self.names, self.there, self.named, self.read = sheets, names, there, named, read
        titles = {name: plain(str(grid.cell(0, 0).value or "")) for name, grid in there.items()}
        self.now = renamed(sheets, titles)
        self.places = {
            sheet.name: places_of(sheet, there[self.now[sheet.name]]) for sheet in sheets if sheet.name in self.now
        }
        moved = any(each.moved or each.name != name for name, each in self.places.items())
        self.moved: Mapping[str, Places] = self.places if moved else {}

    def differences(self) -> Iterator[Difference]:
        """Yield each difference, sheet by sheet as they were written."""
        for sheet in self.sheets:
            if sheet.name not in self.now:
                yield Difference(sheet.name, "", "the sheet", "sheet", sheet.name, None, NOTHING)
                continue
            if self.now[sheet.name] != sheet.name:
                yield Difference(sheet.name, "", "the sheet", "sheet", sheet.name, self.now[sheet.name], NOTHING)
            yield from self._of(sheet)
        for name in self.there.keys() - set(self.now.values()):
            yield Difference(name, "", "a sheet of one's own", "sheet", None, name, NOTHING)
        for name, place in self.names.items():
            old, new = self._formula(place, ""), canonical(self.named.get(name, ""), "", {})
            if old != new:
                yield Difference("", "", f"the name {name}", "name", place, self.named.get(name), NOTHING)

    def _of(self, sheet: Sheet) -> Iterator[Difference]:
        grid, places = self.there[self.now[sheet.name]], self.places[sheet.name]
        labels = _labels(sheet)
        seen = set()
        for (row, column), written in sheet.cells.items():
            place = places.at(row, column)
            seen.add(place)
            if _is_read(sheet, row, column) or (grid.name, f"{letters(place[1])}{place[0] + 1}") in self.read:
                continue
            found = _there(grid, place)
            kind = self._differs(written, found, grid.name)
            if kind:
                yield self._said(grid, place, labels.get(row, sheet.title), kind, _shown(written), found)
        for row, cells in enumerate(grid.values):
            for column in range(len(cells)):
                found = None if (row, column) in seen else _there(grid, (row, column))
                if found is not None and (grid.name, f"{letters(column)}{row + 1}") not in self.read:
                    yield self._said(grid, (row, column), "a cell of one's own", "added", None, found)

    def _said(self, grid: Grid, place: tuple[int, int], what: str, kind: str, old: object, new: object) -> Difference:
        return Difference(grid.name, f"{letters(place[1])}{place[0] + 1}", what, kind, old, new, NOTHING)

    def _differs(self, written: Written, found: object, home: str) -> str:
        """Return what kind of content was changed; nothing where it was not."""
        content = written.content
        if isinstance(content, Formula):
            if not isinstance(found, str) or not found.startswith("="):
                return "formula"
            if found[1:] == content.text and not self.moved:
                return ""
            # No program spells a formula in so many more characters; one made to do harm would take long to read.
            if len(found) > LONGEST_TIMES * (len(content.text) + 1):
                return "formula"
            return "" if self._formula(content.text, home) == canonical(found, home, {}) else "formula"
        if content is None or (isinstance(content, str) and not plain(held(content))):
            return "" if found is None else "added"
        if isinstance(content, str):
            return "" if isinstance(found, str) and plain(found) == plain(held(content)) else "text"
        return "" if _near(found, content) else "number"

    def _formula(self, text: str, home: str) -> str:
        return canonical(text, home, self.moved)


def _near(found: object, number: float) -> bool:
    if not isinstance(found, (int, float)) or isinstance(found, bool):
        return False
    return math.isclose(found, number, rel_tol=NEAR, abs_tol=NEAR**2)


def _there(grid: Grid, place: tuple[int, int]) -> object:
    """Return what stands in a cell: its formula with an = before it, or its value; blanks are nothing."""
    if place in grid.formulas:
        return f"={grid.formulas[place].removeprefix('=')}"
    value = grid.cell(*place).value
    return None if isinstance(value, str) and not value.strip() else value


def _shown(written: Written) -> object:
    return f"={written.content.text}" if isinstance(written.content, Formula) else written.content or None


def _labels(sheet: Sheet) -> dict[int, str]:
    """Return the first text of each row, which says what stands in it."""
    found: dict[int, str] = {}
    for (row, _), cell in sorted(sheet.cells.items(), key=lambda entry: entry[0]):
        if isinstance(cell.content, str) and cell.content.strip():
            found.setdefault(row, plain(cell.content))
    return found


def _is_read(sheet: Sheet, row: int, column: int) -> bool:
    """Say whether a cell is compared where the workbook is read back."""
    if sheet.name == "Inputs":
        if row in (inputs.SCENARIO_ROW, inputs.CONVENTION_ROW):
            return column == 1
        return row >= inputs.FIRST and column in READ
    if sheet.name == inputs.YEARLY:
        return sheet.cells[row, column].style.startswith(("input_", "given_"))
    return sheet.name == "Values" and sheet.cells[row, column].style.startswith("given_")
