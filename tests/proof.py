"""Two calculators other than the engine: LibreOffice, made to recalculate, and formualizer.

LibreOffice keeps the values that a file carries unless its settings say otherwise: a profile of our own sets
``OOXMLRecalcMode`` to 0, always. It answers with exit status 0 whatever happens, so that outputs are looked for.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import formualizer
from openpyxl.utils import column_index_from_string

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


NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def cells(path: Path) -> dict[Place, tuple[str | None, Any]]:
    """Return formula and value of every cell, read from the file itself: openpyxl takes ten times as long."""
    return _cells(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _cells(path: Path, _written: int) -> dict[Place, tuple[str | None, Any]]:
    found: dict[Place, tuple[str | None, Any]] = {}
    with zipfile.ZipFile(path) as parts:
        shared = _shared(parts)
        targets = {
            each.get("Id"): each.get("Target", "").removeprefix("/xl/")
            for each in ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
        }
        for sheet in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter(f"{NAMESPACE}sheet"):
            data = ElementTree.fromstring(parts.read(f"xl/{targets[sheet.get(RELATION)]}"))
            for cell in data.iter(f"{NAMESPACE}c"):
                letters, row = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", "")).groups()  # type: ignore[union-attr]
                place = str(sheet.get("name")), int(row), column_index_from_string(letters)
                formula = cell.find(f"{NAMESPACE}f")
                found[place] = (None if formula is None else f"={formula.text}"), _value(cell, shared)
    return found


def _shared(parts: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in parts.namelist():
        return []
    entries = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
    return ["".join(text.text or "" for text in entry.iter(f"{NAMESPACE}t")) for entry in entries]


def _value(cell: ElementTree.Element, shared: list[str]) -> Any:
    value, kind = cell.find(f"{NAMESPACE}v"), cell.get("t", "n")
    if value is None or value.text is None:
        return None
    if kind == "s":
        return shared[int(value.text)]
    return float(value.text) if kind == "n" else value.text


def formulas(path: Path) -> dict[Place, str]:
    """Return the formula of every cell that holds one."""
    return {place: formula for place, (formula, _) in cells(path).items() if formula is not None}


def values(path: Path, places: Iterable[Place]) -> dict[Place, Any]:
    """Return the values that a file carries."""
    found = cells(path)
    return {place: found[place][1] if place in found else None for place in places}


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
        if isinstance(value, str) and value.startswith("="):
            book.set_formula(*place, value)
        else:
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
