"""What the lines of the method take from the service file, the convention and the schedule, and what they refuse."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np

from sroi import formula, reference, units
from sroi.errors import Fault, ServiceError
from sroi.formula import YEAR_AXIS, Array, Node, Value
from sroi.method import COST_INPUTS, LINES, OUTCOME_INPUTS
from sroi.reference import TIMING, Convention, Schedule
from sroi.schema import LONGEST_HORIZON, Cost, Outcome
from sroi.service import Service

# Inputs that belong to the cohort's starting year when they vary by year; those that belong to the year itself.
BY_COHORT = frozenset(
    ["quantity", "deadweight", "displacement", "attribution", "leakage", "substitution", "multiplier"]
)
BY_YEAR = frozenset(["proxy", "amount", "per", "cost_bias", "mitigation"])
# What an effect is along the years, which a present value has behind it.
OF_YEARS = frozenset({"drop_off", "onset_year", "benefit_period", "growth"})
# What the kind of a row decides: one number for each outcome or cost.
FLAGS = frozenset(
    {
        "is_health",
        "is_present_value",
        "is_transfer",
        "bias",
        "fiscal_sign",
        "funder_sign",
        "people_sign",
        "cost_is_present_value",
        "funder_is_public",
    }
)
WHOLE_YEARS = frozenset({"onset_year", "start_year"})
# Inputs whose numbers can be ones that the method refuses.
REFUSES = WHOLE_YEARS | {"amount", "per", "growth"}
COST_FIELDS = {"cost_bias": "optimism_bias"}
# How far rounding may carry a share beyond 0 or 1.
ROUNDING = 1e-9


def trees(service: Service) -> Mapping[str, Node]:
    """Return the parsed formula of each line of a service."""
    if "trees" not in service._cache:
        service._cache["trees"] = {name: formula.parse(line.formula) for name, line in service.lines.items()}
    found: Mapping[str, Node] = service._cache["trees"]
    return found


def behind(service: Service, name: str) -> Iterator[str]:
    """Yield the parameters on which a parameter or line rests, down to the last."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        if current in service.parameters:
            yield current
        else:
            waiting += [found.id for found in formula.names(trees(service)[current])]


def of_outcome(service: Service, outcome: Outcome) -> list[str]:
    """Return the parameters on which an outcome rests, in the order of its inputs."""
    stated = (getattr(outcome, key) for key in OUTCOME_INPUTS)
    return list(dict.fromkeys(each for name in stated if name is not None for each in behind(service, name)))


def price_factors(service: Service) -> Mapping[str, float]:
    """Return for each money parameter the factor to the service's price base year."""
    if "prices" not in service._cache:
        factors: dict[str, float] = {}
        base, pinned = service.about.price_base_year, service.about.editions
        for name, parameter in service.parameters.items():
            # A unit may hold two: an exchange rate in GBP per USD keeps its worth when both price levels move.
            for code, power in units.currencies_in(units.read(parameter.unit), reference.currencies()):
                factor = reference.price_factor(code, parameter.price_year or base, base, pinned) ** power
                factors[name] = factors.get(name, 1.0) * factor
        service._cache["prices"] = factors
    found: Mapping[str, float] = service._cache["prices"]
    return found


def line_problem(unit: str, found: Value) -> str | None:
    """Return the sentence that says why a line cannot come out like this, or None."""
    if not np.isfinite(found).all():
        return "does not come out as a finite number with these values. Check for a division by zero."
    limits = {"share": (0.0, 1.0), "years": (0.0, float(LONGEST_HORIZON))}.get(unit.strip())
    if limits is None:
        return None
    for end in (float(np.min(found)), float(np.max(found))):
        # A hair of rounding is no fault: 1 - 0.9 - 0.1 is below 0 by 3e-17.
        if not limits[0] - ROUNDING <= end <= limits[1] + ROUNDING:
            many = "Shares" if limits[1] == 1 else "Years"
            return f"comes to {end:g} with these values. {many} run from 0 to {limits[1]:g}: mend the formula."
    return None


# What a row takes from the service file -------------------------------------------------------------------------


