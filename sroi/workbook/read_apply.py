"""A service with what somebody changed in its workbook: checked by the schema, its faults said by sheet and cell."""

from __future__ import annotations

import re
from typing import Any

from sroi.errors import Fault, ServiceError, shown
from sroi.formula import names
from sroi.inputs import trees
from sroi.schema import ASSUMPTION, Change
from sroi.service import Service
from sroi.service_file import Value, holds, note_of, set_values, spread_with, tables_of
from sroi.workbook.read_edits import Edits


def edited(service: Service, edits: Edits, convention: str | None, workbook: str) -> Service:
    """Return a service with the edits of its workbook.

    Parameters
    ----------
    service : Service
        As it was written.
    edits : Edits
    convention : str or None
        Another convention for the service.
    workbook : str
        The name of the file, which notes and messages mention.

    Raises
    ------
    ServiceError
        With every fault, each named by the cell that it comes from.
    """
    if not (edits.numbers or edits.entries or convention):
        return service
    how = f"in the workbook {shown(workbook)}, made from"
    changed = set_values(service, edits.numbers.get("", {}), how)
    scenarios = dict(service.scenarios)
    for key, numbers in edits.numbers.items():
        if key:
            scenario = scenarios[key]
            made = {name: _change(service, changed, key, name, value, how) for name, value in numbers.items()}
            changes = scenario.changes | {name: change for name, change in made.items() if change is not None}
            scenarios[key] = scenario.model_copy(update={"changes": changes})
    about = changed.about if convention is None else changed.about.model_copy(update={"convention": convention})
    tables = tables_of(changed.replace(scenarios=scenarios, about=about))
    for name, entry in edits.entries.items():
        _fill(tables["parameters"][name], entry)
    try:
        return Service.model_validate(tables)
    except ServiceError as error:
        raise ServiceError(workbook, [_in_cells(fault, service, edits) for fault in error.faults]) from None


def _change(service: Service, changed: Service, key: str, name: str, value: Value, how: str) -> Change | None:
    """Return a scenario's change to a value; ``None`` where the scenario has that value anyway."""
    if holds(changed.apply(key).parameters[name], value):
        return None
    parameter, before = service.apply(key).parameters[name], service.scenarios[key].changes.get(name)
    by_year = isinstance(value, tuple)
    stated: dict[str, Any] = {
        "by_year" if by_year else "value": value,
        "why": note_of(service.id, parameter, value, how),
        "source": ASSUMPTION,
        "price_year": before.price_year if before else None,
        "spread": spread_with(parameter, value),
    }
    return Change(**{field: content for field, content in stated.items() if content is not None})


def _fill(parameter: dict[str, Any], entry: dict[str, str | float | None]) -> None:
    for key, content in entry.items():
        if content is None:
            parameter.pop(key, None)
        else:
            parameter[key] = content
    if "source" in entry:
        # The page or table belongs to the source that was named before.
        parameter.pop("locator", None)


def _in_cells(fault: Fault, service: Service, edits: Edits) -> Fault:
    """Return a fault that names the cells behind it, and the place in the service file where it names no single one."""
    path = fault.where.rstrip(".")
    number = re.match(r"is (\S+)\. ", fault.sentence)
    year = edits.years.get((path.rpartition(".")[0], number[1] if number else ""))
    if year is not None and path.endswith((".by_year", ".value")):
        return Fault(year, fault.sentence)
    at = path
    while at:
        if at in edits.places:
            return Fault(edits.places[at], fault.sentence)
        # A scenario or parameter as a whole stands nowhere.
        at = at.rpartition(".")[0] if at.count(".") > 1 else ""
    scenario, colon, inner = path.rpartition(": ")
    key = scenario.removeprefix("scenarios.") if colon else ""
    cells = [place for name in _behind(service, inner) if (place := _edited_at(name, key, edits)) is not None]
    return Fault(f"{', '.join(dict.fromkeys(cells))} ({path})" if cells else path, fault.sentence)


def _edited_at(name: str, scenario: str, edits: Edits) -> str | None:
    """Return the cell of a parameter that was edited."""
    if scenario and name in edits.numbers.get(scenario, {}):
        return edits.places[f"scenarios.{scenario}.changes.{name}"]
    if name in edits.numbers.get("", {}):
        return edits.places[f"parameters.{name}.value"]
    keys = edits.entries.get(name)
    return edits.places[f"parameters.{name}.{next(iter(keys))}"] if keys else None


def _behind(service: Service, path: str) -> list[str]:
    """Return the parameters that a place of a service file rests on, those of its lines too."""
    table, _, rest = path.partition(".")
    identifier, _, key = rest.partition(".")
    if table == "lines":
        return _parameters(service, identifier)
    entry: Any = service.about if table == "service" else None
    if table in ("outcomes", "costs"):
        entry = next((each for each in getattr(service, table) if each.id == identifier), None)
    elif table == "stakeholders":
        entry = service.stakeholders.get(identifier)
    if entry is None:
        return []
    held = entry.model_dump()
    key = key.partition(".")[0] or (identifier if table == "service" else "")
    used = [held[key]] if key in held else list(held.values())
    return [name for each in used if isinstance(each, str) for name in _parameters(service, each)]


def _parameters(service: Service, name: str) -> list[str]:
    if name in service.parameters:
        return [name]
    if name not in service.lines:
        return []
    return [found for each in names(trees(service)[name]) for found in _parameters(service, each.id)]
