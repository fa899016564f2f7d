"""The workbook's formulas come to the engine's numbers, in two other calculators; and each sheet is in order."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import proof
import pytest
import strategies
from hypothesis import HealthCheck, Phase, given, settings

import sroi
from sroi import reference
from sroi.workbook.inputs_sheets import FIRST, IN_USE, NAME, NOTE, YOURS
from sroi.workbook.render import GOES_ON
from sroi.workbook.results_sheets import HIGH, LOW, SAME

DAY = date(2026, 11, 25)
SERVICES = list(sroi.services()["id"])
CASES = [
    (name, scenario, convention)
    for name in SERVICES
    for scenario in ("", *sroi.load(name).scenarios)
    for convention in reference.conventions()
]


def write(service: sroi.Service, path: Path, **request: Any) -> Path:
    return sroi.write_workbook(service, path, today=DAY, draws=None, **request)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], Path]:
    folder = tmp_path_factory.mktemp("workbooks")
    return {
        (name, scenario, convention): write(
            sroi.load(name), folder / f"{name}-{place}.xlsx", scenario=scenario or None, convention=convention
        )
        for place, (name, scenario, convention) in enumerate(CASES)
    }


# The proof ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_libreoffice_agrees_with_the_engine(
    written: dict[tuple[str, str, str], Path], tmp_path: Path, libreoffice: Path
) -> None:
    """Every formula cell, for every service, scenario and convention of the library."""
    again = proof.recalculated(written.values(), tmp_path)
    for case, path in written.items():
        formulas = proof.formulas(path)
        assert len(formulas) > 500
        found = proof.differences(proof.values(path, formulas), proof.values(again[path], formulas))
        assert not found, (case, found[:5])


@pytest.mark.parametrize("name", SERVICES)
def test_a_second_calculator_agrees(written: dict[tuple[str, str, str], Path], name: str) -> None:
    for case, path in written.items():
        if case[0] == name:
            formulas = proof.formulas(path)
            found = proof.differences(proof.values(path, formulas), proof.second_opinion(path, formulas))
            assert not found, (case, found[:5])


@pytest.mark.parametrize("name", SERVICES)
def test_switches_come_to_what_another_export_says(written: dict[tuple[str, str, str], Path], name: str) -> None:
    """One workbook, its scenario and convention switched, equals the workbooks written under each, cell by cell."""
    first = written[name, "", "green_book_2026"]
    for case, path in written.items():
        if case[0] != name:
            continue
        chosen = openpyxl.load_workbook(path)["Inputs"]
        changes = {("Inputs", row, 2): chosen.cell(row, 2).value for row in (4, 5)}
        formulas = of_the_case(proof.formulas(path))
        found = proof.differences(proof.values(path, formulas), proof.second_opinion(first, formulas, changes))
        assert not found, (case, found[:5])


def of_the_case(formulas: dict[proof.Place, str]) -> dict[proof.Place, str]:
    """Leave out the cells that compare what is in use with the case at export."""
    columns = {"Results": {LOW + 1, HIGH + 1, SAME + 1}, "Summary": {3, 4}, "Checks": {8}}
    return {
        place: formula
        for place, formula in formulas.items()
        if place[2] not in columns.get(place[0], ()) and "as_exported" not in formula
    }


def three_inputs(name: str) -> dict[str, float]:
    """Return three inputs of a service that results rest on, each moved within its range."""
    service = sroi.load(name)
    moved = {}
    for each in sroi.simulate(service, 200).uncertain:
        parameter = service.parameters[each]
        value = float(parameter.value or 0) * 0.9
        whole = parameter.unit.strip() in {"year", "years"} or not value
        if not whole and (parameter.minimum is None or value >= parameter.minimum):
            moved[each] = value
    return dict(list(moved.items())[:3])


@pytest.mark.parametrize("name", SERVICES)
def test_changed_inputs_come_to_the_engines_numbers(
    written: dict[tuple[str, str, str], Path], name: str, tmp_path: Path, libreoffice: Path
) -> None:
    values = three_inputs(name)
    assert len(values) == 3
    first = written[name, "", "green_book_2026"]
    expected = write(sroi.load(name), tmp_path / "expected.xlsx", values=values, convention="green_book_2026")
    book = openpyxl.load_workbook(first)
    rows = {book["Inputs"].cell(row, NAME + 1).value: row for row in range(FIRST + 1, book["Inputs"].max_row + 1)}
    for key, value in values.items():
        book["Inputs"].cell(rows[key], YOURS + 1).value = value
    book.save(tmp_path / "changed.xlsx")
    formulas = of_the_case(proof.formulas(expected))
    ours = proof.values(expected, formulas)
    changes = {("Inputs", rows[key], YOURS + 1): value for key, value in values.items()}
    assert not proof.differences(ours, proof.second_opinion(first, formulas, changes))
    again = proof.recalculated([tmp_path / "changed.xlsx"], tmp_path)[tmp_path / "changed.xlsx"]
    assert not proof.differences(ours, proof.values(again, formulas))
    assert any(proof.differences(proof.values(first, formulas), ours)), "the change moves something"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(file=strategies.services())
def test_random_services_agree(file: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("random") / "drawn.xlsx"
    service = sroi.Service.model_validate(file)
    for convention in ("green_book_2026", "additive"):
        write(service, path, convention=convention, scenario="other")
        formulas = proof.formulas(path)
        found = proof.differences(proof.values(path, formulas), proof.second_opinion(path, formulas))
        assert not found, found[:5]


@pytest.mark.slow
def test_libreoffice_agrees_on_random_services(tmp_path: Path, libreoffice: Path) -> None:
    paths: list[Path] = []

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
    @given(file=strategies.services())
    def written_out(file: dict[str, Any]) -> None:
        path = tmp_path / f"drawn-{len(paths)}.xlsx"
        paths.append(write(sroi.Service.model_validate(file), path, scenario="other"))

    written_out()
    again = proof.recalculated(paths, tmp_path)
    for path in paths:
        formulas = proof.formulas(path)
        found = proof.differences(proof.values(path, formulas), proof.values(again[path], formulas))
        assert not found, (path, found[:5])


# What the proof would not let pass ------------------------------------------------------------------------------------


def with_xml(path: Path, target: Path, sheet: str, pattern: str, replacement: str) -> Path:
    """Return a copy of a workbook with one cell of a sheet rewritten."""
    book = openpyxl.load_workbook(path)
    part = f"xl/worksheets/sheet{book.sheetnames.index(sheet) + 1}.xml"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                text, count = re.subn(pattern, replacement, data.decode(), count=1)
                assert count == 1
                data = text.encode()
            copy.writestr(name, data)
    return target


def test_the_proof_catches_wrong_values_and_wrong_formulas(
    written: dict[tuple[str, str, str], Path], tmp_path: Path, libreoffice: Path
) -> None:
    good = written["legal_advice", "", "green_book_2026"]
    stale = with_xml(good, tmp_path / "stale.xlsx", "Totals", r"(<c r=\"D5\".*?<v>)[^<]*(</v>)", r"\g<1>12345\2")
    wrong = with_xml(good, tmp_path / "wrong.xlsx", "Totals", r"(<c r=\"D5\"[^>]*><f>)([^<]*)(</f>)", r"\1(\2)*(1+1)\3")
    formulas = proof.formulas(good)
    again = proof.recalculated([stale, wrong], tmp_path)
    for path in (stale, wrong):
        ours = proof.values(path, formulas)
        assert any("Totals!R5C4" in each for each in proof.differences(ours, proof.values(again[path], formulas)))
        assert any("Totals!R5C4" in each for each in proof.differences(ours, proof.second_opinion(path, formulas)))


BROKEN = [
    ("Results", "B6", 99.0, "another ratio typed over the formula"),
    ("Totals", "D5", 1.0, "a total typed over"),
    ("Yearly", "G29", 1.0, "a year typed over"),
    ("Inputs", "F9", 1.0, "a value typed over"),
    ("By whom", "D7", "=1/0", "an error"),
    ("Bridge", "C15", "=NA()", "an error"),
    ("Inputs", "E9", "lots", "a text for a number"),
    ("Inputs", "B4", "No such scenario", "a scenario that is not there"),
]


@pytest.mark.parametrize(("sheet", "cell", "content", "what"), BROKEN, ids=[each[3] for each in BROKEN])
def test_checks_see_what_was_broken(
    written: dict[tuple[str, str, str], Path], sheet: str, cell: str, content: Any, what: str
) -> None:
    path = written["legal_advice", "", "green_book_2026"]
    fails = ("Checks", 3, 2)
    assert proof.second_opinion(path, [fails])[fails] == 0
    at = (sheet, *openpyxl.utils.cell.coordinate_to_tuple(cell))
    assert proof.second_opinion(path, [fails], {at: content})[fails] > 0, what


def test_ranges_are_shown_for_the_case_that_they_belong_to(tmp_path: Path) -> None:
    path = sroi.write_workbook(sroi.load("legal_advice"), tmp_path / "bid.xlsx", today=DAY, draws=500)
    likely, note = (
        ("Summary", 13, 3),
        next(
            place for place, formula in proof.formulas(path).items() if place[0] == "Summary" and "CAUTION" in formula
        ),
    )
    assert isinstance(proof.second_opinion(path, [likely])[likely], float)
    label = sroi.load("legal_advice").scenarios["cautious"].label
    switched = proof.second_opinion(path, [likely, note], {("Inputs", 4, 2): label})
    assert not switched[likely]
    assert str(switched[note]).startswith("CAUTION")


# What formulas may hold -----------------------------------------------------------------------------------------------

FUNCTIONS = {
    *(
        "ABS",
        "AND",
        "CHOOSE",
        "COUNT",
        "COUNTA",
        "COUNTIF",
        "EXP",
        "IF",
        "INDEX",
        "INT",
        "ISERROR",
        "ISNUMBER",
        "MATCH",
    ),
    *("MAX", "MIN", "SIGN", "SUM", "SUMIF", "SUMPRODUCT", "TEXT"),
}
TEXT = re.compile(r'"[^"]*"|\'[^\']*\'!')


@pytest.mark.parametrize("name", SERVICES)
def test_formulas_are_plain_and_lead_back_to_cells(written: dict[tuple[str, str, str], Path], name: str) -> None:
    for place, formula in proof.formulas(written[name, "", "svi"]).items():
        bare = TEXT.sub("", formula)
        functions = set(re.findall(r"([A-Z][A-Z.]+)\(", bare))
        assert functions <= FUNCTIONS, (place, formula)
        numbers = re.findall(r"(?<![A-Za-z$_\d.])(\d+(?:\.\d+)?(?:E[+-]?\d+)?)(?![\d:!])", bare)
        assert place[0] == "Workings" or set(numbers) <= {"0", "1", "2", "1E-12"}, (place, formula)
        assert len(formula) <= 350, (place, len(formula), formula)


@pytest.mark.parametrize("name", SERVICES)
def test_one_formula_runs_along_each_row(written: dict[tuple[str, str, str], Path], name: str) -> None:
    """In the years' columns a row holds one formula: the same, when references are written relative to their cell."""
    sheets = ("Yearly", "Cohorts", "Effect", "Workings", "IRR flows")
    rows: dict[tuple[str, int], set[str]] = {}
    for (sheet, row, column), formula in proof.formulas(written[name, "", "svi"]).items():
        if sheet in sheets and column > 6:
            rows.setdefault((sheet, row), set()).add(relative(formula, row, column))
    assert rows
    for row, forms in rows.items():
        assert len(forms) == 1, (row, forms)


