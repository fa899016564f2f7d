"""From the tables of a service to rows of cells that can be edited, and back. Nothing of Streamlit is here.

A draft may be incomplete at any time: rows without a name, two of one name, cells of the wrong kind. All of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sroi.errors import Fault, brief, shown
from sroi.sentences import label, number_meant
from sroi.ui.build_cells import MOST_ROWS, NO, YES, Cell, Row, Sheets, cell_of, empty, text_of
from sroi.ui.build_columns import SHEETS, Column, Sheet

# What no table of the page holds: kept as it came.
KEPT = ("options", "relationship", "profile", "correlations")
LONGEST_YEAR = 4
_ABOUT = ("does_not_show", "notes", "editions")


@dataclass
class Taken:
    """A service file as rows: what the tables hold, what is kept beside them, and what could not be taken over."""

    sheets: Sheets = field(default_factory=empty)
    kept: dict[str, Any] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def take(tables: Mapping[str, Any]) -> Taken:
    """Return the tables of a service file, which nobody need have checked, as rows.

    Parameters
    ----------
    tables : mapping
        As TOML gives them, or ``service_file.tables_of``.
    """
    taken = Taken()
    about = _mapping(tables.get("service", {}), "service", taken)
    _row_into(taken.sheets["service"][0], SHEETS["service"], about, "service", taken)
    for key in ("does_not_show", "notes"):
        sentences = about.get(key, ())
        if not isinstance(sentences, (list, tuple)):
            sentences = [sentences]
        taken.sheets[key] = [{"sentence": text_of(sentence)} for sentence in sentences[:MOST_ROWS]]
    editions = _mapping(about.get("editions", {}), "service.editions", taken)
    taken.sheets["editions"] = [{"id": text_of(name), "edition": text_of(value)} for name, value in editions.items()]
    for key, content in tables.items():
        if key == "service":
            continue
        if key in KEPT and isinstance(content, (Mapping, list, tuple)):
            taken.kept[key] = content
        elif key in SHEETS and key not in _ABOUT and key != "changes":
            _sheet_into(taken, SHEETS[key], content)
        else:
            taken.left_out.append(f"{brief(str(key))} is not a table of a service file.")
    return taken


def _sheet_into(taken: Taken, sheet: Sheet, content: Any) -> None:
    entries: list[tuple[str | None, Any]]
    if sheet.named:
        entries = [(str(name), entry) for name, entry in _mapping(content, sheet.key, taken).items()]
    elif isinstance(content, (list, tuple)):
        entries = [(None, entry) for entry in content]
    else:
        taken.left_out.append(f"{sheet.key} is {shown(content)}, which is no list.")
        return
    if len(entries) > MOST_ROWS:
        taken.left_out.append(f"{sheet.key} has more than {MOST_ROWS:,} rows: the rest is left out.")
    for place, (name, entry) in enumerate(entries[:MOST_ROWS], 1):
        row: Row = {} if name is None else {"id": text_of(name)}
        where = f"{sheet.key}.{f'number {place}' if name is None else label(name)}"
        found = _mapping(entry, where, taken)
        _row_into(row, sheet, found, where, taken)
        taken.sheets[sheet.key].append(row)
        if sheet.key == "scenarios":
            changes = _mapping(found.get("changes", {}), f"{where}.changes", taken)
            for parameter, change in list(changes.items())[:MOST_ROWS]:
                changed: Row = {"scenario": row.get("id", ""), "id": text_of(parameter)}
                place_of = f"{where}.changes.{label(str(parameter))}"
                _row_into(changed, SHEETS["changes"], _mapping(change, place_of, taken), place_of, taken)
                taken.sheets["changes"].append(changed)


def _row_into(row: Row, sheet: Sheet, entry: Mapping[str, Any], where: str, taken: Taken) -> None:
    apart = {*_ABOUT} if sheet.key == "service" else {"changes"} if sheet.key == "scenarios" else set()
    for key, value in entry.items():
        parts = (
            {f"{key}.{inner}": part for inner, part in value.items()} if isinstance(value, Mapping) else {key: value}
        )
        for name, part in ({} if key in apart else parts).items():
            column = sheet.column(str(name))
            cell = None if column is None else cell_of(column, part)
            if cell is not None:
                row[str(name)] = cell
            elif part not in (None, ""):
                taken.left_out.append(f"{where}.{label(str(name))} is {shown(part)}, which has no place in the table.")


def _mapping(content: Any, where: str, taken: Taken) -> Mapping[str, Any]:
    if isinstance(content, Mapping):
        return content
    taken.left_out.append(f"{where} is {shown(content)}, which is no table.")
    return {}


@dataclass
class Written:
    """Rows as the tables of a service file.

    Attributes
    ----------
    tables : dict
    faults : list of Fault
        What only the rows show: no name, a name twice, a list of numbers that is none.
    rows : dict
        The place of each row in its table, by table and by what faults call it.
    made_up : set of str
        Places in the file that stand under a name which nobody has written: rules have nothing to say of that name.
    """

    tables: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    made_up: set[str] = field(default_factory=set)


def write(sheets: Sheets, kept: Mapping[str, Any]) -> Written:
    """Return rows as the tables of a service file; rows without any cell are left out."""
    written = Written()
    (about,) = sheets["service"][:1] or [{}]
    entry = _entry(SHEETS["service"], about, "service", written)
    for key in ("does_not_show", "notes"):
        # With their places, as faults count them.
        filled = [(place, row["sentence"]) for place, row in enumerate(sheets[key]) if row.get("sentence")]
        written.rows |= {(key, str(count)): place for count, (place, _) in enumerate(filled, 1)}
        if filled:
            entry[key] = [sentence for _, sentence in filled]
    editions = {name: row.get("edition", "") for name, row in _named(SHEETS["editions"], sheets["editions"], written)}
    if editions:
        entry["editions"] = editions
    written.tables["service"] = entry
    for key, sheet in SHEETS.items():
        if key in ("service", "changes", *_ABOUT):
            continue
        if sheet.named:
            table = {
                name: _entry(sheet, row, f"{key}.{label(name)}", written)
                for name, row in _named(sheet, sheets[key], written)
            }
            if table:
                written.tables[key] = table
        elif rows := list(_rows(sheet, sheets[key], written)):
            written.tables[key] = rows
    _changes(sheets["changes"], written)
    written.tables |= dict(kept)
    return written


def _named(sheet: Sheet, rows: Sequence[Row], written: Written) -> Iterator[tuple[str, Row]]:
    """Yield each row with its name, or one made up where it has none that can stand in a file."""
    taken: set[str] = set()
    for place, row in enumerate(rows):
        if not row:
            continue
        name = str(row.get("id", ""))
        if not name or name in taken:
            sentence = (
                "has no name: write one of small letters, digits and _."
                if not name
                else f"has the name {shown(name)}, which a row above it has: write another."
            )
            name = f"row {place + 1}" if not name else f"{name} (row {place + 1})"
            written.faults.append(Fault(f"{sheet.key}.{label(name)}.id", sentence))
            written.made_up |= {f"{sheet.key}.{label(name)}", f"{sheet.key}.{shown(name)}"}
        taken.add(name)
        written.rows[sheet.key, label(name)] = written.rows[sheet.key, shown(name)] = place
        yield name, row


def _rows(sheet: Sheet, rows: Sequence[Row], written: Written) -> Iterator[dict[str, Any]]:
    filled = [(place, row) for place, row in enumerate(rows) if row]
    for count, (place, row) in enumerate(filled, 1):
        name = label(str(row["id"])) if "id" in row else f"number {count}"
        written.rows.setdefault((sheet.key, name), place)
        yield _entry(sheet, row, f"{sheet.key}.{name}", written)


def _entry(sheet: Sheet, row: Row, where: str, written: Written) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for column in sheet.columns:
        if column.key not in row or (sheet.named and column.key == "id") or column.key == "scenario":
            continue
        value, problem = _value(column, row[column.key])
        if problem:
            written.faults.append(Fault(f"{where}.{column.key}", problem))
        first, _, second = column.key.partition(".")
        if second:
            entry.setdefault(first, {})[second] = value
        else:
            entry[first] = value
    return entry


def _value(column: Column, cell: Cell) -> tuple[Any, str]:
    """Return what a cell means in a file, and what is wrong with it."""
    if column.kind == "numbers":
        parts = [part for part in re.split(r"[;\s]+", str(cell)) if part]
        numbers = [number_meant(part) for part in parts]
        if numbers and None not in numbers:
            return numbers, ""
        return cell, f"is {shown(cell)}. Write numbers with a semicolon between them, such as 0.5; 0.25."
    if column.kind == "yes" and cell in (YES, NO):
        return cell == YES, ""
    if column.kind == "year" and isinstance(cell, str) and re.fullmatch(rf"[0-9]{{1,{LONGEST_YEAR}}}", cell):
        return int(cell), ""
    return cell, ""


def _changes(rows: Sequence[Row], written: Written) -> None:
    sheet, scenarios = SHEETS["changes"], written.tables.get("scenarios", {})
    for place, row in enumerate(rows):
        if not row:
            continue
        scenario, name = str(row.get("scenario", "")), str(row.get("id", ""))
        own = f"row {place + 1}"
        written.rows["changes", own] = place
        if scenario not in scenarios:
            said = f"names the scenario {shown(scenario)}, which is not there" if scenario else "names no scenario"
            written.faults.append(Fault(f"changes.{own}.scenario", f"{said}: choose one, or add it above."))
            # It stands nowhere in the file, and must not be lost.
            scenarios = written.tables.setdefault("scenarios", {})
            scenario = scenario or own
            scenarios.setdefault(scenario, {})
            at = f"scenarios.{label(scenario)}"
            written.made_up |= {at, f"scenarios.{shown(scenario)}", f"{at}.why"}
        changes = scenarios[scenario].setdefault("changes", {})
        if not name:
            written.faults.append(Fault(f"changes.{own}.id", "names no parameter: choose the one that it changes."))
            name = own
            written.made_up.add(f"scenarios.{label(scenario)}.changes.{name}")
        elif name in changes:
            said = "changes a parameter that this scenario changes already: take one of the two out."
            written.faults.append(Fault(f"changes.{own}.id", said))
            name = f"{name} ({own})"
            written.made_up.add(f"scenarios.{label(scenario)}.changes.{label(name)}")
        where = f"scenarios.{label(scenario)}.changes.{label(name)}"
        written.rows["changes", where.removeprefix("scenarios.")] = place
        changes[name] = {key: part for key, part in _entry(sheet, row, where, written).items() if key != "id"}
