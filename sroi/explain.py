"""Where does this number come from? The formula in words and what it rests on, down to parameters and sources."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sroi import formula, reference
from sroi.errors import Fault, ServiceError, nearest
from sroi.figures import Figures
from sroi.formula import Array, Value
from sroi.inputs import COST_FIELDS, trees
from sroi.method import CALLED, CONVENTION_SETTINGS, COST_INPUTS, LINES, OUTCOME_INPUTS, RESULTS, SETTINGS, MethodLine
from sroi.schema import ASSUMPTION, Cost, Outcome

Row = Outcome | Cost | None
# From this size on a number is written without decimals.
WHOLE = 1e5


@dataclass(frozen=True)
class Explanation:
    """One number: what it is, how it was worked out, and what it rests on.

    Attributes
    ----------
    key, label : str
        Its name, such as ``npsv`` or ``present_value.fewer_rough_sleepers``, and what it is called.
    value : tuple of float
        One number, or one for each year or cohort.
    unit, words, source, grade : str
        Its unit, the formula in words, the source with locator, and the evidence grade of a parameter.
    parts : tuple of Explanation
        What it rests on; a part that was explained further up has no parts again.
    """

    key: str
    label: str
    value: tuple[float, ...]
    unit: str
    words: str = ""
    source: str = ""
    grade: str = ""
    parts: tuple[Explanation, ...] = ()

    def lines(self, depth: int = 0) -> Iterator[tuple[int, Explanation]]:
        """Yield this and everything below it, with its depth."""
        yield depth, self
        for part in self.parts:
            yield from part.lines(depth + 1)

    def __str__(self) -> str:
        return "\n".join("  " * depth + part.sentence() for depth, part in self.lines())

    __repr__ = __str__

    def sentence(self) -> str:
        """Say it in one line."""
        said = f"{self.label} = {self.figure()}"
        if self.words:
            said += f"  [{self.words}]"
        if self.source:
            said += f"  ({self.source}{f', grade {self.grade}' if self.grade else ''})"
        return said

    def figure(self) -> str:
        """Write the value with its unit; a series by its first and last number."""
        if not np.isfinite(self.value).any():
            return "undefined"
        shown = [f"{number:,.0f}" if abs(number) >= WHOLE else f"{number:,.6g}" for number in self.value]
        series = shown[0] if len(set(shown)) == 1 else f"{shown[0]} … {shown[-1]} over {len(shown)} years"
        return f"{series} {self.unit}".strip()

    def _repr_html_(self, *, top: bool = True) -> str:
        said = html.escape(self.sentence())
        if not self.parts:
            return f'<div style="margin-left: 1.2em">{said}</div>'
        inner = "".join(part._repr_html_(top=False) for part in self.parts)
        opened = " open" if top else ""
        return f'<details{opened} style="margin-left: 1.2em"><summary>{said}</summary>{inner}</details>'


def explain(figures: Figures, name: str) -> Explanation:
    """Explain a result, a line of the method, or a line or parameter of the service.

    Parameters
    ----------
    figures : Figures
        One case, not an array of cases.
    name : str
        Such as ``npsv``, ``present_value.fewer_rough_sleepers``, or a parameter's name.

    Raises
    ------
    ServiceError
        When there is nothing of that name, or the result holds many cases.
    """
    name = str(name)
    if figures.cases is not None:
        raise ServiceError(figures.service.id, [Fault("explain", "works on one case. Evaluate that case by itself.")])
    return _Explainer(figures).top(name)


class _Explainer:
    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.service = figures.service
        self.seen: set[str] = set()
        self.money = self.service.about.currency
        self.rows: tuple[Outcome | Cost, ...] = (*self.service.outcomes, *self.service.costs)

    def top(self, name: str) -> Explanation:
        base, _, row_id = name.partition(".")
        if row_id:
            rows = [row for row in self.rows if row.id == row_id]
            inputs = OUTCOME_INPUTS if rows and isinstance(rows[0], Outcome) else COST_INPUTS
            if rows and base in inputs:
                return self.input(base, rows[0])
            if base in LINES and rows and LINES[base].level == ("outcome" if isinstance(rows[0], Outcome) else "cost"):
                return self.method_line(base, rows[0])
        elif name == "irr":
            words = "the rate at which the net flows, discounted, sum to nothing"
            rate = _numbers(self.figures.figure("irr"))
            return Explanation("irr", CALLED["irr"], rate, "", words, "GB", "", (self.method_line("net_flow", None),))
        elif name == "bcr":
            netted = self.figures.convention.bcr_fiscal_savings == "netted"
            return self.method_line("bcr_netted" if netted else "bcr_as_benefits", None)
        elif name in LINES and LINES[name].level in {"service", "year"}:
            return self.method_line(name, None)
        elif name in self.service.parameters or name in self.service.lines:
            return self.named(name)
        if name in LINES or name in OUTCOME_INPUTS or name in COST_INPUTS:
            level = Outcome if name in OUTCOME_INPUTS or (name in LINES and LINES[name].level == "outcome") else Cost
            ids = ", ".join(f"{name}.{row.id}" for row in self.rows if isinstance(row, level))
            raise ServiceError(self.service.id, [Fault(name, f"is worked out for each row. Write one of: {ids}.")])
        rows_known = [f"present_value.{outcome.id}" for outcome in self.service.outcomes]
        known = [*RESULTS, *rows_known, *self.service.lines, *self.service.parameters]
        raise ServiceError(
            self.service.id, [Fault(name[:80], f"is nothing that can be explained. {nearest(name, known)}")]
        )

    # A line of the method -------------------------------------------------------------------------------------

    def method_line(self, name: str, row: Row) -> Explanation:
        line = LINES[name]
        key = f"{name}.{row.id}" if row else name
        words = formula.to_words(line.tree, self.label)
        if name in RESULTS:
            found = self.figures.figure(name)
        else:
            found = self.figures.line(name)
            found = found[self.place(row)] if row else found
        parts: tuple[Explanation, ...] = ()
        if key not in self.seen:
            self.seen.add(key)
            parts = tuple(self.parts(line, row))
        label = f"{line.label}: {row.name}" if row else line.label
        return Explanation(key, label, _numbers(found), self.unit(line), words, line.source, "", parts)

    def parts(self, line: MethodLine, row: Row) -> Iterator[Explanation]:
        for name in dict.fromkeys(found.id for found in formula.names(line.tree)):
            if name in LINES and LINES[name].level in {"outcome", "cost"} and row is None:
                rows: tuple[Outcome | Cost, ...] = (
                    self.service.outcomes if LINES[name].level == "outcome" else self.service.costs
                )
                for each in rows:
                    yield self.method_line(name, each)
            elif name in LINES:
                yield self.method_line(name, row if LINES[name].level in {"outcome", "cost"} else None)
            elif row is not None and name in (OUTCOME_INPUTS | COST_INPUTS):
                yield self.input(name, row)
            elif (
                name in SETTINGS
                and name not in {"t", "c", "a"}
                and (row is not None or not name.startswith(_ROW_SETTINGS))
            ):
                yield self.setting(name, row)

    def place(self, row: Outcome | Cost) -> int:
        rows: tuple[Outcome | Cost, ...] = self.service.outcomes if isinstance(row, Outcome) else self.service.costs
        return rows.index(row)

    def label(self, name: str) -> str:
        if name in LINES:
            return LINES[name].label
        return (OUTCOME_INPUTS | COST_INPUTS).get(name, (SETTINGS.get(name, name),))[0]

    def unit(self, line: MethodLine) -> str:
        return {"money": self.money, "years": "years"}.get(line.unit, "")

    def setting(self, name: str, row: Row) -> Explanation:
        array = self.figures.line_or_setting(name)
        source = f"Convention {self.figures.convention_name}" if name in CONVENTION_SETTINGS else "Service file"
        return Explanation(
            name,
            self.label(name),
            _numbers(array[self.place(row)] if row and array.ndim else array),
            "",
            "",
            source,
        )

    # What the service file says -------------------------------------------------------------------------------

    def input(self, name: str, row: Outcome | Cost) -> Explanation:
        label, standing_in = (OUTCOME_INPUTS | COST_INPUTS)[name]
        named = getattr(row, COST_FIELDS.get(name, name))
        if named is None:
            reason = row.zero_because.get(name, "") if isinstance(row, Outcome) else ""  # type: ignore[call-overload]
            value = self.figures.line_or_setting(name)[self.place(row)]
            note = f"Not in the file: {reason or f'{standing_in:g} stands in'}"
            return Explanation(f"{name}.{row.id}", label, _numbers(value), "", "", note)
        inner = self.named(named)
        return Explanation(
            f"{name}.{row.id}",
            f"{label}: {inner.label}",
            inner.value,
            inner.unit,
            inner.words,
            inner.source,
            inner.grade,
            inner.parts,
        )

    def named(self, name: str) -> Explanation:
        value = _numbers(self.figures.named(name))
        if name in self.service.parameters:
            parameter = self.service.parameters[name]
            about = self.service.about
            note = reference.price_note(parameter.unit, parameter.price_year, about.price_base_year, about.editions)
            prices = f", {note}" if note else ""
            changed = " (changed by you)" if name in self.figures.values else ""
            return Explanation(
                name,
                f"{parameter.label}{changed}",
                value,
                f"{parameter.unit}{prices}",
                "",
                self.cited(name),
                parameter.grade,
            )
        line = self.service.lines[name]
        tree = trees(self.service)[name]
        words = formula.to_words(
            tree, lambda each: (self.service.parameters.get(each) or self.service.lines[each]).label
        )
        parts: tuple[Explanation, ...] = ()
        if name not in self.seen:
            self.seen.add(name)
            parts = tuple(self.named(each) for each in dict.fromkeys(found.id for found in formula.names(tree)))
        return Explanation(name, line.label, value, line.unit, words, "", "", parts)

    def cited(self, name: str) -> str:
        return cite(self.figures, name)


_ROW_SETTINGS = ("is_", "bias", "first_proxy", "fiscal_sign", "funder_", "people_sign", "weight", "cost_is")


def cite(figures: Figures, name: str) -> str:
    """Return a parameter's source with author, year and locator, or the word assumption with its note."""
    parameter = figures.service.parameters[name]
    if name in figures.values:
        return "Your own value"
    if parameter.source == ASSUMPTION:
        return f"Assumption: {parameter.note}"
    source = figures.service.sources[parameter.source]
    return f"{source.author} {source.year}, {source.title}, {parameter.locator or source.locator}; {source.how_sure}"


def _numbers(value: Value | Array) -> tuple[float, ...]:
    return tuple(float(number) for number in np.asarray(value).reshape(-1))
