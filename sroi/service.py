"""A service: everything a file says, checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, ModelWrapValidatorHandler, PrivateAttr, model_validator

from sroi import citing, draft, rules, rules_form
from sroi import rules_options as rules_options  # imports every module of rules, which register themselves
from sroi import rules_scenarios as rules_scenarios
from sroi import rules_spreads as rules_spreads
from sroi.entry import Entry, Table, TableOf, listed
from sroi.errors import MOST_FAULTS, Fault, ServiceError, nearest, shown
from sroi.schema import (
    ASSUMPTION,
    About,
    Bearer,
    Change,
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


class Service(Entry):
    """One service: its parameters, lines, outcomes, costs and scenarios.

    Build it from a file with :func:`sroi.load`, or in Python from the same tables (``Service.model_validate``).
    Either way every rule is checked and all faults are said at once in a :class:`sroi.ServiceError`.
    """

    about: About = Field(alias="service")
    sources: TableOf[Source] = Field(default_factory=Table)
    parameters: TableOf[Parameter] = Field(default_factory=Table)
    lines: TableOf[Line] = Field(default_factory=Table)
    outcomes: Annotated[tuple[Outcome, ...], BeforeValidator(listed)] = ()
    costs: Annotated[tuple[Cost, ...], BeforeValidator(listed)] = ()
    non_monetised: Annotated[tuple[NonMonetised, ...], BeforeValidator(listed)] = ()
    correlations: Annotated[tuple[Correlation, ...], BeforeValidator(listed)] = ()
    bearers: TableOf[Bearer] = Field(default_factory=Table)
    stakeholders: TableOf[Stakeholder] = Field(default_factory=Table)
    scenarios: TableOf[Scenario] = Field(default_factory=Table)
    options: TableOf[Option] = Field(default_factory=Table)
    relationship: Relationship | None = None
    profile: TableOf[Rating] = Field(default_factory=Table)

    _cache: dict[Any, Any] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _check(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, cls):
            return data
        if not isinstance(data, Mapping):
            raise ServiceError("the service", [Fault("", f"It is {shown(data)}. Give the tables of a service file.")])
        tables = dict(data)
        if "about" in tables:
            tables["service"] = tables.pop("about")
        tables, uncited = citing.written_out(tables)
        faults = [*uncited, *faults_of(tables)][: MOST_FAULTS + 1]
        if faults:
            raise ServiceError(_name_of(tables), faults)
        return handler(tables)

    @property
    def id(self) -> str:
        """The service's name in the library."""
        return self.about.id

    @property
    def title(self) -> str:
        """What a commissioner calls it."""
        return self.about.title

    def apply(self, scenario: str | None) -> Service:
        """Return the service with a scenario's changes; the service itself for ``None``.

        Raises
        ------
        ServiceError
            When there is no such scenario.
        """
        if scenario is None:
            return self
        if not isinstance(scenario, str) or scenario not in self.scenarios:
            raise ServiceError(
                self.id,
                [
                    Fault(
                        "scenario",
                        f"{shown(scenario)} is not in this service. {nearest(scenario, self.scenarios)}",
                    )
                ],
            )
        key = ("scenario", scenario)
        if key not in self._cache:
            changes = self.scenarios[scenario].changes
            changed = {name: _changed(self.parameters[name], change) for name, change in changes.items()}
            self._cache[key] = self.replace(parameters=Table(self.parameters | changed))
        applied: Service = self._cache[key]
        return applied

    def with_option(self, option: str) -> Service:
        """Return the service as an option would run it, with its own cost, outcomes and parameters.

        A scenario says what is known, an option what is done: what the option changes, no scenario changes back.

        Raises
        ------
        ServiceError
            When there is no such option.
        """
        if not isinstance(option, str) or option not in self.options:
            sentence = f"{shown(option)} is not in this service. {nearest(option, self.options)}"
            raise ServiceError(self.id, [Fault("option", sentence)])
        key = ("option", option)
        if key not in self._cache:
            chosen = self.options[option]
            changed = {name: _changed(self.parameters[name], change) for name, change in chosen.changes.items()}
            self._cache[key] = self.replace(
                parameters=Table(self.parameters | changed),
                outcomes=(*(o for o in self.outcomes if o.id not in chosen.without), *chosen.outcomes),
                costs=(*(c for c in self.costs if c.id not in chosen.without), *chosen.costs),
                scenarios=Table({name: _without(each, changed) for name, each in self.scenarios.items()}),
                options=Table(),
                relationship=None,
            )
        found: Service = self._cache[key]
        return found

    def replace(self, **tables: Any) -> Service:
        """Return a copy with other tables, which the caller has checked."""
        return self.model_copy(update=tables)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, with some tables exchanged unchecked; what was worked out for this service stays behind."""
        copy = super().model_copy(update=update, deep=deep)
        copy._cache = {}
        return copy

    def __eq__(self, other: object) -> bool:
        # By what they say. What was worked out for one of them in the meantime makes no difference.
        return self.__dict__ == other.__dict__ if isinstance(other, Service) else NotImplemented

    def __repr__(self) -> str:
        about = self.about
        return (
            f"<Service {about.id}: {about.title}; {len(self.parameters)} parameters, {len(self.outcomes)} outcomes,"
            f" scenarios {', '.join(self.scenarios) or 'none'}>"
        )

    __str__ = __repr__


def faults_of(tables: Mapping[str, Any]) -> list[Fault]:
    """Return every fault of a service given as tables."""
    found = draft.read(tables)
    # A rule has nothing to add where a key could not even be read.
    unread = {fault.where for fault in found.faults}
    ruled = (fault for check in rules.RULES for fault in check(found) if fault.where not in unread)
    every = chain(rules_form.unfilled(tables), found.faults, ruled)
    return list(islice(every, MOST_FAULTS + 1))


def _name_of(tables: Mapping[str, Any]) -> str:
    about = tables.get("service")
    name = about.get("id") if isinstance(about, Mapping) else getattr(about, "id", None)
    return name if isinstance(name, str) and len(name) <= 100 and name.isprintable() else "the service"


def _changed(parameter: Parameter, change: Change) -> Parameter:
    """Return a parameter as a scenario changes it: the base spread is dropped, since it belongs to the base value."""
    update: dict[str, Any] = {
        "value": change.value,
        "by_year": change.by_year,
        "unit_cost": None,
        "source": change.source,
        "locator": change.locator,
        "spread": change.spread,
        "grade": change.grade or ("F" if change.source == ASSUMPTION else parameter.grade),
        "note": change.note or change.why,
    }
    if change.price_year is not None:
        update["price_year"] = change.price_year
    return parameter.model_copy(update=update)


def _without(scenario: Scenario, decided: Iterable[str]) -> Scenario:
    """Return a scenario without its changes to what an option decides."""
    kept = {name: change for name, change in scenario.changes.items() if name not in decided}
    return scenario.model_copy(update={"changes": Table(kept)})
