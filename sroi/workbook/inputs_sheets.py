"""The sheets of inputs: every number once, with its source, a cell for one's own value, and every scenario's."""

from __future__ import annotations

import math

import numpy as np

from sroi import reference, units
from sroi.inputs import price_factors
from sroi.rules import possible_range
from sroi.schema import Parameter
from sroi.uncertainty.spreads import PRESET, Uncertain, uncertain_parameters
from sroi.workbook.columns import COHORT, FIRST_YEAR, FOR, OPENING, UNIT, WHAT, WORDS, year_headers, year_widths
from sroi.workbook.grid import HEADER_ROW, Formula, Sheet, Validation, letters
from sroi.workbook.request import Request
from sroi.workbook.settings_sheets import Prices

# Above the table of inputs stand the two switches and the numbers that formulas read them by.
SCENARIO_ROW, CONVENTION_ROW, HORIZON_ROW = 3, 4, 5
INPUTS_HEADER = 7
FIRST = INPUTS_HEADER + 1
COLUMNS = (
    "Group", "Input", "Unit", "Prices of", "Your value", "Value in use", "Default", "Changed?",
    "Likely low (5%), at export", "Likely high (95%), at export", "Least", "Most", "Grade",
    "Source", "Note", "Name",
)  # fmt: skip
(
    GROUP, LABEL, IN_UNIT, PRICES, YOURS, IN_USE, DEFAULT, CHANGED, LOW, HIGH, LEAST, MOST, GRADE, SOURCE, NOTE, NAME,
) = range(len(COLUMNS))  # fmt: skip
WIDTHS = (16, 36, 20, 9, 12, 12, 12, 10, 12, 12, 9, 9, 7, 20, 48, 24)
# The sheet of values has the same rows: name, input, unit; the scenarios; then what is used, and at which prices.
VALUE_COLUMNS = ("Name", "Input", "Unit")
FIRST_VARIANT = len(VALUE_COLUMNS)
AFTER_VARIANTS = ("Default", "In use", "Price factor", "At price base", "In use at export", "In order?")
# What the last column says of a value in use.
IN_ORDER, TYPED_OVER, BELOW, ABOVE = "in order", "typed over", "below its least", "above its greatest"
YEARLY = "Yearly inputs"
YEARLY_WORD = "by year"
YEARLY_COLUMNS = ("What", "For", "Name", "Unit", "In words", "Price factor")
# The rows of one such input: one's own values, those of every scenario, and what comes of them.
OWN_ROW, USED_ROWS = "Your values", ("In use", "In use, at price base")


