"""A service file on its way in: the entries that could be read, and what the others are called.

Every entry is read by itself, so that one fault does not hide the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from sroi.entry import Entry
from sroi.errors import Fault, nearest, shown
from sroi.schema import (
    About,
    Bearer,
    Cost,
    Line,
    NonMonetised,
    Outcome,
    Parameter,
    Scenario,
    Source,
    Stakeholder,
)

TABLES: dict[str, type[Entry]] = {
    "sources": Source,
    "parameters": Parameter,
    "lines": Line,
    "bearers": Bearer,
    "stakeholders": Stakeholder,
    "scenarios": Scenario,
}
LISTS: dict[str, type[Entry]] = {"outcomes": Outcome, "costs": Cost, "non_monetised": NonMonetised}
SHOWN_FAULTS = 200


@dataclass
class Draft:
    """The readable entries of a service file; ``declared`` holds the names of the unreadable ones too."""

    about: About | None = None
    sources: dict[str, Source] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    non_monetised: list[NonMonetised] = field(default_factory=list)
    bearers: dict[str, Bearer] = field(default_factory=dict)
    stakeholders: dict[str, Stakeholder] = field(default_factory=dict)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    declared: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def names(self) -> list[str]:
        """Return the declared names of parameters and lines, in order."""
        return [*self.declared["parameters"], *self.declared["lines"]]


def read(data: Mapping[str, Any]) -> Draft:
    """Read each entry of a service file by itself, collecting faults of shape and type."""
    draft = Draft()
    for key in data:
        if key not in {"service", *TABLES, *LISTS}:
            draft.faults.append(
                Fault(
                    shown(key),
                    f"is not a table of a service file. {nearest(str(key), ['service', *TABLES, *LISTS])}",
                )
            )
    if "service" in data:
        draft.about = _entry(draft, "service", About, data["service"])
    else:
        draft.faults.append(Fault("service", "is missing: write a table [service] with id, title and the rest."))
    for name, kind in TABLES.items():
        table = data.get(name, {})
        if not isinstance(table, Mapping):
            draft.faults.append(Fault(name, f"is {shown(table)}. Write tables such as [{name}.example]."))
            table = {}
        draft.declared[name] = [str(key) for key in table]
        for key, value in table.items():
            entry = _entry(draft, f"{name}.{_label(str(key))}", kind, value)
            if entry is not None:
                getattr(draft, name)[str(key)] = entry
    for name, kind in LISTS.items():
        rows = data.get(name, ())
        if not isinstance(rows, (list, tuple)):
            draft.faults.append(Fault(name, f"is not a list. Write each entry under [[{name}]]."))
            rows = ()
        for place, value in enumerate(rows, 1):
            entry = _entry(draft, f"{name}.{_row_label(value, place)}", kind, value)
            if entry is not None:
                getattr(draft, name).append(entry)
    return draft


def _label(name: str) -> str:
    return name if len(name) <= 60 and name.isprintable() else shown(name)


def _row_label(value: object, place: int) -> str:
    identifier = value.get("id") if isinstance(value, Mapping) else getattr(value, "id", None)
    return _label(identifier) if isinstance(identifier, str) else f"number {place}"


def _entry(draft: Draft, where: str, kind: type[Entry], value: object) -> Any:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        draft.faults.extend(_fault(where, kind, item) for item in error.errors(include_url=False)[:SHOWN_FAULTS])
    except RecursionError:
        draft.faults.append(Fault(where, "is nested too deeply. Write it as the schema shows."))
    return None


def _fault(where: str, kind: type[Entry], item: Any) -> Fault:
    place = ".".join([where, *(_label(str(part)) for part in item["loc"])])
    found = shown(item.get("input"))
    context = item.get("ctx", {})
    match item["type"]:
        case "missing":
            return Fault(place, "is missing: write it.")
        case "extra_forbidden":
            return Fault(place, f"is not a key of this table. {nearest(str(item['loc'][-1]), kind.model_fields)}")
        case "finite_number":
            return Fault(place, f"is {found}. Numbers are finite: write a number.")
        case "float_type" if isinstance(item.get("input"), str):
            return Fault(place, f"is {found}. {_as_number(item['input'])}")
        case "float_type" | "int_type" | "int_from_float":
            return Fault(place, f"is {found}. Write a{' whole' if 'int' in item['type'] else ''} number.")
        case "literal_error":
            return Fault(place, f"is {found}. Write {context['expected']}.")
        case "string_type" | "string_too_short":
            return Fault(place, f"is {found}. Write text in quotation marks.")
        case "string_too_long":
            return Fault(place, f"has more than {context['max_length']} characters. Shorten it.")
        case "string_pattern_mismatch":
            return Fault(place, f"is {found}. Names are small letters, digits and _, beginning with a letter.")
        case "bool_type":
            return Fault(place, f"is {found}. Write true or false.")
        case "greater_than_equal" | "less_than_equal" | "greater_than" | "less_than":
            bounds = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}
            limit = ", ".join(f"{bounds[key]} {context[key]}" for key in bounds if key in context)
            return Fault(place, f"is {found}. Write a number of {limit}.")
        case "model_type" | "dict_type" | "model_attributes_type":
            return Fault(place, f"is {found}. Write it as a table with keys.")
        case _:
            return Fault(place, f"is {found}. {item['msg']}.")


def _as_number(text: str) -> str:
    number = text.strip().rstrip("%").replace(",", "")
    try:
        value = float(number)
    except ValueError:
        return "Write a number without quotation marks."
    if text.strip().endswith("%"):
        return f"Shares are fractions from 0 to 1: write {value / 100:g}."
    return f"Write the number without quotation marks: {value:g}."
