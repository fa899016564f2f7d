"""What is still wrong with a draft: each sentence of the schema with the table, the row and the column it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sroi import library
from sroi.errors import Fault, ServiceError
from sroi.result import Result, evaluate
from sroi.service import Service
from sroi.ui.build_cells import Sheets
from sroi.ui.build_columns import SHEETS
from sroi.ui.build_tables import Written, write

OTHER = "other"


@dataclass(frozen=True)
class Placed:
    """A fault at its place.

    Attributes
    ----------
    sheet : str
        A key of ``SHEETS``, or ``OTHER``.
    row : int or None
        From 0; ``None`` where it concerns the whole table.
    column : str
        Empty where it concerns the whole row.
    sentence : str
        With what is left of the place, where no column is of that name.
    """

    sheet: str
    row: int | None
    column: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """A draft after every rule: the service and its result where nothing is wrong, else what is."""

    tables: Mapping[str, Any]
    service: Service | None
    result: Result | None
    faults: tuple[Placed, ...]


def check(sheets: Sheets, kept: Mapping[str, Any]) -> Checked:
    """Check a draft as a whole: its shape, every rule, and that it can be worked out under every scenario."""
    written = write(sheets, kept)
    own = {fault.where for fault in written.faults}
    faults = [*written.faults, *_library_name(written)]
    service, result = None, None
    try:
        service = Service.model_validate(written.tables)
    except ServiceError as error:
        faults += [fault for fault in error.faults if fault.where not in own | written.made_up]
    if service is not None and not faults:
        try:
            result = evaluate(service)
            for scenario in service.scenarios:
                evaluate(service, scenario=scenario)
        except ServiceError as error:
            faults += error.faults
    placed = tuple(place(fault, written) for fault in faults)
    order = [*SHEETS, OTHER]
    placed = tuple(sorted(placed, key=lambda each: order.index(each.sheet)))
    return Checked(written.tables, None if placed else service, None if placed else result, placed)


def _library_name(written: Written) -> list[Fault]:
    name = written.tables["service"].get("id")
    if name not in library.ids():
        return []
    rule = f"is the name of a service of the library. Write another, such as {name}_here."
    return [Fault("service.id", rule)]


def place(fault: Fault, written: Written) -> Placed:
    """Return a fault with the table, row and column that it concerns."""
    sheet, _, rest = fault.where.partition(".")
    if sheet == "service":
        return _of_about(rest, fault, written)
    if sheet == "scenarios" and ".changes." in rest:
        row, after = _row("changes", rest, written)
        if row is not None:
            return _column("changes", row, after, fault.sentence)
    if sheet not in SHEETS:
        return Placed(OTHER, None, "", str(fault))
    row, after = _row(sheet, rest, written)
    return (
        Placed(sheet, None, "", f"{rest} {fault.sentence}".strip())
        if row is None
        else _column(sheet, row, after, fault.sentence)
    )


def _of_about(rest: str, fault: Fault, written: Written) -> Placed:
    key, _, after = rest.partition(".")
    if key in ("does_not_show", "notes"):
        # Rules count sentences from 1, pydantic from 0.
        word = after.removeprefix("number ")
        count = int(word) if word.isdecimal() else None
        if count is not None and word == after:
            count += 1
        return Placed(key, written.rows.get((key, str(count))), "sentence" if count else "", fault.sentence)
    if key == "editions":
        row, _ = _row("editions", after, written)
        return Placed("editions", row, "" if row is None else "edition", fault.sentence)
    return _column("service", 0, rest, fault.sentence)


def _row(sheet: str, rest: str, written: Written) -> tuple[int | None, str]:
    """Return the place of the row that a fault names, and what follows its name."""
    fits = [name for (of, name) in written.rows if of == sheet and rest.startswith(name)]
    fits = [name for name in fits if rest[len(name) :][:1] in ("", ".", ",", ":", " ")]
    if not fits:
        return None, rest
    name = max(fits, key=len)
    return written.rows[sheet, name], rest[len(name) :].removeprefix(".")


def _column(sheet: str, row: int, after: str, sentence: str) -> Placed:
    fits = [c.key for c in SHEETS[sheet].columns if after == c.key or after.startswith((f"{c.key}.", f"{c.key},"))]
    if not fits:
        # Such as "spread" as a whole, or a place of a scenario's own.
        return Placed(sheet, row, "", f"{after.strip(' .:')} {sentence}".strip())
    key = max(fits, key=len)
    more = after[len(key) :].strip(" ,.")
    return Placed(sheet, row, key, f"({more}) {sentence}" if more else sentence)
