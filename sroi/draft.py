"""A service file on its way in: the entries that could be read, and what the others are called.

Every entry is read by itself, so that one fault does not hide the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sroi import sentences
from sroi.entry import Entry
from sroi.errors import MOST_FAULTS, Fault, nearest, shown
from sroi.schema import (
    About,
    Bearer,
    Correlation,
    Cost,
    Line,
    NonMonetised,
    Outcome,
    Parameter,
    Scenario,
    Source,
    Stakeholder,
)
from sroi.schema_options import Option, Rating, Relationship
from sroi.sentences import label

TABLES: dict[str, type[Entry]] = {
    "sources": Source,
    "parameters": Parameter,
    "lines": Line,
    "bearers": Bearer,
    "stakeholders": Stakeholder,
    "scenarios": Scenario,
    "options": Option,
    "profile": Rating,
}
LISTS: dict[str, type[Entry]] = {
    "outcomes": Outcome,
    "costs": Cost,
    "non_monetised": NonMonetised,
    "correlations": Correlation,
}


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
    correlations: list[Correlation] = field(default_factory=list)
    bearers: dict[str, Bearer] = field(default_factory=dict)
    stakeholders: dict[str, Stakeholder] = field(default_factory=dict)
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    options: dict[str, Option] = field(default_factory=dict)
    relationship: Relationship | None = None
    profile: dict[str, Rating] = field(default_factory=dict)
    declared: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def names(self) -> list[str]:
        """Return the declared names of parameters and lines, in order."""
        return [*self.declared["parameters"], *self.declared["lines"]]


def read(data: Mapping[str, Any]) -> Draft:
    """Read each entry of a service file by itself, collecting faults of shape and type."""
    draft = Draft()
    known = ["service", *TABLES, *LISTS, "relationship"]
    # One fault more than is ever said: the rest would only cost time.
    for key in islice((key for key in data if key not in known), MOST_FAULTS + 1):
        sentence = f"is not a table of a service file. {nearest(str(key), known)}"
        draft.faults.append(Fault(shown(key), sentence))
    if "service" in data:
        draft.about = _entry(draft, "service", About, data["service"])
    else:
        draft.faults.append(Fault("service", "is missing: write a table [service] with id, title and the rest."))
    if data.get("relationship") is not None:
        draft.relationship = _entry(draft, "relationship", Relationship, data["relationship"])
    for name, kind in TABLES.items():
        table = data.get(name, {})
        if not isinstance(table, Mapping):
            draft.faults.append(Fault(name, f"is {shown(table)}. Write tables such as [{name}.example]."))
            table = {}
        draft.declared[name] = [str(key) for key in table]
        for key, value in table.items():
            entry = _entry(draft, f"{name}.{label(str(key))}", kind, value)
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


def _row_label(value: object, place: int) -> str:
    identifier = value.get("id") if isinstance(value, Mapping) else getattr(value, "id", None)
    return label(identifier) if isinstance(identifier, str) else f"number {place}"


def _entry(draft: Draft, where: str, kind: type[Entry], value: object) -> Any:
    entry, faults = sentences.read(where, kind, value)
    draft.faults += faults
    if entry is None and kind in (Outcome, Cost) and isinstance(value, Mapping) and isinstance(value.get("id"), str):
        return _what_stands(where, kind, value, faults)
    return entry


def _what_stands(where: str, kind: type[Entry], value: Mapping[str, Any], faults: list[Fault]) -> Any:
    """Return an outcome or cost without its faulty keys, so that the rules can speak of the others."""
    faulty = {fault.where.removeprefix(f"{where}.").split(".")[0] for fault in faults}
    kept = {key: value[key] for key in kind.model_fields if key in value and key not in faulty}
    lacking = {key: None for key, field in kind.model_fields.items() if field.is_required() and key not in kept}
    return kind.model_construct(**{**lacking, **kept})
