"""The first two sheets: what this is, and what comes out."""

from __future__ import annotations

import re
import textwrap
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sroi import printing, tables
from sroi.method import BRIDGE_STEPS
from sroi.uncertainty import Simulation
from sroi.workbook import words
from sroi.workbook.blocks import At
from sroi.workbook.calculation import Calculation
from sroi.workbook.checks_sheet import Checks
from sroi.workbook.columns import FIRST_YEAR
from sroi.workbook.grid import HEADER_ROW, Chart, Formula, Series, Sheet
from sroi.workbook.layout import FIRST
from sroi.workbook.request import Request
from sroi.workbook.results_sheets import HIGH, LOW, Results
from sroi.workbook.static_sheets import CHANGE_HIGH, CHANGE_LOW, STATED_UNITS, SWING, grades_used
from sroi.workbook.styles import AXIS, BLUE, ORANGE, TEAL

KEY_FIGURES = (
    "npsv", "sroi_ratio", "bcr", "pv_benefits", "pv_costs", "pv_fiscal_savings", "net_budget_impact", "payback_year",
)  # fmt: skip
BELONGS = "From the second line on: worked out at export, for the scenario, convention and inputs that are in use now."
ANOTHER = "CAUTION: from the second line on this speaks of the case at export, not of what is in use now. Export again."
NO_RANGE = "No range was simulated for this workbook."
CHART_ROWS = 21
CHARTS_ON_PAGE = 4
TORNADO_BARS = 10
# How many characters of a headline and of a text stand side by side over the columns of the summary.
HEADLINE_WIDTH, TEXT_WIDTH = 110, 150


def summary_sheet(
    request: Request, calculation: Calculation, results: Results, checks: Checks, bridge: Sheet,
    simulation: Simulation | None, sensitivity: Sheet | None,
) -> Sheet:  # fmt: skip
    """Return the summary: the headline with its range, key figures, charts, what has no price, checks."""
    service, about = request.service, request.service.about
    sheet = Sheet(
        "Summary", "outputs", service.title,
        f"{about.currency} at {about.price_base_year} prices, {printing.years(about.appraisal_years)} from"
        f" {about.first_year}. Scenario and convention are chosen on Inputs.",
    )  # fmt: skip
    row = _headline(sheet, request, results, simulation)
    last = _figures(sheet, request, results, simulation, row)
    last = _words(sheet, request, checks, last + 2)
    _charts(sheet, request, calculation, bridge, sensitivity, last + 2)
    sheet.widths = {0: 52, 1: 20, 2: 20, 3: 20, 4: 60}
    sheet.frozen = (2, 0)
    sheet.portrait = True
    return sheet


def _headline(sheet: Sheet, request: Request, results: Results, simulation: Simulation | None) -> int:
    result, symbol = request.result, tables.symbol_of(request.result)
    ratio, net = (results.cell(name) for name in ("sroi_ratio", "npsv"))
    for row, word, cell, chosen in (
        (2, "Scenario", "Inputs!$B$4", request.variant_labels[request.variant]),
        (3, "Convention", "Inputs!$B$5", request.convention_labels[result.convention_name]),
    ):
        sheet.put(row, 0, word, "label")
        sheet.put(row, 1, Formula(cell, chosen), "text")
    said = f"For each {symbol}1 put in, "

    def live(cell: str, code: str) -> str:
        return f'IF({cell}<0,"-","")&"{symbol}"&TEXT(ABS({cell}),"{code}")'

    def now(number: float, places: int) -> str:
        return f"{'-' if number < 0 else ''}{symbol}{_spreadsheet(abs(number), places)}"

    text = (
        f'IF(ISNUMBER({ratio}),"{said}"&{live(ratio, "0.00")}&" of social value","No ratio: nothing is put in")'
        f'&"; net present social value "&{live(net, "#,##0")}'
    )
    first = "No ratio: nothing is put in"
    if result.sroi_ratio is not None:
        first = f"{said}{now(result.sroi_ratio, 2)} of social value"
    value = f"{first}; net present social value {now(result.npsv, 0)}"
    sheet.put(4, 0, Formula(text, value), "headline")
    row = 5
    for sentence in re.split(r"(?<=\.) (?=[A-Z])", simulation.headline() if simulation else NO_RANGE):
        for line in textwrap.wrap(sentence, HEADLINE_WIDTH):
            sheet.put(row, 0, line, "headline")
            row += 1
    note = f'IF(as_exported=1,"{BELONGS}","{ANOTHER}")'
    sheet.put(row, 0, Formula(note, BELONGS) if simulation else "", "note")
    return row + 2


