"""The sheet of checks: each with pass or fail, and how many fail."""

from __future__ import annotations

from dataclasses import dataclass

from sroi.method import BRIDGE_STEPS, RESULTS
from sroi.workbook.blocks import At
from sroi.workbook.calculation import Calculation
from sroi.workbook.grid import HEADER_ROW, Formula, Sheet
from sroi.workbook.inputs_sheets import ABOVE, BELOW, LEAST, MOST, NAME, TYPED_OVER, YOURS, Inputs
from sroi.workbook.inputs_sheets import FIRST as FIRST_INPUT
from sroi.workbook.layout import FIRST, TOTAL, Columns
from sroi.workbook.request import Request
from sroi.workbook.results_sheets import SAME, ByWhom, Results
from sroi.workbook.value_map_sheet import ValueMap

HEADERS = ("Check", "Result", "What to do when it fails", "One total", "The other")
ONE, OTHER = 3, 4
# Beside the table: what says whether the case in use is the one exported.
SAID, NUMBER = 6, 7
WIDTHS = (56, 10, 78, 16, 16, 2, 44, 8)
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Totals:
    """Two totals that must be equal, and the engine's number for both."""

    one: str
    other: str
    value: float


# A check: what it is called, what holds where it passes, what to do where it fails.
Row = tuple[str, str | Totals, str]


