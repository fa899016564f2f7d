"""A service as the text of a service file: what ``load`` reads back is equal to what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import AbstractTable, AoT, Array, Item, String

from sroi import citing
from sroi.rules import spread_about
from sroi.schema import ASSUMPTION, DEDUCTIONS, Outcome, Parameter
from sroi.service import Service
from sroi.spread import Spread

# The order of the files in models/. Outcomes, costs and what has no price come before who bears them.
ORDER = (
    "service",
    "sources",
    "parameters",
    "lines",
    "outcomes",
    "costs",
    "non_monetised",
    "bearers",
    "stakeholders",
    "scenarios",
    "options",
    "relationship",
    "profile",
    "correlations",
)
# Tables of the file that stand by themselves: [service].
SINGLE = frozenset({"service", "relationship"})
# Written in one line with braces, as in models/; every other table has a heading.
INLINE = frozenset({"spread", "editions"})
# Lists of sentences: each has a line of its own.
SENTENCES = frozenset({"does_not_show", "notes"})
INDENT = "  "
# What a parameter can be set to: one number, or one for each year.
Value = float | tuple[float, ...]


def to_toml(service: Service) -> str:
    """Write a service as the text of a service file.

    Parameters
    ----------
    service : Service
        As loaded, built in Python, or with a scenario applied. What was never set is left out, so that the file says
        what its author said.

    Returns
    -------
    str
        TOML that reads back as an equal service, every number to the last bit. Comments of the file that the service
        came from are not kept: a service does not hold them.

    Notes
    -----
    :func:`sroi.load` asks that a file be called like the service's ``id``.
    """
    return toml_of(tables_of(service))


def toml_of(tables: Mapping[str, Any]) -> str:
    """Write the tables of a service file as its text, which :func:`to_toml` does for a service.

    Parameters
    ----------
    tables : mapping
        What nobody need have checked: a draft can be put aside before it is complete.
    """
    document = tomlkit.document()
    for key in ORDER:
        if key in SINGLE and key in tables:
            document[key] = _table(tables[key])
        elif isinstance(tables.get(key), Mapping):
            document[key] = _heading_of(tables[key])
        elif key in tables:
            document[key] = _rows(tables[key])
    return tomlkit.dumps(document)


def tables_of(service: Service) -> dict[str, Any]:
    """Return what a service file holds: plain tables without what is unset or empty."""
    stated = service.model_dump(by_alias=True, exclude_unset=True, exclude_none=True)
    return {key: table for key, table in citing.as_stated(stated).items() if table}


def _rows(entries: Sequence[Mapping[str, Any]]) -> AoT:
    """Return a list of tables, each under its heading: [[outcomes]]."""
    rows = tomlkit.aot()
    for entry in entries:
        rows.append(_table(entry))
    return rows


def _heading_of(tables: Mapping[str, Any]) -> AbstractTable:
    """Return named tables under their joint heading, which is not written by itself: [sources.study]."""
    joint = tomlkit.table(is_super_table=True)
    for name, table in tables.items():
        joint[name] = _table(table)
    return joint


def _table(entry: Mapping[str, Any]) -> AbstractTable:
    table = tomlkit.table()
    later = {}
    for key, value in entry.items():
        if (isinstance(value, Mapping) and key not in INLINE) or _is_rows(value):
            later[key] = value
        else:
            table[key] = _sentences(value) if key in SENTENCES else _item(value)
    # What stands below a heading belongs to it, so tables come last.
    for key, value in later.items():
        if not value:
            continue
        if _is_rows(value):
            table[key] = _rows(value)
        else:
            table[key] = _heading_of(value) if key == "changes" else _table(value)
    return table


def _is_rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _item(value: Any, *, multiline: bool = True) -> Item:
    if isinstance(value, str):
        return _text(value, multiline=multiline)
    if isinstance(value, Mapping):
        inline = tomlkit.inline_table()
        for key, part in value.items():
            inline[key] = _item(part, multiline=False)
        return inline
    if isinstance(value, Sequence):
        array = tomlkit.array()
        for part in value:
            array.append(_item(part, multiline=False))
        return array
    item: Item = tomlkit.item(shortest(value) if isinstance(value, float) else value)
    return item


def _text(value: str, *, multiline: bool) -> String:
    # A carriage return would come back from several lines as the end of a line.
    return tomlkit.string(value, multiline=multiline and "\n" in value and "\r" not in value)


def shortest(value: float) -> float | int:
    """Return a whole float as a whole number, which a file reads into the same float: 120, as an analyst writes it.

    Not where floats are written with a power of ten, nor for minus zero, which whole numbers do not have.
    """
    written = repr(float(value))
    return int(value) if written.endswith(".0") and written != "-0.0" else value


def _sentences(values: Sequence[str]) -> Array:
    array = tomlkit.array()
    for value in values:
        array.add_line(_text(value, multiline=False), indent=INDENT)
    if values:
        array.add_line(indent="")
    return array


def with_values(service: Service, values: Mapping[str, float]) -> Service:
    """Return a service whose base case has other values, each an assumption that says what stood there before.

    Parameters
    ----------
    service : Service
        Without a scenario.
    values : mapping of str to float
        Values that :func:`sroi.evaluate` has checked. A spread goes with its value, as it does in a simulation.

    Raises
    ------
    ServiceError
        When the service with these values breaks a rule of service files.
    """
    copy = set_values(service, values, "by --set when this file was exported from")
    return Service.model_validate(tables_of(copy))


def set_values(service: Service, values: Mapping[str, Value], how: str) -> Service:
    """Return a service with other values, as :func:`with_values` does, that nobody has checked.

    Parameters
    ----------
    service : Service
    values : mapping of str to float or tuple of float
        One number, or one for each year.
    how : str
        How they were set, up to the name of the service: ``"by --set when this file was exported from"``.
    """
    changed = {name: value for name, value in values.items() if not holds(service.parameters[name], value)}
    notes = {name: note_of(service.id, service.parameters[name], value, how) for name, value in changed.items()}
    parameters = {
        name: _assumed(parameter, changed[name], notes[name]) if name in changed else parameter
        for name, parameter in service.parameters.items()
    }
    zero = {name: notes[name] for name, value in changed.items() if not any(series_of(value))}
    outcomes = tuple(_with_reasons(outcome, zero) for outcome in service.outcomes)
    return service.replace(parameters=parameters, outcomes=outcomes)


def series_of(value: Value) -> tuple[float, ...]:
    """Return a number, or a number for each year, as numbers."""
    return value if isinstance(value, tuple) else (value,)


def holds(parameter: Parameter, value: Value) -> bool:
    """Say whether a parameter has this value already."""
    return value == (parameter.value if parameter.by_year is None else parameter.by_year)


def note_of(identifier: str, parameter: Parameter, value: Value, how: str) -> str:
    """Say what a value was before, and where it was set."""
    before = "values by year" if parameter.value is None else f"{shortest(parameter.value)} {parameter.unit}"
    origin = "an assumption" if parameter.source == ASSUMPTION else f"source {parameter.source!r}"
    now = "values by year, in" if isinstance(value, tuple) else f"{shortest(value)}"
    return (
        f"Set to {now} {parameter.unit} {how} {identifier!r}, which has {before} ({origin}, grade {parameter.grade})."
    )


def spread_with(parameter: Parameter, value: Value) -> Spread | None:
    """Return a parameter's spread moved to another value, which says so; ``None`` where there is none to move."""
    spread = None if isinstance(value, tuple) else spread_about(parameter, value)
    if spread is None or spread == parameter.spread:
        return spread
    moved = "The spread of the file that this was exported from, moved with the value."
    return spread.model_copy(update={"source": ASSUMPTION, "note": moved})


def _assumed(parameter: Parameter, value: Value, note: str) -> Parameter:
    by_year = isinstance(value, tuple)
    update = {
        "value": None if by_year else value,
        "by_year": value if by_year else None,
        "unit_cost": None,
        "source": ASSUMPTION,
        "locator": None,
        "grade": "F",
        "spread": spread_with(parameter, value),
        "note": note,
    }
    return parameter.model_copy(update=update)


def _with_reasons(outcome: Outcome, zero: Mapping[str, str]) -> Outcome:
    """Return an outcome with the reason for each deduction that a value of one's own makes zero."""
    reasons = {key: zero[name] for key in DEDUCTIONS if (name := getattr(outcome, key)) in zero}
    if not reasons:
        return outcome
    return outcome.model_copy(update={"zero_because": outcome.zero_because | reasons})
