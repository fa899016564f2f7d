"""The sheets on choices: what they show is what Python says, and a workbook with them comes back as it was."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from test_options import served

import sroi


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sroi.write_workbook(served(), tmp_path_factory.mktemp("choices") / "served.xlsx", draws=200)


def test_options_stand_side_by_side(book: Path) -> None:
    """More time: £700 for £1,350; £200 and £350 more than the service as it stands (worked out in test_options)."""
    sheet = openpyxl.load_workbook(book)["Options"]
    headings = [cell.value for cell in sheet[4]]
    rows = {row[0].value: dict(zip(headings, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(5)}
    more = rows["More time"]
    assert more["Costs (GBP, 2024-25 prices)"] == pytest.approx(700)
    assert more["Extra benefits (GBP, 2024-25 prices)"] == pytest.approx(350)
    assert rows["Minimum"]["Standing"].startswith("Extendedly dominated")


def test_the_relationship_stands_with_its_evidence(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["Relationship"]
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in sheet.iter_rows()}
    assert rows["Break-even: A number"][0] == pytest.approx(1 / 15)
    assert rows["Returned by each extra unit of cost"][0] == pytest.approx(1.5)
    assert rows["Evidence (upper): An association."][0] == 0.3
    assert "returns 4.50" in rows["Evidence (upper): An association."][3]


def test_the_profile_is_rated_and_never_priced(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["Profile"]
    rows = {row[1].value: [cell.value for cell in row] for row in sheet.iter_rows(5)}
    assert rows["Time"][3:] == [3, "Most meetings are long enough; none can be lengthened.", "Asked of staff."]
    assert rows["Attitudes of the provider"][3] == "not rated"
    assert len(rows) == 11


def test_it_comes_back_as_it_was(book: Path) -> None:
    assert sroi.read_workbook(book) == served()
    assert sroi.workbook_changes(book).empty


def test_a_service_without_choices_has_no_such_sheets(tmp_path: Path) -> None:
    plain = served().with_option("minimum")
    path = sroi.write_workbook(plain.replace(profile={}), tmp_path / "plain.xlsx", draws=None)
    assert not {"Options", "Relationship", "Profile"} & set(openpyxl.load_workbook(path).sheetnames)
