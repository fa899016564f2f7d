"""``write_workbook``: a service as a workbook with live formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sroi import tables
from sroi.errors import Fault, ServiceError
from sroi.method import LINES
from sroi.result import Result, evaluate
from sroi.service import Service
from sroi.uncertainty import simulate
from sroi.workbook.blocks import At
from sroi.workbook.calculation import Calculation
from sroi.workbook.checks_sheet import Checks
from sroi.workbook.choices_sheets import choices_sheets
from sroi.workbook.front_sheets import about_sheet, summary_sheet
from sroi.workbook.grid import Formula, Sheet
from sroi.workbook.inputs_sheets import Inputs
from sroi.workbook.marks import marks_of
from sroi.workbook.reference_sheet import Reference
from sroi.workbook.render import render
from sroi.workbook.request import Request, entries_of
from sroi.workbook.results_sheets import ByWhom, Results, bridge_sheet
from sroi.workbook.settings_sheets import Bias, Prices, Rates, convention_sheet
from sroi.workbook.static_sheets import (
    file_sheet,
    lines_sheet,
    log_sheet,
    scenarios_sheet,
    sensitivity_sheet,
    sources_sheet,
    uncertainty_sheet,
)
from sroi.workbook.value_map_sheet import ValueMap

DRAWS = 10_000
# Beyond so many cells for one line of all outcomes, cohorts and years a workbook takes minutes to open.
MOST_CELLS = 100_000


def write_workbook(
    service: Service,
    path: str | Path,
    *,
    values: Mapping[str, Any] | None = None,
    scenario: str | None = None,
    convention: Any = None,
    appraisal_years: int | None = None,
    draws: int | None = DRAWS,
    seed: int = 1,
    today: date | None = None,
    log: Sequence[Sequence[str]] = (),
) -> Path:
    """Write a service as an Excel workbook whose formulas are live and carry the engine's values.

    Parameters
    ----------
    service : Service
    path : str or Path
        Where to write; ends in ``.xlsx``. A file that is there is replaced.
    values, scenario, convention, appraisal_years : optional
        As for :func:`sroi.evaluate`. Values stand in the column for values of one's own; scenario and convention can be
        switched in the workbook.
    draws : int or None
        How many draws the likely ranges rest on; ``None`` for none, which is quicker.
    seed : int
        Of the draws.
    today : date, optional
        The date to write; today's when not given. With the same date the same bytes are written.
    log : sequence of (when, what, from, to[, why[, who]]), optional
        What was changed before, oldest first: each a row of texts on the sheet Change log.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    ServiceError
        With every fault of the request, or where the file cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise ServiceError("the workbook", [Fault(str(path), "does not end in .xlsx. Write a name such as bid.xlsx.")])
    content = workbook_bytes(
        service, values=values, scenario=scenario, convention=convention, appraisal_years=appraisal_years, draws=draws,
        seed=seed, today=today, log=log,
    )  # fmt: skip
    try:
        target.write_bytes(content)
    except OSError as error:
        said = f"cannot be written: {error.strerror}. Close it where it is open, or choose another place."
        raise ServiceError("the workbook", [Fault(str(path), said)]) from None
    return target


def workbook_bytes(
    service: Service,
    *,
    values: Mapping[str, Any] | None = None,
    scenario: str | None = None,
    convention: Any = None,
    appraisal_years: int | None = None,
    draws: int | None = DRAWS,
    seed: int = 1,
    today: date | None = None,
    log: Sequence[Sequence[str]] = (),
) -> bytes:
    """Return the workbook as bytes; arguments and errors as for :func:`write_workbook`."""
    result = evaluate(service, values, scenario=scenario, convention=convention, appraisal_years=appraisal_years)
    if result.cases is not None:
        raise ServiceError(
            service.id, [Fault("values", "hold many cases. A workbook holds one: write single numbers.")]
        )
    _refuse_too_large(result.base)
    request = request_of(result, log)
    day = today or date.today()
    sheets, names = sheets_of(request, draws, seed, day)
    stated = tables.stated_under(result)
    properties = {
        "title": f"{service.title}: social return on investment",
        "author": f"sroi {stated['version']}",
        "comments": tables.heading(result),
        "created": datetime.combine(day, time()),
        "symbol": tables.symbol_of(result),
        "footer": ", ".join(
            (service.title, request.variant_labels[request.variant], f"{day:%d %B %Y}", f"sroi {stated['version']}")
        ),
        "custom": marks_of(request, draws, seed, day),
    }
    return render(sheets, names, properties)


