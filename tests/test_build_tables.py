"""The tables in which a service is built: nothing is lost on the way there and back, and every fault finds its cell."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from value_map_sample import ROWS
from value_map_sample import write as write_map

import sroi
from sroi import form, library
from sroi.entry import Entry
from sroi.errors import Fault, ServiceError
from sroi.schema import DEDUCTIONS
from sroi.service import Service
from sroi.service_file import tables_of, toml_of
from sroi.ui.build_begin import read_file
from sroi.ui.build_cells import cell_of, choices, edited, empty, frame_of, rows_of
from sroi.ui.build_check import OTHER, check, place
from sroi.ui.build_columns import SHEETS, Column
from sroi.ui.build_parts import PARTS, part_of
from sroi.ui.build_tables import take, write
from sroi.workbook.write import workbook_bytes

HOSTILE = [
    *(
        "=1+1",
        "<script>alert(1)</script>",
        "a.b\n[x]",
        '"quoted"',
        "$x$ *b* `c`",
        "\x00\x1b[31m",
        "\ud800",
        "𝕏" * 30_000,
    ),
    *("[[outcomes]]", "'''", '"""', "..", "x" * 101, "row 1", "number 1", "nan", "1e999"),
]
every_service = pytest.mark.parametrize("name", library.ids())


def form_tables() -> dict[str, Any]:
    return tomllib.loads(form.form("mine"))


def filled() -> dict[str, Any]:
    """The form with every text filled in, which is a service."""
    return tomllib.loads(form.form("mine").replace("FILL IN: ", ""))


@every_service
def test_there_and_back_is_the_same_service(name: str) -> None:
    service = sroi.load(name)
    taken = take(tables_of(service))
    assert not taken.left_out
    written = write(taken.sheets, taken.kept)
    assert not written.faults
    assert Service.model_validate(written.tables) == service


@every_service
def test_frames_hold_what_rows_hold(name: str) -> None:
    for key, rows in take(tables_of(sroi.load(name))).sheets.items():
        columns = SHEETS[key].columns
        assert rows_of(frame_of(rows, columns), columns) == rows


@every_service
def test_a_file_of_the_library_and_its_service_give_the_same_rows(name: str) -> None:
    tables = tomllib.loads(library.find(name).read_text(encoding="utf-8"))
    taken = take(tables)
    assert Service.model_validate(write(taken.sheets, taken.kept).tables) == sroi.load(name)


def test_every_field_of_the_schema_has_a_column_and_every_column_a_place() -> None:
    for part in PARTS.values():
        for view in part.views:
            assert all(SHEETS[view.sheet].column(key) for key in view.keys)
    for sheet in SHEETS.values():
        shown = {c for part in PARTS.values() for v in part.views if v.sheet == sheet.key for c in v.columns}
        assert shown == set(sheet.columns), sheet.key
        assert all(column.help for column in sheet.columns), sheet.key
    parameters: type[Entry] = sroi.schema.Parameter
    keys = {column.key.split(".")[0] for column in SHEETS["parameters"].columns}
    assert keys == {"id", *parameters.model_fields}
    assert {f"zero_because.{name}" for name in DEDUCTIONS} <= {column.key for column in SHEETS["outcomes"].columns}


def test_the_form_is_a_list_of_things_to_do_each_in_its_cell() -> None:
    taken = take(form_tables())
    checked = check(taken.sheets, taken.kept)
    assert checked.service is None
    assert all("still begins with FILL IN" in fault.sentence for fault in checked.faults)
    assert all(
        str(taken.sheets[fault.sheet][fault.row or 0][fault.column]).startswith("FILL IN") for fault in checked.faults
    )
    assert part_of("parameters", "spread.low") == "ranges"


def test_a_filled_form_is_a_service_with_a_result() -> None:
    taken = take(filled())
    checked = check(taken.sheets, taken.kept)
    assert not checked.faults
    assert checked.service == Service.model_validate(filled())
    assert checked.result is not None


