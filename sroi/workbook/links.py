"""What the lines of the method take: the engine's numbers, their axes, and cells that lead to the inputs."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from sroi import formula
from sroi.errors import Fault, FormulaError, ServiceError
from sroi.formula import COHORT_AXIS, OUTCOME_AXIS, YEAR_AXIS, Array, Node
from sroi.formula.tree import Name, Number
from sroi.inputs import BY_COHORT, BY_YEAR, FLAGS, cost_input, outcome_input, trees, weight_parts
from sroi.method import COST_INPUTS, LINES, OUTCOME_INPUTS, SETTINGS
from sroi.schema import Cost, Outcome
from sroi.workbook.blocks import COHORT_OF, COST, EFFECT, OUTCOME, YEAR, At, Block
from sroi.workbook.grid import Formula, Sheet
from sroi.workbook.inputs_sheets import Inputs
from sroi.workbook.layout import Layout
from sroi.workbook.request import Request
from sroi.workbook.settings_sheets import RATES, Bias, Rates

Text = Callable[[At], str]
_SETTING_AXES: dict[str, frozenset[str]] = {
    "t": frozenset({YEAR}),
    "c": frozenset({COHORT_OF}),
    "a": frozenset({EFFECT}),
    "first_proxy": frozenset({OUTCOME}),
    "weight": frozenset({OUTCOME}),
    **{name: frozenset({COST if name in ("cost_is_present_value", "funder_is_public") else OUTCOME}) for name in FLAGS},
    **{name: frozenset({YEAR}) for name in RATES},
}
UNITS = {
    **dict.fromkeys(
        (
            "deadweight", "displacement", "attribution", "leakage", "substitution", "drop_off", "cashable", "cost_bias",
            "mitigation", "growth",
        ),
        "share",
    ),
    **dict.fromkeys(("onset_year", "benefit_period", "start_year", "years"), "years"),
    "multiplier": "ratio", "proxy": "money", "amount": "money", "quantity": "quantity",
}  # fmt: skip


class Links:
    """What each outcome and cost takes from the service file, and the lines of the service itself.

    Parameters
    ----------
    request : Request
    inputs, rates, bias
        The sheets that formulas lead back to.
    """

    def __init__(self, request: Request, inputs: Inputs, rates: Rates, bias: Bias) -> None:
        self.request, self.inputs, self.rates, self.bias = request, inputs, rates, bias
        self.layout = Layout(request, math.ceil(self._longest()))
        self._texts: dict[str, Text] = {}
        self._blocks: dict[str, Block] = {}
        self._service_lines()

    def _spoken(self, name: str) -> str:
        if name in LINES:
            return LINES[name].label
        return (OUTCOME_INPUTS | COST_INPUTS).get(name, (SETTINGS.get(name, name),))[0]

    def _longest(self) -> float:
        """Return the longest benefit period under any variant, or as it is used now."""
        service = self.request.service
        longest = float(np.max(self.engine("benefit_period"), initial=1.0))
        for outcome in service.outcomes:
            if outcome.benefit_period in service.parameters:
                values = [value for each in self.request.of(outcome.benefit_period or "") for value in each.values]
                longest = max(longest, *values)
        return longest

    # The engine's numbers ---------------------------------------------------------------------------------------

    def engine(self, name: str) -> Array:
        """Return the engine's numbers of a line, an input or a setting, axes (row, cohort, year, 1)."""
        return np.asarray(self.request.result.line_or_setting(name), float)

    def _value(self, node: Node) -> Array:
        years = np.arange(self.layout.effect_years, dtype=float).reshape(1, 1, -1, 1)
        with np.errstate(all="ignore"):
            # The engine counts the years of the effects that are stated; the sheet has room for longer ones.
            found = np.asarray(
                formula.evaluate_unchecked(node, lambda name: years if name == "a" else self.engine(name)), float
            )
        return found.reshape((1, 1, 1, 1) if found.ndim == 0 else found.shape)

    # Axes ---------------------------------------------------------------------------------------------------------

    def axes(self, node: Node) -> frozenset[str]:
        """Return the axes along which a formula varies."""
        if isinstance(node, Number):
            return frozenset()
        if isinstance(node, Name):
            return self._axes_of(node.id)
        found = frozenset().union(*(self.axes(argument) for argument in node.arguments))
        match node.symbol:
            case "total":
                return found - {OUTCOME, COST}
            case "total_years" | "earliest":
                return found - {YEAR, EFFECT}
            case "total_cohorts":
                return found - {COHORT_OF}
        return found

    def _axes_of(self, name: str) -> frozenset[str]:
        if name in LINES:
            line = LINES[name]
            level = frozenset({line.level}) & {OUTCOME, COST}
            return self.axes(line.tree) | level
        if name in OUTCOME_INPUTS or name in COST_INPUTS:
            found = {OUTCOME if name in OUTCOME_INPUTS else COST}
            if name in BY_COHORT:
                found.add(COHORT_OF)
            if name in BY_YEAR and any(self._stated(name, row) in self.request.by_year for row in self._rows(name)):
                found.add(YEAR)
            return frozenset(found)
        return _SETTING_AXES.get(name, frozenset())

    def _rows(self, name: str) -> tuple[Outcome | Cost, ...]:
        service = self.request.service
        return service.outcomes if name in OUTCOME_INPUTS else service.costs

    def _stated(self, name: str, row: Outcome | Cost) -> str | float:
        return outcome_input(row, name) if isinstance(row, Outcome) else cost_input(self.request.service, row, name)

    @staticmethod
    def _one(values: Array, row: int, cohort: int, year: int) -> float:
        place = [row, cohort, year]
        for axis, number in zip((OUTCOME_AXIS, COHORT_AXIS, YEAR_AXIS), tuple(place), strict=True):
            place[axis] = number if values.shape[axis] > 1 else 0
        return float(values[place[0], place[1], place[2], 0])

    # What an outcome or a cost takes from the service file ------------------------------------------------------------

    def _input(self, name: str) -> Text:
        if name == "proxy first":
            block = self._links("proxy", "proxy first", "Proxy, first year")
            return block.at
        label = (OUTCOME_INPUTS | COST_INPUTS)[name][0]
        if YEAR not in self._axes_of(name):
            return self._links(name, name, label).at
        rows = self._rows(name)

        def text(at: At) -> str:
            return self._cell(self._stated(name, rows[at.row]), at.sheet, at.year)

        return text

    def _links(self, name: str, key: str, label: str) -> Block:
        """Write a column that leads to what each outcome or cost states, or holds what stands in for it."""
        rows, values = self._rows(name), self.engine(name)
        axes = self._axes_of(name) - {YEAR}
        block = self._blocks[key] = self.layout.new(key, label, UNITS.get(name, "quantity"), "", axes)
        for row, cohort, _ in self.layout.places(axes):
            stated = self._stated(name, rows[row])
            place = block.place(row, cohort, 0)
            style = self.layout.style(UNITS.get(name, "quantity"))
            if isinstance(stated, str):
                year = cohort if name in BY_COHORT else 0
                text = self._cell(stated, block.sheet, year)
                block.sheet.put(*place, Formula(text, self._one(values, row, cohort, 0)), style)
            else:
                block.sheet.put(*place, float(stated), f"constant_{style}")
        return block

    def _cell(self, name: str | float, home: Sheet, year: int) -> str:
        """Return the reference to a parameter at the price base, or to a line of the service."""
        if not isinstance(name, str):
            return repr(float(name))
        sheet, row, column = self.inputs.places[name]
        if name in self.request.by_year:
            return sheet.cell(row, column + year, home, fix="r")
        return sheet.cell(row, column, home)

    def _flag(self, name: str) -> Text:
        axes, rows = self._axes_of(name), self.engine(name)
        label = self._spoken(name)
        block = self._blocks[name] = self.layout.new(name, label[:1].upper() + label[1:], "factor", "", axes)
        for row, _, _ in self.layout.places(axes):
            place, value = block.place(row, 0, 0), self._one(rows, row, 0, 0)
            text = self._flag_text(name, row, block.sheet)
            content = value if text is None else Formula(text, value)
            block.sheet.put(*place, content, "constant_quantity" if text is None else "quantity")
        return block.at

    def _flag_text(self, name: str, row: int, home: Sheet) -> str | None:
        outcome = self.request.service.outcomes[row] if name in ("bias", "weight") else None
        if name == "bias":
            return self.bias.formula(row, home)
        if name == "weight" and outcome is not None:
            parts = weight_parts(self.request.service, outcome)
            reference = str(self.request.service.about.reference_income)
            texts = [
                "1"
                if income is None
                else f"({self._cell(reference, home, 0)}/{self._cell(income, home, 0)})^income_elasticity"
                for _, income in parts
            ]
            signs = ["-" if sign < 0 else "+" for sign, _ in parts]
            return "".join(f"{sign}{text}" for sign, text in zip(signs, texts, strict=True)).lstrip("+")
        return None

    # The lines of the service ---------------------------------------------------------------------------------------

    def _service_lines(self) -> None:
        service, result = self.request.service, self.request.result
        for name, line in service.lines.items():
            tree = trees(service)[name]
            yearly = name in self.request.by_year
            axes = frozenset({YEAR}) if yearly else frozenset[str]()
            labels = {**service.parameters, **service.lines}
            words = formula.to_words(tree, lambda each, labels=labels: labels[each].label)  # type: ignore[misc]
            values = np.asarray(result.named(name), float)
            values = values.reshape((1, 1, 1, 1) if values.ndim == 0 else values.shape)
            block = self.layout.new_working(name, line.label, line.unit, words, axes)
            for _, _, year in self.layout.places(axes):
                text = _as_formula(name, tree, partial(self._cell, home=block.sheet, year=year))
                place = block.place(0, 0, year)
                block.sheet.put(
                    *place, Formula(bare(text), self._one(values, 0, 0, year)), self.layout.style(line.unit)
                )
            self.inputs.places[name] = (block.sheet, *block.first)


def _as_formula(name: str, tree: Node, cell: Callable[[str], str]) -> str:
    try:
        return formula.to_excel(tree, cell)
    except FormulaError as error:
        raise ServiceError("the workbook", [Fault(f"lines.{name}", str(error))]) from None


def bare(text: str) -> str:
    """Take off the brackets around a whole formula."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and place < len(text) - 1:
            return text
    return text[1:-1]
