"""The Deep Value lens: what an investment in the relationship returns, and how much must depend on it to pay back.

The investment is an option of the service, or the service itself. What it adds is the difference between the option and
the service as it stands, or between the service and doing nothing, both at the same draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sroi import printing, ranges, reference, tables
from sroi.errors import Fault, ServiceError
from sroi.formula import Array
from sroi.options import DRAWN, LIKELY
from sroi.result import Result, evaluate
from sroi.rules import possible_range
from sroi.schema import Parameter
from sroi.schema_options import Relationship
from sroi.service import Service
from sroi.uncertainty import Simulation, simulate

# Where the extra value is looked at, from nothing to all that can depend on the relationship.
PLACES = 257
NEVER, ALWAYS = "never", "always"
BOUNDS = {"upper": "at most", "estimate": "best estimate", "lower": "at least"}


@dataclass(frozen=True)
class Range:
    """A figure at the central values, and the 5th and 95th percentile of its draws; nan where it has no number."""

    central: float
    low: float
    high: float


@dataclass(frozen=True)
class Lens:
    """What an investment in the relationship adds to a service.

    Attributes
    ----------
    service : Service
    result : Result
        The service as it stands, at the central values.
    relationship : Relationship
        The investment, as the file states it.
    extra_costs, extra_benefits : Range
        Present values over the service as it stands, in its currency; benefits to staff and employer left out.
    staff_benefits : Range
        Present value of the benefits to staff and employer, kept apart: better outcomes may be counted in both.
    per_pound, per_pound_with_staff : Range
        Extra benefits for each unit of extra cost.
    cost_per_participant : float or None
        Extra cost for each participant.
    pays_back : float
        Share of draws in which extra benefits, without those of staff, exceed extra costs.
    dependence : Range
        How far the outcome is taken to depend on the relationship; low and high are the ends of what it can be.
    break_even, break_even_with_staff : float, "never" or "always"
        The dependence at which the investment pays back; ``"never"`` where it does not even at the most that it can be,
        ``"always"`` where it does even at the least.
    evidence : DataFrame
        One row for each finding: ``statement``, ``value``, ``bound``, ``grade``, ``source``, ``locator``, and
        ``per_pound``, the extra benefits for each unit of extra cost if the finding were the effect.
    """

    service: Service
    result: Result
    relationship: Relationship
    extra_costs: Range
    extra_benefits: Range
    staff_benefits: Range
    per_pound: Range
    per_pound_with_staff: Range
    cost_per_participant: float | None
    pays_back: float
    dependence: Range
    break_even: float | str
    break_even_with_staff: float | str
    evidence: pd.DataFrame

    def headline(self) -> str:
        """Say in a few sentences what it returns, when it pays back, and what evidence supports."""
        return " ".join([*self._returns(), *self._turns(), *self._supported()])

    def _returns(self) -> list[str]:
        found, symbol = self.relationship, tables.symbol_of(self.result)
        itself = found.option is None
        what = "This service" if itself else f"The option “{self.service.options[str(found.option)].label}”"
        cost, each = printing.money(self.extra_costs.central, symbol), self.cost_per_participant
        per = f" ({printing.money(each, symbol)} a participant)" if each is not None else ""
        said = [f"{what} ({found.investment}) costs {cost}{'' if itself else ' more'}{per}."]
        if found.silent:
            return [*said, f"No evidence says what it returns: {found.silent}"]
        if math.isnan(self.per_pound.central):
            return [*said, "It costs nothing more, so that no return on an extra pound can be stated."]
        worth = ranges.likely(self.per_pound.central, self.per_pound.low, self.per_pound.high, "money", symbol)
        pound, chance = f"{symbol}1" if itself else f"extra {symbol}1", printing.chance(self.pays_back)
        return [*said, f"Each {pound} returns {worth}; {chance} chance that it pays back."]

    def _turns(self) -> list[str]:
        label = self._parameter.label
        what = f"{label[:1].lower()}{label[1:]}"
        said = {
            NEVER: f"It would not pay back even at {self.written(self.dependence.high)}, the most for: {what}.",
            ALWAYS: f"It pays back whatever this is: {what}.",
        }
        at = self.break_even
        turns = [said[at] if isinstance(at, str) else f"It pays back from {self.written(at)} on, for: {what}."]
        staff = self.break_even_with_staff
        if staff != at and not isinstance(staff, str):
            turns.append(f"With the gains of staff and employer it does from {self.written(staff)} on.")
        elif staff == ALWAYS != at:
            turns.append("With the gains of staff and employer it does whatever that is.")
        return turns

    def _supported(self) -> list[str]:
        known = [finding for finding in self.relationship.evidence if finding.value is not None]
        if not known:
            return ["No evidence gives a number to set beside it."]
        said = [f"{self.written(each.value or 0.0)} ({BOUNDS[each.bound]})" for each in known]
        short = [each for each in known if each.bound != "upper" and not self._pays(each.value or 0.0)]
        least = ["At the least that evidence supports it does not pay back."] if short else []
        return [f"Evidence: {'; '.join(said)}.", *least]

    def _pays(self, dependence: float) -> bool:
        return self.break_even == ALWAYS or (not isinstance(self.break_even, str) and dependence >= self.break_even)

    @property
    def _parameter(self) -> Parameter:
        return self.service.parameters[self.relationship.dependence]

    def written(self, dependence: float) -> str:
        """Write how far the outcome depends on the relationship: a share in percent, anything else with its unit."""
        if self._parameter.unit == "share":
            return f"{dependence:.1%}".replace(".0%", "%")
        symbols = {code: currency.symbol for code, currency in reference.currencies().items()}
        return printing.quantity(dependence, self._parameter.unit, symbols)

    def to_dict(self) -> dict[str, Any]:
        """Return every figure, as `--json` prints it; what has no number is null."""
        spans = ("extra_costs", "extra_benefits", "staff_benefits", "per_pound", "per_pound_with_staff", "dependence")
        return {
            "service": self.service.id,
            "investment": self.relationship.investment,
            "option": self.relationship.option,
            **{name: {key: _number(value) for key, value in vars(getattr(self, name)).items()} for name in spans},
            "cost_per_participant": self.cost_per_participant,
            "chance_pays_back": self.pays_back,
            "break_even": self.break_even,
            "break_even_with_staff": self.break_even_with_staff,
            "silent": self.relationship.silent,
            "evidence": [
                {key: _number(value) for key, value in row.items()} for row in self.evidence.to_dict("records")
            ],
            "headline": self.headline(),
        }


def relationship(
    service: Service,
    values: Mapping[str, Any] | None = None,
    *,
    scenario: str | None = None,
    convention: Any = None,
    draws: int = 10_000,
    seed: int = 1,
) -> Lens:
    """Look at a service through the Deep Value lens.

    Parameters
    ----------
    service : Service
        With a table ``[relationship]``, which names the option that makes the investment.
    values, scenario, convention : optional
        As for :func:`sroi.evaluate`.
    draws, seed : int
        As for :func:`sroi.simulate`.

    Raises
    ------
    ServiceError
        When the file states no investment in the relationship, or the request has faults.
    """
    found = service.relationship
    if found is None:
        rule = (
            "It states no investment in the relationship. Write [relationship] with option, investment and dependence."
        )
        raise ServiceError(service.id, [Fault("relationship", rule)])
    asked = {"scenario": scenario, "convention": convention}
    views = views_of(service, found)
    runs = {key: simulate(view, draws, seed, values=values, results=DRAWN, **asked) for key, view in views.items()}
    before = runs.get("before")
    extra, clients = (_Extra(before, runs[key], draws) for key in ("after", "clients"))
    result = (before or runs["after"]).central
    participants = result.participants
    turning = {key: _break_even(views.get("before"), views[key], found, values, asked) for key in ("clients", "after")}
    return Lens(
        service=service,
        result=result,
        relationship=found,
        extra_costs=extra.costs(),
        extra_benefits=clients.benefits(),
        staff_benefits=_Extra(runs["clients"], runs["after"], draws).benefits(),
        per_pound=clients.per_pound(),
        per_pound_with_staff=extra.per_pound(),
        cost_per_participant=extra.costs().central / participants if participants else None,
        pays_back=clients.pays_back(),
        dependence=_dependence(result, found),
        break_even=turning["clients"],
        break_even_with_staff=turning["after"],
        evidence=_evidence(service, found, views, values, asked),
    )


def views_of(service: Service, found: Relationship) -> dict[str, Service]:
    """Return the service before the investment, after it, and after it without the gains of staff.

    Where the service itself is the investment, nothing is before it.
    """
    before, after = ({}, service) if found.option is None else ({"before": service}, service.with_option(found.option))
    others = tuple(outcome for outcome in after.outcomes if outcome.id not in found.staff_outcomes)
    return {**before, "after": after, "clients": after.replace(outcomes=others)}


class _Extra:
    """What one simulation comes to over another at the same draws."""

    def __init__(self, before: Simulation | None, after: Simulation, draws: int) -> None:
        self._central = _beyond(None if before is None else before.central, after.central)
        self._costs, self._benefits = (
            after.column(name, draws) - (0.0 if before is None else before.column(name, draws))
            for name in ("pv_costs", "pv_benefits")
        )

    def costs(self) -> Range:
        return _range(self._central[0], self._costs)

    def benefits(self) -> Range:
        return _range(self._central[1], self._benefits)

    def per_pound(self) -> Range:
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.where(self._costs > 0, self._benefits / self._costs, np.nan)
        return _range(per_pound_of(*self._central), each)

    def pays_back(self) -> float:
        return float(np.mean(self._benefits > self._costs))


def _range(central: float, draws: Array) -> Range:
    known = draws[~np.isnan(draws)]
    low, high = np.quantile(known, LIKELY) if known.size else (math.nan, math.nan)
    return Range(central, float(low), float(high))


def _beyond(before: Result | None, after: Result) -> tuple[float, float]:
    """Return extra costs and extra benefits, at the central values."""
    if before is None:
        return after.pv_costs, after.pv_benefits
    return after.pv_costs - before.pv_costs, after.pv_benefits - before.pv_benefits


def per_pound_of(costs: float, benefits: float) -> float:
    """Return benefits for each unit of cost; nan where nothing is spent."""
    return benefits / costs if costs > 0 else math.nan


def _dependence(result: Result, found: Relationship) -> Range:
    parameter = result.service.parameters[found.dependence]
    central = result.values.get(found.dependence, parameter.value)
    return Range(float(np.asarray(central)), *possible_range(parameter))


def _break_even(
    before: Service | None,
    after: Service,
    found: Relationship,
    values: Mapping[str, Any] | None,
    asked: Mapping[str, Any],
) -> float | str:
    """Return the least dependence from which on extra benefits cover extra costs."""
    from scipy.optimize import brentq

    def extra(at: Array) -> Array:
        given = {**(values or {}), found.dependence: at}
        net: Array = evaluate(after, given, **asked).npsv
        return net if before is None else net - evaluate(before, given, **asked).npsv

    places = np.linspace(*possible_range(after.parameters[found.dependence]), PLACES)
    pays = extra(places) >= 0
    if pays.all():
        return ALWAYS
    if not pays[-1]:
        return NEVER
    last = int(np.flatnonzero(~pays)[-1])
    return float(brentq(lambda at: float(extra(np.array([at]))[0]), places[last], places[last + 1]))


def _evidence(
    service: Service,
    found: Relationship,
    views: Mapping[str, Service],
    values: Mapping[str, Any] | None,
    asked: Mapping[str, Any],
) -> pd.DataFrame:
    rows = []
    for finding in found.evidence:
        each = math.nan
        if finding.value is not None:
            given = {**(values or {}), found.dependence: finding.value}
            before = evaluate(views["before"], given, **asked) if "before" in views else None
            each = per_pound_of(*_beyond(before, evaluate(views["clients"], given, **asked)))
        row = finding.model_dump(include={"statement", "value", "bound", "grade", "locator"})
        source = service.sources[finding.source]
        rows.append({**row, "source": f"{source.author} ({source.year}), {source.title}", "per_pound": each})
    columns = ["statement", "value", "bound", "grade", "source", "locator", "per_pound"]
    return pd.DataFrame(rows, columns=columns).astype({"value": float})


def _number(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
