"""Sheets on choices, worked out at export: options, the relationship as an investment, and its profile."""

from __future__ import annotations

import math
import textwrap
from typing import Any

from sroi import printing
from sroi.deep_value import ALWAYS, NEVER, Lens, relationship
from sroi.options import compare_options
from sroi.reference import relationship_profile
from sroi.workbook.grid import HEADER_ROW, Sheet
from sroi.workbook.request import Request
from sroi.workbook.static_sheets import STATIC, fill_table

OPTION_FIGURES = (
    ("pv_costs", "Costs", "money"),
    ("pv_benefits", "Benefits", "money"),
    ("npsv", "NPSV", "money"),
    ("npsv_low", "NPSV, low (5%)", "money"),
    ("npsv_high", "NPSV, high (95%)", "money"),
    ("sroi_ratio", "SROI ratio", "ratio"),
    ("extra_costs", "Extra costs", "money"),
    ("extra_benefits", "Extra benefits", "money"),
    ("extra_npsv", "Extra NPSV", "money"),
    ("extra_npsv_low", "Extra NPSV, low (5%)", "money"),
    ("extra_npsv_high", "Extra NPSV, high (95%)", "money"),
    ("step_per_pound", "Returned by each further unit of cost", "ratio"),
    ("chance_best", "Chance that it is the best", "share"),
)
WIDEST_LINE = 140
EXTRA = "Extra: over the service as it stands. Further: over the option before it on the frontier."


def choices_sheets(request: Request, draws: int | None, seed: int) -> list[Sheet | None]:
    """Return the sheets on choices; without draws only the profile, which no draw touches."""
    drawn = [] if draws is None else [options_sheet(request, draws, seed), relationship_sheet(request, draws, seed)]
    return [*drawn, profile_sheet(request)]


def options_sheet(request: Request, draws: int, seed: int) -> Sheet | None:
    """Return the options of the service side by side; None where it has none."""
    service = request.service
    if not service.options:
        return None
    sheet = Sheet("Options", "outputs", "Options", STATIC)
    sheet.put(2, 0, EXTRA, "note")
    table = compare_options(service, draws=draws, seed=seed, **_asked(request))
    rows: list[tuple[object, ...]] = []
    for row in table.to_dict("records"):
        numbers = [(float(row[name]), f"static_{unit}") for name, _, unit in OPTION_FIGURES]
        rows.append((row["label"], *numbers, row["standing"], row["why"]))
    headers = [f"{label} ({request.unit('money')})" if unit == "money" else label for _, label, unit in OPTION_FIGURES]
    fill_table(sheet, ("Option", *headers, "Standing", "What it is"), rows, "tbl_options")
    last = len(OPTION_FIGURES)
    sheet.widths = {0: 34, **dict.fromkeys(range(1, last + 1), 15), last + 1: 44, last + 2: 60}
    return sheet


def _asked(request: Request) -> dict[str, Any]:
    result = request.result
    return {"values": dict(request.values), "scenario": result.scenario, "convention": result.convention}


def relationship_sheet(request: Request, draws: int, seed: int) -> Sheet | None:
    """Return what an investment in the relationship returns, and what evidence supports; None where none is stated."""
    service = request.service
    if service.relationship is None:
        return None
    lens = relationship(service, draws=draws, seed=seed, **_asked(request))
    sheet = Sheet("Relationship", "outputs", "The relationship as an investment", STATIC)
    said = textwrap.wrap(lens.headline(), WIDEST_LINE)
    for row, line in enumerate(said, 2):
        sheet.put(row, 0, line, "note")
    rows = [*_figures(lens, request), *_findings(lens)]
    headers = ("What", "Figure", "Low (5%)", "High (95%)", "In words")
    fill_table(sheet, headers, rows, "tbl_relationship", len(said) + HEADER_ROW)
    sheet.widths = {0: 60, 1: 14, 2: 14, 3: 14, 4: 60}
    return sheet


def _figures(lens: Lens, request: Request) -> list[tuple[object, ...]]:
    money = request.unit("money")
    spans = (
        (f"Extra costs ({money})", lens.extra_costs, "money", lens.relationship.how),
        (f"Extra benefits ({money})", lens.extra_benefits, "money", "Without gains of staff and employer."),
        (f"Gains of staff and employer ({money})", lens.staff_benefits, "money", "Kept apart."),
        ("Returned by each extra unit of cost", lens.per_pound, "ratio", "Without gains of staff and employer."),
        ("The same, with gains of staff and employer", lens.per_pound_with_staff, "ratio", ""),
    )
    rows: list[tuple[object, ...]] = [
        (label, *((end, f"static_{unit}") for end in (found.central, found.low, found.high)), said)
        for label, found, unit, said in spans
    ]
    parameter = lens.service.parameters[lens.relationship.dependence]
    share = "share" if parameter.unit == "share" else "quantity"
    turn, chance = _turn(lens.break_even, share), printing.chance(lens.pays_back)
    taken = (lens.dependence.central, f"static_{share}")
    rows += [
        (f"Break-even: {parameter.label}", turn, "", "", "From here on extra benefits cover extra costs."),
        (f"As taken here: {parameter.label}", taken, "", "", _silent(lens)),
        ("Chance that it pays back", (lens.pays_back, "static_share"), "", "", f"{chance} of draws"),
    ]
    return rows


def _turn(found: float | str, share: str) -> object:
    return found if found in (NEVER, ALWAYS) else (found, f"static_{share}")


def _silent(lens: Lens) -> str:
    """Return why evidence says nothing of how far the outcome depends on the relationship, or what the file says."""
    silent = lens.relationship.silent
    note = lens.service.parameters[lens.relationship.dependence].note or ""
    return f"No evidence says how far: {silent}" if silent else note


def _findings(lens: Lens) -> list[tuple[object, ...]]:
    parameter = lens.service.parameters[lens.relationship.dependence]
    share = "share" if parameter.unit == "share" else "quantity"
    rows: list[tuple[object, ...]] = []
    for row in lens.evidence.to_dict("records"):
        known = not math.isnan(row["value"])
        each = f" At that, an extra unit of cost returns {printing.ratio(row['per_pound'])}." if known else ""
        said = f"Grade {row['grade']}. {row['source']}.{each}"
        figure: object = (row["value"], f"static_{share}") if known else ""
        rows.append((f"Evidence ({row['bound']}): {row['statement']}", figure, "", "", said))
    return rows


def profile_sheet(request: Request) -> Sheet | None:
    """Return the profile of the relationship, rated by hand and never priced; None where nobody has rated it."""
    profile = request.service.profile
    if not profile:
        return None
    said = "Rated from 1 to 5 by people who know the service. No figure rests on it."
    sheet = Sheet("Profile", "outputs", "Profile of the relationship", said)
    rows: list[tuple[object, ...]] = []
    for kind, entries in relationship_profile().items():
        for key, entry in entries.items():
            rating = profile.get(key)
            stands = (float(rating.rating), "static_whole") if rating else "not rated"
            anchor = entry.anchors.get(str(rating.rating), "Between the anchors beside it.") if rating else ""
            why = rating.why if rating else ""
            rows.append((kind.removesuffix("s").capitalize(), entry.label, entry.meaning, stands, anchor, why))
    headers = ("Kind", "What", "Meaning", "Rating, 1 to 5", "What the rating means", "What it rests on")
    fill_table(sheet, headers, rows, "tbl_profile")
    sheet.widths = {0: 11, 1: 24, 2: 40, 3: 10, 4: 40, 5: 36}
    return sheet
