"""What would make a sound service file a good one."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sroi.elasticity import of_result
from sroi.result import Result, evaluate
from sroi.schema import ASSUMPTION
from sroi.service import Service

# A number matters when this share of the result rests on it.
MATTERS = 0.05


def advice(service: Service) -> list[str]:
    """Return a sentence for each thing that a good service file has and this one lacks; none is a fault.

    Parameters
    ----------
    service : Service
        That evaluates.
    """
    result = evaluate(service)
    return [*_scenarios(result), *_unsaid(service), *_numbers(service, of_result(result))]


def _scenarios(result: Result) -> Iterator[str]:
    service = result.service
    if not service.scenarios:
        yield "It has no scenario. A cautious one, [scenarios.cautious], says what a careful reader would change."
    elif not any(evaluate(service, scenario=name).npsv < result.npsv for name in service.scenarios):
        yield "No scenario is more cautious than the base case. Add what a careful reader would change."


def _unsaid(service: Service) -> Iterator[str]:
    if not service.non_monetised:
        yield "It names nothing that has no price. [[non_monetised]] holds what matters and cannot honestly be priced."
    if not service.about.does_not_show:
        yield "does_not_show is empty. Say what a reader might wrongly conclude from the result."


def _numbers(service: Service, rests: pd.DataFrame) -> Iterator[str]:
    matter = rests[rests["share"] >= MATTERS]
    bare = [name for name in matter.index if service.parameters[name].spread is None]
    if bare:
        said = "These numbers matter and state no spread, so that their range is a guess by their grade"
        yield f"{said}: {_named(matter, bare)}."
    assumed = [name for name in rests.index if service.parameters[name].source == ASSUMPTION]
    sought = [name for name in assumed if name in matter.index and not rests["fixed"][name]]
    if sought:
        said = f"{rests['share'][assumed].sum():.0%} of the result rests on assumptions"
        yield f"{said}, of what is not a decision most on: {_named(rests, sought)}. Look for a source of these first."


def _named(rows: pd.DataFrame, names: list[str]) -> str:
    return ", ".join(f"{name} ({rows['share'][name]:.0%})" for name in names)
