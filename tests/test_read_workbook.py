"""A workbook is read back as the service it was made from, with what was changed; what is wrong is said by cell."""

from __future__ import annotations

import datetime
import functools
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import proof
import pytest
import strategies
from conftest import require_libreoffice
from hypothesis import HealthCheck, given, settings
from small_service import service
from test_service_file import HOSTILE, everywhere

import sroi
from sroi import library, reference
from sroi.cli import main
from sroi.method import RESULTS
from sroi.workbook import file_text, guard
from sroi.workbook.marks import LAYOUT
from sroi.workbook.read import reading_of

DAY = datetime.date(2026, 1, 1)
OWN = "Your value"
Printed = pytest.CaptureFixture[str]
Edit = Callable[[Any], None]


def write(written: sroi.Service, folder: Path, name: str = "bid.xlsx", **request: Any) -> Path:
    if written == service() and not request:
        (folder / name).write_bytes(small())
        return folder / name
    return sroi.write_workbook(written, folder / name, draws=None, today=DAY, **request)


@functools.cache
def small() -> bytes:
    return sroi.workbook_bytes(service(), draws=None, today=DAY)


def edit(path: Path, change: Edit, name: str = "edited.xlsx") -> Path:
    """The workbook as openpyxl saves it after a change; what its formulas gave is lost."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path.with_name(name))
    return path.with_name(name)


def at(book: Any, sheet: str, name: str, heading: str) -> Any:
    """The cell of an input under a heading."""
    page = book[sheet]
    (header,) = [row for row in page.iter_rows() if {"Name", heading} <= {cell.value for cell in row}]
    columns = {cell.value: cell.column for cell in header}
    (row,) = [
        row for row in range(header[0].row + 1, page.max_row + 1) if page.cell(row, columns["Name"]).value == name
    ]
    return page.cell(row, columns[heading])


def typed(cells: Mapping[tuple[str, str, str], Any], scenario: str | None = None) -> Edit:
    """What types values into cells, each given by sheet, input and heading."""

    def change(book: Any) -> None:
        for place, value in cells.items():
            at(book, *place).value = value
        if scenario is not None:
            book["Inputs"]["B4"] = scenario

    return change


def by_year(name: str, row: str, values: Mapping[int, Any]) -> Edit:
    """What types values for years into a row of an input that varies by year."""

    def change(book: Any) -> None:
        page = book["Yearly inputs"]
        (found,) = [
            r for r in range(1, page.max_row + 1) if (page.cell(r, 1).value, page.cell(r, 3).value) == (row, name)
        ]
        for year, value in values.items():
            page.cell(found, 7 + year).value = value

    return change


def place(path: Path, *where: str) -> str:
    cell = at(openpyxl.load_workbook(path), *where)
    return f"{where[0]}!{cell.coordinate}"


def faults(path: Path) -> list[str]:
    with pytest.raises(sroi.ServiceError) as caught:
        sroi.read_workbook(path)
    assert caught.value.name == path.name
    for fault in caught.value.faults:
        assert fault.sentence.endswith((".", "?")) or "sroi export" in fault.sentence, fault
    return [str(fault) for fault in caught.value.faults]


def patched(path: Path, edits: Mapping[str, Callable[[bytes], bytes]], dropped: tuple[str, ...] = ()) -> Path:
    """The workbook with parts of its zip edited."""
    target = path.with_name("patched.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            if name not in dropped:
                archive.writestr(name, edits.get(name, lambda content: content)(source.read(name)))
    return target


def inputs_of(path: Path) -> list[tuple[Any, ...]]:
    """What Inputs shows, without values of one's own."""
    book = openpyxl.load_workbook(path, data_only=True)
    rows = [[cell.value for cell in row] for row in book["Inputs"].iter_rows(min_row=9)]
    return [(*row[:4], *row[5:]) for row in rows]


# Nothing edited ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", library.ids())
def test_a_service_of_the_library_comes_back(name: str, tmp_path: Path) -> None:
    written = sroi.load(name)
    for scenario in (None, *written.scenarios):
        path = write(written, tmp_path, scenario=scenario, convention="svi")
        found = reading_of(path)
        assert (found.service, found.differences, found.scenario) == (written, (), scenario)
        assert (found.unread, found.uncompared) == ((), "")
    again = write(found.service, tmp_path, "again.xlsx", scenario=scenario, convention="svi")
    assert again.read_bytes() == path.read_bytes()


@given(strategies.services())
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
def test_a_service_made_at_random_comes_back(tmp_path_factory: pytest.TempPathFactory, file: dict[str, Any]) -> None:
    written = sroi.Service.model_validate(file)
    path = write(written, tmp_path_factory.mktemp("random"))
    assert sroi.read_workbook(path) == written
    assert sroi.workbook_changes(path).empty


