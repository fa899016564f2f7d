"""A sample Value Map, ours: made up for these tests after the published list of columns, and nobody's real project.

The second row of outcomes is the worked check of the method: £250,000 put in, 60 people, £8,500, deadweight 40%,
attribution 30%, drop-off 30%, 2 years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

OURS = "Sample Value Map, made up for the tests of sroi after the published list of columns"
# Column by column: the key that tests use, the heading, the question below it.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("stakeholder", "Stakeholders", "Who do we have an effect on?\nWho has an effect on us?"),
    ("group", "Number in group", ""),
    ("input", "Inputs", "What do they invest?"),
    ("input_value", "", "What is the value of the inputs in currency (£)"),
    ("output", "Outputs", "Summary of activity in numbers"),
    ("outcome", "The Outcomes (what changes)", "Description\nHow would the stakeholder describe the changes?"),
    ("indicator", "", "Indicator\nHow would you measure it?"),
    ("outcome_source", "", "Source\nWhere did you get the information from?"),
    ("quantity", "", "Quantity (number of people)\nHow much change was there?"),
    ("duration", "", "Duration\nHow long does it last after end of activity? (years)"),
    ("start", "", "Outcomes start\nDoes it start in period of activity (1) or in period after (2)"),
    ("proxy", "Financial Proxy", "What proxy would you use to value the change?"),
    ("proxy_value", "", "Value in currency (£)\nWhat is the value of the change?"),
    ("proxy_source", "", "Source\nWhere did you get the information from?"),
    ("deadweight", "Deadweight %", "What would have happened without the activity?"),
    ("displacement", "Displacement %", "What activity did you displace?"),
    ("attribution", "Attribution %", "Who else contributed to the change?"),
    ("drop_off", "Drop off %", "Does the outcome drop off in future years?"),
    ("impact", "Impact", "Quantity times financial proxy, less deadweight, displacement and attribution"),
    ("year_1", "Calculating Social Return", "Year 1"),
    ("year_2", "", "Year 2"),
    ("year_3", "", "Year 3"),
)
KEYS = [key for key, _, _ in COLUMNS]
STAGES = {
    "stakeholder": "Stage 1",
    "input": "Stage 2",
    "indicator": "Stage 3",
    "deadweight": "Stage 4",
    "year_1": "Stage 5",
}

ADULTS: dict[str, Any] = {
    "stakeholder": "Young adults housed",
    "group": 80,
    "input": "Time",
    "output": "80 tenancies started",
    "outcome": "They keep their home",
    "indicator": "Tenancy held at 12 months",
    "outcome_source": "Project records 2023",
    "quantity": 60,
    "duration": 2,
    "start": 1,
    "proxy": "Cost of homelessness avoided",
    "proxy_value": 8_500,
    "proxy_source": "Unit cost database, 2022",
    "deadweight": 0.4,
    "displacement": "0% (nobody else was waiting)",
    "attribution": 0.3,
    "drop_off": 0.3,
    # 60 × 8,500 × 0.6 × 0.7 = 214,200, and 0.7 of that in the second year
    "impact": 214_200,
    "year_1": 214_200,
    "year_2": 149_940,
    "year_3": 0,
}
COUNCIL: dict[str, Any] = {"stakeholder": "The council", "input": "Grant", "input_value": 250_000}
# 214,200 / 1.035 = 206,956.5217…; 149,940 / 1.035² = 139,970.5944…; together 346,927.1162, over 250,000 1.387708
PRESENT = {"year_1": 214_200 / 1.035, "year_2": 149_940 / 1.035**2, "year_3": 0}
TOTAL_PRESENT = 214_200 / 1.035 + 149_940 / 1.035**2
TOTALS: dict[str, Any] = {
    "stakeholder": "Total",
    "input_value": 250_000,
    **{key: ADULTS[key] for key in ("impact", "year_1", "year_2", "year_3")},
}


def results(
    present: Mapping[str, float] = PRESENT, total: float = TOTAL_PRESENT, ratio: Any = None, inputs: float = 250_000
) -> list[dict[str, Any]]:
    """The rows below the totals, each label left of its number."""
    return [
        {"drop_off": "Discount rate", "impact": 0.035},
        {"drop_off": "Present value of each year", **present},
        {"drop_off": "Total Present Value (PV)", "impact": total},
        {"drop_off": "Net Present Value (PV minus the investment)", "impact": total - inputs},
        {"drop_off": "Social Return\nValue per amount invested", "impact": total / inputs if ratio is None else ratio},
    ]


ROWS: list[dict[str, Any]] = [ADULTS, COUNCIL, {}, TOTALS, *results(), {}, {"stakeholder": "Notes: no real project."}]


def write(
    path: Path,
    rows: Iterable[Mapping[str, Any]] = ROWS,
    *,
    keys: Sequence[str] = KEYS,
    headings: Mapping[str, str] | None = None,
    title: str = "Value Map",
) -> Path:
    """Write a Value Map with its columns in the order of ``keys``.

    Headings stand over three rows as in the template, or in one row where ``headings`` gives them by key. A key of
    ``""`` is an empty column.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append([OURS])
    asked = {key: (heading, question) for key, heading, question in COLUMNS}
    if headings is None:
        sheet.append([STAGES.get(key) for key in keys])
        sheet.append([asked.get(key, ("", ""))[0] or None for key in keys])
        sheet.append([asked.get(key, ("", ""))[1] or None for key in keys])
        # The banner of a group lies over its columns, merged.
        if keys == KEYS:
            sheet.merge_cells("F3:K3")
            sheet.merge_cells("C3:D3")
    else:
        sheet.append([headings.get(key) for key in keys])
    first = sheet.max_row + 1
    for number, row in enumerate(rows, first):
        for column, key in enumerate(keys, 1):
            if row.get(key) is not None:
                sheet.cell(number, column).value = row[key]
    book.save(path)
    return path
