"""The sheets that the method reads beside the inputs: prices, the convention in use, discount rates, optimism bias."""

from __future__ import annotations

import numpy as np

from sroi import inputs, reference, units
from sroi.reference import TIMING
from sroi.schema import Parameter
from sroi.workbook.columns import FIRST_YEAR, year_headers, year_widths
from sroi.workbook.grid import HEADER_ROW, Formula, Sheet
from sroi.workbook.request import Request

FIRST = HEADER_ROW + 1
# What a convention decides by one number: the name in formulas, and what it is called.
NUMBERS = {
    "outcome_timing": "Part of a year after which outcomes count",
    "cost_timing": "Part of a year after which costs count",
    "additive": "Deductions are added up (1) or multiplied (0)",
    "drop_off_at_once": "Drop-off begins in the first year of effect (1) or the second (0)",
    "uses_optimism_bias": "Corrects benefits for optimism (1) or not (0)",
    "bcr_netted": "BCR nets fiscal savings from costs (1) or counts them as benefits (0)",
    "income_elasticity": "Elasticity of income for distributional weights",
}
RATES = ("standard_rate", "standard_next_rate", "health_rate", "health_next_rate")
RATE_LABELS = {
    "standard_rate": "Standard rate of the year",
    "standard_next_rate": "Standard rate of the next year",
    "health_rate": "Health rate of the year",
    "health_next_rate": "Health rate of the next year",
}


class Prices:
    """The sheet of price factors, and where each parameter's factor stands."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.sheet = Sheet(
            "Prices",
            "inputs",
            "Prices",
            f"What brings money from the year it was stated in to {request.service.about.price_base_year} prices.",
        )
        self._rows: dict[tuple[str, str], int] = {}
        for name in request.service.parameters:
            for parameter in request.of(name):
                for code, _ in _currencies(parameter):
                    self._rows.setdefault((code, self._year(parameter)), len(self._rows))
        self._write()

    def _year(self, parameter: Parameter) -> str:
        return parameter.price_year or self.request.service.about.price_base_year

    def _write(self) -> None:
        sheet, base = self.sheet, self.request.service.about.price_base_year
        headers = ("Currency", "Prices of", "Index of that year", f"Index of {base}", f"Factor to {base}", "Source")
        sheet.header(HEADER_ROW, headers, "tbl_prices", len(self._rows))
        for (code, year), place in self._rows.items():
            row = FIRST + place
            own, then, source = reference.price_indices(code, year, base, self.request.service.about.editions)
            sheet.put(row, 0, code)
            sheet.put(row, 1, year)
            sheet.put(row, 2, own, "constant")
            sheet.put(row, 3, then, "constant")
            here = [sheet.cell(row, column, sheet, fix="") for column in (3, 2)]
            sheet.put(row, 4, Formula(f"{here[0]}/{here[1]}", then / own), "factor")
            sheet.put(row, 5, source, "wrapped")
        sheet.widths = {0: 10, 1: 14, 2: 18, 3: 18, 4: 18, 5: 70}

    def factor(self, name: str, home: Sheet) -> str:
        """Return the formula of a parameter's factor under the scenario in use; empty for what is not money."""
        texts = [self._of(parameter, home) for parameter in self.request.of(name)]
        if len(set(texts)) == 1:
            return texts[0]
        return f"CHOOSE(scenario_number,{','.join(texts)})"

    def _of(self, parameter: Parameter, home: Sheet) -> str:
        text = ""
        for code, power in _currencies(parameter):
            cell = self.sheet.cell(FIRST + self._rows[code, self._year(parameter)], 4, home)
            for _ in range(abs(power)):
                text = f"{text}{'*' if power > 0 else '/'}{cell}" if text else (cell if power > 0 else f"1/{cell}")
        return text


def _currencies(parameter: Parameter) -> list[tuple[str, int]]:
    return units.currencies_in(units.read(parameter.unit), reference.currencies())


def convention_sheet(request: Request) -> tuple[Sheet, dict[str, str]]:
    """Return the sheet of conventions, and the names that formulas use for what the one in use decides."""
    sheet = Sheet(
        "Convention",
        "inputs",
        "Convention",
        "What each convention decides, and the one in use: choose it on Inputs.",
    )
    labels = list(request.convention_labels.values())
    sheet.header(HEADER_ROW, ("Option", "In use", *labels), "tbl_convention", len(NUMBERS))
    chosen = list(request.conventions).index(request.result.convention_name)
    names: dict[str, str] = {}
    for place, (name, label) in enumerate(NUMBERS.items()):
        row = FIRST + place
        sheet.put(row, 0, label, "wrapped")
        options = [_number(request, each, name) for each in request.conventions]
        for column, number in enumerate(options, 2):
            sheet.put(row, column, number, "constant_option")
        span = sheet.range((row, 2), (row, 1 + len(options)), sheet, fix="c")
        sheet.put(row, 1, Formula(f"INDEX({span},1,convention_number)", options[chosen]), "option")
        names[name] = sheet.cell(row, 1)
    sheet.widths = {0: 52, **dict.fromkeys(range(1, 2 + len(labels)), 20)}
    return sheet, names


