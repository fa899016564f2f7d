"""What a line of the method is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from sroi.formula import METHOD_FUNCTIONS, Node, parse

Level = Literal["year", "outcome", "cost", "service"]


@dataclass(frozen=True)
class MethodLine:
    """One named line of the method.

    Attributes
    ----------
    name, label, unit, expression, source : str
        ``unit`` is ``money``, ``ratio``, ``share``, ``years``, ``factor`` or ``quantity``.
    level : str
        What the line is worked out for: each year, each outcome, each cost, or the service.
    needs : str
        For a ratio: the line that must not be zero.
    """

    name: str
    label: str
    unit: str
    expression: str
    source: str
    level: Level = "service"
    needs: str = ""

    @property
    def tree(self) -> Node:
        """The parsed expression."""
        return _parsed(self.expression)


@cache
def _parsed(expression: str) -> Node:
    return parse(expression, METHOD_FUNCTIONS)