@pytest.mark.parametrize("text", [*HOSTILE.values(), "_x0041_ x005F_ _x005F_"], ids=[*HOSTILE, "escapes"])
def test_hostile_text_comes_back(text: str, tmp_path: Path) -> None:
    written = sroi.Service.model_validate(everywhere(text))
    path = write(written, tmp_path)
    assert sroi.read_workbook(path) == written
    assert sroi.workbook_changes(path).empty


LABELS = ["a*b?c~", "Default", "Name", "base case", "Your values", "In use", "Scenario", "Convention", "x005F_ _x0041_"]


@pytest.mark.parametrize("label", [*LABELS, *HOSTILE.values()], ids=[*LABELS, *HOSTILE])
def test_a_scenario_is_found_again_whatever_it_is_called(label: str, tmp_path: Path) -> None:
    written = service({"scenarios.low.label": label, "scenarios.same": {"why": "w", "label": label}})
    for scenario in ("low", "same"):
        found = reading_of(write(written, tmp_path, scenario=scenario))
        assert (found.service, found.differences, found.scenario) == (written, (), scenario)


def test_a_line_longer_than_a_cell_comes_back(tmp_path: Path) -> None:
    # Each character takes six where it cannot stand for itself.
    written = service({"parameters.people.note": "\x01" * 20_000})
    assert sroi.read_workbook(write(written, tmp_path)) == written


def test_a_line_is_cut_and_joined() -> None:
    text = "\n".join(["a", "b" * 70_000, "", " c "])
    lines, starts = file_text.lines_of(file_text.rows_of(text))
    assert "\n".join(lines) == text
    # 70,000 characters in cells of 15,000: five of them.
    assert starts == [0, 1, 6, 7]


def test_a_shorter_horizon_comes_back(tmp_path: Path) -> None:
    found = sroi.read_workbook(write(service(), tmp_path, appraisal_years=2))
    assert found.about.appraisal_years == 2
    assert found.parameters["series"].by_year == (1, 2)


def test_a_long_horizon_comes_back(tmp_path: Path) -> None:
    written = service({"service.appraisal_years": 200, "parameters.series.by_year": [*range(200)]})
    assert sroi.read_workbook(write(written, tmp_path)) == written


def test_a_convention_of_ones_own_is_kept_out_of_the_service(tmp_path: Path) -> None:
    own = reference.conventions()["svi"].model_copy(update={"label": "Ours " * 40})
    path = write(service(), tmp_path, convention=own)
    assert sroi.read_workbook(path) == service()
    assert sroi.workbook_changes(path).empty


# Values of one's own -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scenario", [None, "low"])
def test_values_at_export_count_as_changes(scenario: str | None, tmp_path: Path) -> None:
    values = {"half": 0.25, "people": 70.0, "series": 4.0}
    path = write(service(), tmp_path, values=values, scenario=scenario)
    found = sroi.read_workbook(path)
    changes = sroi.workbook_changes(path)
    assert list(changes.columns) == ["sheet", "cell", "what", "field", "old", "new", "takes"]
    assert set(changes["new"]) == {0.25, 70.0, 4.0}
    asked = sroi.evaluate(service(), values, scenario=scenario)
    back = sroi.evaluate(found, scenario=scenario)
    assert [getattr(back, key) for key in RESULTS] == [getattr(asked, key) for key in RESULTS]
    again = write(found, tmp_path, "again.xlsx", scenario=scenario)
    shown = [[row[4] for row in inputs_of(each)] for each in (path, again)]
    assert shown[0] == shown[1]
    assert sroi.read_workbook(again) == found


@given(strategies.services())
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_values_at_random_give_the_same_results(tmp_path_factory: pytest.TempPathFactory, file: dict[str, Any]) -> None:
    # Correction for optimism goes by grade, and a value of one's own is graded F.
    file["service"].pop("optimism_bias", None)
    written = sroi.Service.model_validate(file)
    names = [name for name in written.parameters if name.startswith(("worth", "people", "amount", "deadweight"))]
    values = {name: 1.0 if name.startswith("deadweight") else 17.0 for name in names}
    for scenario in (None, "other"):
        path = write(written, tmp_path_factory.mktemp("random"), values=values, scenario=scenario)
        asked = sroi.evaluate(written, values, scenario=scenario)
        back = sroi.evaluate(sroi.read_workbook(path), scenario=scenario)
        assert back.npsv == pytest.approx(asked.npsv, rel=1e-12, abs=1e-9)