def outcome_input(outcome: Outcome, key: str) -> str | float:
    """Return the name of what an outcome states for an input of the method, or what stands in for it."""
    name: str | None = getattr(outcome, key)
    # A present value stands at t = 0 for one year, without drop-off or growth.
    behind_it = bool(outcome.already_present_value) and key in OF_YEARS
    return OUTCOME_INPUTS[key][1] if name is None or behind_it else name


def cost_input(service: Service, cost: Cost, key: str) -> str | float:
    """Return the name of what a cost states for an input of the method, or what stands in for it."""
    name: str | None = getattr(cost, COST_FIELDS.get(key, key))
    once = bool(cost.already_present_value) or cost.recurrence == "one_off"
    if key == "years" and (name is None or once):
        return 1.0 if once else float(service.about.delivery_years)
    behind_it = bool(cost.already_present_value) and key == "start_year"
    return COST_INPUTS[key][1] if name is None or behind_it else name


def weight_parts(service: Service, outcome: Outcome) -> list[tuple[float, str | None]]:
    """Return who gains and, for a transfer, who loses a pound of an outcome: a sign, and their income.

    ``None`` stands for a weight of 1: the public purse, and whoever states no income.
    """

    def income(bearer: str | None, kind: str, stakeholder: str) -> str | None:
        public = kind == "fiscal" or (bearer is not None and service.bearers[bearer].public)
        person = service.stakeholders.get(stakeholder)
        return None if public or service.about.reference_income is None or person is None else person.income

    parts = [(1.0, income(outcome.bearer if outcome.transfer else None, outcome.kind, outcome.stakeholder))]
    if outcome.transfer and outcome.counterpart is not None:
        parts.append((-1.0, income(outcome.counterpart, "economic", outcome.counterpart)))
    return parts


def refuse(service: Service, table: str, row: Outcome | Cost, key: str, found: Array) -> None:
    """Refuse numbers that an input of a row cannot be, with the row's name."""
    problem = _input_problem(service, row, key, found)
    if problem:
        raise ServiceError(service.id, [Fault(f"{table}.{row.id}.{key}", problem)])


def _input_problem(service: Service, row: Outcome | Cost, key: str, found: Array) -> str | None:
    low = float(np.min(found))
    if key in {"amount", "per"} and low < 0 and not _may_be_negative(service, getattr(row, key)):
        return (
            f"comes to {low:g}. A cost below zero is a benefit: write an outcome, or give the parameter a minimum below"
            " 0 where a net cost can be negative."
        )
    if key == "growth" and low <= -1:
        return f"is {low:g}. Growth is a rate a year above -1: write for example 0.02 for 2%."
    if key in WHOLE_YEARS and not np.equal(found, np.floor(found)).all():
        return "is not whole. Write a whole number of years."
    if key not in BY_COHORT | BY_YEAR and found.ndim and found.shape[YEAR_AXIS] > 1:
        return "varies by year. It is one number for the whole effect: use parameters with one value."
    return None


def _may_be_negative(service: Service, name: str) -> bool:
    minima = (service.parameters[each].minimum for each in behind(service, name))
    return any(minimum is not None and minimum < 0 for minimum in minima)


def refuse_late(service: Service, cost: Cost, ends: Value) -> None:
    """Refuse a cost that runs beyond the horizon, where it would be lost."""
    horizon, last = service.about.appraisal_years, float(np.max(ends))
    if last > horizon:
        problem = (
            f"lets the cost run to year {last:g}, beyond the horizon of {horizon} years, where it would be lost."
            " Lengthen appraisal_years, or shorten the cost."
        )
        raise ServiceError(service.id, [Fault(f"costs.{cost.id}.years", problem)])


def refuse_income(service: Service, name: str, found: Array) -> None:
    """Refuse an income that a weight cannot divide by."""
    if found.ndim and found.shape[YEAR_AXIS] > 1:
        sentence = "varies by year. A weight rests on one income: use parameters with one value."
        raise ServiceError(service.id, [Fault(name, sentence)])
    if np.min(found) <= 0:
        sentence = "is an income that is not above 0. A weight divides by it: mend it."
        raise ServiceError(service.id, [Fault(name, sentence)])


