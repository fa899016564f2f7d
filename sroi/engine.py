"""Evaluate the method's lines for one service over arrays with axes (outcome or cost, cohort, year, draw).

Draws stand last, so that they are contiguous: every operation runs along them, and sums over years are sums
of whole rows. Length-1 axes are kept, and a line is worked out only when something asks for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial

import numpy as np

from sroi import formula, reference, units
from sroi.errors import Fault, ServiceError
from sroi.formula import COHORT_AXIS, YEAR_AXIS, Array, Node, Value
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
WHOLE_YEARS = frozenset({"onset_year", "start_year"})
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


def price_factors(service: Service) -> Mapping[str, float]:
    """Return for each money parameter the factor to the service's price base year."""
    if "prices" not in service._cache:
        factors: dict[str, float] = {}
        base = service.about.price_base_year
        for name, parameter in service.parameters.items():
            # A unit may hold two: an exchange rate in GBP per USD keeps its worth when both price levels move.
            for code, power in units.currencies_in(units.read(parameter.unit), reference.currencies()):
                factor = reference.price_factor(code, parameter.price_year or base, base) ** power
                factors[name] = factors.get(name, 1.0) * factor
        service._cache["prices"] = factors
    found: Mapping[str, float] = service._cache["prices"]
    return found


class Evaluation:
    """One service under one convention, for one chunk of draws.

    Parameters
    ----------
    service : Service
        With its scenario already applied.
    convention : Convention
    values : mapping of str to float or array
        Parameters that differ from the file, in their own unit and price year; arrays have shape (draws,).
    """

    def __init__(self, service: Service, convention: Convention, values: Mapping[str, float | Array]) -> None:
        self.service = service
        self.convention = convention
        stated = convention.income_elasticity
        self._elasticity = reference.income_elasticities()["value"] if stated is None else stated
        self._overrides = values
        self._named: dict[str, Value] = {}
        self._lines: dict[str, Value] = _year_lines(service, convention).copy()
        self._prices = price_factors(service)
        self._trees = trees(service)

    # The service's own parameters and lines -------------------------------------------------------------------

    def named(self, name: str) -> Value:
        """Return a parameter, at the price base, or a line of the service: a float, or axes (1, 1, year, draw)."""
        found = self._named.get(name)
        if found is None:
            found = self._parameter(name) if name in self.service.parameters else self._service_line(name)
            self._named[name] = found
        return found

    def _parameter(self, name: str) -> Value:
        parameter = self.service.parameters[name]
        value: Value | None = self._overrides.get(name, parameter.value)
        if value is None:
            years = np.array(parameter.by_year, float)[: self.service.about.appraisal_years]
            value = years.reshape(1, 1, -1, 1)
        elif isinstance(value, np.ndarray):
            value = value.reshape(1, 1, 1, -1)
        return value * self._prices[name] if name in self._prices else value

    def _service_line(self, name: str) -> Value:
        found = formula.evaluate(self._trees[name], self.named)
        if isinstance(found, np.ndarray) and found.ndim == 0:
            found = float(found)
        problem = _line_problem(self.service.lines[name].unit, found)
        if problem:
            raise ServiceError(self.service.id, [Fault(f"lines.{name}", problem)])
        return found

    # The method's lines ---------------------------------------------------------------------------------------

    def line(self, name: str) -> Array:
        """Return a line, an input or a setting of the method with axes (row, cohort, year, draw)."""
        return np.asarray(self._lookup(name))

    def _lookup(self, name: str) -> Value:
        found = self._lines.get(name)
        if found is None:
            found = formula.evaluate_unchecked(LINES[name].tree, self._lookup) if name in LINES else self._input(name)
            self._lines[name] = found
        return found

    def _input(self, name: str) -> Value:
        if name in OUTCOME_INPUTS:
            return self._stack(name, [self._of_outcome(name, outcome) for outcome in self.service.outcomes])
        if name in COST_INPUTS:
            return self._stack(name, [self._of_cost(name, cost) for cost in self.service.costs])
        if name == "first_proxy":
            proxy = self.line("proxy")
            return proxy[:, :, :1]
        if name == "a":
            longest = max(1, math.ceil(self.line("benefit_period").max()))
            return np.arange(longest, dtype=float).reshape(1, 1, -1, 1)
        if name == "weight":
            return self._stack(name, [self._weight(outcome) for outcome in self.service.outcomes])
        raise KeyError(name)

    def _of_outcome(self, key: str, outcome: Outcome) -> Value:
        name = getattr(outcome, key)
        # A present value stands at t = 0 for one year, without drop-off or growth.
        if outcome.already_present_value and key in OF_YEARS:
            name = None
        value = OUTCOME_INPUTS[key][1] if name is None else self.named(name)
        if key == "growth" and np.min(value) <= -1:
            rule = "Growth is a rate a year above -1: write for example 0.02 for 2%."
            raise ServiceError(
                self.service.id, [Fault(f"outcomes.{outcome.id}.growth", f"is {np.min(value):g}. {rule}")]
            )
        return value

    def _of_cost(self, key: str, cost: Cost) -> Value:
        name = getattr(cost, COST_FIELDS.get(key, key))
        if cost.already_present_value and key in {"start_year", "years"}:
            name = None
        if key == "years" and (name is None or cost.recurrence == "one_off"):
            once = cost.already_present_value or cost.recurrence == "one_off"
            return 1.0 if once else float(self.service.about.delivery_years)
        value = COST_INPUTS[key][1] if name is None else self.named(name)
        problem = self._cost_problem(key, cost, value)
        if problem:
            raise ServiceError(self.service.id, [Fault(f"costs.{cost.id}.{key}", problem)])
        return value

    def _cost_problem(self, key: str, cost: Cost, value: Value) -> str | None:
        """Return the sentence that says why a cost cannot be this, or None."""
        if key in {"amount", "per"} and np.min(value) < 0 and not self._may_be_negative(getattr(cost, key)):
            return (
                f"comes to {np.min(value):g}. A cost below zero is a benefit: write an outcome, or give the parameter"
                " a minimum below 0 where a net cost can be negative."
            )
        if key == "years":
            horizon = self.service.about.appraisal_years
            last = np.max(np.add(value, self._of_cost("start_year", cost)))
            if last > horizon:
                return (
                    f"lets the cost run to year {last:g}, beyond the horizon of {horizon} years, where it would be"
                    " lost. Lengthen appraisal_years, or shorten the cost."
                )
        return None

    def _may_be_negative(self, name: str) -> bool:
        minima = (self.service.parameters[each].minimum for each in behind(self.service, name))
        return any(minimum is not None and minimum < 0 for minimum in minima)

    def _weight(self, outcome: Outcome) -> Value:
        """Return what a pound of the outcome weighs; of a transfer, what gaining and losing it weigh together."""
        gains = self._weight_of(outcome.bearer if outcome.transfer else None, outcome.kind, outcome.stakeholder)
        if not outcome.transfer or outcome.counterpart is None:
            return gains
        return gains - self._weight_of(outcome.counterpart, "economic", outcome.counterpart)

    def _weight_of(self, bearer: str | None, kind: str, stakeholder: str) -> Value:
        """Return 1 for the public purse and where no income is stated."""
        public = kind == "fiscal" or (bearer is not None and self.service.bearers[bearer].public)
        reference_income, person = self.service.about.reference_income, self.service.stakeholders.get(stakeholder)
        if public or reference_income is None or person is None or person.income is None:
            return 1.0
        return (self._income(reference_income) / self._income(person.income)) ** self._elasticity

    def _income(self, name: str) -> Value:
        found = self.named(name)
        if np.min(found) <= 0:
            sentence = "is an income that is not above 0. A weight divides by it: mend it."
            raise ServiceError(self.service.id, [Fault(name, sentence)])
        return found

    def _stack(self, key: str, column: list[Value]) -> Value:
        """Stack one input of every row along the first axis."""
        if all(isinstance(value, float | int) for value in column):
            stacked = _column([float(value) for value in column])
        else:
            arrays = [np.asarray(value, float) for value in column]
            shape = np.broadcast_shapes(*(array.shape for array in arrays), (1, 1, 1, 1))
            stacked = np.concatenate([np.broadcast_to(array, shape) for array in arrays])
        if key in BY_COHORT:
            stacked = np.swapaxes(stacked, COHORT_AXIS, YEAR_AXIS)[:, : self.service.about.delivery_years]
        elif key not in BY_YEAR and stacked.shape[YEAR_AXIS] > 1:
            raise ServiceError(
                self.service.id,
                [
                    Fault(
                        key,
                        "varies by year. It is one number for the whole effect: use parameters with one value.",
                    )
                ],
            )
        if key in WHOLE_YEARS and not np.equal(stacked, np.floor(stacked)).all():
            raise ServiceError(self.service.id, [Fault(key, "is not whole. Write a whole number of years.")])
        if key == "quantity":
            rows, _, year, draw = stacked.shape
            stacked = np.broadcast_to(stacked, (rows, self.service.about.delivery_years, year, draw))
        return stacked


def _line_problem(unit: str, found: Value) -> str | None:
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


def _column(values: list[float]) -> Array:
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


def _year_lines(service: Service, convention: Convention) -> dict[str, Value]:
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
        "is_health": _column([float(o.discount_class == "health") for o in outcomes]),
        "is_present_value": _column([float(o.already_present_value is not None) for o in outcomes]),
        "is_transfer": _column([float(o.transfer) for o in outcomes]),
        "bias": _column([optimism_bias(service, convention, o) for o in outcomes]),
        "fiscal_sign": _column([_sign(o, public) for o in outcomes]),
        "funder_sign": _column([_sign(o, paying) for o in outcomes]),
        "people_sign": _column([(0.0 if o.transfer else 1.0) - _sign(o, public) for o in outcomes]),
        "cost_is_present_value": _column([float(c.already_present_value is not None) for c in costs]),
        "funder_is_public": _column([float(c.funder in public) for c in costs]),
    }


def _rates(schedule: Schedule, *, horizon: int, first: int) -> Array:
    return np.array([schedule.rate(year) for year in range(first, first + horizon)]).reshape(1, 1, -1, 1)
