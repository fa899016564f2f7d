"""Evaluate the method's lines for one service over arrays with axes (outcome or cost, cohort, year, draw).

Draws stand last, so that they are contiguous: every operation runs along them, and sums over years are sums
of whole rows. Length-1 axes are kept, and a line is worked out only when something asks for it. This reading keeps
every line of every row, for tables and explanations; ``plan`` is the quick one for many draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from sroi import formula
from sroi.errors import Fault, ServiceError
from sroi.formula import COHORT_AXIS, YEAR_AXIS, Array, Value
from sroi.inputs import (
    BY_COHORT,
    column,
    cost_input,
    elasticity,
    line_problem,
    outcome_input,
    price_factors,
    refuse,
    refuse_income,
    refuse_late,
    trees,
    weight_parts,
    year_lines,
)
from sroi.method import COST_INPUTS, LINES, OUTCOME_INPUTS
from sroi.reference import Convention
from sroi.schema import Cost, Outcome
from sroi.service import Service


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
        self._elasticity = elasticity(convention)
        self._overrides = values
        self._named: dict[str, Value] = {}
        self._lines: dict[str, Value] = year_lines(service, convention).copy()
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
        problem = line_problem(self.service.lines[name].unit, found)
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
        return self._of_row("outcomes", key, outcome, outcome_input(outcome, key))

    def _of_cost(self, key: str, cost: Cost) -> Value:
        value = self._of_row("costs", key, cost, cost_input(self.service, cost, key))
        if key == "years":
            refuse_late(self.service, cost, np.add(value, self._of_cost("start_year", cost)))
        return value

    def _of_row(self, table: str, key: str, row: Outcome | Cost, stated: str | float) -> Value:
        if not isinstance(stated, str):
            return stated
        value = self.named(stated)
        refuse(self.service, table, row, key, np.asarray(value))
        return value

    def _weight(self, outcome: Outcome) -> Value:
        found: Value = 0.0
        for sign, income in weight_parts(self.service, outcome):
            ratio = (
                1.0 if income is None else self._income(str(self.service.about.reference_income)) / self._income(income)
            )
            found = found + sign * ratio**self._elasticity
        return found

    def _income(self, name: str) -> Value:
        found = self.named(name)
        refuse_income(self.service, name, np.asarray(found))
        return found

    def _stack(self, key: str, values: list[Value]) -> Value:
        """Stack one input of every row along the first axis."""
        if all(isinstance(value, float | int) for value in values):
            stacked = column([float(value) for value in values])
        else:
            arrays = [np.asarray(value, float) for value in values]
            shape = np.broadcast_shapes(*(array.shape for array in arrays), (1, 1, 1, 1))
            stacked = np.concatenate([np.broadcast_to(array, shape) for array in arrays])
        if key in BY_COHORT:
            stacked = np.swapaxes(stacked, COHORT_AXIS, YEAR_AXIS)[:, : self.service.about.delivery_years]
        if key == "quantity":
            rows, _, year, draw = stacked.shape
            stacked = np.broadcast_to(stacked, (rows, self.service.about.delivery_years, year, draw))
        return stacked
