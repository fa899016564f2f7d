"""Refuse what cannot be asked of a simulation, in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.method import RESULTS
from sroi.result import Result
from sroi.service import Service
from sroi.uncertainty.simulation import Simulation

THE_REQUEST = "the request"


def simulated(given: object, asker: str) -> Simulation:
    """Return what was given as a simulation, or refuse it."""
    if isinstance(given, Simulation):
        return given
    rule = f"Simulate first: sroi.{asker}(sroi.simulate(service))."
    raise ServiceError(THE_REQUEST, [Fault(asker, f"was given {shown(given)}. {rule}")])


def evaluated(given: object, asker: str) -> Result:
    """Return what was given as a result, or refuse it."""
    if isinstance(given, Result):
        return given
    rule = f"Evaluate first, and give sroi.{asker} the result of sroi.evaluate(service)."
    raise ServiceError(THE_REQUEST, [Fault(asker, f"was given {shown(given)}. {rule}")])


def known(service: Service, result: object) -> None:
    """Refuse a result that there is not."""
    if result not in RESULTS:
        problem = f"is {shown(result)}, which is not a result. {nearest(str(result), RESULTS)}"
        raise ServiceError(service.id, [Fault("result", problem)])


def names(service: Service, given: object, where: str) -> Sequence[str]:
    """Return what was given as a list of names, or refuse it."""
    if isinstance(given, Sequence) and not isinstance(given, str):
        return [str(name) for name in given]
    raise ServiceError(service.id, [Fault(where, f"is {shown(given)}. Write a list of names.")])


def finite(given: Any) -> bool:
    """Say whether something is a number that is finite."""
    try:
        return not isinstance(given, (bool, str)) and math.isfinite(given)
    except (TypeError, ValueError, OverflowError):
        return False


def whole(given: Any, least: int, most: int) -> bool:
    """Say whether something is a whole number from one number to another."""
    return finite(given) and given == int(given) and least <= given <= most