def relative(formula: str, row: int, column: int) -> str:
    def turn(found: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, number = found.groups()
        across = letters if fixed_column else f"C[{openpyxl.utils.column_index_from_string(letters) - column}]"
        down = number if fixed_row else f"R[{int(number) - row}]"
        return f"{down}{across}"

    return re.sub(r"(?<![A-Za-z_])(\$?)([A-Z]{1,3})(\$?)(\d+)(?![\d(])", turn, formula)


# What people meet -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("one") / "nuka.xlsx"
    service = sroi.load("nuka_primary_care")
    sroi.write_workbook(service, path, values={"population": 60_000.0}, scenario="cautious", today=DAY, draws=500)
    return openpyxl.load_workbook(path)


def test_a_sheet_begins_with_its_title_and_a_line(book: Any) -> None:
    for sheet in book:
        assert sheet["A1"].value, sheet.title
        assert sheet["A2"].value, sheet.title
        assert not sheet.merged_cells.ranges, sheet.title
        assert sheet.sheet_state == "visible"
        assert sheet.protection.sheet, sheet.title
        assert sheet.protection.password is None
        assert sheet.page_setup.paperSize == 9, "A4"
        assert sheet.page_setup.fitToHeight == 0


def test_only_input_cells_are_open(book: Any) -> None:
    opened = {
        (sheet.title, cell.column)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    inputs = {column for sheet, column in opened if sheet == "Inputs"}
    assert inputs == {2, YOURS + 1}
    assert {sheet for sheet, _ in opened} == {"Inputs", "About", "Change log"}


def test_tables_have_unlike_headings_that_stand_in_their_cells(book: Any) -> None:
    names = []
    for sheet in book:
        assert len(sheet.tables) <= 1, sheet.title
        for table in sheet.tables.values():
            names.append(table.displayName)
            header = (
                next(sheet[table.ref].__iter__()) if not isinstance(sheet[table.ref], tuple) else sheet[table.ref][0]
            )
            texts = [cell.value for cell in header]
            assert texts == [column.name for column in table.tableColumns], sheet.title
            assert len({text.casefold() for text in texts}) == len(texts), sheet.title
    assert len(set(names)) == len(names)


def test_values_of_ones_own_stand_where_they_are_typed(book: Any) -> None:
    sheet = book["Inputs"]
    row = next(row for row in range(FIRST + 1, sheet.max_row + 1) if sheet.cell(row, NAME + 1).value == "population")
    assert sheet.cell(row, YOURS + 1).value == 60_000
    assert str(sheet.cell(row, IN_USE + 1).value).startswith("=IF(ISNUMBER(")
    assert sheet["B4"].value == sroi.load("nuka_primary_care").scenarios["cautious"].label
    log = [cell.value for cell in next(book["Change log"].iter_rows(min_row=5, max_row=5))]
    assert log[2:5] == ["People served", "55000", "60000"]


def test_charts_say_what_they_show_and_carry_their_numbers(book: Any, tmp_path: Path) -> None:
    path = sroi.write_workbook(sroi.load("nuka_primary_care"), tmp_path / "n.xlsx", today=DAY, draws=500)
    with zipfile.ZipFile(path) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if "charts/chart" in name]
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    assert len(charts) == 5
    assert all("<c:numCache>" in chart and "<c:v>" in chart for chart in charts)
    assert drawing.count('descr="') == 5


def test_the_same_day_gives_the_same_bytes() -> None:
    service = sroi.load("legal_advice")
    assert sroi.workbook_bytes(service, today=DAY, draws=200) == sroi.workbook_bytes(service, today=DAY, draws=200)


def test_the_largest_service_stays_small() -> None:
    sizes = {name: len(sroi.workbook_bytes(sroi.load(name), today=DAY, draws=None)) for name in SERVICES}
    assert max(sizes.values()) < 1_000_000, sizes


# Text that would do harm ----------------------------------------------------------------------------------------------

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "\t=1", "<r><t>x</t></r>", "https://example.org", "007", "TRUE", "#N/A",
    "שלום עולם", "👩🏽‍⚕️" * 20, "a\x01b", "_x0041_", "line\nbreak", "'quoted'", '"double"', "x" * 19_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_text_stays_text(text: str, tmp_path: Path) -> None:
    file = sroi.load("legal_advice").model_dump(exclude_none=True, by_alias=True)
    name = next(iter(file["parameters"]))
    file["parameters"][name] |= {"label": text, "help": text}
    file["service"] |= {"title": text, "description": text}
    path = write(sroi.Service.model_validate(file), tmp_path / "hostile.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["Inputs"]
    row = next(row for row in range(FIRST + 1, sheet.max_row + 1) if sheet.cell(row, NAME + 1).value == name)
    label = sheet.cell(row, 2)
    assert label.data_type in ("s", "inlineStr")
    assert label.value == text.replace("\x01", "\ufffd")
    formulas = proof.formulas(path)
    assert not proof.differences(proof.values(path, formulas), proof.second_opinion(path, formulas))


def test_text_longer_than_a_cell_is_cut_for_all_to_see(tmp_path: Path) -> None:
    """20,000 characters that count twice: more than the 32,767 that a cell holds. Whole on the sheet Service file."""
    file = sroi.load("legal_advice").model_dump(exclude_none=True, by_alias=True)
    name = next(iter(file["parameters"]))
    file["parameters"][name]["help"] = "😀" * 20_000
    book = openpyxl.load_workbook(write(sroi.Service.model_validate(file), tmp_path / "long.xlsx"))
    note = next(row[NOTE].value for row in book["Inputs"].iter_rows(min_row=FIRST + 1) if row[NAME].value == name)
    assert note.endswith("…" + GOES_ON)
    assert len(note.encode("utf-16-le")) // 2 <= 32_767
    assert sum(str(row[0].value).count("😀") for row in book["Service file"].iter_rows()) == 20_000


def test_what_no_spreadsheet_would_open_is_refused(tmp_path: Path) -> None:
    file = sroi.load("nuka_primary_care").model_dump(exclude_none=True, by_alias=True)
    file["service"] |= {"appraisal_years": 200, "delivery_years": 200}
    with pytest.raises(sroi.ServiceError, match="3 outcomes, 200 cohorts and 200 years: as a workbook 120,000 cells"):
        write(sroi.Service.model_validate(file), tmp_path / "large.xlsx")


def test_sixty_years_and_ten_cohorts_agree(tmp_path: Path) -> None:
    file = sroi.load("nuka_primary_care").model_dump(exclude_none=True, by_alias=True)
    file["service"] |= {"appraisal_years": 60, "delivery_years": 10}
    path = write(sroi.Service.model_validate(file), tmp_path / "long.xlsx")
    formulas = proof.formulas(path)
    assert not proof.differences(proof.values(path, formulas), proof.second_opinion(path, formulas))


def test_a_request_that_cannot_be_met_says_so(tmp_path: Path) -> None:
    service = sroi.load("legal_advice")
    with pytest.raises(sroi.ServiceError, match=r"does not end in \.xlsx"):
        sroi.write_workbook(service, tmp_path / "bid.xls")
    with pytest.raises(sroi.ServiceError, match="cannot be written"):
        sroi.write_workbook(service, tmp_path / "nowhere" / "bid.xlsx", draws=None)
    with pytest.raises(sroi.ServiceError, match="not in this service"):
        sroi.write_workbook(service, tmp_path / "bid.xlsx", scenario="none")
