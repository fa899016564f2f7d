"""Write the arithmetic of drawn values down as steps, each distinct one once.

A value is a constant, or a *term*: a constant times arrays over draws. Terms are multiplied by joining them, so
that a sum over years takes out what does not vary by year, and rows that share a profile share its steps. All that
is used is that multiplication distributes over addition; rounding may differ in the last place from working out
each row by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sroi.formula import COHORT_AXIS, YEAR_AXIS, Array, Node, Value, apply
from sroi.formula.tree import Name, Operation
from sroi.kernels import REDUCES, WRITES, Write, as_cohorts, by_place, total_of_rows, weighted_years
from sroi.steps import Operand, Register, Shape, Step

# Where the length along each axis stands in a shape.
COHORTS, YEARS = 0, 1
# Where the first year stands, by cohort and year.
FIRST = np.zeros((1, 1), int)
# Operations along the years.
ALONG = frozenset({"total_years", "cumulate", "compound", "lag", "earliest"})


@dataclass(frozen=True, eq=False)
class Term:
    """A constant times arrays over draws; ``factors`` stand in the order in which they were made."""

    constant: Value
    factors: tuple[Register, ...]

    @property
    def varies_by_year(self) -> bool:
        """Whether it has a number for each year."""
        return any(shape_of(each)[1] > 1 for each in (self.constant, *self.factors))


Traced = Value | Term


class Tracer:
    """Collects steps.

    Parameters
    ----------
    cohorts : int
        How many cohorts start: what does not vary by cohort counts for each of them.
    """

    def __init__(self, cohorts: int) -> None:
        self.steps: list[Step] = []
        self._cohorts = cohorts
        self._known: dict[Any, Register] = {}
        self._registers = 0

    # Steps ----------------------------------------------------------------------------------------------------

    def register(self, shape: Shape = (1, 1)) -> Register:
        """Return a new place for an array over draws."""
        self._registers += 1
        return Register(self._registers, shape)

    def step(self, key: Any, write: Write, operands: Sequence[Operand], shape: Shape) -> Register:
        """Add a step, or return where its like already stands."""
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self.register(shape)
            self.steps.append(Step(write, tuple(operands), found))
        return found

    def check(self, value: Traced, look: Callable[[Array], None]) -> None:
        """Have a value looked at in every chunk; ``look`` raises what it finds."""
        if isinstance(value, Term):
            self.steps.append(Step(look, (self.array(value),), None))
        else:
            look(np.asarray(value, float))

    def array(self, value: Traced) -> Operand:
        """Return a value as one array over draws, or the constant that it is."""
        if not isinstance(value, Term):
            return value
        small = [factor for factor in value.factors if factor.shape == (1, 1)]
        large = [factor for factor in value.factors if factor.shape != (1, 1)]
        plain = not np.ndim(value.constant)
        found: Operand = value.constant if plain and value.constant != 1 else 1.0
        for factor in [*small, *large]:
            found = factor if isinstance(found, float) and found == 1 else self._call("*", found, factor)
        return found if plain else self._call("*", found, value.constant)

    def _call(self, symbol: str, *operands: Operand) -> Register:
        shapes = [shape_of(operand) for operand in operands]
        shape = (max(cohorts for cohorts, _ in shapes), max(years for _, years in shapes))
        if symbol in REDUCES:
            shape = (1, shape[1]) if REDUCES[symbol] == COHORT_AXIS else (shape[0], 1)
        return self.step((symbol, *map(_key, operands)), WRITES[symbol], operands, shape)

    # Arithmetic -----------------------------------------------------------------------------------------------

    def apply(self, symbol: str, arguments: Sequence[Traced]) -> Traced:
        """Return what an operation of the formula language makes of its arguments."""
        if symbol == "where":
            return self._where(*arguments)
        if not any(isinstance(argument, Term) for argument in arguments):
            return self._constants(symbol, [constant(argument) for argument in arguments])
        match symbol:
            case "neg":
                return times(arguments[0], -1.0)
            case "*":
                return times(*arguments)
            case "/" if not isinstance(arguments[1], Term):
                return times(arguments[0], np.divide(1.0, arguments[1]))
            case "+" if _is(arguments[0], 0):
                return arguments[1]
            case "+" | "-" if _is(arguments[1], 0):
                return arguments[0]
            case "**" if _is(arguments[1], 1):
                return arguments[0]
            case "**" if _counts(arguments[1]):
                return self._power(arguments[0], np.asarray(arguments[1]))
            case "total_years" | "total_cohorts" | "cumulate":
                return self._along(symbol, arguments[0])
        found = self._call(symbol, *map(self.array, arguments))
        return Term(1.0, (found,))

    def _constants(self, symbol: str, arguments: Sequence[Value]) -> Value:
        if symbol in ALONG and np.ndim(arguments[0]) == 0:
            # Only nothing, and what is the same in every year, has lost its years.
            return arguments[0]
        if symbol == "total_cohorts" and shape_of(arguments[0])[0] == 1:
            return arguments[0] * self._cohorts
        return constant(apply(symbol, arguments))

    def _where(self, condition: Traced, a: Traced, b: Traced) -> Traced:
        if not isinstance(condition, Term):
            holds = np.asarray(np.not_equal(condition, 0))
            if holds.all() or not holds.any():
                return a if holds.all() else b
            if _is(a, 0):
                return times(b, np.where(holds, 0.0, 1.0))
        if not isinstance(a, Term) and not isinstance(b, Term) and np.array_equal(a, b):
            return a
        if not any(isinstance(each, Term) for each in (condition, a, b)):
            return apply("where", [constant(each) for each in (condition, a, b)])
        return Term(1.0, (self._call("where", *map(self.array, (condition, a, b))),))

    def _power(self, base: Traced, exponents: Array) -> Traced:
        """Raise to constant whole powers, one multiplication for each power."""
        register = self.array(base)
        if shape_of(register) != (1, 1) or _is(exponents, 0):
            return Term(1.0, (self._call("**", register, exponents),))
        places = exponents.reshape(shape_of(exponents)).astype(int)
        most = int(places.max()) + 1
        powers = self.step(("powers", _key(register), most), WRITES["powers"], [register], (1, most))
        if places.shape == (1, most) and np.array_equal(places[0], np.arange(most)):
            return Term(1.0, (powers,))
        return Term(1.0, (self.step(("place", powers, places.tobytes()), by_place(places), [powers], places.shape),))

    def _along(self, symbol: str, value: Traced) -> Traced:
        """Sum along an axis what varies along it, times what does not."""
        assert isinstance(value, Term)
        place = COHORTS if symbol == "total_cohorts" else YEARS
        along = tuple(factor for factor in value.factors if factor.shape[place] > 1)
        across = tuple(factor for factor in value.factors if factor.shape[place] == 1)
        if along:
            if symbol == "total_years" and np.ndim(value.constant):
                summed = self._weighted_years(self.array(Term(1.0, along)), np.asarray(value.constant))
            else:
                summed = self._call(symbol, self.array(Term(value.constant, along)))
            return times(Term(1.0, across), Term(1.0, (summed,)))
        if shape_of(value.constant)[place] > 1:
            return times(Term(1.0, across), self._constants(symbol, [value.constant]))
        # The same for every cohort; one year that stands alone is its own sum.
        return times(value, float(self._cohorts)) if symbol == "total_cohorts" else value

    def sum(self, values: Sequence[Traced]) -> Traced:
        """Add rows up, those with one profile before it is laid over them."""
        rest: Value = 0.0
        groups: dict[Any, tuple[Value, list[Register], list[Term]]] = {}
        for value in values:
            if not isinstance(value, Term):
                rest = constant(np.add(rest, value))
                continue
            large = [factor for factor in value.factors if factor.shape != (1, 1)]
            small = [factor for factor in value.factors if factor.shape == (1, 1)]
            plain = not np.ndim(value.constant)
            shared: Value = 1.0 if plain else value.constant
            key = (_key(shared), *large)
            own = Term(value.constant if plain else 1.0, tuple(small))
            groups.setdefault(key, (shared, large, []))[2].append(own)
        rows = [(shared, tuple(large), self._plain_sum(own)) for shared, large, own in groups.values()]
        if np.ndim(rest):
            rows.append((rest, (), 1.0))
            rest = 0.0
        wide = [row for row in rows if np.ndim(row[0]) or row[1]]
        parts = [own for shared, large, own in rows if not (np.ndim(shared) or large)]
        if len(wide) > 1:
            parts.append(self._total_of_rows(wide))
        else:
            parts += [times(Term(shared, large), own) for shared, large, own in wide]
        if not parts or not _is(rest, 0):
            parts.append(rest)
        return self._plain_sum(parts)

    def _total_of_rows(self, rows: Sequence[tuple[Value, tuple[Register, ...], Traced]]) -> Term:
        """Add rows up that vary by year or cohort: of each the constant, what varies with them, and what does not."""
        profiles = [self.array(Term(1.0, large)) for _, large, _ in rows]
        numbers = [self.array(own) for _, _, own in rows]
        shapes = [
            shape_of(operand) for row, profile in zip(rows, profiles, strict=True) for operand in (row[0], profile)
        ]
        shape = (max(cohorts for cohorts, _ in shapes), max(years for _, years in shapes))
        weights = [np.broadcast_to(np.reshape(row[0], shape_of(row[0])), shape) for row in rows]
        # Rows that have a profile in common read it from one place.
        first = [2 * profiles.index(profile) + 1 for profile in profiles]
        operands = [operand for pair in zip(numbers, profiles, strict=True) for operand in pair]
        key = ("rows", *map(_key, operands), *map(_key, [row[0] for row in rows]))
        write = total_of_rows(list(zip(first, weights, strict=True)))
        return Term(1.0, (self.step(key, write, operands, shape),))

    def _weighted_years(self, years: Operand, weights: Array) -> Register:
        shape = shape_of(weights)
        key = ("weighted_years", _key(years), _key(weights))
        write = weighted_years(weights.reshape(shape))
        return self.step(key, write, [years], (max(shape[COHORTS], shape_of(years)[COHORTS]), 1))

    def by_hand(self, name: str, write: Write, values: Sequence[Traced], shape: Shape) -> Term:
        """Add a step of a line's own reading."""
        operands = [self.array(value) for value in values]
        return Term(1.0, (self.step((name, *map(_key, operands)), write, operands, shape),))

    def _plain_sum(self, values: Sequence[Traced]) -> Traced:
        found = values[0]
        if isinstance(found, Term) and not found.factors:
            found = found.constant
        for value in values[1:]:
            bare = value.constant if isinstance(value, Term) and not value.factors else value
            found = self.apply("+", (found, bare))
        return found

    def by_cohort(self, value: Term, cohorts: int) -> Term:
        """Return a value whose years stand along the cohort axis, as many as there are cohorts."""
        register = self.array(value)
        if shape_of(register) == (1, 1):
            return value
        return Term(1.0, (self.step(("as_cohorts", register), as_cohorts, [register], (cohorts, 1)),))

    def first_year(self, value: Term) -> Term:
        """Return the first year of a value."""
        register = self.array(value)
        if shape_of(register)[1] == 1:
            return value
        return Term(1.0, (self.step(("first", register), by_place(FIRST), [register], (1, 1)),))

    def evaluate(self, node: Node, lookup: Callable[[str], Traced]) -> Traced:
        """Read a formula; ``lookup`` gives the value of a name."""
        if isinstance(node, Operation):
            return self.apply(node.symbol, [self.evaluate(argument, lookup) for argument in node.arguments])
        return lookup(node.id) if isinstance(node, Name) else node.value

    def strictly(self, read: Callable[[Mapping[str, Array]], Value], operands: Mapping[str, Traced]) -> Traced:
        """Add a step that works out a whole formula with the strict reading."""
        arrays = {name: self.array(value) for name, value in operands.items()}
        shapes = [shape_of(operand) for operand in arrays.values()]

        def write(*given: Any) -> None:
            given[-1][...] = read(dict(zip(arrays, given[:-1], strict=True)))

        shape = (max(cohorts for cohorts, _ in shapes), max(years for _, years in shapes))
        key = ("strictly", read, *map(_key, arrays.values()))
        return Term(1.0, (self.step(key, write, list(arrays.values()), shape),))


