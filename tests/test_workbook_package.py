"""Nothing in a written workbook is what Excel would offer to repair; and the tests see it where something is."""

from __future__ import annotations

import copy
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import package_faults
import pytest
import small_service

import sroi

DAY = date(2026, 11, 25)
SERVICES = list(sroi.services()["id"])
HOSTILE = {
    "long": "x" * 19_000, "astral": "😀" * 9_000, "ampersands": "&" * 400, "quoted": "'[a]:*?/\\\"'",
    "control": "a\x01b\nc", "formula": "=1+1", "cell": "R1C1", "heading": "Default", "escape": "_x0041_",
    "right to left": "שלום", "space": " a ", "marked up": "<r><t>x</t></r>",
}  # fmt: skip


def hostile(text: str) -> sroi.Service:
    """Return a service with a text wherever a service file takes one."""
    file: dict[str, Any] = sroi.load("legal_advice").model_dump(exclude_none=True, by_alias=True)
    file["service"] |= {"title": text, "description": text, "field": text}
    for entries in ("parameters", "scenarios", "bearers", "stakeholders", "lines", "sources", "non_monetised"):
        found = file.get(entries, {})
        for entry in found.values() if isinstance(found, dict) else found:
            entry |= {key: text for key in ("label", "help", "why", "title", "author", "description") if key in entry}
    for entry in (*file["outcomes"], *file["costs"]):
        entry |= {"label": text}
    return sroi.Service.model_validate(file)


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_is_written_as_what_excel_would_repair(name: str, tmp_path: Path) -> None:
    path = sroi.write_workbook(sroi.load(name), tmp_path / "a.xlsx", today=DAY, draws=200)
    assert not package_faults.faults(path)


@pytest.mark.parametrize("kind", HOSTILE)
def test_nor_is_a_service_with_a_hostile_text(kind: str, tmp_path: Path) -> None:
    path = sroi.write_workbook(hostile(HOSTILE[kind]), tmp_path / "a.xlsx", today=DAY, draws=200)
    assert not package_faults.faults(path)


def test_nor_are_services_of_another_size(tmp_path: Path) -> None:
    long: dict[str, Any] = sroi.load("nuka_primary_care").model_dump(exclude_none=True, by_alias=True)
    long["service"] |= {"appraisal_years": 60, "delivery_years": 10}
    for file in (small_service.SMALL, long):
        path = sroi.write_workbook(sroi.Service.model_validate(file), tmp_path / "a.xlsx", today=DAY, draws=200)
        assert not package_faults.faults(path)


def test_a_line_that_no_formula_holds_is_refused(tmp_path: Path) -> None:
    file = copy.deepcopy(small_service.SMALL)
    for deep, holds in ((4, True), (9, False)):
        file["lines"]["reached"]["formula"] = f"people * ({' ** ('.join(['half'] * deep)}{')' * deep}"
        service = sroi.Service.model_validate(file)
        if holds:
            path = sroi.write_workbook(service, tmp_path / "a.xlsx", today=DAY, draws=None)
            assert not package_faults.faults(path)
        else:
            with pytest.raises(sroi.ServiceError, match=r"lines\.reached .*split it"):
                sroi.write_workbook(service, tmp_path / "b.xlsx", today=DAY, draws=None)


BREAKS = {
    "a name that is a cell": ("xl/workbook.xml", 'definedName name="horizon"', 'definedName name="FY25"'),
    "a sheet with a colon": ("xl/workbook.xml", 'sheet name="Checks"', 'sheet name="Che:ks"'),
    "a heading that is another": ("xl/tables/table1.xml", 'name="Sheet"', 'name="Shoot"'),
    "two tables of one name": ("xl/tables/table2.xml", 'displayName="tbl_[a-z_]+"', 'displayName="tbl_about"'),
    "a number that is none": ("xl/worksheets/sheet3.xml", '(?<=[0-9]"><)v>[^<]*</v>', "v>inf</v>"),
    "a count that is wrong": ("xl/sharedStrings.xml", ' count="', ' count="1'),
    "a long prompt": ("xl/worksheets/sheet3.xml", ' prompt="', f' prompt="{"x" * 300}'),
    "a footer with a loose mark": ("xl/worksheets/sheet3.xml", "<oddFooter>", "<oddFooter>&amp;x"),
}


@pytest.mark.parametrize("what", BREAKS)
def test_what_is_broken_is_seen(what: str, tmp_path: Path) -> None:
    path = sroi.write_workbook(sroi.load("legal_advice"), tmp_path / "a.xlsx", today=DAY, draws=None)
    part, pattern, replacement = BREAKS[what]
    broken = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == part:
                changed = re.sub(pattern, lambda _: replacement, text.decode(), count=1)
                assert changed != text.decode()
                text = changed.encode()
            target.writestr(name, text)
    assert package_faults.faults(broken)