class Inputs:
    """The inputs, and where each stands."""

    def __init__(self, request: Request, prices: Prices) -> None:
        self.request, self.prices = request, prices
        service = request.service
        self.sheet = Sheet(
            "Inputs",
            "inputs",
            f"Inputs: {service.title}",
            "Type into the yellow cells of the column Your value; empty them to go back. Grade and source are those of"
            " the base case: what scenarios rest on stands on Scenarios.",
        )
        self.values = Sheet(
            "Values", "workings", "Values in use",
            "The numbers of every scenario, those in use, and those brought to the price base.",
        )  # fmt: skip
        self.names: dict[str, str] = {}
        self.places: dict[str, tuple[Sheet, int, int]] = {}
        self.yearly = self._yearly_sheet()
        drawn = uncertain_parameters(request.result.service, request.values, PRESET, {})
        self._switches()
        count, labels = len(service.parameters), list(request.variant_labels.values())
        self.sheet.header(INPUTS_HEADER, COLUMNS, "tbl_inputs", count)
        self.values.header(INPUTS_HEADER, (*VALUE_COLUMNS, *labels, *AFTER_VARIANTS), "tbl_values", count)
        self.default = FIRST_VARIANT + len(labels)
        # Where values in use stand now, and as they were when the workbook was made.
        self.exported = self.default + 1, self.default + 4
        for row, name in enumerate(self._order(), FIRST):
            self._row(row, name, drawn.get(name))
        self.sheet.frozen = self.values.frozen = (FIRST, 2)
        self.sheet.flags.append((CHANGED, FIRST, FIRST + count - 1))
        self.sheet.widths = dict(enumerate(WIDTHS))
        self.values.widths = {
            0: 24,
            1: 40,
            2: 22,
            **dict.fromkeys(range(FIRST_VARIANT, self.default + len(AFTER_VARIANTS)), 15),
        }

    def _order(self) -> list[str]:
        """Return the parameters by group, groups in the order in which the file brings them up."""
        groups: dict[str, list[str]] = {}
        for name, parameter in self.request.service.parameters.items():
            groups.setdefault(parameter.group, []).append(name)
        return [name for names in groups.values() for name in names]

    def _switches(self) -> None:
        request, sheet = self.request, self.sheet
        labels = list(request.variant_labels.values())
        header = self.values.range((INPUTS_HEADER, FIRST_VARIANT), (INPUTS_HEADER, FIRST_VARIANT + len(labels) - 1))
        conventions = f"Convention!{self._convention_header()}"
        for row, word, chosen, options in (
            (SCENARIO_ROW, "Scenario", request.variant_labels[request.variant], header),
            (CONVENTION_ROW, "Convention", request.convention_labels[request.result.convention_name], conventions),
        ):
            sheet.put(row, 0, word, "label")
            sheet.put(row, 1, chosen, "choice")
            sheet.validations.append(
                Validation(
                    row, 1, f"Choose a {word.lower()} from the list: every result follows.",
                    f"Choose a {word.lower()} from the list.", options=options,
                )
            )  # fmt: skip
            place = list((request.variant_labels if word == "Scenario" else request.convention_labels).values())
            number = Formula(f"MATCH({sheet.cell(row, 1, sheet)},{options},0)", float(place.index(chosen) + 1))
            sheet.put(row, 3, number, "whole")
            sheet.put(row, 2, f"{word} number", "label_indented")
            self.names[f"{word.lower()}_number"] = sheet.cell(row, 3)
        sheet.put(HORIZON_ROW, 0, "Appraisal years", "label")
        sheet.put(HORIZON_ROW, 1, float(request.years), "constant_whole")
        sheet.put(HORIZON_ROW, 2, "fixed when the workbook was made: the sheets have a column for each year", "aside")
        self.names["horizon"] = sheet.cell(HORIZON_ROW, 1)

    def _convention_header(self) -> str:
        last = 1 + len(self.request.conventions)
        return f"${letters(2)}${HEADER_ROW + 1}:${letters(last)}${HEADER_ROW + 1}"

    # One input ------------------------------------------------------------------------------------------------

    def _row(self, row: int, name: str, uncertain: Uncertain | None) -> None:
        request, sheet = self.request, self.sheet
        parameter = request.service.parameters[name]
        style = style_of(parameter, request.service.about.currency)
        for column, text in (
            (GROUP, parameter.group), (LABEL, parameter.label), (IN_UNIT, parameter.unit),
            (PRICES, parameter.price_year or ""), (GRADE, parameter.grade), (SOURCE, parameter.source),
            (NOTE, parameter.help or parameter.note or ""), (NAME, name),
        ):  # fmt: skip
            sheet.put(row, column, text, "wrapped")
        for column, text in enumerate((name, parameter.label, parameter.unit)):
            self.values.put(row, column, text, "wrapped")
        for column, end in zip((LEAST, MOST), possible_range(parameter), strict=True):
            if math.isfinite(end):
                sheet.put(row, column, float(end), f"constant_{style}")
        if name in request.by_year:
            for column in (IN_USE, DEFAULT):
                sheet.put(row, column, YEARLY_WORD, "note")
            sheet.put(row, CHANGED, "see Yearly inputs", "note")
            self._sum_of_years(row, name, style)
            return
        self._used(row, name, parameter, style)
        if uncertain is not None:
            low, high = uncertain.distribution.ppf(np.array(_ENDS))
            sheet.put(row, LOW, float(low), f"static_{style}")
            sheet.put(row, HIGH, float(high), f"static_{style}")

    def _used(self, row: int, name: str, parameter: Parameter, style: str) -> None:
        """Write the value in use and how it comes about: one's own, else the scenario's; then at the price base."""
        request, sheet, values = self.request, self.sheet, self.values
        yours = request.values.get(name)
        stated = float(request.result.service.parameters[name].value or 0.0)
        value = stated if yours is None else float(yours)
        self._variants(row, name, style)
        span = values.range((row, FIRST_VARIANT), (row, self.default - 1), values, fix="c")
        values.put(row, self.default, Formula(f"INDEX({span},1,scenario_number)", stated), style)
        sheet.put(row, DEFAULT, Formula(values.cell(row, self.default, sheet, fix="c"), stated), style)
        sheet.put(row, YOURS, yours, f"input_{style}")
        sheet.validations.append(validation(row, YOURS, parameter))
        mine, default, used = (sheet.cell(row, column, sheet, fix="c") for column in (YOURS, DEFAULT, IN_USE))
        sheet.put(row, IN_USE, Formula(f"IF(ISNUMBER({mine}),{mine},{default})", value), style)
        said = "same" if value == stated else "changed"
        sheet.put(row, CHANGED, Formula(f'IF({used}={default},"same","changed")', said), "flag")
        values.put(row, self.default + 1, Formula(sheet.cell(row, IN_USE, values, fix="c"), value), style)
        used = values.cell(row, self.default + 1, values, fix="c")
        factor = self.prices.factor(name, values)
        size = price_factors(request.result.service).get(name, 1.0)
        text = used
        if factor:
            values.put(row, self.default + 2, Formula(factor, size), "factor")
            text = f"{used}*{values.cell(row, self.default + 2, values, fix='c')}"
        values.put(row, self.default + 3, Formula(text, value * size), style)
        values.put(row, self.default + 4, value, f"static_{style}")
        values.put(row, self.default + 5, Formula(self._order_of(row, possible_range(parameter)), IN_ORDER), "flag")
        self.places[name] = (values, row, self.default + 3)

    def _order_of(self, row: int, ends: tuple[float, float]) -> str:
        """Return the formula that says whether a value in use is what it should be, and within its range."""
        mine, least, most = (self.sheet.cell(row, each, fix="c") for each in (YOURS, LEAST, MOST))
        default, used = (self.values.cell(row, self.default + each, self.values, fix="c") for each in (0, 1))
        above = f'IF({used}>{most},"{ABOVE}","{IN_ORDER}")' if math.isfinite(ends[1]) else f'"{IN_ORDER}"'
        below = f'IF({used}<{least},"{BELOW}",{above})' if math.isfinite(ends[0]) else above
        return f'IF({used}<>IF(ISNUMBER({mine}),{mine},{default}),"{TYPED_OVER}",{below})'

    def _sum_of_years(self, row: int, name: str, style: str) -> None:
        """Write the sum of what is used in all years, by which a change is seen."""
        sheet, base, column = self.places[name]
        years, used = self.request.years, base - 1
        span = sheet.range((used, column), (used, column + years - 1))
        yours = self.request.values.get(name)
        stated = _series(self.request.result.service.parameters[name], years)
        total = math.fsum(stated if yours is None else [float(yours)] * years)
        self.values.put(row, self.default, "sum over the years", "note")
        self.values.put(row, self.default + 1, Formula(f"SUM({span})", total), style)
        self.values.put(row, self.default + 4, total, f"static_{style}")

    def _variants(self, row: int, name: str, style: str) -> None:
        first = self.values.cell(row, FIRST_VARIANT, self.values, fix="c")
        for column, (key, parameter) in enumerate(
            zip(self.request.variants, self.request.of(name), strict=True), FIRST_VARIANT
        ):
            value = float(parameter.value or 0.0)
            if key and name not in self.request.service.scenarios[key].changes:
                self.values.put(row, column, Formula(first, value), style)
            else:
                self.values.put(row, column, value, f"given_{style}")

    # Inputs with a number for each year -------------------------------------------------------------------------

    def _yearly_sheet(self) -> Sheet | None:
        names = [name for name in self.request.service.parameters if name in self.request.by_year]
        if not names:
            return None
        sheet = Sheet(
            YEARLY,
            "inputs",
            "Inputs that vary by year",
            "Type into the yellow cells; an empty one takes the number of the scenario in use.",
        )
        headers = (*YEARLY_COLUMNS, *year_headers(self.request))
        rows_each = 3 + len(self.request.variants)
        sheet.header(HEADER_ROW, headers, "tbl_yearly_inputs", rows_each * len(names))
        for place, name in enumerate(names):
            self._yearly_rows(sheet, HEADER_ROW + 1 + place * rows_each, name)
        sheet.widths = year_widths(self.request.years)
        sheet.frozen = (HEADER_ROW + 1, 2)
        return sheet

    def _yearly_rows(self, sheet: Sheet, first: int, name: str) -> None:
        request = self.request
        parameter, style = (
            request.service.parameters[name],
            style_of(request.service.parameters[name], request.service.about.currency),
        )
        count = len(request.variants)
        labels = [OWN_ROW, *request.variant_labels.values(), *USED_ROWS]
        words = ["", *["" for _ in range(count)], "yours where there is one, else the scenario's", "× price factor"]
        for place, (label, said) in enumerate(zip(labels, words, strict=True)):
            for column, text in ((WHAT, label), (FOR, parameter.label), (COHORT, name), (UNIT, parameter.unit)):
                sheet.put(first + place, column, text)
            sheet.put(first + place, WORDS, said, "wrapped")
        factor = self.prices.factor(name, sheet)
        size = price_factors(request.result.service).get(name, 1.0)
        used, base = first + 1 + count, first + 2 + count
        if factor:
            sheet.put(base, OPENING, Formula(factor, size), "factor")
        stated = _series(request.result.service.parameters[name], request.years)
        yours = request.values.get(name)
        for year in range(request.years):
            column = FIRST_YEAR + year
            sheet.put(first, column, yours, f"input_{style}")
            sheet.validations.append(validation(first, column, parameter))
            for place, (key, each) in enumerate(zip(request.variants, request.of(name), strict=True), 1):
                number = _series(each, request.years)[year]
                # A scenario that leaves the input alone follows the base case.
                follows = key and name not in request.service.scenarios[key].changes
                base_case = sheet.cell(first + 1, column, sheet, fix="r")
                given = (Formula(base_case, number), style) if follows else (number, f"given_{style}")
                sheet.put(first + place, column, *given)
            mine = sheet.cell(first, column, sheet, fix="r")
            span = sheet.range((first + 1, column), (first + count, column), sheet, fix="r")
            value = stated[year] if yours is None else float(yours)
            text = f"IF(ISNUMBER({mine}),{mine},INDEX({span},scenario_number))"
            sheet.put(used, column, Formula(text, value), style)
            text = sheet.cell(used, column, sheet, fix="r")
            text = f"{text}*{sheet.cell(base, OPENING, sheet)}" if factor else text
            sheet.put(base, column, Formula(text, value * size), style)
        self.places[name] = (sheet, base, FIRST_YEAR)


