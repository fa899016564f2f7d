"""The case on the page, and how it is written into the address and read from it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from sroi import library, reference
from sroi.errors import nearest, shown
from sroi.service import Service

PREFIX = "set."
CHOICES = ("service", "scenario", "convention")


@dataclass
class Case:
    """What is being looked at: a service, a scenario or None, a convention, and values that differ from it."""

    service: str
    scenario: str | None = None
    convention: str = ""
    values: dict[str, float] = field(default_factory=dict)

    def query(self) -> dict[str, str]:
        """Return the case as parts of an address."""
        parts = {"service": self.service, "convention": self.convention}
        if self.scenario:
            parts["scenario"] = self.scenario
        return parts | {f"{PREFIX}{name}": repr(value) for name, value in self.values.items()}


def read(query: Mapping[str, str]) -> tuple[Case, list[str]]:
    """Read a case from the parts of an address; return it with a sentence for each part that was left out.

    Only ids of the library are taken, never a path: an address comes from anybody.
    """
    said: list[str] = []
    ids = library.ids()
    chosen = query.get("service", ids[0])
    if chosen not in ids:
        said.append(f"The address names a service {shown(chosen)} that is not in the library: the first is shown.")
        chosen = ids[0]
    service = library.load(chosen)
    case = Case(chosen, convention=service.about.convention)
    scenario = query.get("scenario")
    if scenario in service.scenarios:
        case.scenario = scenario
    elif scenario is not None:
        said.append(f"The address names a scenario {shown(scenario)} that this service lacks: the base case is shown.")
    convention = query.get("convention", case.convention)
    if convention in reference.conventions():
        case.convention = convention
    else:
        said.append(f"The address names a convention {shown(convention)} that is not known: the service's own is used.")
    case.values, left_out = _values(query, service)
    return case, said + left_out


def _values(query: Mapping[str, str], service: Service) -> tuple[dict[str, float], list[str]]:
    values: dict[str, float] = {}
    said = []
    for key, text in query.items():
        name = key.removeprefix(PREFIX)
        if key in CHOICES:
            continue
        if not key.startswith(PREFIX):
            said.append(f"The address has a part {shown(key)} that means nothing here: it is left out.")
        elif name not in service.parameters:
            hint = nearest(name, service.parameters)
            said.append(f"The address sets {shown(name)}, which this service does not have: left out. {hint}")
        elif service.parameters[name].by_year is not None:
            said.append(f"The address sets {shown(name)}, which has a value for each year: left out.")
        elif (value := _number(text)) is None:
            said.append(f"The address sets {name} to {shown(text)}, which is not a number: the default is used.")
        else:
            values[name] = value
    return values, said


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