def test_a_value_becomes_the_parameters_in_the_base_case(tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), typed({("Inputs", "half", OWN): 0.25}))
    found = sroi.read_workbook(path)
    half = found.parameters["half"]
    assert (half.value, half.source, half.grade) == (0.25, "assumption", "F")
    assert half.note == (
        "Set to 0.25 share in the workbook 'edited.xlsx', made from 'small', which has 0.5 share"
        " (source 'study', grade B)."
    )
    assert half.spread is not None
    assert (half.spread.low, half.spread.high, half.spread.source) == (0.2, 0.3, "assumption")
    assert found.scenarios == service().scenarios
    (row,) = sroi.workbook_changes(path).to_dict("records")
    assert row == {
        "sheet": "Inputs",
        "cell": place(path, "Inputs", "half", OWN).removeprefix("Inputs!"),
        "what": "A number (half)",
        "field": "value",
        "old": 0.5,
        "new": 0.25,
        "takes": "the input's value in the base case: an assumption of grade F",
    }


def test_a_value_becomes_a_change_of_the_scenario_chosen(tmp_path: Path) -> None:
    change = typed({("Inputs", "people", OWN): 60, ("Inputs", "worth", OWN): 11}, scenario="low")
    path = edit(write(service(), tmp_path), change)
    found = sroi.read_workbook(path)
    assert found.parameters == service().parameters
    changes = found.scenarios["low"].changes
    assert {name: change.value for name, change in changes.items()} == {"people": 60, "worth": 11}
    assert "which has 50 people (source 'study', grade B)" in changes["people"].why
    assert changes["worth"].source == "assumption"
    rows = sroi.workbook_changes(path)
    assert list(rows["field"]) == ["scenario", "value", "value"]
    assert rows["takes"][0] == "numbers typed into the workbook become its changes"


def test_a_change_keeps_the_prices_of_its_scenario(tmp_path: Path) -> None:
    stated = {"value": 12, "why": "Dearer", "source": "study", "price_year": "2019-20"}
    written = service({"scenarios.low.changes.worth": stated})
    found = sroi.read_workbook(write(written, tmp_path, values={"worth": 13.0}, scenario="low"))
    assert found.scenarios["low"].changes["worth"].price_year == "2019-20"
    asked = sroi.evaluate(written, {"worth": 13.0}, scenario="low")
    assert sroi.evaluate(found, scenario="low").npsv == asked.npsv


def test_a_value_that_stands_there_already_changes_nothing(tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), typed({("Inputs", "people", OWN): 100}))
    assert sroi.read_workbook(path) == service()
    assert list(sroi.workbook_changes(path)["takes"]) == ["nothing: it is the value already"]


def test_a_deduction_set_to_zero_says_why(tmp_path: Path) -> None:
    plain = service({"parameters.half.spread": {"shape": "fixed"}})
    path = edit(write(plain, tmp_path), typed({("Inputs", "half", OWN): 0}))
    assert "in the workbook 'edited.xlsx'" in sroi.read_workbook(path).outcomes[0].zero_because["deadweight"]


@pytest.mark.parametrize("heading", ["Value in use", "Default"])
def test_a_number_over_a_formula_counts_as_ones_own(heading: str, tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), typed({("Inputs", "people", heading): 80}))
    assert sroi.read_workbook(path).parameters["people"].value == 80


def test_formulas_pasted_as_their_values_change_nothing(tmp_path: Path) -> None:
    path = write(service(), tmp_path)
    found = openpyxl.load_workbook(path, data_only=True)
    found.save(tmp_path / "values.xlsx")
    found = reading_of(tmp_path / "values.xlsx")
    assert found.service == service()
    # Nothing of it recalculates any more, which is said.
    assert {each.field for each in found.unread} >= {"formula"}


def test_two_numbers_for_one_input(tmp_path: Path) -> None:
    cells = {("Inputs", "people", OWN): 70, ("Inputs", "people", "Value in use"): 80}
    path = edit(write(service(), tmp_path), typed(cells))
    mine, over = (place(path, *where) for where in cells)
    assert faults(path) == [
        f"{mine} is 70, but {over} holds 80 over its formula. Write one number into {mine}, and put the formula back."
    ]


