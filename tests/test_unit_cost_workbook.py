"""A newer edition of the unit cost database: read by its headings, kept, and what a service would come to under it.

The workbooks are ours, made to the columns that the database of 2015 states: the published one of 2026 was not seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from small_service import service

import sroi
from sroi import cli, editions, unit_costs
from sroi.rerun import built_with, rerun
from sroi.workbook.unit_cost_workbook import read_unit_costs

ABOVE = ["", "", "", "", "Fiscal", "", "", "Economic", "", "", "Source"]
HEADINGS = ["Code", "Theme", "Cost / saving detail", "Unit", "Agency bearing the cost", "Cost / saving", "Year"]
HEADINGS += ["Cost / saving", "Year", "Updated cost", "Source"]
ABOVE = ["", "", "", "", "Fiscal", "", "", "Economic", "", "", ""]
ROWS: list[list[Any]] = [
    ["E&E1.0.2", "Employment", "Improved health", "Per claimant per year", "NHS", 600, "2021/22", "", "", 700, "DWP"],
    ["HE4.0", "Health", "A&E attendance", "Per incident", "NHS", "£1,234.50", "2022-23", 10, 2022, 5, "NCC"],
    ["HE5.0", "Health", "Withdrawn", "Per incident", "NHS", "n/a", "", "", "", "", "NCC"],
]
CITED = {"label": "Found work", "unit": "GBP per person per year", "grade": "B", "unit_cost": "E&E1.0.2:fiscal"}


@pytest.fixture(autouse=True)
def own_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SROI_REFERENCE", str(tmp_path / "own"))
    caches = (editions.all_series, editions.rows_of, unit_costs.unit_costs)
    for each in caches:
        each.cache_clear()
    yield tmp_path / "own"
    monkeypatch.undo()
    for each in caches:
        each.cache_clear()


def workbook(path: Path, rows: Sequence[Sequence[Any]], above: Sequence[str] = ABOVE, *, before: int = 3) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Read me").write(0, 0, "Unit Cost Database")
        sheet = book.add_worksheet("Costs")
        sheet.write_row(before, 0, above)
        for number, row in enumerate(rows, before + 1):
            sheet.write_row(number, 0, row)
    return path


def test_columns_are_found_by_headings_over_two_rows(tmp_path: Path) -> None:
    read = read_unit_costs(workbook(tmp_path / "ucd.xlsx", [HEADINGS, *ROWS]))
    assert read.sheet == "Costs"
    assert read.left_out == ["HE5.0"]
    health, attendance = read.rows
    assert (health["code"], health["fiscal"], health["fiscal_price_year"]) == ("E&E1.0.2", "600", "2021-22")
    assert (health["economic"], health["agency"], health["source"]) == ("", "NHS", "DWP")
    assert (attendance["fiscal"], attendance["economic"], attendance["economic_price_year"]) == (
        "1234.50",
        "10",
        "2022",
    )


def test_headings_in_one_row_and_moved_columns(tmp_path: Path) -> None:
    one = ["Source", "Code", "Unit", "Description", "Fiscal value", "Fiscal price year"]
    read = read_unit_costs(
        workbook(tmp_path / "ucd.xlsx", [one, ["S", "A1", "Each", "A thing", 5, "2024"]], [], before=0)
    )
    assert read.rows[0]["fiscal"] == "5"
    assert read.columns["label"] == "Description"


def added(tmp_path: Path) -> None:
    file = workbook(tmp_path / "ucd.xlsx", [HEADINGS, *ROWS])
    assert cli.main(["units", "--add", str(file), "--edition", "3.0"]) == 0


def test_an_added_edition_is_todays_and_moves_what_is_run_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """GBP 566 of 2012-13 in v1.4 becomes GBP 600 of 2021-22; a service built with v1.4 keeps its number."""
    added(tmp_path)
    said = " ".join(capsys.readouterr().out.split())
    assert "2 unit costs are kept in" in said
    assert "Left out, without a value: 1 row." in said
    made = service({"service.editions": {"gmca_unit_costs": "1.4"}, "parameters.job": CITED, "outcomes.1.proxy": "job"})
    assert made.parameters["job"].value == 566
    results, inputs = rerun(made)
    assert inputs.loc["job"].tolist() == ["Found work", "GBP per person per year", "566 (2012-13)", "600 (2021-22)"]
    # Only the outcome with this proxy moves: by 600/566 and the prices of 2012-13 (71.4645) and 2021-22 (85.314).
    row = made.about
    assert row.price_base_year == "2024-25"
    was, now = (float(results.loc["pv_benefits", key]) for key in ("was", "now"))
    only = sroi.evaluate(made).impact_map()["present_value"].loc["saving"]
    assert now - was == pytest.approx(only * (600 * 71.4645 / (566 * 85.314) - 1))
    assert built_with(made).loc["gmca_unit_costs"].tolist() == ["GMCA Unit Cost Database", "1.4", "3.0"]


def test_a_service_built_with_todays_editions_does_not_move() -> None:
    for name in sroi.services()["id"]:
        results, inputs = rerun(sroi.load(name))
        assert results.empty, name
        assert inputs.empty, name


def test_an_edition_is_never_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added(tmp_path)
    assert cli.main(["units", "--add", str(tmp_path / "ucd.xlsx"), "--edition", "3.0"]) == 2
    assert "an edition is never changed" in capsys.readouterr().err


def test_a_code_that_is_gone_says_so(tmp_path: Path) -> None:
    added(tmp_path)
    made = service(
        {
            "service.editions": {"gmca_unit_costs": "1.4"},
            "parameters.job": {**CITED, "unit_cost": "HO1.0:fiscal"},
            "outcomes.1.proxy": "job",
        }
    )
    with pytest.raises(sroi.ServiceError, match=r"unit_cost is 'HO1\.0:fiscal': there is no such code\."):
        rerun(made)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [["Code", "Unit"], ["A", "Each"]],
            "no heading for label, source, a fiscal, economic or social value",
        ),
        ([["Name"], ["A"]], "has no heading with the word code"),
        ([[*HEADINGS, "Code of practice"], *ROWS], "two columns could be the code"),
        ([HEADINGS, [*ROWS[0][:5], "a lot", *ROWS[0][6:]]], "row 6 (E&E1.0.2), fiscal is 'a lot'. Write a number"),
        ([HEADINGS, [*ROWS[0][:6], "soon", *ROWS[0][7:]]], "row 6 (E&E1.0.2), fiscal year is 'soon'."),
        ([HEADINGS, ROWS[0], ROWS[0]], "row 7 (E&E1.0.2) is a code that stands above already."),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, rows: list[list[Any]], said: str) -> None:
    with pytest.raises(sroi.ServiceError) as caught:
        read_unit_costs(workbook(tmp_path / "ucd.xlsx", rows))
    assert said in str(caught.value)


def test_units_are_searched_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["units", "A&E", "attendance"]) == 0
    assert "HE4.0  fiscal £109 (2011-12)" in capsys.readouterr().out
    assert cli.main(["units", "eviction", "--json"]) == 0
    assert "HO1.0" in [row["code"] for row in json.loads(capsys.readouterr().out)]
    assert cli.main(["units"]) == 0
    assert "gmca_unit_costs 1.4, 683 unit costs" in capsys.readouterr().out
    assert cli.main(["units", "no", "such", "thing", "anywhere"]) == 2
    assert cli.main(["units", "--edition", "3.0"]) == 2
    assert cli.main(["units", "--add", "nowhere.xlsx"]) == 2
    assert cli.main(["units", "--add", "nowhere.xlsx", "--edition", "../3"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_rerun_says_that_nothing_moves(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rerun", "legal_advice"]) == 0
    out = capsys.readouterr().out
    assert "built with 2025-12; today's is 2025-12" in out
    assert "Nothing moves." in out
    assert cli.main(["rerun", "legal_advice", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["results"] == {}
