"""The second reading of a formula: Excel."""

from __future__ import annotations

from collections.abc import Callable

from sroi.errors import FormulaError
from sroi.formula.arrays import EQUAL_WITHIN
from sroi.formula.tree import Name, Node, Number, Operation

MAX_EXACT = 2**53
# The longest formula of a spreadsheet. Powers of powers come to it: each names its base and its exponent twice.
LONGEST = 8_192
COMPARISONS = frozenset({"<", "<=", ">", ">="})
# As a spreadsheet writes it; the one number beside 0 and 1 that formulas of the method hold.
ROUNDING = f"{EQUAL_WITHIN:.0E}"


def to_excel(node: Node, cell: Callable[[str], str]) -> str:
    """Read the tree as an Excel formula without the leading ``=``, every bracket written.

    ``cell`` gives the reference that holds a name. Comparisons come out as 1 or 0, because Excel orders
    TRUE above every number. ``0 ** 0`` is 1, as in the engine, where Excel alone gives ``#NUM!``.
    """
    if isinstance(node, Number):
        return (
            repr(int(node.value)) if node.value == int(node.value) and abs(node.value) < MAX_EXACT else repr(node.value)
        )
    if isinstance(node, Name):
        return cell(node.id)
    text = _operation(node, [to_excel(argument, cell) for argument in node.arguments], cell)
    if len(text) > LONGEST:
        raise FormulaError(f"As a spreadsheet writes it the formula is longer than {LONGEST:,} characters: split it.")
    return text


def _operation(node: Operation, arguments: list[str], cell: Callable[[str], str]) -> str:
    match node.symbol, arguments:
        case "neg", [a]:
            return f"(0-{a})"
        case "**", [a, b]:
            return f"IF(({a}=0)*({b}=0),1,{a}^{b})" if _may_be_zero(node.arguments[1]) else f"({a}^{b})"
        case ("<" | "<=" | ">" | ">=") as sign, [a, b]:
            return f"IF({a}{sign}{b},1,0)"
        case "where", [condition, a, b]:
            first = node.arguments[0]
            if isinstance(first, Operation) and first.symbol in COMPARISONS:
                left, right = (to_excel(argument, cell) for argument in first.arguments)
                return f"IF({left}{first.symbol}{right},{a},{b})"
            return f"IF({condition}<>0,{a},{b})"
        case "difference", [a, b]:
            return f"IF(ABS({a}-{b})<=({ROUNDING}*ABS({a})),0,({a}-{b}))"
        case ("min" | "max") as function, [a, b]:
            return f"{function.upper()}({a},{b})"
        case ("+" | "-" | "*" | "/") as operator, [a, b]:
            return f"({a}{operator}{b})"
    raise FormulaError(f"{node.symbol} runs along an axis and has no Excel form of its own.")


def _may_be_zero(node: Node) -> bool:
    return not (isinstance(node, Number) and node.value != 0)
