"""A saved file opened: a service file, a workbook that sroi made, or a completed Value Map. Each is read as data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

import pandas as pd

from sroi import reading
from sroi.errors import Fault, ServiceError
from sroi.service import Service
from sroi.workbook import file_text, guard
from sroi.workbook.marks import LAYOUT_MARK, properties_of
from sroi.workbook.read import Reading, reading_in
from sroi.workbook.value_map import ValueMap, value_map_in

# What a file can be, by how its name ends, and how large in megabytes: as much as is read of a workbook.
ENDINGS = ("toml", "xlsx")
MOST_MEGABYTES = guard.LARGEST_FILE // guard.MEGABYTE


@dataclass(frozen=True)
class Opened:
    """What a file says.

    Attributes
    ----------
    service : Service
    scenario : str or None
        The scenario chosen in a workbook.
    said : tuple of str
        What whoever opens it should know.
    tables : tuple of (str, DataFrame)
        The same one by one, each table with its heading.
    """

    service: Service
    scenario: str | None = None
    said: tuple[str, ...] = ()
    tables: tuple[tuple[str, pd.DataFrame], ...] = ()


def opened(name: str, content: bytes) -> Opened:
    """Read a file.

    Parameters
    ----------
    name : str
        What it is called, by which it is told what it is: nothing is opened under it.
    content : bytes

    Raises
    ------
    ServiceError
        With every fault of the file.
    """
    name = PurePath(name.replace("\\", "/")).name
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ending == "toml":
        return Opened(Service.model_validate(reading.parse_tables(name, content)))
    if ending == "xlsx":
        guard.check_bytes(content, name)
        return _workbook(reading_in(content, name)) if _is_ours(content, name) else _map(value_map_in(content, name))
    rule = "Open a service file (.toml), a workbook exported from here, or a completed Value Map (.xlsx)."
    raise ServiceError(name, [Fault("", f"This kind of file is not read. {rule}")])


def _is_ours(content: bytes, name: str) -> bool:
    book = guard.open_workbook(content, name)
    try:
        # One that has lost its mark still has the text: whoever reads workbooks then says what it lacks.
        return LAYOUT_MARK in properties_of(book) or file_text.NAME in book.sheetnames
    finally:
        book.close()


def _workbook(found: Reading) -> Opened:
    said = [f"The workbook stands at “{found.scenario_label}”, convention {found.convention_label}."]
    tables = []
    for heading, differences in (
        ("Changed in the workbook", found.differences),
        ("Changed there, but not read back: only inputs are", found.unread),
    ):
        if differences:
            rows = [(f"{d.sheet}, {d.cell}", d.what, _text(d.old), _text(d.new), d.takes) for d in differences]
            columns = ["Where", "What", "Was", "Is", "What is made of it"]
            tables.append((heading, pd.DataFrame(rows, columns=columns)))
    if not found.differences:
        said.append("No input was changed in it.")
    if found.uncompared:
        said.append(found.uncompared)
    return Opened(found.service, found.scenario, tuple(said), tuple(tables))


def _map(found: ValueMap) -> Opened:
    tables = []
    if len(found.gaps):
        named = {"sheet": "Sheet", "cell": "Cell", "gap": "What is missing or was assumed", "write": "What to write"}
        tables.append(("Gaps in the map", found.gaps[list(named)].rename(columns=named)))
    if len(found.disagreements):
        named = {"what": "What", "cell": "Cell", "sheet": "The sheet has", "ours": "We have", "reason": "Why"}
        table = found.disagreements[list(named)].rename(columns=named)
        tables.append(("Where the sheet's own figures differ from ours", table))
    return Opened(found.service, None, (found.headline,), tuple(tables))


def _text(value: object) -> str:
    return "" if value is None else str(value)
