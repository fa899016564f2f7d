"""A tiny second reader of the Excel formulas that the package emits: brackets, IF, MIN, MAX, ^, comparison.

It follows a spreadsheet's rules, not ours: a sign binds tighter than ``^``, and ``^`` groups from the left.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(<=|>=|<>|[-+*/^()<>=,]))")
ERROR = math.nan  # what a spreadsheet shows as #DIV/0!, #NUM! or #VALUE!


class Reader:
    """Reads one formula; an error spreads to everything that uses it, as in a spreadsheet."""

    def __init__(self, text: str, cells: Mapping[str, float]) -> None:
        self.tokens = [next(filter(None, found.groups())) for found in TOKEN.finditer(text)]
        assert "".join(self.tokens) == text.replace(" ", ""), f"not a formula: {text}"
        self.cells = cells
        self.place = 0

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        found = self.peek()
        assert found, "the formula ends too early"
        assert not wanted or found == wanted, f"{found} where {wanted} belongs"
        self.place += 1
        return found

    def whole(self) -> float:
        value = self.comparison()
        assert not self.peek(), f"something follows the formula: {self.peek()}"
        return value

    def comparison(self) -> float:
        value = self.sum()
        while (sign := self.peek()) in {"<", "<=", ">", ">=", "=", "<>"}:
            self.take()
            other = self.sum()
            if math.isnan(value) or math.isnan(other):
                value = ERROR
            else:
                holds = {"<": value < other, "<=": value <= other, ">": value > other, ">=": value >= other}
                value = float({**holds, "=": value == other, "<>": value != other}[sign])
        return value

    def sum(self) -> float:
        value = self.product()
        while (sign := self.peek()) in {"+", "-"}:
            self.take()
            other = self.product()
            value = finite(value + other if sign == "+" else value - other)
        return value

    def product(self) -> float:
        value = self.power()
        while (sign := self.peek()) in {"*", "/"}:
            self.take()
            other = self.power()
            value = ERROR if sign == "/" and other == 0 else finite(value / other if sign == "/" else value * other)
        return value

    def power(self) -> float:
        value = self.signed()
        while self.peek() == "^":
            self.take()
            other = self.signed()
            value = raised(value, other)
        return value

    def signed(self) -> float:
        if self.peek() == "-":
            self.take()
            return -self.signed()
        return self.atom()

    def atom(self) -> float:
        token = self.take()
        if token == "(":
            value = self.comparison()
            self.take(")")
            return value
        if token in {"IF", "MIN", "MAX"}:
            return self.function(token)
        return self.cells[token] if token in self.cells else float(token)

    def function(self, name: str) -> float:
        self.take("(")
        arguments = [self.comparison()]
        while self.peek() == ",":
            self.take()
            arguments.append(self.comparison())
        self.take(")")
        if name == "IF":
            condition, yes, no = arguments
            return ERROR if math.isnan(condition) else (yes if condition else no)
        if any(math.isnan(argument) for argument in arguments):
            return ERROR
        return min(arguments) if name == "MIN" else max(arguments)


def finite(value: float) -> float:
    return value if math.isfinite(value) else ERROR


def raised(value: float, exponent: float) -> float:
    if math.isnan(value) or math.isnan(exponent) or value == exponent == 0:
        return ERROR
    try:
        found = value**exponent
    except (ZeroDivisionError, OverflowError):
        return ERROR
    return ERROR if isinstance(found, complex) else finite(found)


def excel(text: str, cells: Mapping[str, float]) -> float:
    """Work out a formula as a spreadsheet would; nan stands for any of its errors."""
    return Reader(text, cells).whole()
