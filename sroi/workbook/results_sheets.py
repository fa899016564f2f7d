"""The sheets of results: as stated, by whom, from gross to net."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sroi import formula, printing, tables
from sroi.breakdown import sides_are_fiscal
from sroi.formula import METHOD_FUNCTIONS
from sroi.method import BRIDGE_STEPS, LINES, RESULTS
from sroi.stated import SAYS
from sroi.workbook.blocks import At
from sroi.workbook.calculation import Calculation
from sroi.workbook.grid import HEADER_ROW, Formula, Sheet
from sroi.workbook.irr_sheet import rate_of_return
from sroi.workbook.layout import FIRST
from sroi.workbook.reference_sheet import Reference
from sroi.workbook.request import Request
from sroi.workbook.static_sheets import P5, P95

UNDEFINED = "undefined"
# Where only rounding is left of two totals, a step takes nothing off.
STEP = formula.parse("difference(after, before)", METHOD_FUNCTIONS)
STATED_HEADERS = (
    "Result", "Value", "Likely low (5%)", "Likely high (95%)", "Unit", "Why it is undefined, or to be read with care",
    "Value at export", "As at export?", "Source of the method", "Name",
)  # fmt: skip
RESULT, VALUE, LOW, HIGH, UNIT, STATUS, EXPORTED, SAME, METHOD, NAME = range(len(STATED_HEADERS))


class Results:
    """The results as they are stated, and where each stands."""

    def __init__(
        self, request: Request, calculation: Calculation, reference: Reference, uncertainty: Sheet | None
    ) -> None:
        self.request, self.calculation, self.reference = request, calculation, reference
        self._uncertainty = uncertainty
        self.sheet = Sheet(
            "Results", "outputs", "Results", "Every result, under the scenario, the convention and the inputs in use.",
        )  # fmt: skip
        self.irr = rate_of_return(request, calculation)
        self._status = request.result.status
        self.sheet.header(HEADER_ROW, STATED_HEADERS, "tbl_results", len(RESULTS))
        for row, name in enumerate(RESULTS, FIRST):
            self._row(row, name)
        self.sheet.widths = {
            RESULT: 36,
            VALUE: 16,
            LOW: 16,
            HIGH: 16,
            UNIT: 20,
            STATUS: 44,
            EXPORTED: 16,
            SAME: 11,
            METHOD: 28,
            NAME: 26,
        }
        self.sheet.frozen = (FIRST, 1)

    def cell(self, name: str, home: Sheet | None = None, column: int = VALUE) -> str:
        """Return the reference to a result, or to an end of its likely range."""
        return self.sheet.cell(FIRST + RESULTS.index(name), column, home)

    def likely(self, name: str, column: int) -> float | str:
        """Return an end of a likely range as the sheet shows it."""
        content = self.sheet.cells[FIRST + RESULTS.index(name), column].content
        return content.value if isinstance(content, Formula) else ""

    def _line(self, name: str) -> str:
        return self.calculation.block(name).at(At(self.sheet))

    def _row(self, row: int, name: str) -> None:
        unit = tables.unit_of(name)
        source = LINES[name].source if name in LINES else "as the convention in use has it" if name == "bcr" else "GB"
        for column, text in (
            (RESULT, tables.label_of(name)), (UNIT, self.request.unit(unit)), (METHOD, source), (NAME, name)
        ):  # fmt: skip
            self.sheet.put(row, column, text, "wrapped")
        value = getattr(self.request.result, name)
        style = f"strong_{unit}"
        if name.endswith("_weighted") and self.request.service.about.reference_income is None:
            self.sheet.put(row, VALUE, UNDEFINED, style)
            self.sheet.put(row, STATUS, printing.REASONS["no_reference_income"], "wrapped")
            return
        content = UNDEFINED if value is None else float(value)
        self.sheet.put(row, VALUE, Formula(self._value(name), content), style)
        self.sheet.put(row, EXPORTED, content, f"static_{unit}")
        now, then = (self.sheet.cell(row, column, self.sheet, fix="c") for column in (VALUE, EXPORTED))
        near = f"ABS({now}-{then})<=(tolerance*(ABS({then})+1))"
        same = f'IF(IF(ISNUMBER({now})*ISNUMBER({then}),{near},{now}={then}),"same","changed")'
        self.sheet.put(row, SAME, Formula(same, "same"), "flag")
        self._range(row, unit)
        status = self._said(name)
        word = self._status.get(name, "")
        self.sheet.put(row, STATUS, Formula(status, printing.REASONS.get(word, "")) if status else "", "wrapped")

    def _range(self, row: int, unit: str) -> None:
        """Write the likely range, which belongs to the case that was exported and is shown only for that."""
        if self._uncertainty is None:
            return
        for column, source in ((LOW, P5), (HIGH, P95)):
            cell = self._uncertainty.cell(row, source, fix="c")
            end = self._uncertainty.cells[row, source].content
            text = f'IF((as_exported=1)*ISNUMBER({cell}),{cell},"")'
            self.sheet.put(row, column, Formula(text, end if isinstance(end, float) else ""), f"static_{unit}")

    # What the standards say of undefined results, as ``stated`` applies it --------------------------------------------

    def _value(self, name: str) -> str:
        match name:
            case "irr":
                return self.irr.value(self.sheet)
            case "bcr":
                netted = self.sheet.cell(FIRST + RESULTS.index("bcr_netted"), VALUE, self.sheet)
                return f"IF(bcr_netted=1,{netted},{self._line('bcr_as_benefits')})"
            case "bcr_netted":
                return f'IF({self._line("net_funder_cost")}<=0,"{UNDEFINED}",{self._line(name)})'
            case "mvpf" | "return_on_public_sector_cost":
                cost, above = self._line("net_budget_impact"), self._line(_above(name))
                return f'IF(AND({cost}<=0,{above}>=0),"{UNDEFINED}",{self._line(name)})'
            case "payback_year" | "payback_year_undiscounted":
                return f'IF({self._line(name)}>=horizon,"{UNDEFINED}",{self._line(name)})'
        return self._line(name)

    def _said(self, name: str) -> str:
        """Return the formula of the reason; empty where there can be none."""
        why: Callable[[str], str] = lambda word: self.reference.reason(word, self.sheet)  # noqa: E731
        match name:
            case "irr":
                return self.irr.status(why, self.sheet)
            case "bcr":
                netted = self.sheet.cell(FIRST + RESULTS.index("bcr_netted"), STATUS, self.sheet)
                return f'IF(bcr_netted=1,{netted},IF({self._line("pv_costs")}=0,{why("no_costs")},""))'
            case "bcr_netted":
                free = f"IF({self._line('pv_costs')}=0,{why('no_costs')},{why('no_net_cost')})"
                return f'IF({self._line("net_funder_cost")}<=0,{free},"")'
            case "mvpf" | "return_on_public_sector_cost":
                cost, above = self._line("net_budget_impact"), self._line(_above(name))
                chosen = f"IF({above}<0,{why('read_the_other_way')},{why('pays_for_itself')})"
                return f'IF({cost}<=0,{chosen},"")'
            case "payback_year" | "payback_year_undiscounted":
                again = self._line(name.replace("payback_year", "years_below_again"))
                later = f'IF({again}>0,{why("falls_below_again")},"")'
                return f"IF({self._line(name)}>=horizon,{why('never')},{later})"
        needs = LINES[name].needs
        return f'IF({self._line(needs)}=0,{why(SAYS[needs])},"")' if needs else ""


def _above(name: str) -> str:
    return "value_to_people" if name == "mvpf" else "npsv"


BY_HEADERS = (
    "By", "Id", "Who", "PV of benefits", "For each unit of input", "PV of fiscal savings", "PV of cashable savings",
    "PV of costs", "PV of benefits less costs", "PV of public cost", "Net present budget impact",
    "Own benefits over own costs",
)  # fmt: skip
BY_MONEY = frozenset(head for head in BY_HEADERS if head.startswith(("PV", "Net")))
# Columns of the table that ``Result.by`` gives, in that order; the last five for bearers only.
BY_COLUMNS = (
    "pv_benefits", "per_pound", "pv_fiscal_savings", "pv_cashable_savings", "pv_costs", "pv_net", "pv_public_cost",
    "net_budget_impact", "ratio",
)  # fmt: skip
OUTCOME_COLUMNS = {"stakeholder": 1, "bearer": 2, "kind": 3}
COUNTERPART, FUNDER = 4, 1


class ByWhom:
    """Results by bearer, stakeholder and kind; the two sides of a transfer stand with their owners."""

    def __init__(self, request: Request, calculation: Calculation, results: Results) -> None:
        self.request, self.calculation, self.results = request, calculation, results
        self.sheet = Sheet(
            "By whom", "outputs", "By bearer, stakeholder and kind",
            "Who gains and who pays. Each block sums to the present value of benefits.",
        )  # fmt: skip
        self.blocks: dict[str, tuple[int, int]] = {}
        self._sides()
        row = FIRST
        for what in OUTCOME_COLUMNS:
            frame = request.result.by(what)
            self.blocks[what] = (row, row + len(frame) - 1)
            for record in frame.to_dict("records"):
                self._row(row, what, record)
                row += 1
        heads = [f"{head} ({request.unit('money')})" if head in BY_MONEY else head for head in BY_HEADERS]
        self.sheet.header(HEADER_ROW, heads, "tbl_by_whom", row - FIRST)
        self.sheet.widths = {0: 12, 1: 18, 2: 36, **dict.fromkeys(range(3, len(BY_HEADERS)), 16)}
        self.sheet.frozen = (FIRST, 3)

    def _sides(self) -> None:
        """Write beside each outcome what falls to a public body on either side, and what the other side is."""
        layout, service = self.calculation.layout, self.request.service
        sheet, result = layout.outcomes.sheet, self.request.result
        value = self.calculation.block("present_value")
        cash = self.calculation.text("cashable")
        values = [float(each) for each in self.calculation.engine("present_value").reshape(-1)]
        shares = self.calculation.engine("cashable")
        add = layout.outcomes.add
        self.columns = {
            "other kind": add("Kind of the other side"),
            "own flag": add("Own side is a public saving (1) or not (0)"),
            "other flag": add("Other side is a public saving (1) or not (0)"),
            **{key: add(label, "money") for key, label in (
                ("own", "Fiscal saving, own side"), ("own cash", "Cashable saving, own side"),
                ("other", "Fiscal saving, other side"), ("other cash", "Cashable saving, other side"),
            )},
        }  # fmt: skip
        for place, outcome in enumerate(service.outcomes):
            row, at = FIRST + place, At(sheet, place)
            own, other, kind = sides_are_fiscal(result, outcome)
            share = float(shares[place if shares.shape[0] > 1 else 0].reshape(-1)[0])
            sheet.put(row, self.columns["other kind"], kind)
            for key, flag in (("own", own), ("other", other)):
                sheet.put(row, self.columns[f"{key} flag"], flag, "constant_whole")
                flagged = sheet.cell(row, self.columns[f"{key} flag"], sheet, fix="c")
                saved = sheet.cell(row, self.columns[key], sheet, fix="c")
                amount = values[place] * flag
                sheet.put(row, self.columns[key], Formula(f"{value.at(at)}*{flagged}", amount), "money")
                sheet.put(row, self.columns[f"{key} cash"], Formula(f"{saved}*{cash(at)}", amount * share), "money")

    def _range(self, column: int) -> str:
        sheet = self.calculation.layout.outcomes.sheet
        return sheet.range((FIRST, column), (FIRST + len(self.request.service.outcomes) - 1, column))

    def _row(self, row: int, what: str, record: dict[Any, Any]) -> None:
        sheet = self.sheet
        for column, text in enumerate((what, str(record["id"]), str(record["label"]))):
            sheet.put(row, column, text, "wrapped")
        mine = sheet.cell(row, 1, sheet, fix="c")
        theirs = self._range(self.columns["other kind"] if what == "kind" else COUNTERPART)
        own = self._range(OUTCOME_COLUMNS[what])

        def both(first: int, second: int) -> str:
            return f"SUMIF({own},{mine},{self._range(first)})-SUMIF({theirs},{mine},{self._range(second)})"

        value = self.calculation.block("present_value").first[1]
        c = self.columns
        texts = [both(value, value), "", both(c["own"], c["other"]), both(c["own cash"], c["other cash"])]
        inputs = self.results.cell("pv_inputs", sheet)
        texts[1] = f'IF({inputs}=0,"{UNDEFINED}",{sheet.cell(row, 3, sheet, fix="c")}/{inputs})'
        if what == "bearer":
            texts += self._costs(row, str(record["id"]))
        for place, text in enumerate(texts):
            value_of = float(str(record[BY_COLUMNS[place]]))
            content: float | str = UNDEFINED if value_of != value_of else value_of
            style = "ratio" if BY_COLUMNS[place] in ("per_pound", "ratio") else "money"
            sheet.put(row, 3 + place, Formula(text, content), style)

    def _costs(self, row: int, bearer: str) -> list[str]:
        sheet, service = self.sheet, self.request.service
        costs = self.calculation.layout.costs.sheet
        column = self.calculation.block("present_cost").first[1]
        last = FIRST + len(service.costs) - 1
        funders, values = (costs.range((FIRST, c), (last, c)) for c in (FUNDER, column))
        cells = {place: sheet.cell(row, place, sheet, fix="c") for place in range(3, len(BY_HEADERS))}
        paid = f"SUMIF({funders},{sheet.cell(row, 1, sheet, fix='c')},{values})" if service.costs else "1-1"
        public = "1" if service.bearers[bearer].public else "0"
        return [
            paid, f"{cells[3]}-{cells[7]}", f"{cells[7]}*{public}", f"{cells[9]}-{cells[5]}",
            f'IF({cells[7]}=0,"{UNDEFINED}",{cells[3]}/{cells[7]})',
        ]  # fmt: skip


BRIDGE_HEADERS = ("Step", "What the step adds", "Where it leads to", "Below the bar", "Taken off", "Value")
ADDED = "Deadweight, displacement, attribution, added"


def bridge_sheet(request: Request, calculation: Calculation) -> Sheet:
    """Return the bridge from gross to net; under additive deductions its three deductions are one step."""
    sheet = Sheet(
        "Bridge", "outputs", "From gross to net",
        "What takes the gross value of all outcomes down to the present value of benefits, step by step.",
    )  # fmt: skip
    heads = [BRIDGE_HEADERS[0], *(f"{head} ({request.unit('money')})" for head in BRIDGE_HEADERS[1:])]
    sheet.header(HEADER_ROW, heads, "tbl_bridge", len(BRIDGE_STEPS) + 1)
    outcomes, last = calculation.layout.outcomes.sheet, FIRST + len(request.service.outcomes) - 1
    additive = request.result.convention.deductions == "additive"
    before = 0.0
    for place, (step, label, line) in enumerate(BRIDGE_STEPS):
        row = FIRST + place
        column = calculation.block(line).first[1]
        total = f"SUM({outcomes.range((FIRST, column), (last, column))})"
        value = float(calculation.engine(line).sum())
        here, above = sheet.cell(row, 2, sheet, fix="c"), sheet.cell(row - 1, 2, sheet, fix="c")
        if step in ("deadweight", "displacement"):
            total = f"IF(additive=1,{above},{total})"
            value = before if additive else value
        sheet.put(row, 0, label, "wrapped")
        if step in ("deadweight", "displacement", "attribution"):
            added = ADDED if step == "attribution" else f"{label}: in the step below"
            said = Formula(f'IF(additive=1,"{added}","{label}")', added if additive else label)
            sheet.put(row, 0, said, "wrapped")
        step_taken = float(formula.apply("difference", (value, before))) if place else value
        taken = formula.to_excel(STEP, {"after": here, "before": above}.__getitem__) if place else here
        sheet.put(row, 1, Formula(taken, step_taken), "money")
        sheet.put(row, 2, Formula(total, value), "money")
        _bar(sheet, row, step_taken, 0.0 if place == 0 else before, value)
        before = value
    last = FIRST + len(BRIDGE_STEPS)
    sheet.put(last, 0, "Present value of benefits", "label")
    final = sheet.cell(last - 1, 2, sheet, fix="c")
    sheet.put(last, 2, Formula(final, before), "strong_money")
    sheet.put(last, 5, Formula(f"MAX(0,{final})", max(0.0, before)), "money")
    sheet.widths = {0: 46, **dict.fromkeys(range(1, len(BRIDGE_HEADERS)), 20)}
    return sheet


def _bar(sheet: Sheet, row: int, step: float, before: float, after: float) -> None:
    """Write what the chart stacks: the part below the bar, and the bar itself by its direction."""
    here, above = sheet.cell(row, 2, sheet, fix="c"), sheet.cell(row - 1, 2, sheet, fix="c")
    if row == FIRST:
        texts, values = ("", "", f"MAX(0,{here})"), (0.0, 0.0, max(0.0, after))
    else:
        moved = sheet.cell(row, 1, sheet, fix="c")
        texts = f"MAX(0,MIN({above},{here}))", f"MAX(0,0-{moved})", f"MAX(0,{moved})"
        values = max(0.0, min(before, after)), max(0.0, -step), max(0.0, step)
    for column, (text, value) in enumerate(zip(texts, values, strict=True), 3):
        sheet.put(row, column, Formula(text, value) if text else value, "money" if text else "constant_money")
