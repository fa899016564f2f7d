"""``read_workbook``: a service out of the workbook that it was written into, with what somebody changed in it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from sroi import reference
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.reading import LARGEST_FILE, parse_tables
from sroi.schema import LONGEST_HORIZON
from sroi.service import Service
from sroi.workbook import file_text, guard, marks
from sroi.workbook.grid import quoted
from sroi.workbook.inputs_sheets import YEARLY
from sroi.workbook.read_apply import edited
from sroi.workbook.read_cells import Cell, Grid, Reader, grids, plain
from sroi.workbook.read_edits import Difference
from sroi.workbook.read_inputs import Comparison
from sroi.workbook.read_rest import rest_of
from sroi.workbook.request import unlike, variant_labels, varies_by_year
from sroi.workbook.value_map import looks_like_map

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
    unread : tuple of Difference
        What was changed where nothing is read back: formulas, other sheets, notes in the margin.
    uncompared : str
        Why such changes could not be looked for, or not everywhere; empty where they were.
    """

    service: Service
    differences: tuple[Difference, ...]
    scenario: str | None
    scenario_label: str
    convention_label: str
    unread: tuple[Difference, ...] = ()
    uncompared: str = ""

    @property
    def warning(self) -> str:
        """What whoever takes the service alone should know; empty where there is nothing."""
        count = len(self.unread)
        said = f"{count} cell{'s were' if count > 1 else ' was'} changed where nothing is read back:"
        parts = [f"{said} sroi.workbook_changes lists them." if count else "", self.uncompared]
        return " ".join(part for part in parts if part)


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
    Prices and the other sheets, is not. A ``UserWarning`` says so where there is such a change, and
    :func:`sroi.workbook_changes` lists them. Rows and columns may have been moved: they are found by name and heading.
    """
    reading = reading_of(path)
    if reading.warning:
        warnings.warn(f"{Path(path).name}: {reading.warning}", UserWarning, stacklevel=2)
    return reading.service


def workbook_changes(path: str | Path) -> pd.DataFrame:
    """Return what was changed in a workbook since :func:`sroi.write_workbook` made it.

    Parameters
    ----------
    path : str or Path
        An ``.xlsx`` file.

    Returns
    -------
    DataFrame
        One row for each difference from the workbook that was written: ``sheet``, ``cell``, ``what`` (label and name),
        ``field``, ``old``, ``new``, and ``takes``: what :func:`sroi.read_workbook` makes of it. First what is read
        back; then, with ``takes`` that begins with "nothing", changes to formulas, other sheets and cells beside the
        tables. Empty when nothing was changed.

    Raises
    ------
    ServiceError
        As for :func:`sroi.read_workbook`.

    Warns
    -----
    UserWarning
        When changes that are not read back could not be looked for, as in a workbook of another version.
    """
    reading = reading_of(path)
    if reading.uncompared:
        warnings.warn(f"{Path(path).name}: {reading.uncompared}", UserWarning, stacklevel=2)
    rows = [asdict(difference) for difference in (*reading.differences, *reading.unread)]
    return pd.DataFrame(rows, columns=[each.name for each in fields(Difference)], dtype=object)


def reading_of(path: str | Path) -> Reading:
    """Return what a workbook says; arguments and errors as for :func:`read_workbook`."""
    return reading_in(guard.guarded_bytes(path), Path(path).name)


def reading_in(data: bytes, name: str) -> Reading:
    """Return what the bytes of a workbook say; ``name`` is what messages call it. Errors as for :func:`read_workbook`.

    Bytes that were not read by :func:`sroi.workbook.guard.guarded_bytes` go through ``guard.check_bytes`` first.
    """
    marked = _marks(data, name)
    sheets = grids(data, name, SIZES)
    service, digest = _as_written(sheets, name)
    yearly = [YEARLY] if any(varies_by_year(service, name) for name in service.parameters) else []
    absent = [name for name in ("Inputs", "Values", *yearly) if name not in sheets]
    if absent:
        said = "The sheet is missing: it was taken out or renamed. Put it back under this name."
        raise ServiceError(name, [Fault(quoted(name), said) for name in absent])
    reader = Reader()
    switches = _Switches(service, sheets["Inputs"], marked, reader)
    edits = Comparison(service, sheets, reader, switches.variant).edits
    try:
        found = edited(service, edits, switches.convention, name)
    except ServiceError as error:
        # What the schema has against the numbers that could be read is said together with those that could not.
        reader.faults += error.faults
    if reader.faults:
        raise ServiceError(name, reader.faults)
    differences = (*switches.differences, *edits.differences)
    unread, uncompared = _unread(data, name, service, digest, marked, differences)
    return Reading(
        found,
        differences,
        switches.variant or None,
        switches.labels[switches.variant],
        switches.convention_label,
        tuple(unread),
        uncompared,
    )


def _unread(
    data: bytes,
    name: str,
    service: Service,
    digest: str,
    marked: Mapping[str, str],
    differences: Sequence[Difference],
) -> tuple[list[Difference], str]:
    """Return what was changed where nothing is read back, and why that could not be looked for."""
    made, by = marks.made_from(marked), marked.get(marks.VERSION_MARK, "another version")
    if by != version("sroi"):
        return [], f"It was made by sroi {by}, and this is {version('sroi')}: only the inputs were compared."
    if made is None:
        return [], "It has lost the properties that say what it was made from: only the inputs were compared."
    if digest != made.digest:
        said = f"The text on the sheet {file_text.NAME} was changed, from which the service is read"
        return [], f"{said}: only the inputs were compared, with the text as it is now."
    return rest_of(data, name, service, made, frozenset((each.sheet, each.cell) for each in differences))


def _marks(data: bytes, name: str) -> dict[str, str]:
    """Return what the workbook says of itself, or refuse one that is not ours or of another layout."""
    with closing(guard.open_workbook(data, name)) as book:
        found = marks.properties_of(book)
        has_text = file_text.NAME in book.sheetnames
    layout = found.get(marks.LAYOUT_MARK)
    if layout is None:
        said = "This workbook was not made by sroi"
        if has_text:
            said = f"This workbook has lost the property {marks.LAYOUT_MARK}, which says how it is read"
        elif looks_like_map(data, name):
            raise _refused(name, f"This looks like a Value Map. To read one, write: sroi import-map {shown(name)}")
        raise _refused(name, f"{said}. {AGAIN}, and edit that. Programs that drop a file's properties break it.")
    if layout != marks.LAYOUT:
        made = f"sroi {found.get(marks.VERSION_MARK, 'of another version')} with layout {shown(layout)}"
        rule = f"this is sroi {version('sroi')}, which reads layout {marks.LAYOUT!r}"
        rule = f"{rule}. Read it with the version that made it"
        raise _refused(name, f"This workbook was made by {made}; {rule}, or type the changes into a new export.")
    if not has_text:
        said = "is missing, from which the workbook is read back. Put it back under this name, or export anew."
        raise ServiceError(name, [Fault(quoted(file_text.NAME), f"The sheet {said}")])
    return found


def _refused(name: str, sentence: str) -> ServiceError:
    return ServiceError(name, [Fault("", sentence)])


def _as_written(sheets: dict[str, Grid], name: str) -> tuple[Service, str]:
    """Return the service that the workbook was made from, and the digest of the text in which it stands there."""
    grid = sheets[file_text.NAME]
    at = next((row for row in range(len(grid.values)) if grid.words(row)[:1] == [file_text.HEADING]), None)
    if at is None:
        said = f"has no heading {file_text.HEADING!r} above its text any more. Put it back, or export anew."
        raise ServiceError(name, [Fault(f"{quoted(grid.name)}!A:A", said)])
    lines, starts = file_text.lines_of(file_text.rows_on(grid.values[at + 1 :]))
    try:
        text = "\n".join(lines)
        tables = parse_tables(name, text.encode())
    except ServiceError as error:
        line = re.search(r"at line (\d+)", str(error))
        row = at + 1 + (starts[int(line[1]) - 1] if line and int(line[1]) <= len(starts) else len(grid.values))
        where = Cell(grid.name, min(row, len(grid.values) - 1), 0).place
        rule = "Nothing is changed on this sheet: put the text back, or export the service anew."
        raise ServiceError(name, [Fault(where, f"{error.faults[0].sentence} {rule}")]) from None
    try:
        return Service.model_validate(tables), marks.digest(text)
    except ServiceError as error:
        faults = [Fault(f"{quoted(grid.name)}: {fault.where}", fault.sentence) for fault in error.faults]
        raise ServiceError(name, faults) from None


class _Switches:
    """The scenario and the convention chosen on Inputs."""

    def __init__(self, service: Service, grid: Grid, marked: dict[str, str], reader: Reader) -> None:
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
                scenario, "Scenario", marked.get("sroi_scenario", ""), f"numbers typed into the workbook {made}"
            )
        convention = self._chosen(grid, "Convention", reader)
        self.convention_label = plain(convention.value) if convention else ""
        self.convention: str | None = None
        if convention and plain(marks.mark(convention.value)) != plain(marked.get("sroi_convention", "")):
            names = {plain(label): name for name, label in library.items()}
            self.convention = names.get(self.convention_label)
            if self.convention is None:
                self._unknown(convention, list(library.values()), reader)
            self._differ(convention, "Convention", marked.get("sroi_convention", ""), "the service's convention")

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
        if plain(marks.mark(chosen.value)) != plain(old):
            cell = chosen.cell
            row = Difference(cell.sheet, cell.address, word, word.lower(), old, plain(chosen.value), takes)
            self.differences.append(row)


@dataclass(frozen=True)
class _Chosen:
    """A cell in which something is chosen, and what."""

    cell: Cell
    value: str
