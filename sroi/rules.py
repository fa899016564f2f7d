"""What must hold within and between the entries of a service file: one named function for each rule.

Each rule yields a fault with a sentence that says where, what was found, and what to write.
"""

from __future__ import annotations

import keyword
import math
import re
from collections.abc import Callable, Iterator

from sroi import reference, units
from sroi.draft import Draft
from sroi.errors import Fault, FormulaError, nearest, shown
from sroi.formula import SERVICE_FUNCTIONS
from sroi.schema import ASSUMPTION, LONGEST_HORIZON, LONGEST_NAME, NAME_PATTERN, Change, Parameter
from sroi.spread import Spread

Rule = Callable[[Draft], Iterator[Fault]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Register a rule."""
    RULES.append(function)
    return function


def possible_range(parameter: Parameter) -> tuple[float, float]:
    """Return the least and the most that a parameter can be; may be infinite."""
    low, high = -math.inf, math.inf
    if units.is_share(parameter.unit):
        low, high = 0, 1
    elif parameter.unit.strip() in {"year", "years"}:
        low, high = 0, LONGEST_HORIZON
    if parameter.minimum is not None:
        low = max(low, parameter.minimum)
    if parameter.maximum is not None:
        high = min(high, parameter.maximum)
    return low, high


def value_problem(parameter: Parameter, value: float) -> str | None:
    """Return the sentence that says why a parameter cannot hold this value, or None."""
    if units.is_share(parameter.unit) and not 0 <= value <= 1:
        hint = f": write {value / 100:g}" if 1 < value <= 100 else ""
        return f"is {value:g}. Shares are fractions from 0 to 1{hint}."
    if parameter.unit.strip() in {"year", "years"} and not 0 <= value <= LONGEST_HORIZON:
        return f"is {value:g}. Years run from 0 to {LONGEST_HORIZON}."
    low, high = possible_range(parameter)
    if not low <= value <= high:
        return f"is {value:g}. It is {_within(low, high)} here: write a value within."
    return None


def _within(low: float, high: float) -> str:
    ends = [f"at least {low:g}" if low > -math.inf else "", f"at most {high:g}" if high < math.inf else ""]
    return " and ".join(end for end in ends if end)


def spread_problems(parameter: Parameter, spread: Spread, value: float | None) -> list[str]:
    """Return a sentence for each thing that is wrong with a spread around a value of a parameter."""
    share = units.is_share(parameter.unit)
    problems = list(spread.problems(value, share=share))
    if problems or value is None:
        return problems
    (least, most), (low, high) = spread.reach(value, share=share), possible_range(parameter)
    if low <= least and most <= high:
        return []
    ends = [f"down to {least:g}"] * (least < low) + [f"up to {most:g}"] * (most > high)
    reached = " and ".join(ends).replace("-inf", "any number").replace("inf", "any number")
    return [
        f"As stated the {spread.shape} spread reaches {reached}, while the parameter is {_within(low, high)}:"
        " narrow it, take a shape with ends (pert, triangular, truncated_normal), or mend minimum or maximum."
    ]


def spread_about(parameter: Parameter, value: float) -> Spread | None:
    """Return a parameter's spread about another value, as wide beside it as before; None where there is none.

    A value of one's own is no better known than the file's: a narrower range, or none, would flatter it.
    """
    stated, was = parameter.spread, parameter.value
    if stated is None or stated.shape == "fixed" or was is None or value == was:
        return stated
    around = stated.around(value, was)
    return None if spread_problems(parameter, around, value) else around


@rule
def known_currency(draft: Draft) -> Iterator[Fault]:
    """The currency is one whose deflator is shipped."""
    if draft.about and draft.about.currency not in reference.currencies():
        found = shown(draft.about.currency)
        yield Fault(
            "service.currency",
            f"is {found}, an unknown currency. {nearest(draft.about.currency, reference.currencies())}",
        )


@rule
def known_convention(draft: Draft) -> Iterator[Fault]:
    """The convention and the optimism-bias preset are known."""
    if draft.about is None:
        return
    about = draft.about
    if about.convention not in reference.conventions():
        yield Fault(
            "service.convention",
            f"is {shown(about.convention)}. {nearest(about.convention, reference.conventions())}",
        )
    if about.optimism_bias is not None and about.optimism_bias not in reference.optimism_presets():
        presets = nearest(about.optimism_bias, reference.optimism_presets())
        yield Fault("service.optimism_bias", f"is {shown(about.optimism_bias)}, an unknown preset. {presets}")


@rule
def delivery_within_horizon(draft: Draft) -> Iterator[Fault]:
    """No cohort starts at or after the horizon."""
    if draft.about and draft.about.delivery_years > draft.about.appraisal_years:
        yield Fault(
            "service.delivery_years",
            f"is {draft.about.delivery_years}, but only {draft.about.appraisal_years} years are appraised."
            " A cohort cannot start at or after the horizon: lengthen appraisal_years.",
        )


@rule
def price_years(draft: Draft) -> Iterator[Fault]:
    """Years of prices are calendar or financial years."""
    found = [("service.price_base_year", draft.about.price_base_year)] if draft.about else []
    found += [(f"parameters.{key}.price_year", p.price_year) for key, p in draft.parameters.items() if p.price_year]
    for key, scenario in draft.scenarios.items():
        found += [
            (f"scenarios.{key}.changes.{n}.price_year", c.price_year)
            for n, c in scenario.changes.items()
            if c.price_year
        ]
    for where, year in found:
        if not reference.is_price_year(year):
            yield Fault(
                where,
                f"is {shown(year)}. Write a calendar year such as '2024' or a financial year such as '2024-25'.",
            )


@rule
def names_in_order(draft: Draft) -> Iterator[Fault]:
    """Names are plain, not functions of the language, and used once."""
    for table in ("sources", "parameters", "lines", "bearers", "stakeholders", "scenarios"):
        for name in draft.declared[table]:
            if not re.fullmatch(NAME_PATTERN, name) or len(name) > LONGEST_NAME:
                yield Fault(
                    f"{table}.{shown(name)}",
                    "is not a name. Names are small letters, digits and _, beginning with a letter.",
                )
    for table in ("parameters", "lines"):
        for name in draft.declared[table]:
            if name in SERVICE_FUNCTIONS or keyword.iskeyword(name):
                yield Fault(f"{table}.{name}", "is a word of the language of formulas. Choose another name.")
    for name in set(draft.declared["parameters"]) & set(draft.declared["lines"]):
        yield Fault(f"lines.{name}", "is also the name of a parameter. Choose another name.")
    if ASSUMPTION in draft.declared["sources"]:
        yield Fault("sources.assumption", "is the word for a number without a source. Choose another name.")
    for table, rows in (
        ("outcomes", draft.outcomes),
        ("costs", draft.costs),
        ("non_monetised", draft.non_monetised),
    ):
        seen: set[str] = set()
        for row in rows:
            if row.id in seen:
                yield Fault(f"{table}.{row.id}", "stands twice. Every id is used once: choose another.")
            seen.add(row.id)


@rule
def one_value(draft: Draft) -> Iterator[Fault]:
    """A parameter, and a change, has a value or values by year, never both."""
    years = draft.about.appraisal_years if draft.about else None
    entries: list[tuple[str, Parameter | Change]] = [(f"parameters.{key}", p) for key, p in draft.parameters.items()]
    entries += [
        (f"scenarios.{s}.changes.{n}", c)
        for s, scenario in draft.scenarios.items()
        for n, c in scenario.changes.items()
    ]
    for where, entry in entries:
        if (entry.value is None) == (entry.by_year is None):
            found = "neither value nor" if entry.value is None else "both value and"
            yield Fault(where, f"has {found} by_year. Write one of them.")
        if entry.by_year is not None and years is not None and len(entry.by_year) != years:
            yield Fault(
                f"{where}.by_year",
                f"has {len(entry.by_year)} values. Write one for each of the {years} appraisal years.",
            )


@rule
def values_possible(draft: Draft) -> Iterator[Fault]:
    """Shares lie in 0 to 1, years are not negative, values lie within the parameter's own bounds."""
    for key, parameter in draft.parameters.items():
        where = f"parameters.{key}.{'value' if parameter.by_year is None else 'by_year'}"
        if parameter.minimum is not None and parameter.maximum is not None and parameter.minimum > parameter.maximum:
            yield Fault(
                f"parameters.{key}.minimum",
                f"is {parameter.minimum:g}, above maximum {parameter.maximum:g}. Exchange them.",
            )
        problems = [value_problem(parameter, value) for value in parameter.values]
        yield from (Fault(where, problem) for problem in problems if problem)


@rule
def money_has_a_price_year(draft: Draft) -> Iterator[Fault]:
    """Money has a price year that its deflator holds; nothing else has one."""
    for key, parameter in draft.parameters.items():
        money = _money_in(parameter.unit)
        where = f"parameters.{key}.price_year"
        if money and parameter.price_year is None:
            yield Fault(
                where,
                "is missing. Money is stated in the prices of a year: write for example price_year = '2019-20'.",
            )
        elif not money and parameter.price_year is not None:
            yield Fault(
                where,
                f"is given, but {parameter.unit!r} is not money. Take it out, or name the currency in the unit.",
            )
        elif money and draft.about and reference.is_price_year(parameter.price_year or ""):
            for code, _ in money:
                yield from _deflates(draft, where, code, parameter.price_year or "")
    for scenario_key, scenario in draft.scenarios.items():
        for key, change in scenario.changes.items():
            if change.price_year and key in draft.parameters and not draft.parameters[key].price_year:
                yield Fault(
                    f"scenarios.{scenario_key}.changes.{key}.price_year",
                    "is given, but the parameter is not money. Take it out.",
                )
            elif change.price_year and key in draft.parameters and reference.is_price_year(change.price_year):
                where = f"scenarios.{scenario_key}.changes.{key}.price_year"
                for code, _ in _money_in(draft.parameters[key].unit):
                    yield from _deflates(draft, where, code, change.price_year)


def _money_in(unit: str) -> list[tuple[str, int]]:
    """Return the currencies of a unit with their powers; another rule speaks of unreadable ones."""
    try:
        return units.currencies_in(units.read(unit), reference.currencies())
    except FormulaError:
        return []


def _deflates(draft: Draft, where: str, code: str, price_year: str) -> Iterator[Fault]:
    base = draft.about.price_base_year if draft.about else price_year
    if not reference.is_price_year(base):
        return
    try:
        reference.price_factor(code, price_year, base, draft.about.editions if draft.about else reference.NONE_PINNED)
    except KeyError as missing:
        yield Fault(
            where,
            f"is {price_year}: the deflator for {code} has no year {missing.args[0]}. Choose a year that it holds.",
        )


@rule
def sources_exist(draft: Draft) -> Iterator[Fault]:
    """Every number cites a source of the file, or says that it is an assumption."""
    cited: list[tuple[str, str | None]] = []
    for key, parameter in draft.parameters.items():
        cited.append((f"parameters.{key}.source", parameter.source))
        cited.append((f"parameters.{key}.spread.source", parameter.spread.source if parameter.spread else None))
    cited += [(f"lines.{key}.source", line.source) for key, line in draft.lines.items()]
    for key, scenario in draft.scenarios.items():
        cited.append((f"scenarios.{key}.source", scenario.source))
        for name, change in scenario.changes.items():
            where = f"scenarios.{key}.changes.{name}"
            cited.append((f"{where}.source", change.source))
            cited.append((f"{where}.spread.source", change.spread.source if change.spread else None))
    for where, source in cited:
        if source is not None and source != ASSUMPTION and source not in draft.declared["sources"]:
            yield Fault(
                where,
                f"is {shown(source)}, which is not among the sources. {nearest(source, draft.declared['sources'])}",
            )


@rule
def assumptions_say_so(draft: Draft) -> Iterator[Fault]:
    """An assumption is graded F and says how it was chosen."""
    for key, parameter in draft.parameters.items():
        if parameter.source == ASSUMPTION and parameter.grade != "F":
            yield Fault(
                f"parameters.{key}.grade",
                f"is {parameter.grade}, but its source is 'assumption'. Write F, or cite a source.",
            )
        if parameter.source == ASSUMPTION and not parameter.note:
            yield Fault(f"parameters.{key}.note", "is missing. An assumption says how it was chosen: write a note.")


@rule
def units_readable(draft: Draft) -> Iterator[Fault]:
    """Units are words joined by 'per'."""
    entries = [(f"parameters.{key}", p.unit) for key, p in draft.parameters.items()]
    for where, unit in [*entries, *[(f"lines.{key}", line.unit) for key, line in draft.lines.items()]]:
        try:
            units.read(unit)
        except FormulaError as error:
            yield Fault(f"{where}.unit", f"is {shown(unit)}. {error.sentence}")
