"""Rules on the lines of a file: the language, the order, the units."""

from __future__ import annotations

from collections.abc import Iterator

from sroi import units
from sroi.draft import Draft
from sroi.errors import Fault, FormulaError, nearest
from sroi.formula import names, numbers, parse
from sroi.rules import rule
from sroi.units import Unit

# Bare numbers that a formula may hold: 0, 1, 2 and the sizes of weeks, years and counts.
BARE_NUMBERS = frozenset({0, 1, 2, 7, 12, 24, 52, 60, 100, 365, 1_000, 1_000_000})

# How many lines may rest one upon another.
DEEPEST = 50


def unit_table(draft: Draft) -> dict[str, Unit]:
    """Return the unit of each parameter and line whose unit can be read."""
    stated = {key: parameter.unit for key, parameter in draft.parameters.items()}
    stated |= {key: line.unit for key, line in draft.lines.items()}
    table = {}
    for key, unit in stated.items():
        try:
            table[key] = units.read(unit)
        except FormulaError:
            continue
    return table


@rule
def formulas_in_order(draft: Draft) -> Iterator[Fault]:
    """A formula is in the language, uses only what stands above it, and holds no bare numbers."""
    above = list(draft.declared["parameters"])
    below = list(draft.declared["lines"])
    for key in draft.declared["lines"]:
        below.remove(key)
        if key in draft.lines:
            yield from _formula_faults(key, draft.lines[key].formula, above, [key, *below])
        above.append(key)


@rule
def lines_not_too_deep(draft: Draft) -> Iterator[Fault]:
    """A line rests on few enough lines, one upon another, to be followed by a reader and by the engine."""
    depth: dict[str, int] = {}
    for key, line in draft.lines.items():
        try:
            below = [depth.get(name.id, 0) for name in names(parse(line.formula))]
        except FormulaError:
            continue
        depth[key] = 1 + max(below, default=0)
        if depth[key] == DEEPEST + 1:
            yield Fault(
                f"lines.{key}", f"rests on more than {DEEPEST} lines, one upon another. Put some into one formula."
            )


def _formula_faults(key: str, formula: str, above: list[str], below: list[str]) -> Iterator[Fault]:
    where = f"lines.{key}.formula"
    try:
        tree = parse(formula)
    except FormulaError as error:
        place = f", character {error.character}:" if error.character else ""
        yield Fault(f"{where}{place}", error.sentence)
        return
    for name in names(tree):
        place = f"{where}, character {name.character}:"
        if name.id == key:
            yield Fault(place, "the line uses itself. Use only parameters and lines above it.")
        elif name.id in below:
            yield Fault(place, f"{name.id!r} stands below this line. Use only what stands above: move it up.")
        elif name.id not in above:
            yield Fault(place, f"there is no {name.id!r}. {nearest(name.id, above)}")
    for number in numbers(tree):
        if number not in BARE_NUMBERS:
            yield Fault(
                where,
                f"holds the bare number {number:g}. Every number is a parameter with its source:"
                " declare one and use its name.",
            )


@rule
def units_agree(draft: Draft) -> Iterator[Fault]:
    """A formula adds like to like and comes out in the unit that its line states."""
    table = unit_table(draft)
    for key, line in draft.lines.items():
        try:
            tree = parse(line.formula)
            if key not in table or any(name.id not in table for name in names(tree)):
                continue
            found = units.of_formula(tree, table.__getitem__)
        except FormulaError as error:
            if error.character is None:
                yield Fault(f"lines.{key}.formula", f"mixes units. {error.sentence}")
            continue
        if found is not None and found != table[key]:
            yield Fault(
                f"lines.{key}.unit",
                f"is {line.unit!r}, but the formula gives {found}. Mend the formula or the unit.",
            )