class Checks:
    """The sheet, and the cell with the number of checks that fail."""

    def __init__(
        self, request: Request, inputs: Inputs, calculation: Calculation, results: Results, by_whom: ByWhom,
        bridge: Sheet, value_map: ValueMap,
    ) -> None:  # fmt: skip
        self.request, self.inputs, self.calculation, self.results = request, inputs, calculation, results
        self.sheet = Sheet(
            "Checks", "control", "Checks",
            "Whether the workbook is in order. Totals are equal where they differ by no more than the tolerance.",
        )  # fmt: skip
        self.sheet.put(HEADER_ROW - 1, 0, "Checks that fail", "label")
        self.sheet.put(HEADER_ROW - 1, 2, "Tolerance, as a share of the totals compared", "note")
        self.sheet.put(HEADER_ROW - 1, 3, TOLERANCE, "constant_tiny")
        self.names = {"tolerance": self.sheet.cell(HEADER_ROW - 1, 3), "as_exported": self._as_exported()}
        rows: list[Row] = [
            *self._of_inputs(),
            *self._of_rows(),
            *self._of_totals(by_whom, bridge, value_map),
            *self._of_errors(by_whom.sheet, bridge, value_map.sheet),
        ]
        self.sheet.header(HEADER_ROW, HEADERS, "tbl_checks", len(rows))
        for row, (label, holds, advice) in enumerate(rows, FIRST):
            condition = self._equal(row, holds) if isinstance(holds, Totals) else holds
            self.sheet.put(row, 0, label, "wrapped")
            self.sheet.put(row, 1, Formula(f'IF({condition},"pass","fail")', "pass"), "flag")
            self.sheet.put(row, 2, advice, "wrapped")
        span = self.sheet.range((FIRST, 1), (FIRST + len(rows) - 1, 1), self.sheet)
        self.sheet.put(HEADER_ROW - 1, 1, Formula(f'COUNTA({span})-COUNTIF({span},"pass")', 0.0), "whole")
        self.failing = self.sheet.cell(HEADER_ROW - 1, 1)
        self.sheet.flags.append((1, FIRST, FIRST + len(rows) - 1))
        self.sheet.widths = dict(enumerate(WIDTHS))

    def _as_exported(self) -> str:
        """Write whether scenario, convention and every input are those of the export, and return the cell."""
        request, values = self.request, self.inputs.values
        last = FIRST_INPUT + len(request.service.parameters) - 1
        used, then = (values.range((FIRST_INPUT, c), (last, c)) for c in self.inputs.exported)
        chosen = (
            list(request.variants).index(request.variant),
            list(request.conventions).index(request.result.convention_name),
        )
        sheet = self.sheet
        for row, (label, number) in enumerate(zip(("Scenario at export", "Convention at export"), chosen, strict=True)):
            sheet.put(row, SAID, label, "note")
            sheet.put(row, NUMBER, float(number + 1), "constant_whole")
        sheet.put(HEADER_ROW, SAID, "Values in use that are not those of the export", "note")
        sheet.put(HEADER_ROW, NUMBER, Formula(f"SUMPRODUCT(1*({used}<>{then}))", 0.0), "whole")
        one, other, moved = (sheet.cell(row, NUMBER, sheet) for row in (0, 1, HEADER_ROW))
        error = f"ISERROR({moved}+scenario_number+convention_number)"
        holds = f"(scenario_number={one})*(convention_number={other})*({moved}=0)"
        sheet.put(HEADER_ROW - 1, SAID, "The case is the one exported (1) or another (0)", "note")
        sheet.put(HEADER_ROW - 1, NUMBER, Formula(f"IF({error},0,{holds})", 1.0), "whole")
        return sheet.cell(HEADER_ROW - 1, NUMBER)

    def _of_errors(self, *more: Sheet) -> list[tuple[str, str, str]]:
        """Return for every sheet of calculations whether it shows an error."""
        layout = self.calculation.layout
        sheets = [
            self.inputs.sheet, self.inputs.values, *([self.inputs.yearly] if self.inputs.yearly else []),
            *(each.sheet for each in (layout.workings, layout.outcomes, layout.costs, layout.impact, layout.cohorts)),
            layout.yearly.sheet, self.results.sheet, *more,
        ]  # fmt: skip
        found = []
        for sheet in sheets:
            filled = [place for place, cell in sheet.cells.items() if isinstance(cell.content, Formula)]
            if not filled:
                continue
            rows, columns = zip(*filled, strict=True)
            span = sheet.range((min(rows), min(columns)), (max(rows), max(columns)))
            advice = "Look for #DIV/0!, #VALUE! or #N/A there and follow it back: an input divides by nothing."
            found.append((f"No error on the sheet {sheet.name}", f"SUMPRODUCT(1*ISERROR({span}))=0", advice))
        return found

    def _of_inputs(self) -> list[tuple[str, str, str]]:
        sheet = self.inputs.sheet
        last = FIRST_INPUT + len(self.request.service.parameters) - 1
        yours = sheet.range((FIRST_INPUT, YOURS), (last, YOURS))
        values, column = self.inputs.values, self.inputs.default + 5
        order = values.range((FIRST_INPUT, column), (last, column))
        strayed, below, above = (f'COUNTIF({order},"{word}")' for word in (TYPED_OVER, BELOW, ABOVE))
        found = self._of_years()
        return [
            *found,
            ("The scenario is one of the list", "ISNUMBER(scenario_number)", "Choose one on Inputs from the list."),
            ("The convention is one of the list", "ISNUMBER(convention_number)", "Choose one on Inputs from the list."),
            (
                "Every value of your own is a number", f"(COUNTA({yours})-COUNT({yours}))=0",
                "A text stands in Your value on Inputs, such as 30% with a space: type a number, or empty the cell.",
            ),
            (
                "Every value in use is yours or the scenario's", f"{strayed}=0",
                "A number stands over a formula on Inputs: move it to Your value, and copy the formula back.",
            ),
            (
                "No input is below its least value", f"{below}=0",
                "On Inputs a value in use is below the column Least: shares run from 0 to 1, so write 0.3 for 30%.",
            ),
            (
                "No input is above its greatest value", f"{above}=0",
                "On Inputs a value in use is above the column Most: shares run from 0 to 1, so write 0.3 for 30%.",
            ),
        ]  # fmt: skip

    def _of_years(self) -> list[tuple[str, str, str]]:
        """Return whether the inputs by year hold numbers, and numbers within their range."""
        sheet, found = self.inputs.yearly, []
        if sheet is None:
            return []
        for name, parameter in self.request.service.parameters.items():
            if name not in self.request.by_year:
                continue
            _, base, column = self.inputs.places[name]
            first, last = column, column + self.request.years - 1
            own, used = base - 2 - len(self.request.variants), base - 1
            yours, cells = (sheet.range((row, first), (row, last)) for row in (own, used))
            advice = "On Yearly inputs: type numbers, or empty the cells."
            found.append((f"Your values by year are numbers: {parameter.label}",
                          f"(COUNTA({yours})-COUNT({yours}))=0", advice))  # fmt: skip
            place = next(
                row for (row, c), cell in self.inputs.sheet.cells.items() if c == NAME and cell.content == name
            )
            for end, function, sign in ((LEAST, "MIN", ">="), (MOST, "MAX", "<=")):
                if (place, end) in self.inputs.sheet.cells:
                    limit = self.inputs.sheet.cell(place, end)
                    found.append((f"Within its {'least' if end == LEAST else 'greatest'} value: {parameter.label}",
                                  f"{function}({cells}){sign}{limit}", advice))  # fmt: skip
        return found

    def _of_rows(self) -> list[tuple[str, str, str]]:
        calculation, found = self.calculation, []
        outcomes, costs = (calculation.layout.length(axis) for axis in ("outcome", "cost"))
        at = At(self.sheet)
        if outcomes:
            period = calculation.block_of("benefit_period").along(at, "outcome", outcomes)
            parts = self._parts_of_years(calculation.layout.outcomes, "onset_year", "Part of a year in the onset")
            room = calculation.layout.a.place(0, 0, calculation.layout.effect_years - 1)
            end = calculation.layout.effect.sheet.cell(*room)
            found += [
                (
                    "No effect lasts longer than the sheet Effect has room for", f"MAX({period})<=({end}+1)",
                    "Only the bridge from gross to net falls short: make a new workbook with the longer period.",
                ),
                (
                    "Effects begin in whole years", f"SUM({parts})=0",
                    "Write a whole number of years for the onset.",
                ),
            ]  # fmt: skip
        if costs:
            parts = self._parts_of_years(calculation.layout.costs, "start_year", "Part of a year in the first year")
            start, years = (calculation.block_of(n).along(at, "cost", costs) for n in ("start_year", "years"))
            found += [
                (
                    "Every cost falls within the horizon", f"SUMPRODUCT(1*(({start}+{years})>horizon))=0",
                    "A cost runs beyond the last year, where it is lost: shorten it, or export with more years.",
                ),
                ("Costs begin in whole years", f"SUM({parts})=0", "Write a whole number of years."),
            ]  # fmt: skip
        return found

    def _parts_of_years(self, columns: Columns, name: str, label: str) -> str:
        """Write beside each row what is left of a number of years beyond whole ones, and return the range."""
        column, block = columns.add(label), self.calculation.block_of(name)
        for row in range(columns.rows):
            at = At(columns.sheet, row)
            columns.sheet.put(FIRST + row, column, Formula(f"{block.at(at)}-INT({block.at(at)})", 0.0), "years")
        return columns.sheet.range((FIRST, column), (FIRST + columns.rows - 1, column))

    def _equal(self, row: int, totals: Totals) -> str:
        """Write both totals beside a check, and return what holds where they are equal."""
        for column, text in ((ONE, totals.one), (OTHER, totals.other)):
            self.sheet.put(row, column, Formula(text, totals.value), "money")
        one, other = (self.sheet.cell(row, column, self.sheet, fix="c") for column in (ONE, OTHER))
        return f"ABS({one}-{other})<=(tolerance*(ABS({one})+ABS({other})+1))"

    def _of_totals(self, by_whom: ByWhom, bridge: Sheet, value_map: ValueMap) -> list[Row]:
        at, calculation, result = At(self.sheet), self.calculation, self.request.result
        benefits, costs, net = (calculation.block(name).at(at) for name in ("pv_benefits", "pv_costs", "npsv"))
        flow = calculation.block("discounted_net_flow").along(at, "year", self.request.years)
        totals = calculation.layout.totals
        errors = f"SUMPRODUCT(1*ISERROR({totals.sheet.range((FIRST, TOTAL), (totals.next - 1, TOTAL))}))"
        sums = {what: by_whom.sheet.range((first, 3), (last, 3)) for what, (first, last) in by_whom.blocks.items()}
        first, last = by_whom.blocks["bearer"]
        paid = by_whom.sheet.range((first, 7), (last, 7))
        same = self.results.sheet.range((FIRST, SAME), (FIRST + len(RESULTS) - 1, SAME))
        end = bridge.cell(FIRST + len(BRIDGE_STEPS) - 1, 2)
        worth, cost, left = (float(each) for each in (result.pv_benefits, result.pv_costs, result.npsv))
        gains = {f"Benefits by {what} sum to all benefits": f"SUM({span})" for what, span in sums.items()}
        gains |= {"The bridge leads to all benefits": end}
        gains |= {"The Value map comes to all benefits": value_map.present_total}
        found: list[tuple[str, str | Totals]] = [
            ("Net value is benefits less costs", Totals(net, f"{benefits}-{costs}", left)),
            ("The discounted net flows sum to the net value", Totals(net, f"SUM({flow})", left)),
            *((label, Totals(benefits, text, worth)) for label, text in gains.items()),
            ("What funders pay sums to all costs", Totals(costs, f"SUM({paid})", cost)),
            ("With nothing changed, results are those of the export", f'(as_exported*COUNTIF({same},"changed"))=0'),
        ]
        advice = "A formula has been changed: compare with a fresh export."
        look = "Look for #DIV/0! or #VALUE! on Totals and follow it back."
        return [("No total is an error", f"{errors}=0", look), *((label, holds, advice) for label, holds in found)]
