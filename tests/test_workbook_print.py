"""What a reviewer looks for on paper and on the screen: pages, headings, units, lengths, the chart of swings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import proof
import pytest

import sroi
from sroi.workbook import words

DAY = date(2026, 11, 25)
SERVICES = list(sroi.services()["id"])
# Sheets with formulas longer than a thumb: About names each.
LONG_ON = {"Cohorts", "Effect", "Totals", "Values", "Summary", "Workings"}
LONGEST = 120
# Columns that are empty until people write, or where a source, a scenario or a draw says nothing; on Cohorts one keeps
# the place that running totals open with elsewhere, so that each year stands in its column.
MAY_BE_EMPTY = {
    "Cohorts",
    "Inputs",
    "Sources",
    "Scenarios",
    "Results",
    "Change log",
    "Values",
    "Checks",
    "Uncertainty",
    "Outcomes",
}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("print")
    return {
        name: sroi.write_workbook(sroi.load(name), folder / f"{name}.xlsx", today=DAY, draws=200) for name in SERVICES
    }


@pytest.fixture(params=SERVICES)
def path(request: pytest.FixtureRequest, paths: dict[str, Path]) -> Path:
    return paths[request.param]


@pytest.fixture
def book(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def test_long_formulas_are_those_that_about_names(path: Path) -> None:
    found = {place[0] for place, formula in proof.formulas(path).items() if len(formula) > LONGEST}
    assert found <= LONG_ON
    assert all(f"({sheet}" in words.CHOICES or f" {sheet})" in words.CHOICES for sheet in LONG_ON)


def test_a_wide_sheet_prints_on_three_pages_at_most_each_with_its_headings(book: Any) -> None:
    for sheet in book:
        across = sheet.page_setup.fitToWidth or 1
        assert across <= 3, (sheet.title, across)
        if across > 1:
            assert sheet.print_title_rows, sheet.title
            assert sheet.print_title_cols, sheet.title
            assert sheet["A1"].value[:40] in sheet.oddHeader.left.text, "the title heads every page"
            assert not sheet.print_area.startswith(f"'{sheet.title}'!$A$1:"), "and is not cut at the edge of one"


def test_money_has_its_currency_and_year_of_prices_in_the_heading(book: Any) -> None:
    for title in ("Outcomes", "Costs", "By whom", "Bridge"):
        sheet = book[title]
        for column in sheet.iter_cols(min_row=4, max_row=6):
            if "#,##0" in column[1].number_format and ">=1000" not in column[1].number_format:
                assert str(column[0].value).rstrip(" ()23456789").endswith("prices"), (title, column[0].value)


def test_no_column_of_a_table_is_empty(book: Any) -> None:
    for sheet in book:
        if sheet.title in MAY_BE_EMPTY:
            continue
        for table in sheet.tables.values():
            rows = sheet[table.ref]
            for place, head in enumerate(rows[0]):
                assert any(row[place].value is not None for row in rows[1:]), (sheet.title, head.value)


def test_every_number_fits_its_column(path: Path) -> None:
    """The digits of the number with a sign and that of the currency: else hashes stand for it."""
    for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
        spans = sheet.column_dimensions.values()
        widths = {place: span.width for span in spans for place in range(span.min, span.max + 1)}
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                    digits = len(f"{abs(cell.value):,.0f}")
                    assert digits + 2 <= widths.get(cell.column, 9), (sheet.title, cell.coordinate)


def test_the_swings_are_drawn_about_the_case_at_export(book: Any, path: Path) -> None:
    sheet = book["Sensitivity"]
    heads = [str(cell.value) for cell in sheet[4]]
    low, high, change_low, change_high, swing = range(4, 9)
    assert heads[change_low].startswith("Change at low")
    central = book["Results"]["G5"].value
    for row in sheet.iter_rows(min_row=5, values_only=True):
        assert row[change_low] == pytest.approx(row[low] - central, abs=0.01)
        assert row[change_high] == pytest.approx(row[high] - central, abs=0.01)
    drawn = book["Summary"]._charts[-1]
    assert [each.val.numRef.f.split("$")[1] for each in drawn.series] == ["G", "H"]
    last = int(drawn.series[0].val.numRef.f.split("$")[-1])
    assert all(sheet.cell(row, swing + 1).value > 0 for row in range(5, last + 1)), "what moves nothing has no bar"