def test_a_formula_of_ones_own_is_taken_with_its_number(tmp_path: Path) -> None:
    path = write(service(), tmp_path)
    _, cell = place(path, "Inputs", "people", OWN).split("!")

    def with_formula(content: bytes, value: bytes) -> bytes:
        old, new = rb'<c r="%b"( s="\d+")/>', rb'<c r="%b"\1><f>40*2</f>%b</c>'
        found = re.sub(old % cell.encode(), new % (cell.encode(), value), content)
        assert found != content
        return found

    part = "xl/worksheets/sheet3.xml"
    taken = patched(path, {part: lambda content: with_formula(content, b"<v>80</v>")})
    assert sroi.read_workbook(taken).parameters["people"].value == 80
    refused = patched(path, {part: lambda content: with_formula(content, b"")})
    assert faults(refused) == [f"Inputs!{cell} holds a formula without a value (=40*2): write the number."]


@pytest.mark.parametrize("formula", ["=G9*1.1", "=A1", "=Values!D9", "=IF(ISNUMBER(E9),E9,G9)*2"])
@pytest.mark.parametrize(
    "where", [("Inputs", "people", "Value in use"), ("Inputs", "people", "Default"), ("Values", "worth", "low")]
)
def test_a_formula_of_ones_own_over_one_of_ours(where: tuple[str, str, str], formula: str, tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), typed({where: formula}))
    if (where[-1], formula) in {("Default", "=Values!D9"), ("low", "=A1")}:
        # Such references stand there when rows have been sorted: the name says which input it is.
        assert reading_of(path).service == service()
    else:
        assert f"{place(path, *where)} holds a formula without a value ({formula}): write the number." in faults(path)


def test_a_workbook_that_openpyxl_saved(tmp_path: Path) -> None:
    path = edit(write(sroi.load("nuka_primary_care"), tmp_path), lambda book: None)
    assert sroi.read_workbook(path) == sroi.load("nuka_primary_care")


# Other cells -------------------------------------------------------------------------------------------------------


def test_numbers_of_the_sheet_values(tmp_path: Path) -> None:
    cells = {("Values", "people", "Base case"): 90, ("Values", "people", "low"): 40, ("Values", "worth", "low"): 9}
    path = edit(write(service(), tmp_path), typed(cells))
    found = sroi.read_workbook(path)
    assert (found.parameters["people"].value, found.parameters["people"].grade) == (90, "F")
    assert {name: change.value for name, change in found.scenarios["low"].changes.items()} == {"people": 40, "worth": 9}
    assert list(sroi.workbook_changes(path)["old"]) == [100, 50, 10]


def test_ones_own_value_stands_over_the_sheet_values(tmp_path: Path) -> None:
    cells = {("Values", "people", "Base case"): 90, ("Inputs", "people", OWN): 80}
    path = edit(write(service(), tmp_path), typed(cells))
    assert sroi.read_workbook(path).parameters["people"].value == 80
    own = place(path, "Inputs", "people", OWN)
    assert sroi.workbook_changes(path)["takes"][0] == f"nothing: {own} stands over it"


def test_what_an_input_is(tmp_path: Path) -> None:
    cells = {
        ("Inputs", "worth", "Input"): "Worth of a thing",
        ("Inputs", "worth", "Prices of"): 2019,
        ("Inputs", "worth", "Note"): "Seen.",
        ("Inputs", "worth", "Group"): "Money",
        ("Inputs", "worth", "Grade"): "C",
        ("Inputs", "people", "Most"): 500,
        ("Inputs", "guess", "Source"): "study",
        ("Inputs", "budget", "Unit"): "GBP per year",
    }
    path = edit(write(service({"parameters.guess.locator": "page 2"}), tmp_path), typed(cells))
    found = sroi.read_workbook(path).parameters
    worth = found["worth"]
    assert found["guess"].locator is None
    assert (worth.label, worth.price_year, worth.note, worth.group) == ("Worth of a thing", "2019", "Seen.", "Money")
    assert (worth.grade, worth.source, worth.value) == ("C", "study", 10)
    assert (found["people"].maximum, found["guess"].source, found["budget"].unit) == (500, "study", "GBP per year")
    rows = sroi.workbook_changes(path)
    assert set(rows["new"]) == {str(value) if value == 2019 else value for value in cells.values()}
    assert rows.set_index("field").loc["label", "takes"] == "the input's label"


def test_a_source_for_ones_own_value(tmp_path: Path) -> None:
    other = {"sources.other": {"title": "O", "author": "O", "year": 2025, "locator": "1", "how_sure": "own text"}}
    cells = {("Inputs", "people", OWN): 80, ("Inputs", "people", "Source"): "other"}
    path = edit(write(service(other), tmp_path), typed(cells))
    people = sroi.read_workbook(path).parameters["people"]
    assert (people.value, people.source, people.grade) == (80, "other", "B")


