"""Write out what a service file cites: unit costs by code, and the editions that it was built with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from sroi import unit_costs
from sroi.editions import Edition, all_series, unknown_edition
from sroi.errors import Fault, nearest, shown
from sroi.unit_costs import UnitCost

# What a citation gives when nothing can be cited, so that no other rule speaks of the same key.
NOTHING = {"value": 1.0, "source": "assumption", "note": "-", "grade": "F"}
BEARERS = {"economic": ("people_and_firms", "People and firms"), "social": ("people", "People")}


def written_out(tables: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the tables of a service file with every citation written out, and what could not be cited.

    Parameters
    ----------
    tables : mapping
        As read from a file, of any shape: what is no table is left to those who say so.

    Returns
    -------
    dict, list of Fault
        A parameter with ``unit_cost`` gets the value, price year, source and locator that it cites; an outcome whose
        proxy it is gets the kind and the bearer, where it states none.
    """
    if not isinstance(tables.get("service"), Mapping):
        return dict(tables), []
    found = {key: dict(table) if isinstance(table, Mapping) else table for key, table in tables.items()}
    pinned = _table(found["service"], "editions")
    faults = list(_editions_at_hand(pinned))
    if faults or not all(isinstance(wanted, str) for wanted in pinned.values()):
        # Nothing can be looked up: no other rule need speak of it.
        for name, parameter in _table(found, "parameters").items():
            if isinstance(parameter, Mapping) and "unit_cost" in parameter:
                found["parameters"][name] = {**parameter, **_nothing(found)}
        return found, faults
    cited = dict(_cite(found, pinned, faults))
    if isinstance(found.get("outcomes"), list | tuple):
        found["outcomes"] = [_with_kind_and_bearer(row, cited, found) for row in found["outcomes"]]
    return found, faults


def as_stated(tables: dict[str, Any]) -> dict[str, Any]:
    """Return tables without what :func:`written_out` gave them: a citation says it all.

    Parameters
    ----------
    tables : dict
        Of a service that stands, as plain tables.
    """
    pinned = _table(tables["service"], "editions")
    parameters, sources = dict(tables.get("parameters", {})), dict(tables.get("sources", {}))
    for name, parameter in parameters.items():
        found = unit_costs.find(parameter["unit_cost"], pinned) if "unit_cost" in parameter else ""
        if isinstance(found, str):
            continue
        given = _given(*found)
        parameters[name] = {key: value for key, value in parameter.items() if given.get(key) != value}
        if sources.get(given["source"]) == _source(found[0]):
            del sources[given["source"]]
    return tables | {"parameters": parameters, "sources": sources}


def _table(tables: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = tables.get(key)
    return table if isinstance(table, Mapping) else {}


def _editions_at_hand(pinned: Mapping[str, Any]) -> Iterator[Fault]:
    for name, wanted in pinned.items():
        where = f"service.editions.{name}"
        if name not in all_series():
            yield Fault(where, f"is not a series of reference data. {nearest(name, all_series())}")
        elif isinstance(wanted, str) and wanted not in all_series()[name].editions:
            yield Fault(where, unknown_edition(name, wanted))


def _cite(
    tables: dict[str, Any], pinned: Mapping[str, str], faults: list[Fault]
) -> Iterator[tuple[str, tuple[UnitCost, str]]]:
    """Write out the parameters that cite a unit cost, and yield what each cites."""
    for name, parameter in _table(tables, "parameters").items():
        if not isinstance(parameter, Mapping) or not isinstance(parameter.get("unit_cost"), str):
            continue
        where = f"parameters.{name}"
        found = unit_costs.find(parameter["unit_cost"], pinned)
        problem = found if isinstance(found, str) else _not_pinned(found[0], pinned)
        if isinstance(found, str) or problem:
            faults.append(Fault(f"{where}.unit_cost", problem))
            tables["parameters"][name] = {**parameter, **_nothing(tables)}
            continue
        cost, part = found
        given = _given(cost, part)
        for key, value in given.items():
            if parameter.get(key, value) != value:
                sentence = f"is {shown(parameter[key])}, but {parameter['unit_cost']} gives {shown(value)}."
                faults.append(Fault(f"{where}.{key}", f"{sentence} Take it out, or take unit_cost out."))
        tables["parameters"][name] = {**given, **parameter}
        sources = _table(tables, "sources")
        tables["sources"] = {**sources, given["source"]: sources.get(given["source"], _source(cost))}
        yield name, (cost, part)


def _nothing(tables: Mapping[str, Any]) -> dict[str, Any]:
    return {**NOTHING, "price_year": tables["service"].get("price_base_year")}


def _not_pinned(cost: UnitCost, pinned: Mapping[str, str]) -> str:
    """Say that a service must state the edition that it cites: it would come to other numbers under the next."""
    if cost.series in pinned:
        return ""
    label = all_series()[cost.series].label
    return (
        f"cites the {label}, and service.editions does not say which edition."
        f" Write under [service]: editions = {{ {cost.series} = '{cost.edition}' }}."
    )


def _given(cost: UnitCost, part: str) -> dict[str, Any]:
    value, price_year = cost.values[part]
    source = re.sub(r"\W", "_", f"{cost.series}_{cost.edition}")
    return {"value": value, "price_year": price_year, "source": source, "locator": f"{cost.code}, {part}: {cost.label}"}


def _source(cost: UnitCost) -> dict[str, Any]:
    edition: Edition = all_series()[cost.series].editions[cost.edition]
    stated = edition.model_dump(include={"title", "author", "year", "how_sure", "url", "licence"}, exclude_none=True)
    return {**stated, "locator": "by code"}


def _with_kind_and_bearer(row: Any, cited: Mapping[str, tuple[UnitCost, str]], tables: dict[str, Any]) -> Any:
    """Return an outcome with the kind and the bearer of the unit cost that is its proxy, where it states none."""
    if not isinstance(row, Mapping) or not isinstance(row.get("proxy"), str) or row["proxy"] not in cited:
        return row
    cost, part = cited[row["proxy"]]
    bearer, label = BEARERS.get(part, (re.sub(r"\W+", "_", cost.agency).strip("_").lower(), cost.agency))
    outcome: MutableMapping[str, Any] = {"kind": part, **row}
    if "bearer" not in outcome and label:
        outcome["bearer"] = bearer
        tables["bearers"] = {bearer: {"label": label, "public": part == "fiscal"}, **_table(tables, "bearers")}
    return outcome
