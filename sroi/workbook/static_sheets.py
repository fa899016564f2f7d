"""Sheets without formulas: what was simulated at export, scenarios, sources, logs, the service file itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from sroi import printing, reference, tables
from sroi.errors import ServiceError
from sroi.schema import ASSUMPTION
from sroi.uncertainty import Simulation, one_way, switching_values
from sroi.workbook import file_text
from sroi.workbook.grid import HEADER_ROW, Sheet
from sroi.workbook.inputs_sheets import style_of
from sroi.workbook.layout import FIRST
from sroi.workbook.request import Request

# Units that stand beside what they belong to: a ratio has none, and a share shows its own.
STATED_UNITS = frozenset({"money", "years"})
STATIC = "Worked out when the workbook was made; it does not follow when an input is changed."
QUANTILES = ("median", "p5", "p25", "p75", "p95")
METHODS = {"monte_carlo": "Monte Carlo", "latin_hypercube": "Latin hypercube", "sobol": "Sobol"}
# Where the 5th and 95th percentile stand.
P5, P95 = 4, 7
# Where the changes of the net value and its swing stand on Sensitivity.
CHANGE_LOW, CHANGE_HIGH, SWING = 6, 7, 8
EMPTY_LOG = 15


def fill_table(
    sheet: Sheet, headers: tuple[str, ...], rows: list[tuple[object, ...]], name: str, row: int = HEADER_ROW
) -> None:
    """Write a table; a cell is text, or a number with its style, and nan leaves it empty."""
    sheet.header(row, headers, name, len(rows))
    sheet.frozen = (row + 1, 1)
    for place, cells in enumerate(rows, row + 1):
        for column, content in enumerate(cells):
            style = "wrapped"
            if isinstance(content, tuple):
                content, style = content
            if isinstance(content, float) and content != content:
                content = None
            sheet.put(place, column, content if isinstance(content, float) or content is None else str(content), style)


def uncertainty_sheet(request: Request, simulation: Simulation) -> Sheet:
    """Return every result with its likely range, and how the draws were made."""
    sheet = Sheet("Uncertainty", "outputs", "How sure the results are", STATIC)
    version = tables.stated_under(request.result)["version"]
    method = METHODS[simulation.method]
    made = (
        f"{simulation.draws_made:,} draws, {method}, seed {simulation.seed}, sroi {version}."
        f" Scenario: {request.variant_labels[request.variant]}. Chance that the service returns more than it costs: "
        f"{printing.chance(simulation.chance('npsv > 0'))}."
    )
    sheet.put(2, 0, made, "note")
    rows: list[tuple[object, ...]] = []
    for name, found in simulation.summary().iterrows():
        unit = tables.unit_of(str(name))
        style = f"static_{unit}"
        numbers = [(float(found[key]), style) for key in ("central", "mean", *QUANTILES, "standard_error")]
        label = f"{found['label']} ({request.unit(unit)})" if unit in STATED_UNITS else found["label"]
        rows.append((label, *numbers, (float(found["undefined"]), "static_whole"), found["written"]))
    headers = (
        "Result", "Central", "Mean", "Median", "5%", "25%", "75%", "95%", "Standard error of the mean",
        "Draws without a number", "In words",
    )  # fmt: skip
    fill_table(sheet, headers, rows, "tbl_uncertainty")
    sheet.widths = {0: 36, **dict.fromkeys(range(1, 10), 14), 10: 66}
    return sheet


def sensitivity_sheet(request: Request, simulation: Simulation) -> Sheet:
    """Return what moves the net value: each input alone, and where the answer turns."""
    sheet = Sheet("Sensitivity", "outputs", "What matters", STATIC)
    said = "Each input alone from its 5th to its 95th percentile: what becomes of net present social value."
    sheet.put(2, 0, said, "note")
    swings: pd.DataFrame = one_way(simulation)
    turns = _turns(simulation)
    rows: list[tuple[object, ...]] = []
    money_of = request.unit("money")
    for name, found in swings.iterrows():
        style = _style(request, str(name))
        turn = turns.get(str(name), "")
        at_ends = [float(found[key]) for key in ("at_low", "at_high")]
        # A swing is drawn about the case at export, from which these are the distances.
        changes = [end - float(found["central"]) for end in at_ends]
        money = [(each, "static_money") for each in (*at_ends, *changes, abs(at_ends[1] - at_ends[0]))]
        ends = [(float(found[key]), f"static_{style}") for key in ("low", "high")]
        rows.append((found["label"], found["unit"], *ends, *money, turn))
    headers = (
        "Input",
        "Unit",
        "Low (5%)",
        "High (95%)",
        f"Net value at low ({money_of})",
        f"Net value at high ({money_of})",
        f"Change at low ({money_of})",
        f"Change at high ({money_of})",
        f"Swing ({money_of})",
        "Where the answer turns",
    )
    fill_table(sheet, headers, rows, "tbl_sensitivity")
    sheet.widths = {0: 40, 1: 20, 2: 12, 3: 12, **dict.fromkeys(range(4, 9), 15), 9: 66}
    return sheet


def _turns(simulation: Simulation) -> dict[str, str]:
    """Return where the answer turns by input; nothing where the search meets a value that the service refuses."""
    try:
        return {str(name): str(said) for name, said in switching_values(simulation)["says"].items()}
    except ServiceError:
        return dict.fromkeys(simulation.uncertain, "not searched: an input on the way is one that the service refuses")


def _style(request: Request, name: str) -> str:
    return style_of(request.service.parameters[name], request.service.about.currency)


def scenarios_sheet(request: Request) -> Sheet | None:
    """Return what each scenario changes, with its reason and source."""
    service = request.service
    rows: list[tuple[object, ...]] = []
    for key, scenario in service.scenarios.items():
        label = request.variant_labels[key]
        if not scenario.changes:
            rows.append((label, scenario.why, "changes nothing", "", "", "", scenario.source or "", ""))
        for name, change in scenario.changes.items():
            base = service.parameters[name]
            was, now = _said(base.value, base.by_year), _said(change.value, change.by_year)
            grade = change.grade or request.variants[key].parameters[name].grade
            rows.append((label, scenario.why, base.label, was, now, change.why, change.source, grade))
    if not rows:
        return None
    sheet = Sheet("Scenarios", "inputs", "Scenarios", "What each scenario changes, and why.")
    headers = ("Scenario", "Why there is one", "Input", "Base case", "Here", "Reason", "Source", "Grade")
    fill_table(sheet, headers, rows, "tbl_scenarios")
    sheet.widths = {0: 24, 1: 38, 2: 36, 3: 12, 4: 12, 5: 66, 6: 24, 7: 8}
    return sheet


def _said(value: float | None, by_year: tuple[float, ...] | None) -> str:
    return f"{value:g}" if value is not None else f"{len(by_year or ())} numbers by year"


def sources_sheet(request: Request) -> Sheet:
    """Return the sources with how sure each is, and what rests on assumption."""
    sheet = Sheet(
        "Sources", "inputs", "Sources", "Where the numbers come from, and whether each source was seen itself."
    )
    service = request.service
    cited: dict[str, list[str]] = {}
    for parameter in service.parameters.values():
        cited.setdefault(parameter.source, []).append(parameter.label)
    rows: list[tuple[object, ...]] = [
        (
            key, source.title, source.author, str(source.year), source.locator, source.how_sure, source.url or "",
            source.licence or "", source.note or "", "; ".join(cited.get(key, ["scenarios or spreads only"])),
        )
        for key, source in service.sources.items()
    ]  # fmt: skip
    if ASSUMPTION in cited:
        said = "Nobody has published these numbers: each input's note says how it was chosen."
        rows.append((ASSUMPTION, said, "", "", "", "assumption", "", "", "", "; ".join(cited[ASSUMPTION])))
    headers = (
        "Source", "Title", "Author", "Year", "Where in it", "How sure", "Address", "Licence", "Note",
        "Inputs that rest on it",
    )  # fmt: skip
    fill_table(sheet, headers, rows, "tbl_sources")
    sheet.widths = {0: 22, 1: 36, 2: 22, 3: 7, 4: 22, 5: 12, 6: 28, 7: 13, 8: 32, 9: 36}
    return sheet


def lines_sheet(request: Request, listed: list[tuple[str, str, str, str, str]]) -> Sheet:
    """Return the list of all lines: where each stands, in words and as its first formula."""
    sheet = Sheet(
        "Lines",
        "control",
        "Every line of the calculation",
        "Where each stands, what it is in words, its first formula.",
    )
    headers = ("Line", "Where", "Unit", "In words", "First formula")
    fill_table(sheet, headers, [tuple(row) for row in listed], "tbl_lines")
    sheet.widths = {0: 44, 1: 16, 2: 20, 3: 80, 4: 60}
    return sheet


def log_sheet(request: Request, today: date) -> Sheet:
    """Return the log of changes: what was changed for this export, and room for what people change."""
    sheet = Sheet(
        "Change log", "control", "Change log", "What was changed, by whom and why. Write into the yellow rows."
    )
    rows: list[tuple[object, ...]] = [
        (each.when, each.who, each.what, each.before, each.after, each.why) for each in request.log
    ]
    for name, value in request.values.items():
        was = request.result.service.parameters[name]
        said = _said(was.value, was.by_year)
        rows.append((str(today), "at export", was.label, said, f"{value:g}", "a value of one's own"))
    rows.append((str(today), "sroi", "The workbook was made", "", tables.heading(request.result), ""))
    empty = [tuple((None, "free") for _ in range(6)) for _ in range(EMPTY_LOG)]
    fill_table(sheet, ("Date", "Who", "What", "From", "To", "Why"), [*rows, *empty], "tbl_change_log")
    # The yellow rows stand below the table, which has no empty ones.
    sheet.tables = [replace(sheet.tables[0], rows=len(rows))]
    sheet.widths = {0: 12, 1: 20, 2: 44, 3: 20, 4: 60, 5: 50}
    return sheet


def file_sheet(request: Request) -> Sheet:
    """Return the service file as it stands behind the workbook, from which it is read back."""
    sheet = Sheet(
        file_text.NAME, "control", "The service file",
        "The whole service as text, from which sroi reads the workbook back.",
    )  # fmt: skip
    sheet.put(HEADER_ROW, 0, file_text.HEADING, "header")
    for row, (line, goes_on) in enumerate(file_text.rows_of(file_text.text_of(request.service)), FIRST):
        sheet.put(row, 0, line, "code")
        if goes_on:
            sheet.put(row, 1, file_text.GOES_ON, "note")
    sheet.widths = {0: 120, 1: 24}
    return sheet


def grades_used(request: Request) -> str:
    """Say how many inputs have each grade."""
    grades = [parameter.grade for parameter in request.result.service.parameters.values()]
    counted = [f"{grades.count(grade)} {grade}" for grade in reference.grades() if grade in grades]
    return ", ".join(counted)