def test_a_grade_alone_does_not_vouch_for_ones_own_value(tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), typed({("Inputs", "people", OWN): 80, ("Inputs", "people", "Grade"): "A"}))
    people = sroi.read_workbook(path).parameters["people"]
    assert (people.source, people.grade) == ("assumption", "F")
    assert sroi.workbook_changes(path)["takes"][1].startswith("nothing: a value of one's own has grade F")


def test_inputs_by_year(tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), by_year("series", "Your values", {1: 7}))
    series = sroi.read_workbook(path).parameters["series"]
    assert (series.by_year, series.value, series.grade) == ((1, 7, 3, 4, 5), None, "F")
    (row,) = sroi.workbook_changes(path).to_dict("records")
    assert (row["sheet"], row["cell"], row["field"], row["old"], row["new"]) == ("Yearly inputs", "H5", "2026", 2, 7)


@pytest.mark.parametrize("row", ["Base case", "low", "In use"])
def test_other_rows_of_inputs_by_year(row: str, tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), by_year("series", row, {0: 9}))
    found = sroi.read_workbook(path)
    if row == "low":
        assert found.scenarios["low"].changes["series"].by_year == (9, 2, 3, 4, 5)
        assert found.parameters == service().parameters
    else:
        assert found.parameters["series"].by_year == (9, 2, 3, 4, 5)
        assert found.scenarios == service().scenarios


def test_inputs_by_year_in_a_scenario(tmp_path: Path) -> None:
    path = write(service(), tmp_path, scenario="low")
    found = sroi.read_workbook(edit(path, by_year("series", "Your values", dict.fromkeys(range(5), 2))))
    assert found.scenarios["low"].changes["series"].by_year == (2,) * 5


def test_a_scenario_may_hold_one_number_for_all_years(tmp_path: Path) -> None:
    stated = {"scenarios.low.changes.series": {"value": 3, "why": "w", "source": "study"}}
    path = write(service(stated), tmp_path)
    assert sroi.read_workbook(path) == service(stated)
    changes = (
        sroi.read_workbook(edit(path, by_year("series", "low", dict.fromkeys(range(5), 4)))).scenarios["low"].changes
    )
    assert (changes["series"].value, changes["series"].by_year) == (4, None)


def test_a_convention_chosen_becomes_the_services(tmp_path: Path) -> None:
    def choose(book: Any) -> None:
        book["Inputs"]["B5"] = reference.conventions()["svi"].label

    path = edit(write(service(), tmp_path), choose)
    assert sroi.read_workbook(path).about.convention == "svi"
    assert list(sroi.workbook_changes(path)["field"]) == ["convention"]


# Rows, columns and sheets ------------------------------------------------------------------------------------------


def test_rows_and_columns_may_be_moved(tmp_path: Path) -> None:
    def shuffle(book: Any) -> None:
        for name in ("Inputs", "Values"):
            page = book[name]
            rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=9)]
            for row, cells in enumerate(reversed(rows), 12):
                for column, value in enumerate(cells, 1):
                    page.cell(row, column).value = value
            for row in (9, 10, 11):
                for column in range(1, page.max_column + 1):
                    page.cell(row, column).value = None
        page = book["Inputs"]
        last = page.max_column
        for row in range(8, page.max_row + 1):
            page.cell(row, last + 2).value = page.cell(row, 16).value
            page.cell(row, 16).value = None

    path = edit(write(service(), tmp_path), lambda book: (typed({("Inputs", "people", OWN): 80})(book), shuffle(book)))
    assert reading_of(path).service.parameters["people"].value == 80


def test_rows_that_are_gone_new_or_twice(tmp_path: Path) -> None:
    path = write(service(), tmp_path)
    base = at(openpyxl.load_workbook(path), "Inputs", "half", "Name")

    def change(book: Any) -> None:
        at(book, "Inputs", "half", "Name").value = "haf"
        at(book, "Inputs", "guess", "Name").value = "people"

    said = faults(edit(path, change))
    assert len(said) == 4
    assert f"Inputs!{base.coordinate} is 'haf', which is not an input of this service. Did you mean 'half'?" in said[0]
    assert "is 'people', which stands in P9 already. Take one of the rows out." in said[1]
    assert said[2].startswith("Inputs has no row for 'A number' (half). Put the row back")
    assert said[3].startswith("Inputs has no row for 'A number' (guess).")