@pytest.mark.parametrize(
    ("sheet", "row", "cells", "column", "sentence"),
    [
        ("parameters", 2, {"value": 27.0}, "value", "write 0.27"),
        ("parameters", 1, {"unit": None}, "unit", "is missing: write it."),
        ("parameters", 0, {"by_year": "1; two; 3"}, "by_year", "semicolon"),
        ("parameters", 0, {"id": None}, "id", "has no name"),
        ("parameters", 1, {"id": "people"}, "id", "which a row above it has"),
        ("parameters", 0, {"id": "Big People"}, "", "is not a name"),
        ("parameters", 3, {"spread.shape": "gamma"}, "", "gamma"),
        ("lines", 0, {"formula": "people * share_helpd"}, "formula", "Did you mean 'share_helped'?"),
        ("outcomes", 0, {"proxy": None}, "proxy", "is missing"),
        ("outcomes", 0, {"id": None}, "id", "is missing"),
        ("outcomes", 0, {"zero_because.displacement": None}, "displacement", "displacement"),
        ("costs", 0, {"funder": "nobody"}, "funder", "'nobody'"),
        ("bearers", 0, {"public": None}, "public", "is missing"),
        ("changes", 0, {"why": None}, "why", "is missing"),
        ("changes", 0, {"value": 25.0}, "value", "write 0.25"),
        ("changes", 0, {"id": None}, "id", "names no parameter"),
        ("changes", 0, {"scenario": None}, "scenario", "names no scenario"),
        ("changes", 0, {"scenario": "bold"}, "scenario", "which is not there"),
        ("service", 0, {"first_year": None}, "first_year", "is missing"),
        ("service", 0, {"currency": "EUR"}, "currency", "unknown currency"),
        ("service", 0, {"id": "debt_advice"}, "id", "service of the library"),
    ],
)
def test_a_sentence_stands_at_its_cell(sheet: str, row: int, cells: dict[str, Any], column: str, sentence: str) -> None:
    taken = take(filled())
    edits = {"edited_rows": {row: cells}}
    taken.sheets[sheet] = edited(taken.sheets[sheet], edits, SHEETS[sheet].columns)
    found = check(taken.sheets, taken.kept).faults
    at = [fault for fault in found if (fault.sheet, fault.row, fault.column) == (sheet, row, column)]
    assert any(sentence in fault.sentence for fault in at), found


def test_sentences_of_a_list_find_their_row_behind_empty_ones() -> None:
    taken = take(filled())
    taken.sheets["does_not_show"] = [{}, {"sentence": "Fine."}, {}, {"sentence": "FILL IN: more"}]
    (fault,) = check(taken.sheets, taken.kept).faults
    assert (fault.sheet, fault.row, fault.column) == ("does_not_show", 3, "sentence")


def test_rows_without_a_name_or_with_one_twice_are_said_once_and_kept_in_the_file() -> None:
    taken = take(filled())
    taken.sheets["sources"] += [{"title": "Nameless"}, {"id": "our_records", "title": "Again"}, {}]
    checked = check(taken.sheets, taken.kept)
    assert [fault.row for fault in checked.faults if fault.column == "id"] == [1, 2]
    again = take(tomllib.loads(toml_of(checked.tables)))
    assert [row.get("title") for row in again.sheets["sources"]][1:] == ["Nameless", "Again"]


