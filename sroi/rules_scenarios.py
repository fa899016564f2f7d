"""Rules on spreads and scenarios: what may vary, and that a scenario keeps the rules of the base case."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from sroi.draft import Draft
from sroi.errors import Fault, nearest
from sroi.rules import rule, spread_problems, value_problem
from sroi.rules_flow import costs_are_not_negative, effects_have_a_period, income_is_money
from sroi.schema import ASSUMPTION


@rule
def spreads_possible(draft: Draft) -> Iterator[Fault]:
    """A spread is complete, ordered, and holds its parameter's value."""
    for key, parameter in draft.parameters.items():
        if parameter.spread:
            problems = spread_problems(parameter, parameter.spread, parameter.value)
            yield from (Fault(f"parameters.{key}.spread.", problem) for problem in problems)
    for scenario_key, scenario in draft.scenarios.items():
        for key, change in scenario.changes.items():
            if change.spread and key in draft.parameters:
                problems = spread_problems(draft.parameters[key], change.spread, change.value)
                yield from (Fault(f"scenarios.{scenario_key}.changes.{key}.spread.", problem) for problem in problems)


@rule
def scenarios_change_parameters(draft: Draft) -> Iterator[Fault]:
    """A scenario changes parameters that exist, to values that they can hold."""
    for scenario_key, scenario in draft.scenarios.items():
        for key, change in scenario.changes.items():
            where = f"scenarios.{scenario_key}.changes.{key}"
            if key not in draft.declared["parameters"]:
                yield Fault(
                    where,
                    f"changes a parameter that is not there. {nearest(key, draft.declared['parameters'])}",
                )
            elif key in draft.parameters:
                values = change.by_year or ((change.value,) if change.value is not None else ())
                problems = [value_problem(draft.parameters[key], value) for value in values]
                yield from (Fault(f"{where}.value", problem) for problem in problems if problem)
            if change.source == ASSUMPTION and change.grade not in (None, "F"):
                yield Fault(
                    f"{where}.grade",
                    f"is {change.grade}, but its source is 'assumption'. Write F, or cite a source.",
                )


@rule
def scenarios_keep_the_rules(draft: Draft) -> Iterator[Fault]:
    """What the base case may not hold, a scenario may not bring in."""
    on_values = (effects_have_a_period, costs_are_not_negative, income_is_money)
    known = {str(fault) for check in on_values for fault in check(draft)}
    for key, scenario in draft.scenarios.items():
        changed = {
            name: draft.parameters[name].model_copy(update={"value": change.value, "by_year": change.by_year})
            for name, change in scenario.changes.items()
            if name in draft.parameters
        }
        applied = dataclasses.replace(draft, parameters=draft.parameters | changed)
        for check in on_values:
            for fault in check(applied):
                if str(fault) not in known:
                    yield Fault(f"scenarios.{key}: {fault.where}", fault.sentence)