@pytest.mark.parametrize("sheet", ["Inputs", "Values", "Yearly inputs", "Service file"])
def test_a_sheet_that_is_gone_or_renamed(sheet: str, tmp_path: Path) -> None:
    def rename(book: Any) -> None:
        book[sheet].title = "Else"

    (said,) = faults(edit(write(service(), tmp_path), rename))
    assert sheet in said
    assert "Put it back under this name" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda book: book["Inputs"].delete_rows(1, 8), "Inputs has no row of headings. Put it back above the table"),
        (lambda book: book["Inputs"].delete_cols(13), "Inputs!8:8 has no column 'Grade' any more."),
        (lambda book: book["Values"].delete_cols(5), "Values!8:8 has no column 'low' any more."),
        (lambda book: book["Yearly inputs"].delete_cols(9), "has no column '2027' any more."),
        (lambda book: book["Yearly inputs"].delete_rows(5, 7), "'Yearly inputs' has no row for 'A number' (series)."),
        (lambda book: book["Yearly inputs"].delete_rows(5), "has no row 'Your values' any more."),
        (by_year("series", "Your values", {-6: "Else"}), "has no row 'Your values' any more."),
        (lambda book: book["Inputs"].delete_rows(4), "Inputs has no cell Scenario any more."),
        (typed({}, scenario="lo"), "Inputs!B4 is 'lo'. Choose one from the list. Did you mean 'low'?"),
        (lambda book: book["Inputs"].__setitem__("B5", "Ours"), "Inputs!B5 is 'Ours'. Choose one from the list."),
        (typed({("Inputs", "series", OWN): 3}), "this input varies by year: empty it, and write into the yellow cells"),
    ],
    ids=lambda value: value if isinstance(value, str) else "change",
)
def test_what_was_taken_apart(change: Edit, said: str, tmp_path: Path) -> None:
    assert said in "\n".join(faults(edit(write(service(), tmp_path), change)))


# What was typed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "heading", "value", "said"),
    [
        ("half", OWN, 30, "is 30. Shares are fractions from 0 to 1: write 0.3."),
        ("half", OWN, "30%", "is the text '30%'. Write 0.3."),
        # Not "Write 30.", which would be refused in its turn.
        ("half", OWN, "30", "is the text '30'. Shares are fractions from 0 to 1: write 0.3."),
        ("people", OWN, "1,200", "is the text '1,200'. Write 1200."),
        ("people", OWN, "£1,200", "is the text '£1,200'. Write 1200."),
        ("half", OWN, "30 %", "is the text '30 %'. Write 0.3."),
        ("people", OWN, "1,234,567.5", "is the text '1,234,567.5'. Write 1234567.5."),
        ("people", OWN, "many", "is the text 'many'. Write a number."),
        ("people", OWN, True, "is True. Write a number."),
        ("people", OWN, datetime.datetime(2026, 3, 1), "holds a date (2026-03-01 00:00:00). Write a number"),
        ("people", OWN, "#N/A", "holds the error '#N/A'. Write a number, or empty it."),
        ("people", OWN, "=40*2", "holds a formula without a value (=40*2): write the number."),
        ("people", "Value in use", None, "is empty: its formula was taken out."),
        ("lasts", OWN, 300, "is 300. Years run from 0 to 200."),
        ("people", "Grade", "G", "is 'G'. Write 'A', 'B', 'C', 'D', 'E' or 'F'."),
        ("people", "Grade", None, "is missing: write it."),
        ("people", "Input", None, "is missing: write it."),
        ("people", "Source", "nobody", "is 'nobody', which is not among the sources."),
        ("people", "Unit", "per per", "is 'per per'."),
        ("worth", "Prices of", "two", "is 'two'. Write a calendar year such as '2024'"),
        ("worth", "Prices of", datetime.date(2024, 1, 1), "holds a date"),
        ("guess", "Note", None, "is missing. An assumption says how it was chosen"),
    ],
    ids=str,
)
def test_what_cannot_be(name: str, heading: str, value: Any, said: str, tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), typed({("Inputs", name, heading): value}))
    assert any(fault.startswith(f"{place(path, 'Inputs', name, heading)} {said}") for fault in faults(path)), faults(
        path
    )


def test_a_blank_is_nothing(tmp_path: Path) -> None:
    assert sroi.read_workbook(edit(write(service(), tmp_path), typed({("Inputs", "half", OWN): " "}))) == service()


def test_several_faults_are_said_at_once(tmp_path: Path) -> None:
    cells = {("Inputs", "half", OWN): 30, ("Inputs", "people", OWN): "1,200", ("Values", "worth", "Base case"): None}
    path = edit(write(service(), tmp_path), typed(cells))
    said = faults(path)
    assert len(said) == 3
    for where in cells:
        assert any(fault.startswith(f"{place(path, *where)} ") for fault in said)


