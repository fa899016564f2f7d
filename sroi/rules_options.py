"""Rules on options, the relationship and its profile."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator

from sroi import reference
from sroi.draft import Draft
from sroi.errors import Fault, nearest, shown
from sroi.rules import RULES, possible_range, rule, value_problem
from sroi.schema import ASSUMPTION, Scenario
from sroi.schema_options import Option, Relationship


@rule
def options_keep_the_rules(draft: Draft) -> Iterator[Fault]:
    """What a service may not hold, an option may not bring in; what it leaves out is there."""
    if not draft.options:
        return
    of_the_service = [check for check in RULES if check.__module__ != __name__]
    known = {str(fault) for check in of_the_service for fault in check(draft)}
    own = [*(outcome.id for outcome in draft.outcomes), *(cost.id for cost in draft.costs)]
    for key, option in draft.options.items():
        for name in option.without:
            if name not in own:
                sentence = f"holds {shown(name)}, which is no outcome or cost of the service. {nearest(name, own)}"
                yield Fault(f"options.{key}.without", sentence)
        if option.source is not None and option.source not in (ASSUMPTION, *draft.declared["sources"]):
            known_sources = nearest(option.source, draft.declared["sources"])
            sentence = f"is {shown(option.source)}, which is not among the sources. {known_sources}"
            yield Fault(f"options.{key}.source", sentence)
        for check in of_the_service:
            for fault in check(_as_run(draft, key, option)):
                if str(fault) not in known:
                    yield Fault(_place(key, fault.where), fault.sentence)


def _as_run(draft: Draft, key: str, option: Option) -> Draft:
    """Return a draft as an option runs the service, its changes as those of a scenario: the same rules hold."""
    return dataclasses.replace(
        draft,
        outcomes=[*(row for row in draft.outcomes if row.id not in option.without), *option.outcomes],
        costs=[*(row for row in draft.costs if row.id not in option.without), *option.costs],
        scenarios={key: Scenario(why=option.why, changes=option.changes)},
    )


def _place(key: str, where: str) -> str:
    before = f"scenarios.{key}"
    return f"options.{key}{where.removeprefix(before)}" if where.startswith(before) else f"options.{key}: {where}"


@rule
def the_relationship_is_an_option(draft: Draft) -> Iterator[Fault]:
    """The investment in the relationship names an option, a parameter to ask break-even for, and its sources."""
    found = draft.relationship
    if found is None:
        return
    if found.option not in draft.declared["options"]:
        rule_said = f"Write an option that makes the investment. {nearest(found.option, draft.declared['options'])}"
        yield Fault("relationship.option", f"is {shown(found.option)}, which is no option. {rule_said}")
    if found.dependence not in draft.declared["parameters"]:
        known = nearest(found.dependence, draft.declared["parameters"])
        yield Fault("relationship.dependence", f"is {shown(found.dependence)}, which is no parameter. {known}")
    elif found.dependence in draft.parameters:
        low, high = possible_range(draft.parameters[found.dependence])
        if not math.isfinite(high - low):
            rule_said = "Break-even is looked for between its ends: give it minimum and maximum, or the unit share."
            yield Fault("relationship.dependence", f"is {found.dependence!r}, which has no ends. {rule_said}")
    if found.option in draft.options:
        yield from _staff_outcomes(draft, found)
    for number, finding in enumerate(found.evidence, 1):
        where = f"relationship.evidence.number {number}"
        if finding.source not in draft.declared["sources"]:
            known = nearest(finding.source, draft.declared["sources"])
            yield Fault(f"{where}.source", f"is {shown(finding.source)}, which is not among the sources. {known}")
        if finding.value is not None and found.dependence in draft.parameters:
            problem = value_problem(draft.parameters[found.dependence], finding.value)
            if problem:
                yield Fault(f"{where}.value", problem)


def _staff_outcomes(draft: Draft, found: Relationship) -> Iterator[Fault]:
    option = draft.options[found.option]
    ids = [row.id for row in (*draft.outcomes, *option.outcomes) if row.id not in option.without]
    for name in found.staff_outcomes:
        if name not in ids:
            sentence = f"holds {shown(name)}, which is no outcome of the option. {nearest(name, ids)}"
            yield Fault("relationship.staff_outcomes", sentence)


@rule
def the_profile_rates_what_is_known(draft: Draft) -> Iterator[Fault]:
    """The profile rates the elements and conditions of an effective relationship."""
    known = [name for entries in reference.relationship_profile().values() for name in entries]
    for name in draft.declared["profile"]:
        if name not in known:
            yield Fault(f"profile.{name}", f"is no element or condition of a relationship. {nearest(name, known)}")
