"""The formula language: what may be written, and the tree that it is parsed into.

The language is closed: numbers, names, ``+ - * / **``, brackets, ``< <= > >=`` and a handful of functions.
The lines of a service file may use ``min``, ``max`` and ``where``; the method's own lines also use the
functions that run along the year, cohort or outcome axis (``METHOD_FUNCTIONS``).
"""

from __future__ import annotations

import ast
import keyword
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sroi.errors import FormulaError

MAX_LENGTH = 1000
MAX_DEPTH = 40


@dataclass(frozen=True)
class Number:
    """A number written in a formula."""

    value: float


@dataclass(frozen=True)
class Name:
    """A parameter or line that the formula refers to; ``character`` counts from 1."""

    id: str
    character: int = 0


@dataclass(frozen=True)
class Operation:
    """An operator or function with its arguments; ``-x`` is the operator ``neg``."""

    symbol: str
    arguments: tuple[Node, ...]


Node = Number | Name | Operation

SERVICE_FUNCTIONS = {"min": 2, "max": 2, "where": 3}
METHOD_FUNCTIONS = SERVICE_FUNCTIONS | {
    "difference": 2,
    "total_years": 1,
    "total_cohorts": 1,
    "total": 1,
    "cumulate": 1,
    "compound": 1,
    "lag": 1,
    "earliest": 1,
}

_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_TOKEN = re.compile(
    r"\s+|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![A-Za-z_0-9.])|(?P<name>[A-Za-z_]\w*)"
    r"|\*\*|<=|>=|[-+*/()<>,]",
    re.ASCII,
)
_RESERVED = frozenset(keyword.kwlist)


def parse(text: str, functions: Mapping[str, int] = SERVICE_FUNCTIONS) -> Node:
    """Parse a formula into a tree.

    Parameters
    ----------
    text : str
        The formula, at most 1,000 characters and 40 levels deep.
    functions : mapping of str to int
        The functions that may be called, with their number of arguments.

    Raises
    ------
    FormulaError
        With the character at which the text leaves the language.
    """
    _check_characters(text)
    # In brackets a line break or a leading space is only a space, and places count from 1.
    spaced = re.sub(r"\s", " ", text)
    try:
        body = ast.parse(f"({spaced})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = getattr(error, "offset", None)
        rule = "The formula is not complete or not in order: check brackets and operators."
        raise FormulaError(rule, place - 1 if place and place > 1 else None) from None
    return _convert(body, functions, 0)


def _check_characters(text: str) -> None:
    if not text.strip():
        raise FormulaError("The formula is empty: write one, such as 'people * share'.")
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"The formula has {len(text)} characters; the most is {MAX_LENGTH}: split it into lines.")
    position = depth = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        word = match.group("name") if match else None
        if match is None or word in _RESERVED:
            found = word or text[position]
            raise FormulaError(
                f"{shown_character(found)} is not part of the language: numbers, names, + - * / **, brackets,"
                " < <= > >=, min, max, where.",
                position + 1,
            )
        depth += (match.group() == "(") - (match.group() == ")")
        if depth < 0:
            raise FormulaError("A bracket closes that was not opened: take it out.", position + 1)
        if depth > MAX_DEPTH:
            raise FormulaError(f"Brackets are nested deeper than {MAX_DEPTH}: split the formula.", position + 1)
        position = match.end()


def shown_character(found: str) -> str:
    """Quote what was found, with control characters made visible."""
    return ascii(found[:20])


def _convert(node: ast.expr, functions: Mapping[str, int], depth: int) -> Node:
    character = node.col_offset
    if depth > MAX_DEPTH:
        raise FormulaError(f"The formula is nested deeper than {MAX_DEPTH}: split it into lines.", character)

    def convert(child: ast.expr) -> Node:
        return _convert(child, functions, depth + 1)

    match node:
        case ast.Constant(value=int() | float() as value):
            return _number(value, character)
        case ast.Name(id=name):
            return Name(name, character)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Operation("neg", (convert(operand),))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return convert(operand)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            return Operation(_OPERATORS[type(operator)], (convert(left), convert(right)))
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _COMPARISONS:
            return Operation(_COMPARISONS[type(operator)], (convert(left), convert(right)))
        case ast.Compare():
            raise FormulaError("Compare two things at a time: write where(a < b, …, …).", character)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _call(name, [convert(argument) for argument in arguments], functions, character)
        case _:
            raise FormulaError(
                "This is not part of the language: use numbers, names, operators, min, max, where.", character
            )


def _number(value: float, character: int) -> Number:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise FormulaError("The number is too large.", character)
    return Number(number)


def _call(name: str, arguments: list[Node], functions: Mapping[str, int], character: int) -> Node:
    if name not in functions:
        known = ", ".join(functions)
        raise FormulaError(f"There is no function {name!r}. The functions are {known}.", character)
    if len(arguments) != functions[name]:
        raise FormulaError(f"{name} takes {functions[name]} arguments, found {len(arguments)}.", character)
    return Operation(name, tuple(arguments))


def names(node: Node) -> Iterator[Name]:
    """Yield each name of the tree, in reading order, repeats included."""
    if isinstance(node, Name):
        yield node
    elif isinstance(node, Operation):
        for argument in node.arguments:
            yield from names(argument)


def numbers(node: Node) -> Iterator[float]:
    """Yield each number written in the tree."""
    if isinstance(node, Number):
        yield node.value
    elif isinstance(node, Operation):
        for argument in node.arguments:
            yield from numbers(argument)
