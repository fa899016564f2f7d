"""The Value Map: outcomes in the order of columns of Social Value International's template, live."""

from __future__ import annotations

from sroi.inputs import behind
from sroi.schema import Outcome
from sroi.workbook.blocks import At
from sroi.workbook.calculation import Calculation
from sroi.workbook.grid import HEADER_ROW, Formula, Sheet
from sroi.workbook.layout import FIRST
from sroi.workbook.request import Request
from sroi.workbook.results_sheets import Results

STAGE_ROW = HEADER_ROW - 1
STAGES = (
    (0, "Stage 1: stakeholders"), (2, "Stage 2: inputs, outputs and outcomes"), (6, "Stage 3: evidence and value"),
    (14, "Stage 4: impact and return"),
)  # fmt: skip
COLUMNS = (
    "Stakeholder", "Number in the group", "What they invest", "Value of what they invest (present value)",
    "Outputs: summary of activity in numbers", "Outcome", "Indicator", "Source of the quantity", "Quantity",
    "Duration (years)", "Outcome start (1 in the period, 2 after)", "Financial proxy", "Value of the proxy",
    "Source of the proxy", "Deadweight", "Displacement", "Attribution", "Drop-off", "Impact in a full year",
)  # fmt: skip
(
    WHO, NUMBER, INVESTS, INVESTED, OUTPUTS, OUTCOME, INDICATOR, QUANTITY_SOURCE, QUANTITY, DURATION, START, PROXY,
    PROXY_VALUE, PROXY_SOURCE, DEADWEIGHT, DISPLACEMENT, ATTRIBUTION, DROP_OFF, IMPACT,
) = range(len(COLUMNS))  # fmt: skip
# A service file counts what changes, not how many are in a group.
NOT_STATED = "not stated"
# How many sources of a quantity are named.
NAMED = 3