def _series(parameter: Parameter, years: int) -> list[float]:
    if parameter.by_year is None:
        return [float(parameter.value or 0.0)] * years
    return [float(value) for value in parameter.by_year[:years]]


# The 5th and 95th percentile: what "likely" means everywhere.
_ENDS = (0.05, 0.95)


def style_of(parameter: Parameter, currency: str) -> str:
    """Return the style in which a parameter's values are written; another currency than the service's has no sign."""
    unit = parameter.unit.strip()
    if units.is_share(unit):
        return "share"
    if units.currencies_in(units.read(unit), reference.currencies()) == [(currency, 1)]:
        return "money"
    return "years" if unit in {"year", "years"} else "rate" if unit == "rate" else "quantity"


def validation(row: int, column: int, parameter: Parameter) -> Validation:
    """Return what may be typed for a parameter, with its messages."""
    low, high = possible_range(parameter)
    ends = [f"from {low:g}" if low > float("-inf") else "", f"up to {high:g}" if high < float("inf") else ""]
    within = " ".join(end for end in ends if end)
    kind = "a share as a fraction, such as 0.3 for 30%" if units.is_share(parameter.unit) else "a number"
    message = f"{parameter.label}, in {parameter.unit}. {parameter.help or ''}".strip()
    return Validation(
        row, column, message, f"Write {kind}{f', {within}' if within else ''}.",
        low=None if low == float("-inf") else low, high=None if high == float("inf") else high,
    )  # fmt: skip