def _spreadsheet(value: float, places: int) -> str:
    """Write a number as TEXT does: a half is rounded away from 0."""
    return f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):{',' if not places else ''}}"


def _figures(sheet: Sheet, request: Request, results: Results, simulation: Simulation | None, top: int) -> int:
    headers = ("Key figure", "Now (live)", "Likely, low (5%)", "Likely, high (95%)", "In words, at export")
    sheet.header(top, headers, "tbl_key_figures", len(KEY_FIGURES))
    summary = simulation.summary() if simulation else None
    for row, name in enumerate(KEY_FIGURES, top + 1):
        unit, value = tables.unit_of(name), getattr(request.result, name)
        label = tables.label_of(name)
        sheet.put(row, 0, f"{label} ({request.unit(unit)})" if unit in STATED_UNITS else label, "wrapped")
        content = "undefined" if value is None else float(value)
        sheet.put(row, 1, Formula(results.cell(name), content), f"strong_{unit}")
        if summary is not None:
            for column, source in ((2, LOW), (3, HIGH)):
                end = Formula(results.cell(name, None, source), results.likely(name, source))
                sheet.put(row, column, end, f"static_{unit}")
            sheet.put(row, 4, str(summary["written"][name]), "wrapped")
    return top + len(KEY_FIGURES)


def _words(sheet: Sheet, request: Request, checks: Checks, row: int) -> int:
    sheet.put(row, 0, "Checks that fail", "label")
    sheet.put(row, 1, Formula(checks.failing, 0.0), "strong_whole")
    sheet.put(row, 2, "0 means that all is in order: see Checks", "aside")
    row += 1
    sheet.put(row, 0, "Grades of the inputs at export (A best)", "label")
    sheet.put(row, 1, grades_used(request), "text")
    row += 2
    for title, entries in (
        (
            "Not priced, and part of every result",
            [f"{e.label}: {e.description}" for e in request.service.non_monetised],
        ),
        ("What the evidence does not show", list(request.service.about.does_not_show)),
    ):
        sheet.put(row, 0, title, "label")
        for entry in entries or ["Nothing is listed in the service file."]:
            for line in textwrap.wrap(entry, TEXT_WIDTH, initial_indent="• ", subsequent_indent="   "):
                row += 1
                sheet.put(row, 0, line, "spread")
        row += 2
    return row


Drawn = tuple[str, str, str, tuple[Series, ...]]


def _charts(
    sheet: Sheet, request: Request, calculation: Calculation, bridge: Sheet, sensitivity: Sheet | None, row: int
) -> None:
    axis = f"{tables.symbol_of(request.result)}, {request.service.about.price_base_year} prices"
    drawn = [
        *_outcomes_chart(request, calculation),
        *_year_charts(request, calculation, sheet),
        *_bridge_chart(request, calculation, bridge),
        *_tornado(sensitivity),
    ]
    for place, (kind, name, alt, series) in enumerate(drawn):
        top = row + place * CHART_ROWS
        if place % CHARTS_ON_PAGE == 0:
            sheet.breaks.append(top)
        sheet.charts.append(Chart(kind, top, 0, name, alt, series, axis, AXIS))


def _outcomes_chart(request: Request, calculation: Calculation) -> list[Drawn]:
    outcomes = calculation.layout.outcomes
    if not calculation.engine("present_value").any():
        return []
    column, last = calculation.block("present_value").first[1], FIRST + outcomes.rows - 1
    said = f"Bars: the present value of each outcome of {request.service.title}, as on the sheet Outcomes."
    names, values = (outcomes.sheet.range((FIRST, place), (last, place)) for place in (0, column))
    series = Series(outcomes.sheet.cell(HEADER_ROW, column), names, values, BLUE)
    return [("bar", "Present value of each outcome", said, (series,))]


