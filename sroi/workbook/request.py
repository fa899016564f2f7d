"""What a workbook is made of: a service with its variants, the values asked for, and the results of the engine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from sroi import reference
from sroi.errors import Fault, ServiceError
from sroi.formula import names
from sroi.inputs import trees
from sroi.reference import Convention
from sroi.result import Result
from sroi.schema import Parameter
from sroi.service import Service

BASE = "Base case"
# Headings that stand beside the labels of scenarios and conventions: a table has each heading once.
_HEADINGS = frozenset(
    ("name", "input", "unit", "default", "in use", "price factor", "at price base", "option", "outcome", "convention")
)
# What MATCH takes for a pattern, and what a heading's cell and its table would read in two ways.
_PATTERNS = re.compile("[*?~]|^<(?=r>)|_(?=x[0-9A-Fa-f]{4}_)")
# A heading, and what MATCH looks for, hold 255 characters; a character outside the first plane counts twice.
LONGEST_LABEL = 100


def unlike(labels: Mapping[str, str]) -> dict[str, str]:
    """Return labels for a drop-down: short, without a pattern, no heading, no two alike whatever their capitals."""
    found: dict[str, str] = {}
    for key, label in labels.items():
        clean = " ".join(_PATTERNS.sub(" ", label).split()) or key
        clean = clean if len(clean) <= LONGEST_LABEL else f"{clean[: LONGEST_LABEL - 1]}…"
        taken = _HEADINGS | {each.casefold() for each in found.values()}
        found[key] = clean if clean.casefold() not in taken else f"{clean} ({key})"
    return found


def variant_labels(service: Service) -> dict[str, str]:
    """Return what the base case, under ``""``, and the scenarios are called in the drop-down."""
    return unlike({"": BASE, **{name: entry.label or name for name, entry in service.scenarios.items()}})


def varies_by_year(service: Service, name: str) -> bool:
    """Say whether a parameter holds a number for each year in the base case or in a scenario."""
    changes = (scenario.changes.get(name) for scenario in service.scenarios.values())
    return any(entry is not None and entry.by_year is not None for entry in (service.parameters[name], *changes))


class LogEntry(NamedTuple):
    """A row of the change log: when, what, from, to, why, and who; each as text."""

    when: str
    what: str
    before: str
    after: str
    why: str = ""
    who: str = "before export"


def entries_of(log: Sequence[Sequence[str]]) -> tuple[LogEntry, ...]:
    """Return the rows of a change log, shorter ones filled up.

    Raises
    ------
    ServiceError
        Where a row holds fewer texts than four or more than six.
    """
    least, most = len(LogEntry._fields) - len(LogEntry._field_defaults), len(LogEntry._fields)
    faults = [
        Fault(f"log[{place}]", f"holds {len(row)} texts. A row is when, what, from, to, and if you like why and who.")
        for place, row in enumerate(log)
        if isinstance(row, str) or not least <= len(row) <= most
    ]
    if faults:
        raise ServiceError("the workbook", faults)
    return tuple(LogEntry(*(str(text) for text in row)) for row in log)


@dataclass(frozen=True)
class Request:
    """What is written.

    Attributes
    ----------
    result : Result
        The engine's numbers, which every formula carries.
    values : mapping of str to float
        Values of the user's own.
    log : tuple of LogEntry
        What was changed before the workbook was made, oldest first.
    """

    result: Result
    values: Mapping[str, float] = field(default_factory=dict)
    log: tuple[LogEntry, ...] = ()

    @property
    def service(self) -> Service:
        """The service without a scenario, at the horizon asked for."""
        return self.result.base

    @cached_property
    def variants(self) -> dict[str, Service]:
        """The service in its base case, under ``""``, and under each scenario."""
        return {"": self.service, **{name: self.service.apply(name) for name in self.service.scenarios}}

    @cached_property
    def variant_labels(self) -> dict[str, str]:
        """What the variants are called in the drop-down."""
        return variant_labels(self.service)

    @property
    def variant(self) -> str:
        """The scenario asked for; ``""`` for the base case."""
        return self.result.scenario or ""

    @cached_property
    def conventions(self) -> dict[str, Convention]:
        """The conventions that can be switched between: those of the package, and the one asked for."""
        return {**reference.conventions(), self.result.convention_name: self.result.convention}

    @cached_property
    def convention_labels(self) -> dict[str, str]:
        """What the conventions are called in the drop-down."""
        return unlike({name: convention.label for name, convention in self.conventions.items()})

    @property
    def years(self) -> int:
        """How many years are looked at."""
        return self.service.about.appraisal_years

    @property
    def cohorts(self) -> int:
        """In how many years a cohort starts."""
        return self.service.about.delivery_years

    @cached_property
    def calendar(self) -> list[str]:
        """The heading of each year."""
        first = self.service.about.first_year
        return [f"{year}" for year in range(first, first + self.years)]

    def unit(self, unit: str) -> str:
        """Return a unit of the method as people read it: money with its currency and price base."""
        about = self.service.about
        return f"{about.currency}, {about.price_base_year} prices" if unit == "money" else unit

    def of(self, name: str) -> list[Parameter]:
        """Return a parameter under every variant."""
        return [service.parameters[name] for service in self.variants.values()]

    @cached_property
    def by_year(self) -> frozenset[str]:
        """Parameters that hold a number for each year under some variant, and the lines that rest on one."""
        found = {name for name in self.service.parameters if varies_by_year(self.service, name)}
        for name, tree in trees(self.service).items():
            if any(each.id in found for each in names(tree)):
                found.add(name)
        return frozenset(found)
