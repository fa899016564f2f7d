"""The case on the page: what is being looked at, and how it is written into the address and read from it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sroi import reference
from sroi.errors import nearest, shown
from sroi.schema import LONGEST_HORIZON
from sroi.service import Service
from sroi.ui import catalogue

PREFIX = "set."
CHOICES = ("service", "scenario", "convention", "years", "prices")
# Characters of the parts: about 2,000 are safe everywhere, and each part weighs a few more than its own.
LONGEST_ADDRESS = 2 * 800
NOTHING: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class Case:
    """What is being looked at.

    Attributes
    ----------
    service : str
        An id of the catalogue.
    scenario : str or None
    convention : str
    values : mapping of str to float
        What differs from the scenario, as it was typed: it may break a rule.
    years : int or None
        The horizon, where it is not the service's own.
    prices : str or None
        The price base year, where it is not the service's own.
    """

    service: str
    scenario: str | None = None
    convention: str = ""
    values: Mapping[str, float] = field(default_factory=lambda: NOTHING)
    years: int | None = None
    prices: str | None = None

    def with_value(self, name: str, value: float) -> Case:
        """Return the case with one value changed."""
        return replace(self, values={**self.values, name: value})

    def without(self, names: Iterable[str]) -> Case:
        """Return the case with some values as the scenario has them."""
        left = set(names)
        return replace(self, values={name: value for name, value in self.values.items() if name not in left})

    def query(self) -> dict[str, str]:
        """Return the case as parts of an address."""
        parts = {"service": self.service, "convention": self.convention}
        if self.scenario:
            parts["scenario"] = self.scenario
        if self.years is not None:
            parts["years"] = str(self.years)
        if self.prices is not None:
            parts["prices"] = self.prices
        return parts | {f"{PREFIX}{name}": repr(value) for name, value in self.values.items()}


def short(case: Case) -> dict[str, str]:
    """Return a case as parts of an address that is no longer than one that every server and mail program takes.

    Where there are too many values for that, they are left out: the server keeps them with the visit.
    """
    parts = case.query()
    if sum(len(key) + len(text) for key, text in parts.items()) <= LONGEST_ADDRESS:
        return parts
    return {key: text for key, text in parts.items() if not key.startswith(PREFIX)}


def read(query: Mapping[str, str]) -> tuple[Case, list[str]]:
    """Read a case from the parts of an address; return it with a sentence for each part that was left out.

    Only ids of the catalogue are taken, never a path: an address comes from anybody.
    """
    said: list[str] = []
    ids = catalogue.ids()
    chosen = query.get("service", ids[0])
    if chosen not in ids:
        said.append(f"The address names a service {shown(chosen)} that is not in the library: the first is shown.")
        chosen = ids[0]
    service = catalogue.load(chosen)
    case = Case(chosen, convention=service.about.convention)
    scenario = query.get("scenario")
    if scenario in service.scenarios:
        case = replace(case, scenario=scenario)
    elif scenario is not None:
        said.append(f"The address names a scenario {shown(scenario)} that this service lacks: the base case is shown.")
    convention = query.get("convention", case.convention)
    if convention in reference.conventions():
        case = replace(case, convention=convention)
    else:
        said.append(f"The address names a convention {shown(convention)} that is not known: the service's own is used.")
    case = _terms(query, case, service, said)
    values, left_out = _values(query, service)
    return replace(case, values=values), said + left_out


def _terms(query: Mapping[str, str], case: Case, service: Service, said: list[str]) -> Case:
    years, prices = query.get("years"), query.get("prices")
    if years is not None:
        least, most = horizons(service)
        if years.isascii() and years.isdigit() and least <= int(years) <= most:
            case = replace(case, years=int(years))
        else:
            said.append(f"The address asks for {shown(years)} years; this service takes {least} to {most}: left out.")
    if prices is not None:
        if prices in price_bases(service):
            case = replace(case, prices=prices)
        else:
            said.append(f"The address asks for prices of {shown(prices)}, which no index reaches: left out.")
    return case


def horizons(service: Service) -> tuple[int, int]:
    """Return the shortest and the longest horizon of a service."""
    longest = (len(p.by_year) for p in service.parameters.values() if p.by_year is not None)
    return service.about.delivery_years, min(longest, default=LONGEST_HORIZON)


def price_bases(service: Service) -> list[str]:
    """Return the years to whose prices every amount of a service can be brought, of the kind that it states itself."""
    about = service.about
    prices = reference.currencies()[about.currency].edition(about.editions)
    name = prices.financial if "-" in about.price_base_year and prices.financial else prices.calendar
    years = list(reference.deflator(name)) if name else []
    return years if about.price_base_year in years else [about.price_base_year, *years]


def _values(query: Mapping[str, str], service: Service) -> tuple[dict[str, float], list[str]]:
    values: dict[str, float] = {}
    said = []
    for key, text in query.items():
        name = key.removeprefix(PREFIX)
        if key in (*CHOICES, "visit"):
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
