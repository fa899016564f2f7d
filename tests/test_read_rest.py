"""What was changed in a workbook where nothing is read back is said, cell by cell, and nothing else is."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from small_service import service
from test_read_workbook import DAY, OWN, at, edit, patched, typed, write
from value_map_sample import write as write_map

import sroi
from sroi import library, reference
from sroi.cli import main
from sroi.workbook.grid import Sheet
from sroi.workbook.read import reading_of
from sroi.workbook.read_cells import Grid
from sroi.workbook.read_edits import Difference
from sroi.workbook.read_places import canonical, places_of

Printed = pytest.CaptureFixture[str]


def unread(path: Path) -> tuple[Difference, ...]:
    found = reading_of(path)
    assert found.uncompared == ""
    return found.unread


def one(path: Path) -> tuple[Any, ...]:
    (found,) = unread(path)
    assert found.takes.startswith("nothing")
    return found.sheet, found.cell, found.field, found.old, found.new


# Nothing was changed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", library.ids())
def test_an_export_as_it_was_made_has_no_change(name: str, tmp_path: Path) -> None:
    written = sroi.load(name)
    first = next(name for name, parameter in written.parameters.items() if parameter.value is not None)
    values = {first: written.parameters[first].value * 0.9}
    for scenario in (None, list(written.scenarios)[-1]):
        path = tmp_path / "bid.xlsx"
        sroi.write_workbook(
            written, path, values=values, scenario=scenario, convention="additive", draws=200, seed=3, today=DAY
        )
        assert unread(path) == ()
        assert unread(edit(path, lambda book: None)) == ()


def test_a_convention_and_horizon_of_ones_own_are_no_change(tmp_path: Path) -> None:
    own = reference.conventions()["svi"].model_copy(update={"label": "Ours", "schedule": "flat:0.05"})
    assert unread(write(service(), tmp_path, convention=own, appraisal_years=3)) == ()


def test_inputs_and_what_they_come_to_are_no_such_change(tmp_path: Path) -> None:
    cells = {("Inputs", "people", OWN): 80, ("Values", "half", "Base case"): 0.4, ("Inputs", "half", "Note"): "Ours."}
    found = reading_of(edit(write(service(), tmp_path), typed(cells, scenario="low")))
    assert len(found.differences) == 4
    assert found.unread == ()


LOG = [
    ("2026-01-01 09:30", "People", "100 people", "80 people", "Our own count", "A. Commissioner"),
    ("2026-01-01 09:31", "=1+1", "<r>a</r>", "", "+44"),
    ("2026-01-01 09:32", "Scenario", "Base case", "Low"),
]


def test_what_was_changed_before_stands_in_the_change_log(tmp_path: Path) -> None:
    path = write(service(), tmp_path, log=LOG, values={"people": 80})
    page = openpyxl.load_workbook(path)["Change log"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=5, max_row=8, max_col=6)]
    assert rows[0] == ["2026-01-01 09:30", "A. Commissioner", "People", "100 people", "80 people", "Our own count"]
    assert rows[1] == ["2026-01-01 09:31", "before export", "=1+1", "<r>a</r>", None, "+44"]
    assert page["C6"].data_type == "s"
    assert rows[2][4:] == ["Low", None]
    assert rows[3][1] == "at export"


def test_a_change_log_is_compared_like_any_other_sheet(tmp_path: Path) -> None:
    path = write(service(), tmp_path, log=LOG)
    assert unread(path) == ()
    assert unread(edit(path, lambda book: None)) == ()
    found = one(edit(path, put("Change log", "F5", "Another reason")))
    assert found == ("Change log", "F5", "text", "Our own count", "Another reason")


@pytest.mark.parametrize("row", [("2026-01-01", "People", "100"), ("",) * 7, "when"])
def test_a_row_that_is_none_of_a_change_log_is_refused(row: Any) -> None:
    with pytest.raises(sroi.ServiceError, match=r"log\[1\].*A row is when, what, from, to"):
        sroi.workbook_bytes(service(), draws=None, log=[LOG[0], row])


# Something was ------------------------------------------------------------------------------------------------------


def put(sheet: str, cell: str, value: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def formula_of(path: Path, sheet: str, cell: str) -> Any:
    return openpyxl.load_workbook(path)[sheet][cell].value


def test_a_number_typed_over_a_formula(tmp_path: Path) -> None:
    path = write(service(), tmp_path)
    was = formula_of(path, "Totals", "D5")
    assert was.startswith("=")
    assert one(edit(path, put("Totals", "D5", 1e6))) == ("Totals", "D5", "formula", was, 1e6)
    assert one(edit(path, put("Totals", "D5", None))) == ("Totals", "D5", "formula", was, None)
    assert one(edit(path, put("Totals", "D5", f"{was}*2"))) == ("Totals", "D5", "formula", was, f"{was}*2")


def test_a_formula_that_reads_another_input_is_not_taken_for_the_old_one(tmp_path: Path) -> None:
    path = write(service(), tmp_path)
    cell = at(openpyxl.load_workbook(path), "Values", "half", "low")
    assert re.fullmatch(r"=\$D\d+", cell.value)
    new = "=$D$9" if cell.value != "=$D9" else "=$D$10"
    assert one(edit(path, put("Values", cell.coordinate, new)))[:3] == ("Values", cell.coordinate, "formula")


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "field"),
    [
        ("Sources", "B5", "Another study", "text"),
        ("Scenarios", "F5", "Another reason", "text"),
        ("Scenarios", "E5", 70, "text"),
        ("Prices", "C5", 3.5, "number"),
        ("Checks", "B5", "pass", "formula"),
        ("Results", "Z90", "A note in the margin", "added"),
        ("Inputs", "R2", 7, "added"),
        ("Inputs", "D4", 1, "formula"),
        ("Service file", "C9", "A note", "added"),
    ],
)
def test_a_change_on_another_sheet(sheet: str, cell: str, value: Any, field: str, tmp_path: Path) -> None:
    found = one(edit(write(service(), tmp_path), put(sheet, cell, value)))
    assert (found[:3], found[4]) == ((sheet, cell, field), value)


def test_sheets_taken_out_renamed_moved_and_added(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        del book["Change log"]
        book["Lines"].title = "Every line"
        book.create_sheet("Mine", 0)
        book.move_sheet("Results", -5)

    found = {(each.sheet, each.field, each.old, each.new) for each in unread(edit(write(service(), tmp_path), change))}
    assert found == {
        ("Change log", "sheet", "Change log", None),
        ("Lines", "sheet", "Lines", "Every line"),
        ("Mine", "sheet", None, "Mine"),
    }


def test_rows_sorted_on_inputs_no_longer_feed_the_right_formulas(tmp_path: Path) -> None:
    """Inputs are found by name; the formulas elsewhere still read the old rows, which has to be said."""

    def change(book: Any) -> None:
        page = book["Inputs"]
        for column in range(1, 17):
            one, other = page.cell(9, column), page.cell(10, column)
            if column not in (6, 7, 8):
                one.value, other.value = other.value, one.value

    found = reading_of(edit(write(service(), tmp_path), change))
    assert found.differences == ()
    assert {each.sheet for each in found.unread} >= {"Values"}


def test_a_name_that_stands_for_another_cell(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.defined_names["horizon"].attr_text = "Inputs!$D$4"

    (found,) = unread(edit(write(service(), tmp_path), change))
    assert (found.what, found.field, found.new) == ("the name horizon", "name", "Inputs!$D$4")


# Moved along --------------------------------------------------------------------------------------------------------


def grid_of(sheet: Sheet, rows: dict[int, int], columns: dict[int, int], name: str) -> Grid:
    """The sheet as a grid with its rows and columns elsewhere."""
    values: list[list[object]] = [[None] * 12 for _ in range(20)]
    for (row, column), cell in sheet.cells.items():
        values[rows.get(row, row)][columns.get(column, column)] = cell.content
    return Grid(name, values, {})


def test_references_are_led_to_where_rows_and_columns_moved() -> None:
    sheet = Sheet("My sheet", "inputs", "Title", "Said")
    sheet.header(3, ("Name", "Number"), "tbl", 2)
    for row, name in ((4, "one"), (5, "two"), (7, "total")):
        sheet.put(row, 0, name)
        sheet.put(row, 1, float(row))
    # A row was put in before the second, and a column before the first.
    places = places_of(sheet, grid_of(sheet, {5: 6, 7: 8}, {0: 1, 1: 2}, "Ours"))
    assert places.at(5, 1) == (6, 2)
    assert places.at(7, 1) == (8, 2)
    moved = {"My sheet": places}
    assert canonical("SUM('My sheet'!$B$5:B6)*LOG10(B8)", "Totals", moved) == "SUM(OURS!C5:C7)*LOG10(B8)"
    assert canonical("B8", "Ours", moved) == canonical("=$C$9", "Ours", {}) == "C9"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("=IF(A1<=1E-12,\"a b\",'Values'!$B$2)", '=if( A1<=0.000000000001 , "a b",Values!B2)'),
        ("='It''s'!A1+tbl_a1", "='It''s'!$A$1+TBL_A1"),
        ("=SUM(Home!A1:B2)", "=SUM(A1:B2)"),
    ],
)
def test_programs_spell_a_formula_in_their_own_way(one: str, other: str) -> None:
    assert canonical(one, "Home", {}) == canonical(other, "Home", {})
    assert canonical('=IF(A1="a b",1,2)', "Home", {}) != canonical('=IF(A1="ab",1,2)', "Home", {})
    assert canonical("=A1*2", "Home", {}) != canonical("=A1*3", "Home", {})


# When it cannot be told ---------------------------------------------------------------------------------------------


def test_a_workbook_of_another_version_is_read_and_said_to_be(tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), put("Totals", "D5", 1))
    version = sroi.__version__ if hasattr(sroi, "__version__") else "0.1.0"
    old = patched(path, {"docProps/custom.xml": lambda c: c.replace(f">{version}<".encode(), b">0.0.9<")})
    found = reading_of(old)
    assert found.unread == ()
    assert found.uncompared.startswith("It was made by sroi 0.0.9, and this is")
    with pytest.warns(UserWarning, match="only the inputs were compared"):
        assert sroi.workbook_changes(old).empty


def test_marks_that_cannot_be_read(tmp_path: Path) -> None:
    path = write(service(), tmp_path)
    for old, new in (
        (b"sroi_made_1", b"else_made_1"),
        (b'"draws"', b'"drawn"'),
        (b'"seed": 1', b'"seed": 1e999'),
    ):
        broken = patched(path, {"docProps/custom.xml": lambda c, o=old, n=new: c.replace(o, n)})  # type: ignore[misc]
        assert reading_of(broken).uncompared.startswith("It has lost the properties that say what it was made from")


def test_the_text_behind_the_workbook_was_changed(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Service file"]
        (cell,) = [row[0] for row in page.iter_rows() if row[0].value == 'title = "A study"']
        cell.value = 'title = "Another study"'

    found = reading_of(edit(write(service(), tmp_path), change))
    assert found.service.sources["study"].title == "Another study"
    assert found.uncompared.startswith("The text on the sheet Service file was changed")


def test_more_draws_than_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bid.xlsx"
    sroi.write_workbook(service(), path, draws=200, today=DAY)
    monkeypatch.setattr(import_module("sroi.workbook.read_rest"), "MOST_DRAWS", 100)
    found = reading_of(edit(path, put("Sources", "B5", "Another")))
    assert found.unread == ()
    assert found.uncompared == "Its ranges rest on more than 100 draws: only the inputs were compared."


def test_a_request_that_cannot_be_made_again(tmp_path: Path) -> None:
    def other(content: bytes) -> bytes:
        return content.replace(b'"convention": "green_book_2026"', b'"convention": "green_book_1926"')

    found = reading_of(patched(write(service(), tmp_path), {"docProps/custom.xml": other}))
    assert found.unread == ()
    assert "It cannot be made again ('green_book_1926' is not a convention." in found.uncompared


# How it is said -----------------------------------------------------------------------------------------------------


def test_read_workbook_warns_and_the_table_lists(tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), put("Totals", "D5", 1))
    with pytest.warns(UserWarning, match=r"edited.xlsx: 1 cell was changed where nothing is read back"):
        sroi.read_workbook(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (row,) = sroi.workbook_changes(path).to_dict("records")
    assert (row["sheet"], row["cell"], row["new"]) == ("Totals", "D5", 1)
    assert row["takes"].startswith("nothing: only Inputs")


def test_import_says_what_is_not_read_back(tmp_path: Path, capsys: Printed) -> None:
    def change(book: Any) -> None:
        book["Sources"]["B5"] = "=HYPERLINK(1)"
        book["Totals"]["D5"] = 1.5
        for row in range(40, 50):
            book["Results"].cell(row, 20).value = "note"

    assert main(["import", str(edit(write(service(), tmp_path), change))]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "No input was changed since the workbook was made. Changed but not read back" in said
    assert "Sources!B5, study: found the formula =HYPERLINK(1), was 'A study'" in said
    assert "Totals!D5, Present value of benefits: found 1.5, was the formula =" in said
    assert "and 5 more on Results" in said


def test_each_import_knows_the_workbook_of_the_other(tmp_path: Path, capsys: Printed) -> None:
    own = write(service(), tmp_path)
    assert main(["import-map", str(own)]) == 2
    said = capsys.readouterr().err
    assert "a workbook that sroi export made, no Value Map" in said
    assert "sroi import 'bid.xlsx'" in said
    assert main(["import", str(write_map(tmp_path / "map.xlsx"))]) == 2
    said = capsys.readouterr().err
    assert "This looks like a Value Map. To read one, write: sroi import-map 'map.xlsx'" in said
