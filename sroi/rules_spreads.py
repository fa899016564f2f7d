"""Rules on correlations between parameters."""

from __future__ import annotations

from collections.abc import Iterator

from sroi.correlation import smallest_impossible
from sroi.draft import Draft
from sroi.errors import Fault, nearest, shown
from sroi.rules import rule
from sroi.schema import ASSUMPTION


@rule
def correlations_join_parameters(draft: Draft) -> Iterator[Fault]:
    """A correlation joins two different parameters that have one value, each pair once, and cites its source."""
    seen: set[frozenset[str]] = set()
    for number, entry in enumerate(draft.correlations, 1):
        where = f"correlations.number {number}"
        for name in entry.between:
            parameter = draft.parameters.get(name)
            if name not in draft.declared["parameters"]:
                yield Fault(f"{where}.between", f"holds {shown(name)}. {nearest(name, draft.declared['parameters'])}")
            elif parameter is not None and parameter.by_year is not None:
                rule_said = "Only parameters with one value are drawn: take it out."
                yield Fault(f"{where}.between", f"holds {shown(name)}, which varies by year. {rule_said}")
        pair = frozenset(entry.between)
        if len(pair) == 1:
            yield Fault(f"{where}.between", "names one parameter twice. Name two different ones.")
        if pair in seen:
            yield Fault(f"{where}.between", "is a pair that stands above already. Each pair is correlated once.")
        seen.add(pair)
        if entry.source != ASSUMPTION and entry.source not in draft.declared["sources"]:
            known = nearest(entry.source, draft.declared["sources"])
            yield Fault(f"{where}.source", f"is {shown(entry.source)}, which is not among the sources. {known}")


@rule
def correlations_are_possible(draft: Draft) -> Iterator[Fault]:
    """The correlations together are ones that numbers can have."""
    pairs = {entry.between: entry.rank for entry in draft.correlations if len(set(entry.between)) > 1}
    failing = smallest_impossible(list(dict.fromkeys(name for pair in pairs for name in pair)), pairs)
    if failing:
        rule_said = "No numbers can be correlated like this: bring one of their correlations nearer to 0."
        yield Fault("correlations", f"of {', '.join(failing)} contradict each other. {rule_said}")