def elasticity(convention: Convention) -> float:
    """Return the elasticity of income that a convention states, or the Green Book's."""
    stated = convention.income_elasticity
    return reference.income_elasticities()["value"] if stated is None else stated


# What the kind of each row decides ------------------------------------------------------------------------------


def column(values: list[float]) -> Array:
    """Return one number for each row along the first axis."""
    return np.array(values, float).reshape(-1, 1, 1, 1)


def _sign(outcome: Outcome, bodies: set[str]) -> float:
    """Return the share of an outcome that falls to some public bodies; a transfer's mirror counts against them."""
    if outcome.transfer:
        return float(outcome.bearer in bodies) - float(outcome.counterpart in bodies)
    return float(outcome.kind == "fiscal" and outcome.bearer in bodies)


def optimism_bias(service: Service, convention: Convention, outcome: Outcome) -> float:
    """Return the optimism bias of an outcome from the grades of every parameter behind it."""
    preset = service.about.optimism_bias
    if convention.optimism_bias == "none" or preset is None:
        return 0.0
    # What can be cashed does not move the value; a present value has no years.
    unused = {"cashable"} | (OF_YEARS if outcome.already_present_value else set())
    used = [getattr(outcome, key) for key in OUTCOME_INPUTS if key not in unused]
    parameters = {name for key in used if key is not None for name in behind(service, key)}
    table = reference.optimism_presets()[preset].bias
    found = [table[service.parameters[name].grade] for name in sorted(parameters)]
    return max(found) if convention.optimism_grade == "weakest" else math.fsum(found) / len(found)


def year_lines(service: Service, convention: Convention) -> dict[str, Value]:
    """Return settings, flags and year lines, which no value changes: once for a service and convention."""
    key = ("years", convention.model_dump_json())
    if key not in service._cache:
        horizon = service.about.appraisal_years
        rates = partial(_rates, horizon=horizon)
        known: dict[str, Value] = {
            "t": np.arange(horizon, dtype=float).reshape(1, 1, -1, 1),
            "c": np.arange(service.about.delivery_years, dtype=float).reshape(1, -1, 1, 1),
            "horizon": float(horizon),
            "outcome_timing": TIMING[convention.outcome_timing],
            "cost_timing": TIMING[convention.cost_timing],
            "additive": float(convention.deductions == "additive"),
            "drop_off_at_once": float(convention.drop_off_in_first_year),
        }
        for name, schedule in (("standard", convention.schedule), ("health", convention.health_schedule)):
            known[f"{name}_rate"] = rates(reference.schedule(schedule), first=0)
            known[f"{name}_next_rate"] = rates(reference.schedule(schedule), first=1)
        known |= _flags(service, convention)
        for name, line in LINES.items():
            if line.level == "year":
                known[name] = formula.evaluate_unchecked(line.tree, known.__getitem__)
        service._cache[key] = known
    found: dict[str, Value] = service._cache[key]
    return found


def _flags(service: Service, convention: Convention) -> dict[str, Array]:
    """Return what the kind of each outcome and cost decides: columns with one number for each."""
    public = {key for key, bearer in service.bearers.items() if bearer.public}
    paying = public & {cost.funder for cost in service.costs}
    outcomes, costs = service.outcomes, service.costs
    return {
        "is_health": column([float(o.discount_class == "health") for o in outcomes]),
        "is_present_value": column([float(o.already_present_value is not None) for o in outcomes]),
        "is_transfer": column([float(o.transfer) for o in outcomes]),
        "bias": column([optimism_bias(service, convention, o) for o in outcomes]),
        "fiscal_sign": column([_sign(o, public) for o in outcomes]),
        "funder_sign": column([_sign(o, paying) for o in outcomes]),
        "people_sign": column([(0.0 if o.transfer else 1.0) - _sign(o, public) for o in outcomes]),
        "cost_is_present_value": column([float(c.already_present_value is not None) for c in costs]),
        "funder_is_public": column([float(c.funder in public) for c in costs]),
    }


def _rates(schedule: Schedule, *, horizon: int, first: int) -> Array:
    return np.array([schedule.rate(year) for year in range(first, first + horizon)]).reshape(1, 1, -1, 1)