def times(a: Traced, b: Traced) -> Traced:
    """Multiply two values by joining them."""
    constant_a, factors_a = (a.constant, a.factors) if isinstance(a, Term) else (a, ())
    constant_b, factors_b = (b.constant, b.factors) if isinstance(b, Term) else (b, ())
    if _is(constant_a, 0) or _is(constant_b, 0):
        return 0.0
    product = constant(np.multiply(constant_a, constant_b))
    factors = tuple(sorted(factors_a + factors_b, key=lambda factor: factor.number))
    return Term(product, factors) if isinstance(a, Term) or isinstance(b, Term) else product


def constant(value: Any) -> Value:
    """Return a constant as a float, or with axes."""
    return float(value) if np.ndim(value) == 0 else value


def _is(value: Traced, number: float) -> bool:
    return not isinstance(value, Term) and np.ndim(value) == 0 and value == number


def _counts(value: Traced) -> bool:
    """Say whether a value is constant whole numbers of years, which powers can be taken by."""
    if isinstance(value, Term) or np.ndim(value) == 0:
        return False
    exponents = np.asarray(value)
    return bool((exponents >= 0).all() and np.equal(exponents, np.floor(exponents)).all())


def shape_of(operand: Operand) -> Shape:
    """Return the lengths along cohorts and years."""
    if isinstance(operand, Register):
        return operand.shape
    return (1, 1) if np.ndim(operand) == 0 else (np.shape(operand)[COHORT_AXIS], np.shape(operand)[YEAR_AXIS])


def _key(operand: Operand) -> Any:
    """Return what tells an operand apart: registers by themselves, constants by their content."""
    if isinstance(operand, Register):
        return operand
    return float(operand) if np.ndim(operand) == 0 else (np.shape(operand), np.asarray(operand).tobytes())