def test_a_scenarios_number_that_cannot_be(tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), typed({("Values", "half", "low"): 30}))
    assert faults(path) == [
        f"{place(path, 'Values', 'half', 'low')} is 30. Shares are fractions from 0 to 1: write 0.3."
    ]


def test_a_year_that_cannot_be(tmp_path: Path) -> None:
    path = edit(write(service(), tmp_path), by_year("series", "Your values", {1: "7 people"}))
    assert faults(path) == ["'Yearly inputs'!H5 is the text '7 people'. Write a number."]


@pytest.mark.parametrize(("row", "scenario"), [("Your values", None), ("Your values", "low"), ("low", None)])
def test_the_year_that_a_rule_forbids_is_named(row: str, scenario: str | None, tmp_path: Path) -> None:
    shares = {"unit": "share", "by_year": [0.1, 0.2, 0.3, 0.4, 0.5]}
    written = service({f"parameters.series.{key}": value for key, value in shares.items()})
    path = edit(write(written, tmp_path, scenario=scenario), by_year("series", row, {0: 0.5, 3: 30, 4: 40}))
    where = {"Your values": "5", "low": "7"}[row]
    rule = "Shares are fractions from 0 to 1: write"
    assert faults(path) == [
        f"'Yearly inputs'!J{where} is 30. {rule} 0.3.",
        f"'Yearly inputs'!K{where} is 40. {rule} 0.4.",
    ]


def test_a_rule_between_inputs_names_the_cell_behind_it(tmp_path: Path) -> None:
    late = service({"costs.0.start_year": "starts"})
    path = edit(write(late, tmp_path), typed({("Inputs", "starts", OWN): 7}))
    assert faults(path) == [
        f"{place(path, 'Inputs', 'starts', OWN)} (costs.grant.start_year) is 7, at or after the horizon of 5 years."
        " Write an earlier year."
    ]
    path = edit(write(late, tmp_path), typed({("Inputs", "starts", OWN): 7}, scenario="low"))
    assert faults(path)[0].startswith(f"{place(path, 'Inputs', 'starts', OWN)} (scenarios.low: costs.grant.start_year)")
    path = edit(write(service(), tmp_path), typed({("Inputs", "people", "Unit"): "visits"}))
    assert f"{place(path, 'Inputs', 'people', 'Unit')} (" in faults(path)[0]


def test_the_text_of_the_service_edited(tmp_path: Path) -> None:
    def break_it(book: Any) -> None:
        book["Service file"]["A8"] = "currency = GBP"

    (said,) = faults(edit(write(service(), tmp_path), break_it))
    assert said.startswith("'Service file'!A8 This is not TOML")
    assert "export the service anew" in said

    def mislead(book: Any) -> None:
        book["Service file"]["A8"] = "currencies = 'GBP'"

    assert faults(edit(write(service(), tmp_path), mislead))[0].startswith("'Service file': service.")

    def behead(book: Any) -> None:
        book["Service file"].delete_rows(4)

    assert "has no heading 'Text'" in faults(edit(write(service(), tmp_path), behead))[0]

    def empty(book: Any) -> None:
        book["Service file"].delete_rows(5, 500)

    assert "service is missing" in faults(edit(write(service(), tmp_path), empty))[0]


# Other files -------------------------------------------------------------------------------------------------------


def test_a_workbook_that_is_not_ours(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    (said,) = faults(tmp_path / "other.xlsx")
    assert said.startswith("This workbook was not made by sroi.")
    (said,) = faults(
        patched(write(service(), tmp_path), {"docProps/custom.xml": lambda c: c.replace(b"sroi_", b"else_")})
    )
    assert said.startswith("This workbook has lost the property sroi_layout")


def test_another_layout(tmp_path: Path) -> None:
    def newer(content: bytes) -> bytes:
        return content.replace(f"<vt:lpwstr>{LAYOUT}<".encode(), b"<vt:lpwstr>99<")

    (said,) = faults(patched(write(service(), tmp_path), {"docProps/custom.xml": newer}))
    assert "was made by sroi" in said
    assert "with layout '99'" in said
    assert f"which reads layout '{LAYOUT}'" in said


def cut(content: bytes) -> bytes:
    return content[:-3_000]


def grown(content: bytes) -> bytes:
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * (2 * guard.MEGABYTE))
    return file.getvalue()


