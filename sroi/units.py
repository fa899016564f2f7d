"""Units as words: read, multiplied, compared. Anything may be counted, so there is no fixed list of units."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sroi.errors import FormulaError
from sroi.formula import Name, Node, Number, Operation

# Words that mean a plain number.
PLAIN = frozenset(["share", "ratio", "rate", "number", "factor", "index", "score"]) | {"odds ratio", "effect size"}
_IRREGULAR = {
    "people": "person",
    "children": "child",
    "men": "man",
    "women": "woman",
    "lives": "life",
    "crises": "crisis",
}
_UNCHANGED = ("ss", "us", "is")
_LONG_PLURALS = ("sses", "xes", "ches", "shes")
_MARKS = frozenset("'’&-")
_SHORT = 3


@dataclass(frozen=True)
class Unit:
    """A product of powers of unit words, such as ``{"GBP": 1, "person": -1}``; empty for a plain number."""

    powers: tuple[tuple[str, int], ...] = ()

    def __mul__(self, other: Unit) -> Unit:
        return combine(self, other, 1)

    def __truediv__(self, other: Unit) -> Unit:
        return combine(self, other, -1)

    def __pow__(self, exponent: int) -> Unit:
        return of({word: power * exponent for word, power in self.powers})

    def power(self, word: str) -> int:
        """Return the power of one word, 0 where it does not occur."""
        return dict(self.powers).get(word, 0)

    def __str__(self) -> str:
        above = [_raised(word, power) for word, power in self.powers if power > 0]
        below = [_raised(word, -power) for word, power in self.powers if power < 0]
        if not above and not below:
            return "a plain number"
        return " per ".join([" × ".join(above) or "1", *below])


def _raised(word: str, power: int) -> str:
    return word if power == 1 else f"{word}^{power}"


NUMBER = Unit()
YEAR = Unit((("year", 1),))
PER_YEAR = Unit((("year", -1),))


def of(powers: dict[str, int]) -> Unit:
    """Make a unit from its powers, zeros dropped."""
    return Unit(tuple(sorted((word, power) for word, power in powers.items() if power)))


def combine(a: Unit, b: Unit, sign: int) -> Unit:
    """Multiply (sign 1) or divide (sign -1) two units."""
    powers = dict(a.powers)
    for word, power in b.powers:
        powers[word] = powers.get(word, 0) + sign * power
    return of(powers)


def singular(word: str) -> str:
    """Return the singular by which a unit word is known: ``visits`` and ``visit`` are one unit."""
    *before, last = word.split(" ")
    return " ".join([*before, _singular(last)])


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith(_LONG_PLURALS):
        return word[:-2]
    if len(word) <= _SHORT or not word.endswith("s") or word.endswith(_UNCHANGED):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def _is_word(word: str) -> bool:
    return word[:1].isalpha() and word != "per" and all(mark.isalpha() or mark in _MARKS for mark in word)


def read(text: str) -> Unit:
    """Read a unit such as ``"GBP per person per year"``.

    Raises
    ------
    FormulaError
        When a part is not made of words.
    """
    unit = NUMBER
    for place, part in enumerate(f" {text} ".split(" per ")):
        words = part.strip()
        if not all(_is_word(word) for word in words.split(" ")):
            raise FormulaError("Units are words joined by 'per': write for example 'visits per person per year'.")
        one = NUMBER if singular(words) in PLAIN else of({singular(words): 1})
        unit = unit * one if place == 0 else unit / one
    return unit


def is_share(text: str) -> bool:
    """Say whether a unit is the fraction 0 to 1."""
    return text.strip() == "share"


def currencies_in(unit: Unit, known: Iterable[str]) -> list[tuple[str, int]]:
    """Return the currencies of a unit with their powers."""
    codes = set(known)
    return [(word, power) for word, power in unit.powers if word in codes]


def of_formula(node: Node, unit_of: Callable[[str], Unit]) -> Unit | None:
    """Work out the unit of a formula; ``None`` for a bare 0, which fits anything.

    Raises
    ------
    FormulaError
        When unlike units are added, compared or raised to a power that has a unit.
    """
    if isinstance(node, Number):
        return None if node.value == 0 else NUMBER
    if isinstance(node, Name):
        return unit_of(node.id)
    found = [of_formula(argument, unit_of) for argument in node.arguments]
    match node.symbol:
        case "neg":
            return found[0]
        case "*":
            return (found[0] or NUMBER) * (found[1] or NUMBER)
        case "/":
            return (found[0] or NUMBER) / (found[1] or NUMBER)
        case "**":
            return _raise(node, found)
        case "<" | "<=" | ">" | ">=":
            _alike(node.symbol, found[0], found[1])
            return NUMBER
        case "where":
            return _alike("where", found[1], found[2])
        case _:
            return _alike(node.symbol, found[0], found[1])


def _raise(node: Operation, found: list[Unit | None]) -> Unit:
    base, exponent = found[0] or NUMBER, found[1] or NUMBER
    power = node.arguments[1]
    if base == NUMBER:
        if exponent in (NUMBER, YEAR):
            return NUMBER
        raise FormulaError(f"An exponent is a plain number or years, not {exponent}.")
    if isinstance(power, Number) and power.value == int(power.value):
        return base ** int(power.value)
    raise FormulaError(f"Only a plain number can be raised to a power that varies, not {base}.")


def _alike(symbol: str, a: Unit | None, b: Unit | None) -> Unit | None:
    if a is None or b is None or a == b:
        return b if a is None else a
    verb = {"+": "added to", "-": "taken from"}.get(symbol, f"compared by '{symbol}' with")
    first, second = (b, a) if symbol == "-" else (a, b)
    raise FormulaError(f"{first} cannot be {verb} {second}: bring both to one unit.")