def _year_charts(request: Request, calculation: Calculation, home: Sheet) -> list[Drawn]:
    years, title = request.years, request.service.title
    if years == 1:
        return []
    yearly = calculation.layout.yearly.sheet
    heads = yearly.range((HEADER_ROW, FIRST_YEAR), (HEADER_ROW, FIRST_YEAR + years - 1))

    def series(line: str, colour: str) -> Series:
        block = calculation.block(line)
        return Series(yearly.cell(block.first[0], 0), heads, block.along(At(home), "year", years), colour)

    each = f"Columns: benefits and costs of {title} in each year, undiscounted, as on the sheet Yearly."
    summed = (
        f"A line: the running sum of discounted benefits less costs of {title}, as on the sheet Yearly. Where it"
        " crosses 0 the service has paid back."
    )
    flows = series("benefits_in_year", TEAL), series("costs_in_year", ORANGE)
    return [
        ("column", "Benefits and costs in each year", each, flows),
        ("line", "Discounted net flow to date", summed, (series("discounted_running_flow", BLUE),)),
    ]


def _columns(sheet: Sheet, last: int, columns: tuple[tuple[int, str], ...]) -> tuple[Series, ...]:
    """Return columns of a table as series over its first."""
    names = sheet.range((FIRST, 0), (last, 0))
    return tuple(
        Series(sheet.cell(HEADER_ROW, column), names, sheet.range((FIRST, column), (last, column)), colour)
        for column, colour in columns
    )


def _bridge_chart(request: Request, calculation: Calculation, bridge: Sheet) -> list[Drawn]:
    if not calculation.engine("gross").any():
        return []
    last = FIRST + len(BRIDGE_STEPS)
    said = (
        f"Bars that step down from the gross value of {request.service.title} to its present value of benefits, as"
        " on the sheet Bridge."
    )
    series = _columns(bridge, last, ((3, "none"), (4, ORANGE), (5, BLUE)))
    return [("stacked", "From gross to net: what each step takes off, and what is left", said, series)]


def _tornado(sensitivity: Sheet | None) -> list[Drawn]:
    if sensitivity is None or not sensitivity.tables:
        return []
    # Inputs stand by how much they move, most first; what moves nothing has no bar.
    rows = range(FIRST, FIRST + min(TORNADO_BARS, sensitivity.tables[0].rows))
    count = sum(sensitivity.cells[row, SWING].content != 0 for row in rows)
    if not count:
        return []
    last = FIRST + count - 1
    said = (
        "Bars about the case at export, which is 0: by how much net present social value changes with each input alone"
        " at its 5th and at its 95th percentile, as on the sheet Sensitivity."
    )
    series = _columns(sensitivity, last, ((CHANGE_LOW, ORANGE), (CHANGE_HIGH, BLUE)))
    return [("bar", "Change of the net value at export with one input low or high", said, series)]


def about_sheet(request: Request, sheets: list[Sheet], today: date) -> Sheet:
    """Return the cover: what this is, for whom, how to use it, its terms, and what stands on each sheet."""
    service, stated = request.service, tables.stated_under(request.result)
    sheet = Sheet(
        "About", "control", service.title, "A cost-benefit model with live formulas: what it is and how to use it."
    )
    sheet.widths = {0: 28, 1: 126}
    sheet.frozen = (2, 0)
    sheet.portrait = True
    row = HEADER_ROW
    for label, text in _about(request, stated, today):
        sheet.put(row, 0, label, "label")
        sheet.put(row, 1, text, "free" if text == "" else "wrapped")
        row += 1
    row += 1
    sheet.header(row, ("Sheet", "What stands on it"), "tbl_about", len(sheets))
    for place, each in enumerate(sheets, row + 1):
        sheet.put(place, 0, each.name, "link")
        sheet.put(place, 1, f"{words.ROLES[each.role]}: {each.description}", "wrapped")
    return sheet


def _about(request: Request, stated: dict[str, object], today: date) -> list[tuple[str, str]]:
    service, convention = request.service, request.result.convention
    delivered = printing.years(service.about.delivery_years)
    return [
        ("What it is", service.about.description),
        ("Who it is for", words.WHO),
        ("Service file", f"{service.id}, {service.about.field}"),
        ("Made", f"{today:%d %B %Y} by sroi {stated['version']}"),
        ("Commissioned by", ""),
        ("Built by", ""),
        ("Assured by, and how", ""),
        ("Convention at export", f"{convention.label}. {convention.description}"),
        (
            "Prices and years",
            f"{service.about.currency} at {service.about.price_base_year} prices, discounted to"
            f" {stated['discounting_base_year']}; the horizon is {printing.years(service.about.appraisal_years)},"
            f" with a new cohort in {delivered}.",
        ),
        ("How to use it", words.HOW),
        ("Colours", words.COLOURS),
        ("Method", words.METHOD),
        ("Choices", words.CHOICES),
        ("Licences", words.LICENCES),
    ]