def request_of(result: Result, log: Sequence[Sequence[str]] = ()) -> Request:
    """Return what is written of a result of one case, with what was changed before.

    Raises
    ------
    ServiceError
        Where a row of the log is no row of one.
    """
    return Request(result, {name: float(value) for name, value in result.values.items()}, entries_of(log))


def _refuse_too_large(service: Service) -> None:
    about = service.about
    cells = len(service.outcomes) * about.delivery_years * about.appraisal_years
    if cells > MOST_CELLS:
        said = (
            f"has {len(service.outcomes)} outcomes, {about.delivery_years} cohorts and {about.appraisal_years} years:"
            f" as a workbook {cells:,} cells for each line, of which {MOST_CELLS:,} are the most. Shorten"
            " delivery_years or appraisal_years, or export the data as CSV or JSON."
        )
        raise ServiceError("the workbook", [Fault(service.id, said)])


def sheets_of(request: Request, draws: int | None, seed: int, day: date) -> tuple[list[Sheet], dict[str, str]]:
    """Return the sheets of a workbook, and its names, each with the cell that it stands for."""
    prices, rates, bias = Prices(request), Rates(request), Bias(request)
    convention, names = convention_sheet(request)
    inputs, reference = Inputs(request, prices), Reference(request)
    calculation = Calculation(request, inputs, rates, bias)
    for line in _lines(request):
        calculation.block(line)
    simulation = simulate_like(request, draws, seed)
    uncertainty = uncertainty_sheet(request, simulation) if simulation else None
    results = Results(request, calculation, reference, uncertainty)
    by_whom = ByWhom(request, calculation, results)
    bridge, value_map = bridge_sheet(request, calculation), ValueMap(request, calculation, results)
    checks = Checks(request, inputs, calculation, results, by_whom, bridge, value_map)
    sensitivity = sensitivity_sheet(request, simulation) if simulation else None
    choices = choices_sheets(request, draws, seed)
    summary = summary_sheet(request, calculation, results, checks, bridge, simulation, sensitivity)
    found = [
        summary, inputs.sheet, inputs.yearly, scenarios_sheet(request), sources_sheet(request), convention, rates.sheet,
        prices.sheet, bias.sheet, inputs.values, *calculation.sheets(), *results.irr.sheets, value_map.sheet,
        results.sheet, by_whom.sheet, bridge, sensitivity, uncertainty, *choices, checks.sheet,
        lines_sheet(request, _listed(calculation)),
        reference.sheet, log_sheet(request, day), file_sheet(request),
    ]  # fmt: skip
    sheets = [sheet for sheet in found if sheet is not None]
    return [about_sheet(request, sheets, day), *sheets], {**inputs.names, **names, **checks.names}


def _lines(request: Request) -> list[str]:
    """Return the lines of the method that a workbook holds, in the order in which they are explained."""
    weighted = request.service.about.reference_income is not None
    return [name for name in LINES if weighted or not name.endswith("_weighted")]


def simulate_like(request: Request, draws: int | None, seed: int) -> Any:
    """Return the simulation of what is written, or None where none is asked for."""
    if draws is None:
        return None
    result = request.result
    return simulate(
        result.base, draws, seed, values=request.values, scenario=result.scenario, convention=result.convention
    )


def _listed(calculation: Calculation) -> list[tuple[str, str, str, str, str]]:
    """Return each line with where it stands and its first formula."""
    rows = []
    for each in calculation.layout.listed:
        place = each.block.place(0, 0, 0)
        written = each.block.sheet.cells.get(place)
        text = f"={written.content.text}" if written and isinstance(written.content, Formula) else "a given number"
        rows.append(
            (each.label, each.block.at(At(calculation.inputs.sheet)).replace("$", ""), each.unit, each.words, text)
        )
    return rows
