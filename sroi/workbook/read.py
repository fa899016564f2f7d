"""``read_workbook``: a service out of the workbook that it was written into, with what somebody changed in it."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from sroi import reference
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.reading import LARGEST_FILE, parse_tables
from sroi.schema import LONGEST_HORIZON
from sroi.service import Service
from sroi.workbook import file_text, guard
from sroi.workbook.grid import quoted
from sroi.workbook.inputs_sheets import YEARLY
from sroi.workbook.read_apply import edited
from sroi.workbook.read_cells import Cell, Grid, Reader, grids, plain
from sroi.workbook.read_edits import Difference
from sroi.workbook.read_inputs import Comparison
from sroi.workbook.request import unlike, variant_labels, varies_by_year
from sroi.workbook.write import LAYOUT, mark

AGAIN = "Export the service anew: sroi export NAME -o FILE.xlsx"
# The most rows and columns that are read of each sheet.
_WIDE = guard.MOST_COLUMNS + LONGEST_HORIZON
SIZES = {
    "Inputs": (guard.MOST_ROWS, guard.MOST_COLUMNS),
    "Values": (guard.MOST_ROWS, guard.MOST_COLUMNS),
    YEARLY: (guard.MOST_ROWS, _WIDE),
    file_text.NAME: (LARGEST_FILE, 2),
}


@dataclass(frozen=True)
class Reading:
    """What a workbook says.

    Attributes
    ----------
    service : Service
        With what was changed.
    differences : tuple of Difference
        What was changed, in the order of the inputs.
    scenario : str or None
        The scenario chosen on Inputs; ``None`` for the base case.
    scenario_label, convention_label : str
        What the scenario and the convention chosen are called there.
    """

    service: Service
    differences: tuple[Difference, ...]
    scenario: str | None
    scenario_label: str
    convention_label: str


def read_workbook(path: str | Path) -> Service:
    """Read a service back from the workbook that :func:`sroi.write_workbook` made of it.

    Parameters
    ----------
    path : str or Path
        An ``.xlsx`` file, edited and saved by whatever program.

    Returns
    -------
    Service
        As it was written, with what was changed on Inputs, Values and Yearly inputs. A number of one's own becomes the
        parameter's value where the base case is chosen, and a change of the scenario where one is chosen: an assumption
        of grade F that says what stood there before. Correction for optimism goes by grade, so that under a convention
        that has one it may grow. A convention chosen becomes the service's.

    Raises
    ------
    ServiceError
        When the file is no such workbook, is not safe to open, or with every fault of what was changed, each named by
        sheet and cell.

    Notes
    -----
    Inputs are read and nothing else: what was typed over formulas of the calculation, or changed on Sources, Scenarios,
    Prices and the other sheets, is not. Rows and columns may have been moved: they are found by name and heading.
    """
    return reading_of(path).service


def workbook_changes(path: str | Path) -> pd.DataFrame:
    """Return what was changed in a workbook since :func:`sroi.write_workbook` made it.

    Parameters
    ----------
    path : str or Path
        An ``.xlsx`` file.

    Returns
    -------
    DataFrame
        One row for each difference from the service that was written: ``sheet``, ``cell``, ``what`` (label and name),
        ``field``, ``old``, ``new``, and ``takes``: what :func:`sroi.read_workbook` makes of it. Empty when nothing was
        changed.

    Raises
    ------
    ServiceError
        As for :func:`sroi.read_workbook`.
    """
    rows = [asdict(difference) for difference in reading_of(path).differences]
    return pd.DataFrame(rows, columns=[each.name for each in fields(Difference)], dtype=object)


def reading_of(path: str | Path) -> Reading:
    """Return what a workbook says; arguments and errors as for :func:`read_workbook`."""
    file = Path(path)
    data = guard.guarded_bytes(file)
    marks = _marks(data, file.name)
    sheets = grids(data, file.name, SIZES)
    service = _as_written(sheets, file.name)
    yearly = [YEARLY] if any(varies_by_year(service, name) for name in service.parameters) else []
    absent = [name for name in ("Inputs", "Values", *yearly) if name not in sheets]
    if absent:
        said = "The sheet is missing: it was taken out or renamed. Put it back under this name."
        raise ServiceError(file.name, [Fault(quoted(name), said) for name in absent])
    reader = Reader()
    switches = _Switches(service, sheets["Inputs"], marks, reader)
    edits = Comparison(service, sheets, reader, switches.variant).edits
    try:
        found = edited(service, edits, switches.convention, file.name)
    except ServiceError as error:
        # What the schema has against the numbers that could be read is said together with those that could not.
        reader.faults += error.faults
    if reader.faults:
        raise ServiceError(file.name, reader.faults)
    return Reading(
        found,
        (*switches.differences, *edits.differences),
        switches.variant or None,
        switches.labels[switches.variant],
        switches.convention_label,
    )


def _marks(data: bytes, name: str) -> dict[str, str]:
    """Return what the workbook says of itself, or refuse one that is not ours or of another layout."""
    book = guard.open_workbook(data, name)
    try:
        found = {each.name: str(each.value) for each in book.custom_doc_props.props}
        has_text = file_text.NAME in book.sheetnames
    finally:
        book.close()
    layout = found.get("sroi_layout")
    if layout is None:
        said = "This workbook was not made by sroi"
        if has_text:
            said = "This workbook has lost the property sroi_layout, which says how it is read"
        raise _refused(name, f"{said}. {AGAIN}, and edit that. Programs that drop a file's properties break it.")
    if layout != LAYOUT:
        made = f"sroi {found.get('sroi_version', 'of another version')} with layout {shown(layout)}"
        rule = f"this is sroi {version('sroi')}, which reads layout {LAYOUT!r}. Read it with the version that made it"
        raise _refused(name, f"This workbook was made by {made}; {rule}, or type the changes into a new export.")
    if not has_text:
        said = "is missing, from which the workbook is read back. Put it back under this name, or export anew."
        raise ServiceError(name, [Fault(quoted(file_text.NAME), f"The sheet {said}")])
    return found


def _refused(name: str, sentence: str) -> ServiceError:
    return ServiceError(name, [Fault("", sentence)])


def _as_written(sheets: dict[str, Grid], name: str) -> Service:
    """Return the service that the workbook was made from."""
    grid = sheets[file_text.NAME]
    at = next((row for row in range(len(grid.values)) if grid.words(row)[:1] == [file_text.HEADING]), None)
    if at is None:
        said = f"has no heading {file_text.HEADING!r} above its text any more. Put it back, or export anew."
        raise ServiceError(name, [Fault(f"{quoted(grid.name)}!A:A", said)])
    lines, starts = file_text.lines_of(file_text.rows_on(grid.values[at + 1 :]))
    try:
        tables = parse_tables(name, "\n".join(lines).encode())
    except ServiceError as error:
        line = re.search(r"at line (\d+)", str(error))
        row = at + 1 + (starts[int(line[1]) - 1] if line and int(line[1]) <= len(starts) else len(grid.values))
        where = Cell(grid.name, min(row, len(grid.values) - 1), 0).place
        rule = "Nothing is changed on this sheet: put the text back, or export the service anew."
        raise ServiceError(name, [Fault(where, f"{error.faults[0].sentence} {rule}")]) from None
    try:
        return Service.model_validate(tables)
    except ServiceError as error:
        faults = [Fault(f"{quoted(grid.name)}: {fault.where}", fault.sentence) for fault in error.faults]
        raise ServiceError(name, faults) from None


class _Switches:
    """The scenario and the convention chosen on Inputs."""

    def __init__(self, service: Service, grid: Grid, marks: dict[str, str], reader: Reader) -> None:
        self.differences: list[Difference] = []
        self.labels = variant_labels(service)
        library = unlike({name: each.label for name, each in reference.conventions().items()})
        scenario = self._chosen(grid, "Scenario", reader)
        keys = {plain(label): key for key, label in self.labels.items()}
        self.variant = keys.get(plain(scenario.value), "") if scenario else ""
        if scenario and plain(scenario.value) not in keys:
            self._unknown(scenario, list(self.labels.values()), reader)
        elif scenario:
            made = "become its changes" if self.variant else "become the values of the inputs"
            self._differ(
                scenario, "Scenario", marks.get("sroi_scenario", ""), f"numbers typed into the workbook {made}"
            )
        convention = self._chosen(grid, "Convention", reader)
        self.convention_label = plain(convention.value) if convention else ""
        self.convention: str | None = None
        if convention and plain(mark(convention.value)) != plain(marks.get("sroi_convention", "")):
            names = {plain(label): name for name, label in library.items()}
            self.convention = names.get(self.convention_label)
            if self.convention is None:
                self._unknown(convention, list(library.values()), reader)
            self._differ(convention, "Convention", marks.get("sroi_convention", ""), "the service's convention")

    def _chosen(self, grid: Grid, word: str, reader: Reader) -> _Chosen | None:
        """Return what stands beside a word above the table of inputs."""
        words = [grid.words(row) for row in range(len(grid.values))]
        # Column by column: what is chosen in one may be called like the word in another.
        for column in range(max(map(len, words), default=0)):
            for row, texts in enumerate(words):
                if texts[column : column + 1] == [word]:
                    cell = grid.cell(row, column + 1)
                    return _Chosen(cell, reader.text(cell))
        said = f"has no cell {word} any more. Put it back above the table, with the {word.lower()} chosen beside it."
        reader.faults.append(Fault(quoted(grid.name), said))
        return None

    def _unknown(self, chosen: _Chosen, labels: list[str], reader: Reader) -> None:
        rule = "Choose one from the list"
        reader.fault(chosen.cell, f"is {shown(chosen.value)}. {rule}. {nearest(chosen.value, labels)}")

    def _differ(self, chosen: _Chosen, word: str, old: str, takes: str) -> None:
        if plain(mark(chosen.value)) != plain(old):
            cell = chosen.cell
            row = Difference(cell.sheet, cell.address, word, word.lower(), old, plain(chosen.value), takes)
            self.differences.append(row)


@dataclass(frozen=True)
class _Chosen:
    """A cell in which something is chosen, and what."""

    cell: Cell
    value: str