def test_a_change_without_its_scenario_is_kept_in_the_file() -> None:
    taken = take(filled())
    taken.sheets["scenarios"] = []
    checked = check(taken.sheets, taken.kept)
    assert {fault.sheet for fault in checked.faults} == {"changes"}
    assert take(tomllib.loads(toml_of(checked.tables))).sheets["changes"] == taken.sheets["changes"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("sheet", list(SHEETS))
def test_hostile_text_in_any_cell_is_kept_and_never_breaks(sheet: str, text: str) -> None:
    columns = SHEETS[sheet].columns
    typed = {column.key: text for column in columns}
    taken = take(filled())
    rows = edited(taken.sheets[sheet], {"added_rows": [typed], "edited_rows": {0: typed}}, columns)
    taken.sheets[sheet] = rows
    assert frame_of(rows, columns).shape == (len(rows), len(columns))
    checked = check(taken.sheets, taken.kept)
    assert all(fault.sheet in {*SHEETS, "other"} and fault.sentence for fault in checked.faults)
    again = tomllib.loads(toml_of(checked.tables).encode().decode())
    assert take(again).sheets.keys() == taken.sheets.keys()
    free = [column.key for column in columns if column.kind == "text"]
    clean = text.encode("utf-8", "replace").decode()
    assert all(rows[0].get(key) == clean for key in free)


@pytest.mark.parametrize(
    "content", [5, "text", None, [1], {"x": 5}, {"x": {"label": [1]}}, [[{}]], {"x": {"spread": 5}}]
)
@pytest.mark.parametrize("key", [*SHEETS, "options", "profile", "nonsense"])
def test_tables_of_any_shape_are_taken_as_far_as_they_go(key: str, content: Any) -> None:
    taken = take({**filled(), key: content})
    checked = check(taken.sheets, taken.kept)
    assert toml_of({name: table for name, table in checked.tables.items() if name not in taken.kept})
    assert taken.left_out or key in taken.kept or content in ({"x": {}}, [])


def test_a_number_column_takes_numbers_and_nothing_else() -> None:
    number = Column("value", "Value", "number")
    assert [cell_of(number, value) for value in (1, 0.5, "27%", "1,200")] == [1, 0.5, 0.27, 1200]
    assert [cell_of(number, value) for value in ("x", True, [1], float("inf"), float("nan"), 10**400)] == [None] * 6
    whole = Column("year", "Year", "whole")
    assert cell_of(whole, 2025.0) == 2025
    assert cell_of(whole, 2025.5) == 2025.5


def test_edits_go_by_place_and_touch_only_what_is_shown() -> None:
    columns = (Column("id", "Name", "text"), Column("value", "Value", "number"))
    rows = [{"id": "a", "value": 1, "note": "kept"}, {"id": "b"}, {"id": "c"}]
    edits = {
        "edited_rows": {0: {"value": 2, "note": "not shown"}, "2": {"id": ""}, 9: {"id": "x"}},
        "deleted_rows": [1],
        "added_rows": [{"id": "d"}, {}],
    }
    assert edited(rows, edits, columns) == [{"id": "a", "value": 2, "note": "kept"}, {}, {"id": "d"}, {}]
    assert rows[0]["value"] == 1


def test_names_to_choose_are_those_of_the_draft() -> None:
    sheets = take(filled()).sheets

    def offered(sheet: str, key: str) -> tuple[str, ...]:
        column = SHEETS[sheet].column(key)
        assert column is not None
        return choices(column, sheets)

    assert offered("parameters", "source") == ("assumption", "our_records")
    assert offered("lines", "source") == ("our_records",)
    assert offered("outcomes", "bearer") == ("council", "public_services")
    assert {"people", "people_helped"} <= set(offered("costs", "per"))
    assert "people_helped" not in offered("changes", "id")
    assert offered("changes", "scenario") == ("cautious",)
    assert offered("parameters", "grade") == ("A", "B", "C", "D", "E", "F")
    assert "2024-25" in offered("parameters", "price_year")
    assert offered("service", "currency") == ("GBP", "USD")
    assert not choices(SHEETS["lines"].columns[0], empty())


def test_an_empty_draft_says_what_is_missing() -> None:
    found = check(empty(), {}).faults
    assert {"id", "title", "currency"} <= {fault.column for fault in found if fault.sheet == "service"}
    assert any(fault.sheet == "outcomes" for fault in found)


def test_the_place_of_a_fault_that_nobody_knows_is_other() -> None:
    written = write(empty(), {})
    assert place(Fault("options.x.label", "is missing."), written).sheet == OTHER
    assert place(Fault("", "is odd."), written).sheet == OTHER


def test_files_are_read_as_data() -> None:
    tables, said = read_file("x.toml", form.form("mine").encode())
    assert tables == form_tables()
    assert not said
    for name, content in (("x.toml", b"\xff"), ("x.toml", b"a = "), ("x.xlsx", b"PK\x03\x04"), ("../../x.xlsx", b"")):
        with pytest.raises(ServiceError):
            read_file(name, content)


def test_a_value_map_is_read_with_its_gaps(tmp_path: Path) -> None:
    content = write_map(tmp_path / "sample.xlsx", ROWS).read_bytes()
    tables, said = read_file("Our map.xlsx", content)
    taken = take(tables)
    checked = check(taken.sheets, taken.kept)
    assert checked.service is not None
    assert checked.service.id == "our_map"
    assert "outcomes with a price" in said[0]
    assert any("price_year" in sentence for sentence in said)


def test_a_workbook_is_read() -> None:
    service = sroi.load("legal_advice")
    tables, said = read_file("bid.xlsx", workbook_bytes(service))
    assert not said
    assert Service.model_validate(tables) == service
