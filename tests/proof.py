"""Two calculators other than the engine: LibreOffice, made to recalculate, and formualizer.

LibreOffice keeps the values that a file carries unless its settings say otherwise: a profile of our own sets
``OOXMLRecalcMode`` to 0, always. It answers with exit status 0 whatever happens, so that outputs are looked for.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import formualizer
import openpyxl

TOLERANCE = 1e-9
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""
Place = tuple[str, int, int]


def soffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(files: Iterable[Path], out: Path, profile: Path, to: str = "xlsx:Calc MS Excel 2007 XML") -> None:
    """Have LibreOffice open files, work everything out again and save them in another folder."""
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    files = list(files)
    home = {"HOME": str(profile), "XDG_CACHE_HOME": str(profile / "c"), "XDG_CONFIG_HOME": str(profile / "d")}
    command = [str(soffice()), f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", to, "--outdir", str(out), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | home, timeout=300, check=False)
    missing = [file.name for file in files if not (out / file.with_suffix(f".{to.split(':')[0]}").name).exists()]
    assert not missing, f"LibreOffice gave nothing for {missing}: {done.stderr}"


def formulas(path: Path) -> dict[Place, str]:
    """Return the formula of every cell that holds one."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.row, cell.column): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def values(path: Path, places: Iterable[Place]) -> dict[Place, Any]:
    """Return the values that a file carries."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {place: book[place[0]].cell(*place[1:]).value for place in places}


def recalculated(paths: Iterable[Path], folder: Path) -> dict[Path, Path]:
    """Return for each workbook the one that LibreOffice worked out again."""
    paths, out = list(paths), folder / "out"
    out.mkdir(exist_ok=True)
    for start in range(0, len(paths), 40):
        convert(paths[start : start + 40], out, folder / "profile")
    return {path: out / path.name for path in paths}


def second_opinion(path: Path, places: Iterable[Place], changes: Mapping[Place, Any] | None = None) -> dict[Place, Any]:
    """Return what formualizer makes of the formulas, after some cells were changed."""
    book = formualizer.load_workbook(str(path))
    for place, value in (changes or {}).items():
        book.set_value(*place, value)
    book.evaluate_all()
    return {place: book.get_value(*place) for place in places}


def differ(one: Any, other: Any) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)) and not isinstance(one, bool):
        return not abs(one - other) <= TOLERANCE * max(abs(one), abs(other), 1)
    return (one or "") != (other or "")


def differences(ours: Mapping[Place, Any], theirs: Mapping[Place, Any]) -> list[str]:
    """Return the cells in which two calculators differ, with both values."""
    return [
        f"{sheet}!R{row}C{column}: {ours[sheet, row, column]!r} here, {theirs[sheet, row, column]!r} there"
        for sheet, row, column in ours
        if differ(ours[sheet, row, column], theirs[sheet, row, column])
    ]


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
