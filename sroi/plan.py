"""The quick reading of the method for many draws: the lines of one service, written out as steps.

``Plan`` walks the same lines as ``engine``, row by row, but with names where the numbers of a draw will stand. What
no draw changes is worked out once; what several rows share is one step. ``Runner`` then works through the steps for
one chunk of draws after another.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from functools import partial

import numpy as np

from sroi import formula, inputs
from sroi.errors import Fault, ServiceError
from sroi.formula import COHORT_AXIS, YEAR_AXIS, Array, Node, Value
from sroi.formula.tree import Name, Operation
from sroi.kernels import BY_HAND
from sroi.method import LINES
from sroi.reference import Convention
from sroi.schema import LONGEST_HORIZON, Cost, Outcome
from sroi.service import Service
from sroi.steps import Runner
from sroi.tracing import Term, Traced, Tracer, constant, shape_of, times

Row = Outcome | Cost
# Operations after which a number is as finite as what went in, or shows that it is not.
PLAIN = frozenset({"+", "-", "*", "neg"})


# Lines with one number for each year.
YEARLY = frozenset({"net_flow"})
# Present values in all, as sums of the yearly flows: where these are worked out anyway, nearly for nothing.
TOTALS = {
    "pv_benefits": "discounted_benefits_in_year",
    "pv_costs": "discounted_costs_in_year",
    "pv_inputs": "discounted_costs_in_year",
}
# A buffer holds at most this many cells, so that what a step works on stays in the processor's cache.
BUFFER_CELLS = 2**19
MOST_DRAWS, FEWEST_DRAWS = 2**14, 2**8


def chunk_size(service: Service) -> int:
    """Return how many draws a chunk of one service holds."""
    cells = service.about.appraisal_years * service.about.delivery_years
    return max(FEWEST_DRAWS, min(MOST_DRAWS, BUFFER_CELLS // cells))


def flat(name: str, array: Array, years: int) -> Array:
    """Drop the axes that a line of the service level does not have: shape (draws,), or (years, draws)."""
    return np.broadcast_to(array[0, 0], (years, array.shape[-1])) if name in YEARLY else array[0, 0, 0]


class Plan:
    """The steps from drawn parameters to lines of the method, for one service under one convention.

    Parameters
    ----------
    service : Service
        With its scenario already applied.
    convention : Convention
    values : mapping of str to float
        Parameters that differ from the file and do not vary.
    drawn : mapping of str to float
        Parameters that vary, with the largest value that each can take.
    wanted : collection of str
        Lines of the service level, and lines of a row written as ``present_value.<id>``.
    """

    def __init__(
        self,
        service: Service,
        convention: Convention,
        values: Mapping[str, float],
        drawn: Mapping[str, float],
        wanted: Collection[str],
    ) -> None:
        self.service = service
        self.convention = convention
        self._values = values
        self._most = drawn
        self._tracer = Tracer(service.about.delivery_years)
        self._drawn = {name: self._tracer.register() for name in drawn}
        self._named: dict[str, Traced] = {}
        self._lines: dict[tuple[str, int], Traced] = {}
        # Rows are told apart by where they are, not by what they hold.
        self._place = {id(row): place for rows in (service.outcomes, service.costs) for place, row in enumerate(rows)}
        self._inputs: dict[tuple[str, int], Traced] = {}
        self._settings = inputs.year_lines(service, convention)
        self._prices = inputs.price_factors(service)
        self._with_flows = "payback_year" in wanted
        with np.errstate(all="ignore"):
            self._wanted = {name: self._tracer.array(self._asked(name)) for name in wanted}

    def runner(self) -> Runner:
        """Return what runs the steps: one for each thread."""
        return Runner(self._tracer.steps, self._drawn, self._wanted)

    def _asked(self, name: str) -> Traced:
        line, _, identifier = name.partition(".")
        rows: tuple[Row, ...] = self.service.costs if LINES[line].level == "cost" else self.service.outcomes
        return self._line(line, next((row for row in rows if row.id == identifier), None))

    # The service's own parameters and lines -------------------------------------------------------------------

    def _name(self, name: str) -> Traced:
        if name not in self._named:
            parameters = self.service.parameters
            self._named[name] = self._parameter(name) if name in parameters else self._service_line(name)
        return self._named[name]

    def _parameter(self, name: str) -> Traced:
        factor = self._prices.get(name, 1.0)
        if name in self._drawn:
            return Term(factor, (self._drawn[name],))
        parameter = self.service.parameters[name]
        value: Value | None = self._values.get(name, parameter.value)
        if value is None:
            value = np.array(parameter.by_year, float)[: self.service.about.appraisal_years].reshape(1, 1, -1, 1)
        return value * factor

    def _service_line(self, name: str) -> Traced:
        tree = inputs.trees(self.service)[name]
        operands = {found.id: self._name(found.id) for found in formula.names(tree)}
        if not any(isinstance(value, Term) for value in operands.values()):
            found: Traced = constant(formula.evaluate(tree, operands.__getitem__))  # type: ignore[arg-type]
        elif _is_plain(tree):
            found = self._tracer.evaluate(tree, operands.__getitem__)
        else:
            # Where something not finite could hide, the strict reading works it out.
            found = self._tracer.strictly(_Strict(tree), operands)
        self._tracer.check(found, partial(_refuse_line, self.service, name))
        return found

    # The method's lines ---------------------------------------------------------------------------------------

    def _line(self, name: str, row: Row | None) -> Traced:
        key = (name, id(row))
        if key not in self._lines:
            self._lines[key] = self._by_hand(name) or self._evaluate(LINES[name].tree, row)
        return self._lines[key]

    def _by_hand(self, name: str) -> Traced | None:
        """Return a line of the service level by a quicker reading that comes to the same, where it has one."""
        if name in TOTALS and self._with_flows:
            return self._tracer.apply("total_years", [self._line(TOTALS[name], None)])
        if name not in BY_HAND:
            return None
        reads, write = BY_HAND[name]
        values = [self._line(each, None) for each in reads]
        flows = values[0]
        every_year = (1, self.service.about.appraisal_years)
        if not isinstance(flows, Term) or shape_of(self._tracer.array(flows)) != every_year:
            return None
        return self._tracer.by_hand(name, write, values, (1, 1))

    def _evaluate(self, node: Node, row: Row | None) -> Traced:
        if isinstance(node, Name):
            return self._lookup(node.id, row)
        if not isinstance(node, Operation):
            return node.value
        if node.symbol == "total":
            return self._tracer.sum([self._evaluate(node.arguments[0], each) for each in self._rows(node)])
        return self._tracer.apply(node.symbol, [self._evaluate(argument, row) for argument in node.arguments])

    def _rows(self, node: Node) -> tuple[Row, ...]:
        """Return the rows that a total runs over: the costs when it speaks of costs, else the outcomes."""
        levels = {LINES[found.id].level for found in formula.names(node) if found.id in LINES}
        return self.service.costs if "cost" in levels else self.service.outcomes

    def _lookup(self, name: str, row: Row | None) -> Traced:
        if name in LINES and LINES[name].level != "year":
            return self._line(name, row if LINES[name].level in {"outcome", "cost"} else None)
        if name in inputs.FLAGS:
            return float(np.asarray(self._settings[name])[self._place[id(row)]].item())
        if name in self._settings:
            return self._settings[name]
        assert row is not None
        if name == "weight":
            return self._weight(row)
        if name == "first_proxy":
            return self._first(self._input("proxy", row))
        if name == "a":
            return np.arange(self._longest(row), dtype=float).reshape(1, 1, -1, 1)
        return self._input(name, row)

    def _first(self, value: Traced) -> Traced:
        """Return the first year of a value."""
        if isinstance(value, Term):
            return self._tracer.first_year(value)
        return value[:, :, :1] if np.ndim(value) else value  # type: ignore[index]

    def _longest(self, row: Row) -> int:
        """Return the most years that an outcome's effect can last."""
        stated = inputs.outcome_input(row, "benefit_period") if isinstance(row, Outcome) else 1.0
        value = self._name(stated) if isinstance(stated, str) else stated
        if not isinstance(value, Term):
            return max(1, math.ceil(np.max(value)))
        return max(1, math.ceil(min(self._most.get(str(stated), LONGEST_HORIZON), LONGEST_HORIZON)))

    def _input(self, key: str, row: Row) -> Traced:
        if (key, id(row)) not in self._inputs:
            self._inputs[key, id(row)] = self._stated(key, row)
        return self._inputs[key, id(row)]

    def _stated(self, key: str, row: Row) -> Traced:
        if isinstance(row, Outcome):
            table, stated = "outcomes", inputs.outcome_input(row, key)
        else:
            table, stated = "costs", inputs.cost_input(self.service, row, key)
        if not isinstance(stated, str):
            return stated
        value = self._name(stated)
        if key in inputs.REFUSES or not isinstance(value, Term) or value.varies_by_year:
            self._tracer.check(value, partial(inputs.refuse, self.service, table, row, key))
        if key == "years" and isinstance(row, Cost):
            ends = self._tracer.apply("+", (value, self._input("start_year", row)))
            self._tracer.check(ends, partial(inputs.refuse_late, self.service, row))
        return self._by_cohort(value) if key in inputs.BY_COHORT else value

    def _by_cohort(self, value: Traced) -> Traced:
        """Return what belongs to the year in which a cohort starts along the cohort axis."""
        cohorts = self.service.about.delivery_years
        if isinstance(value, Term):
            return self._tracer.by_cohort(value, cohorts)
        if np.ndim(value) == 0:
            return value
        return np.swapaxes(np.asarray(value), COHORT_AXIS, YEAR_AXIS)[:, :cohorts]

    def _weight(self, row: Row) -> Traced:
        assert isinstance(row, Outcome)
        found: Traced = 0.0
        for sign, income in inputs.weight_parts(self.service, row):
            weight: Traced = 1.0
            if income is not None:
                ratio = self._tracer.apply(
                    "/", (self._income(str(self.service.about.reference_income)), self._income(income))
                )
                weight = self._tracer.apply("**", (ratio, inputs.elasticity(self.convention)))
            found = self._tracer.apply("+", (found, times(weight, sign)))
        return found

    def _income(self, name: str) -> Traced:
        value = self._name(name)
        self._tracer.check(value, partial(inputs.refuse_income, self.service, name))
        return value


class _Strict:
    """The strict reading of one formula, as a function of its names."""

    def __init__(self, tree: Node) -> None:
        self._tree = tree

    def __call__(self, operands: Mapping[str, Array]) -> Value:
        return formula.evaluate(self._tree, operands.__getitem__)


def _is_plain(node: Node) -> bool:
    if not isinstance(node, Operation):
        return True
    return node.symbol in PLAIN and all(_is_plain(argument) for argument in node.arguments)


def _refuse_line(service: Service, name: str, found: Array) -> None:
    # The least and the most say it for all: one that is not a number makes both not a number.
    ends = np.array([np.min(found), np.max(found)])
    problem = inputs.line_problem(service.lines[name].unit, ends)
    if problem:
        raise ServiceError(service.id, [Fault(f"lines.{name}", problem)])
