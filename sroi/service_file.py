"""A service as the text of a service file: what ``load`` reads back is equal to what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import AbstractTable, Array, Item, String

from sroi.rules import spread_about
from sroi.schema import ASSUMPTION, DEDUCTIONS, Outcome, Parameter
from sroi.service import Service

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
    "correlations",
)
# Written in one line with braces, as in models/; every other table has a heading.
INLINE = frozenset({"spread"})
# Lists of sentences: each has a line of its own.
SENTENCES = frozenset({"does_not_show", "notes"})
INDENT = "  "


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
    tables = tables_of(service)
    document = tomlkit.document()
    for key in ORDER:
        if key == "service":
            document[key] = _table(tables[key])
        elif isinstance(tables.get(key), Mapping):
            document[key] = _heading_of(tables[key])
        elif key in tables:
            rows = tomlkit.aot()
            for row in tables[key]:
                rows.append(_table(row))
            document[key] = rows
    return tomlkit.dumps(document)


def tables_of(service: Service) -> dict[str, Any]:
    """Return what a service file holds: plain tables without what is unset or empty."""
    stated = service.model_dump(by_alias=True, exclude_unset=True, exclude_none=True)
    return {key: table for key, table in stated.items() if table}


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
        if isinstance(value, Mapping) and key not in INLINE:
            later[key] = value
        else:
            table[key] = _sentences(value) if key in SENTENCES else _item(value)
    # What stands below a heading belongs to it, so tables come last.
    for key, value in later.items():
        if value:
            table[key] = _heading_of(value) if key == "changes" else _table(value)
    return table


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
    item: Item = tomlkit.item(_shortest(value) if isinstance(value, float) else value)
    return item


def _text(value: str, *, multiline: bool) -> String:
    # A carriage return would come back from several lines as the end of a line.
    return tomlkit.string(value, multiline=multiline and "\n" in value and "\r" not in value)


def _shortest(value: float) -> float | int:
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
    changed = {name: value for name, value in values.items() if service.parameters[name].value != value}
    notes = {name: _note(service, name, value) for name, value in changed.items()}
    parameters = {
        name: _assumed(parameter, changed[name], notes[name]) if name in changed else parameter
        for name, parameter in service.parameters.items()
    }
    zero = {name: notes[name] for name, value in changed.items() if value == 0}
    outcomes = tuple(_with_reasons(outcome, zero) for outcome in service.outcomes)
    copy = service.replace(parameters=parameters, outcomes=outcomes)
    return Service.model_validate(tables_of(copy))


def _note(service: Service, name: str, value: float) -> str:
    """Say what a value was before, and where it was set."""
    parameter = service.parameters[name]
    before = "values by year" if parameter.value is None else f"{_shortest(parameter.value)} {parameter.unit}"
    origin = "an assumption" if parameter.source == ASSUMPTION else f"source {parameter.source!r}"
    return (
        f"Set to {_shortest(value)} {parameter.unit} by --set when this file was exported from {service.id!r}, which"
        f" has {before} ({origin}, grade {parameter.grade})."
    )


def _assumed(parameter: Parameter, value: float, note: str) -> Parameter:
    spread = spread_about(parameter, value)
    if spread is not None and spread != parameter.spread:
        moved = "The spread of the file that this was exported from, moved with the value."
        spread = spread.model_copy(update={"source": ASSUMPTION, "note": moved})
    update = {
        "value": value,
        "by_year": None,
        "source": ASSUMPTION,
        "locator": None,
        "grade": "F",
        "spread": spread,
        "note": note,
    }
    return parameter.model_copy(update=update)


def _with_reasons(outcome: Outcome, zero: Mapping[str, str]) -> Outcome:
    """Return an outcome with the reason for each deduction that a value of one's own makes zero."""
    reasons = {key: zero[name] for key in DEDUCTIONS if (name := getattr(outcome, key)) in zero}
    if not reasons:
        return outcome
    return outcome.model_copy(update={"zero_because": outcome.zero_because | reasons})