def with_part(name: str) -> Callable[[bytes], bytes]:
    def add(content: bytes) -> bytes:
        file = io.BytesIO(content)
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr(name, b"<a/>")
        return file.getvalue()

    return add


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cut, "damaged"),
        (lambda content: content[:200] + b"\xff" * 2_000 + content[2_200:], "damaged"),
        (grown, "as only a file made to do harm does"),
        (lambda content: content + b"\0" * (100 * guard.MEGABYTE), "more than 20 MB"),
        (with_part("xl/vbaProject.bin"), "holds macros"),
        (with_part("xl/externalLinks/externalLink1.xml"), "links to other workbooks"),
        (lambda content: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + content, "old .xls workbook"),
        (lambda content: b"service,value\n", "not an .xlsx workbook"),
    ],
    ids=["cut", "overwritten", "bomb", "large", "macros", "links", "xls", "csv"],
)
def test_files_that_are_not_opened(change: Callable[[bytes], bytes], said: str, tmp_path: Path) -> None:
    path = write(service(), tmp_path)
    path.write_bytes(change(path.read_bytes()))
    (fault,) = faults(path)
    assert said in fault


def test_no_file(tmp_path: Path) -> None:
    assert "There is no file" in faults(tmp_path / "none.xlsx")[0]


@pytest.mark.slow
def test_a_workbook_that_libreoffice_saved(tmp_path: Path) -> None:
    """Every cell is written anew: what was edited is read, and the results shown are those of the service read."""
    require_libreoffice()
    names = ("legal_advice", "nuka_primary_care")
    paths = [write(sroi.load(name), tmp_path, f"{name}.xlsx") for name in names]
    hostile = sroi.Service.model_validate(everywhere("One 'two' \"three\" £ 😀\n  four =5 _x0041_"))
    paths.append(write(hostile, tmp_path, "hostile.xlsx"))
    base = sroi.load("legal_advice")
    label = base.scenarios["cautious"].label
    cells = {("Inputs", "spend_debt", OWN): 2e6, ("Inputs", "spend_housing", OWN): "=1000*1000"}
    paths.append(edit(paths[0], typed(cells, scenario=label), "in_scenario.xlsx"))
    paths.append(edit(write(service(), tmp_path), by_year("series", "Your values", {2: 7}), "by_year.xlsx"))
    saved = proof.recalculated(paths, tmp_path)

    for path, written in zip(paths, (*map(sroi.load, names), hostile), strict=False):
        assert sroi.workbook_changes(saved[path]).to_dict("records") == []
        assert sroi.read_workbook(saved[path]) == written
    found = reading_of(saved[paths[3]])
    asked = sroi.evaluate(base, {"spend_debt": 2e6, "spend_housing": 1e6}, scenario="cautious")
    back = sroi.evaluate(found.service, scenario=found.scenario)
    assert back.npsv == asked.npsv
    results = openpyxl.load_workbook(saved[paths[3]], data_only=True)["Results"]
    shown = [cell.value for row in results.iter_rows() for cell in row if isinstance(cell.value, float)]
    assert any(number == pytest.approx(back.npsv, rel=1e-9) for number in shown)
    assert sroi.read_workbook(saved[paths[4]]).parameters["series"].by_year == (1, 2, 7, 4, 5)


# The command -------------------------------------------------------------------------------------------------------


def test_import_says_what_was_changed_and_writes_the_service(tmp_path: Path, capsys: Printed) -> None:
    path = edit(write(service(), tmp_path), typed({("Inputs", "people", OWN): 80}, scenario="low"))
    target = tmp_path / "small.toml"
    assert main(["import", str(path), "-o", str(target)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Chosen on Inputs: scenario low; convention Green Book 2026" in said
    assert "2 changes since the workbook was made:" in said
    cell = place(path, "Inputs", "people", OWN)
    assert f"{cell}, A number (people), value: 50 → 80 (the value in the scenario 'low': an assumption of" in said
    assert sroi.load(target) == sroi.read_workbook(path)
    assert main(["import", str(path), "-o", str(target)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["import", str(path), "-o", str(tmp_path / "other.toml"), "--force"]) == 0
    assert sroi.load(tmp_path / "other.toml").id == "other"
    assert main(["import", str(path), "-o", str(tmp_path / "other.xlsx")]) == 2
    assert "is not a name for a service file" in capsys.readouterr().err


def test_import_of_a_workbook_that_nobody_changed(tmp_path: Path, capsys: Printed) -> None:
    assert main(["import", str(write(service(), tmp_path))]) == 0
    assert "Nothing was changed since the workbook was made." in capsys.readouterr().out


def test_import_says_every_fault(tmp_path: Path, capsys: Printed) -> None:
    path = edit(write(service(), tmp_path), typed({("Inputs", "half", OWN): 30, ("Inputs", "people", OWN): "1,200"}))
    assert main(["import", str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("edited.xlsx has 2 faults\n1. Inputs!E")
    assert "write 0.3" in printed.err
    assert "Write 1200" in printed.err