class ValueMap:
    """The sheet, and where its totals stand."""

    def __init__(self, request: Request, calculation: Calculation, results: Results) -> None:
        self.request, self.calculation, self.results = request, calculation, results
        service = request.service
        self.sheet = Sheet(
            "Value map", "outputs", f"Value map: {service.title}",
            "Columns in the order of Social Value International's Value Map. Costs first, then outcomes, then what has"
            f" no price. {request.unit('money')}; live. Shares are those of the first cohort.",
        )  # fmt: skip
        self.first_year = len(COLUMNS)
        self.total = self.first_year + request.years
        headers = (*COLUMNS, *request.calendar, "Total", "Present value")
        rows = len(service.costs) + len(service.outcomes) + len(service.non_monetised)
        self.sheet.header(HEADER_ROW, headers, "tbl_value_map", rows)
        for column, text in STAGES:
            self.sheet.put(STAGE_ROW, column, text, "label")
        row = FIRST
        for place, cost in enumerate(service.costs):
            self._put(row, {WHO: service.bearers[cost.funder].label, INVESTS: cost.name})
            present = calculation.block("present_cost").at(At(self.sheet, place))
            value = float(calculation.engine("present_cost")[place].reshape(-1)[0])
            self.sheet.put(row, INVESTED, Formula(present, value), "money")
            row += 1
        self.outcomes = row
        for place, outcome in enumerate(service.outcomes):
            self._outcome(row, place, outcome)
            row += 1
        for entry in service.non_monetised:
            said = f"{entry.label}: {entry.description} (importance: {entry.importance})"
            who = service.stakeholders[entry.stakeholder].label
            self._put(row, {WHO: who, OUTCOME: said, PROXY: "not priced"})
            row += 1
        self._totals(row + 1)
        self.sheet.widths = {
            **dict.fromkeys(range(self.total + 2), 13), WHO: 22, INVESTS: 22, OUTPUTS: 20, OUTCOME: 34, INDICATOR: 22,
            QUANTITY_SOURCE: 24, PROXY: 22, PROXY_SOURCE: 22, DURATION: 10, START: 11, NUMBER: 10, DROP_OFF: 10,
            self.total: 14, self.total + 1: 14,
        }  # fmt: skip
        self.sheet.frozen = (FIRST, 1)

    def _put(self, row: int, texts: dict[int, str]) -> None:
        for column, text in texts.items():
            self.sheet.put(row, column, text, "wrapped")

    def _source(self, name: str) -> str:
        """Return the sources of the numbers that a quantity or proxy rests on."""
        service, said = self.request.service, []
        for each in behind(service, name):
            source = service.parameters[each].source
            entry = service.sources.get(source)
            said.append("assumption" if entry is None else f"{entry.author} {entry.year}")
        unlike = list(dict.fromkeys(said))
        more = f" and {len(unlike) - NAMED} more" if len(unlike) > NAMED else ""
        return "; ".join(unlike[:NAMED]) + more

    def _activity(self, name: str) -> str:
        """Return what is counted at first: who takes part, or the first number that a quantity rests on."""
        service = self.request.service
        first = list(behind(service, name))
        return self._label(service.about.participants or first[-1])

    def _unit(self, name: str) -> str:
        service = self.request.service
        return (service.parameters.get(name) or service.lines[name]).unit

    def _label(self, name: str) -> str:
        service = self.request.service
        return (service.parameters.get(name) or service.lines[name]).label

    def _outcome(self, row: int, place: int, outcome: Outcome) -> None:
        service, calculation = self.request.service, self.calculation
        said = outcome.name if outcome.description is None else f"{outcome.name}: {outcome.description}"
        if outcome.transfer:
            said += " (money that changes hands: netted in the totals)"
        self._put(row, {
            WHO: service.stakeholders[outcome.stakeholder].label, NUMBER: NOT_STATED,
            OUTPUTS: self._activity(outcome.quantity),
            OUTCOME: said, INDICATOR: f"{self._label(outcome.quantity)}, in {self._unit(outcome.quantity)}",
            QUANTITY_SOURCE: self._source(outcome.quantity), PROXY: self._label(outcome.proxy),
            PROXY_SOURCE: self._source(outcome.proxy),
        })  # fmt: skip
        at = At(self.sheet, place)
        for column, name, style in (
            (DURATION, "benefit_period", "years"), (PROXY_VALUE, "first_proxy", "price"),
            (DEADWEIGHT, "deadweight", "share"), (DISPLACEMENT, "displacement", "share"),
            (ATTRIBUTION, "attribution", "share"), (DROP_OFF, "drop_off", "share"),
        ):  # fmt: skip
            self.sheet.put(row, column, Formula(calculation.text(name)(at), self._one(name, place)), style)
        onset = calculation.text("onset_year")(at)
        starts = 1.0 if self._one("onset_year", place) == 0 else 2.0
        self.sheet.put(row, START, Formula(f"IF({onset}=0,1,2)", starts), "whole")
        gross, impact = (calculation.block_of(name) for name in ("quantity", "impact"))
        cohorts, proxy = calculation.layout.length("cohort"), self.sheet.cell(row, PROXY_VALUE, self.sheet, fix="c")
        quantity, kept = (float(calculation.engine(name)[place].sum()) for name in ("quantity", "impact"))
        self.sheet.put(row, QUANTITY, Formula(f"SUM({gross.along(at, 'cohort', cohorts)})", quantity), "quantity")
        text = f"SUM({impact.along(at, 'cohort', cohorts)})*{proxy}"
        self.sheet.put(row, IMPACT, Formula(text, kept * self._one("first_proxy", place)), "money")
        self._years(row, place)

    def _one(self, name: str, place: int) -> float:
        array = self.calculation.engine(name)
        return float(array[place if array.shape[0] > 1 else 0].reshape(-1)[0])

    def _years(self, row: int, place: int) -> None:
        values = self.calculation.engine("value_in_year")[place, 0, :, 0]
        block, sheet = self.calculation.block("value_in_year"), self.sheet
        for year in range(self.request.years):
            value = float(values[year if values.size > 1 else 0])
            sheet.put(row, self.first_year + year, Formula(block.at(At(sheet, place, year=year)), value), "money")
        span = sheet.range((row, self.first_year), (row, self.total - 1), sheet, fix="c")
        whole = float(values.sum()) * (self.request.years if values.size == 1 else 1)
        sheet.put(row, self.total, Formula(f"SUM({span})", whole), "money")
        present = self.calculation.block("present_value").at(At(sheet, place))
        sheet.put(row, self.total + 1, Formula(present, self._one("present_value", place)), "money")

    def _totals(self, row: int) -> None:
        """Write the totals below the table: transfers netted, as in the results."""
        sheet, calculation, result = self.sheet, self.calculation, self.request.result
        flow = result.cash_flow()
        for place, (label, line, column) in enumerate((
            ("Total in each year, transfers netted", "benefits_in_year", "benefits"),
            ("Present value of each year", "discounted_benefits_in_year", "discounted_benefits"),
        )):  # fmt: skip
            block, here = calculation.block(line), row + place
            sheet.put(here, 0, label, "label_wrapped")
            for year in range(self.request.years):
                text = block.at(At(sheet, year=year))
                value = float(flow[column].iloc[year])
                sheet.put(here, self.first_year + year, Formula(text, value), "strong_money")
            span = sheet.range((here, self.first_year), (here, self.total - 1), sheet, fix="c")
            at = self.total + place
            sheet.put(here, at, Formula(f"SUM({span})", float(flow[column].sum())), "strong_money")
        self.present_total = sheet.cell(row + 1, self.total + 1)
        for place, (label, name, style) in enumerate((
            ("Total present value", "pv_benefits", "strong_money"), ("Investment", "pv_inputs", "strong_money"),
            ("Net present value", "npsv", "strong_money"),
            ("Social return for each unit invested", "sroi_ratio", "strong_ratio"),
        ), 2):  # fmt: skip
            value = getattr(result, name)
            sheet.put(row + place, 0, label, "label_wrapped")
            content = "undefined" if value is None else float(value)
            sheet.put(row + place, self.total + 1, Formula(self.results.cell(name, sheet), content), style)