def _number(request: Request, key: str, name: str) -> float:
    convention = request.conventions[key]
    match name:
        case "outcome_timing" | "cost_timing":
            return TIMING[getattr(convention, name)]
        case "additive":
            return float(convention.deductions == "additive")
        case "drop_off_at_once":
            return float(convention.drop_off_in_first_year)
        case "uses_optimism_bias":
            return float(convention.optimism_bias != "none")
        case "bcr_netted":
            return float(convention.bcr_fiscal_savings == "netted")
        case _:
            return inputs.elasticity(convention)


class Rates:
    """The sheet of discount rates by convention, and the formula of the one in use."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.sheet = Sheet("Rates", "inputs", "Discount rates", "The real rate of each year under each convention.")
        count = len(request.conventions)
        headers = ("Rate", "Convention", "Schedule", "Edition", "Source", "Unit", *year_headers(request))
        self.sheet.header(HEADER_ROW, headers, "tbl_rates", count * len(RATES))
        self._values: dict[str, np.ndarray] = {}
        for block, name in enumerate(RATES):
            for place, (key, convention) in enumerate(request.conventions.items()):
                schedule = reference.schedule(
                    convention.schedule if name.startswith("standard") else convention.health_schedule
                )
                row = FIRST + block * count + place
                said = (RATE_LABELS[name], request.convention_labels[key], schedule.label, schedule.edition)
                for column, text in enumerate((*said, schedule.source, "rate a year")):
                    self.sheet.put(row, column, text, "wrapped")
                for year in range(request.years):
                    rate = schedule.rate(year + ("next" in name))
                    self.sheet.put(row, FIRST_YEAR + year, rate, "constant_rate")
        # The years stand where they stand on every sheet; what leads them is text, and needs other widths.
        self.sheet.widths = {**year_widths(request.years), **dict(enumerate((22, 24, 18, 28, 38, 12)))}
        self.sheet.frozen = (FIRST, 2)

    def formula(self, name: str, year: int, home: Sheet) -> str:
        """Return the rate of a year under the convention in use."""
        count = len(self.request.conventions)
        first = FIRST + RATES.index(name) * count
        column = FIRST_YEAR + year
        span = self.sheet.range((first, column), (first + count - 1, column), home, fix="r")
        return f"INDEX({span},convention_number)"


class Bias:
    """The sheet of optimism bias: one number for each outcome, convention and scenario, from the grades behind it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.sheet: Sheet | None = None
        if request.service.about.optimism_bias is None:
            return
        preset = reference.optimism_presets()[request.service.about.optimism_bias]
        said = "" if preset.verified else " The percentages are not verified."
        self.sheet = sheet = Sheet(
            "Optimism bias",
            "inputs",
            "Optimism bias of benefits",
            f"{preset.label}: by the evidence grades behind each outcome.{said} Source: {preset.source}",
        )
        outcomes, conventions = request.service.outcomes, request.conventions
        headers = ("Outcome", "Convention", *request.variant_labels.values())
        sheet.header(HEADER_ROW, headers, "tbl_bias", len(outcomes) * len(conventions))
        for i, outcome in enumerate(outcomes):
            for j, (key, convention) in enumerate(conventions.items()):
                row = FIRST + i * len(conventions) + j
                sheet.put(row, 0, outcome.name)
                sheet.put(row, 1, request.convention_labels[key])
                for column, service in enumerate(request.variants.values(), 2):
                    bias = inputs.optimism_bias(service, convention, service.outcomes[i])
                    sheet.put(row, column, bias, "constant_rate")
        sheet.widths = {0: 40, 1: 40, **dict.fromkeys(range(2, len(headers)), 18)}

    def formula(self, outcome: int, home: Sheet) -> str | None:
        """Return the bias of an outcome under the scenario and convention in use; ``None`` where there is none."""
        if self.sheet is None:
            return None
        count = len(self.request.conventions)
        first = FIRST + outcome * count
        last = (first + count - 1, 1 + len(self.request.variants))
        return f"INDEX({self.sheet.range((first, 2), last, home)},convention_number,scenario_number)"
