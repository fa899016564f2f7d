"""Conditions on results, such as ``npsv > 0 and bcr >= 2``: read once, and tried on draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sroi import formula
from sroi.errors import Fault, FormulaError, ServiceError, nearest, shown
from sroi.formula import Array, Node, Operation
from sroi.method import RESULTS

# What a condition has at its root.
COMPARISONS = ("<", "<=", ">", ">=")


def read(service: str, condition: object) -> list[Node]:
    """Return the comparisons that a condition consists of.

    Raises
    ------
    ServiceError
        When it is not in the language, does not speak of results, or does not compare.
    """
    try:
        parts = [formula.parse(part) for part in str(condition).split(" and ")]
    except FormulaError as error:
        raise ServiceError(service, [Fault("condition.", error.sentence)]) from None
    used = names(parts)
    unknown = [name for name in used if name not in RESULTS]
    if unknown or not used:
        rule = nearest(unknown[0], RESULTS) if unknown else "Write for example 'npsv > 0'."
        problem = f"is {shown(condition)}, which does not speak of results only. {rule}"
        raise ServiceError(service, [Fault("condition", problem)])
    if not all(isinstance(part, Operation) and part.symbol in COMPARISONS for part in parts):
        problem = f"is {shown(condition)}, which does not compare. Write for example 'npsv > 0 and bcr > 1'."
        raise ServiceError(service, [Fault("condition", problem)])
    return parts


def names(parts: Sequence[Node]) -> list[str]:
    """Return the results that the parts of a condition speak of, each once."""
    return list(dict.fromkeys(name.id for part in parts for name in formula.names(part)))


def holds(parts: Sequence[Node], results: Mapping[str, Array]) -> tuple[Any, Any]:
    """Return in which draws all parts of a condition hold, and in which something that they speak of is undefined."""
    missing: Any = np.any([np.isnan(results[name]) for name in names(parts)], axis=0)
    met: Any = ~missing
    for part in parts:
        with np.errstate(all="ignore"):
            # The strict reading: what is divided by 0 is not a number, and compares with nothing.
            found = formula.evaluate(part, results.__getitem__)
        missing = missing | np.isnan(found)
        met = met & np.equal(found, 1)
    return met & ~missing, missing
