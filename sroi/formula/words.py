"""The third reading of a formula: words."""

from __future__ import annotations

from collections.abc import Callable

from sroi.formula.tree import Name, Node, Number, Operation

_SPOKEN = {
    "+": "+",
    "-": "−",
    "*": "×",
    "/": "÷",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
}
_COMPARISONS = frozenset({"<", "<=", ">", ">="})
_TIGHT = {"<": 0, "<=": 0, ">": 0, ">=": 0, "+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "**": 4}
_PHRASE = {
    "min": "the smaller of ({0}) and ({1})",
    "max": "the larger of ({0}) and ({1})",
    "difference": "({0}) − ({1}), 0 where only rounding is left",
    "total_years": "the sum over years of ({0})",
    "total_cohorts": "the sum over cohorts of ({0})",
    "total": "the sum over rows of ({0})",
    "cumulate": "the running sum over years of ({0})",
    "compound": "the running product over years of ({0})",
    "lag": "the year before's ({0})",
    "earliest": "the earliest of ({0})",
}


def to_words(node: Node, label: Callable[[str], str]) -> str:
    """Read the tree as words, with ``label`` giving what a name is called."""
    if isinstance(node, Number):
        return f"{node.value:g}"
    if isinstance(node, Name):
        return label(node.id)
    said = [to_words(argument, label) for argument in node.arguments]
    if node.symbol == "where":
        return f"({said[1]} if {_condition(node.arguments[0], said[0])}, otherwise {said[2]})"
    if node.symbol in _PHRASE:
        return _PHRASE[node.symbol].format(*said)
    left = _bracketed(node.arguments[0], said[0], node.symbol, right=False)
    if node.symbol == "neg":
        # A spreadsheet user reads −2² as 4; the brackets leave no doubt.
        power = isinstance(node.arguments[0], Operation) and node.arguments[0].symbol == "**"
        return f"−({said[0]})" if power else f"−{left}"
    right = _bracketed(node.arguments[1], said[1], node.symbol, right=True)
    return f"{left} to the power of {right}" if node.symbol == "**" else f"{left} {_SPOKEN[node.symbol]} {right}"


def _condition(node: Node, text: str) -> str:
    compares = isinstance(node, Operation) and node.symbol in _COMPARISONS
    return text if compares else f"{text} is not 0"


def _bracketed(child: Node, text: str, symbol: str, *, right: bool) -> str:
    if not isinstance(child, Operation) or child.symbol not in _TIGHT:
        return text
    tighter = _TIGHT[child.symbol] > _TIGHT[symbol]
    same = _TIGHT[child.symbol] == _TIGHT[symbol]
    keeps = tighter or (same and (not right or (symbol in "+*" and child.symbol == symbol)) and symbol != "**")
    return text if keeps else f"({text})"
