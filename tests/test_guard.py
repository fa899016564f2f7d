"""What is refused of workbooks from outside, each with one sentence, and how the others are opened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import sroi
from sroi.workbook import guard

Edit = Callable[[bytes], bytes]
SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"
LINK = (
    b'<Relationship Id="rId99" Type="http://x/%b" Target="http://example.org" TargetMode="External"/></Relationships>'
)


def workbook() -> bytes:
    """A small sound workbook with two sheets."""
    book = openpyxl.Workbook()
    book.active.append(["text", 1, "=1+1"])
    book.create_sheet("Second").append([2])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


SOUND = workbook()


def changed(
    edits: dict[str, Edit] | None = None, added: dict[str, bytes] | None = None, dropped: tuple[str, ...] = ()
) -> bytes:
    """The sound workbook with parts edited, added or dropped."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOUND)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in dropped:
                target.writestr(name, (edits or {}).get(name, lambda content: content)(source.read(name)))
        for name, content in (added or {}).items():
            target.writestr(name, content)
    return file.getvalue()


def replaced(part: str, old: bytes, new: bytes) -> bytes:
    def edit(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new)

    return changed({part: edit})


def everything(path: Path) -> dict[str, Any]:
    """Read a file from outside as an importer does."""
    data = guard.guarded_bytes(path)
    with closing(guard.open_workbook(data, path.name)) as book:
        return {
            sheet.title: [[cell.value for cell in row][:3] for row in guard.rows_of(sheet, path.name)[0]]
            for sheet in book.worksheets
        }


def broken(content: bytes) -> bytes:
    """The sound workbook with some bytes of its first sheet overwritten, so that the checksum fails."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo(SHEET).header_offset + 30 + len(SHEET)
    return content[: start + 20] + b"\xff" * 20 + content[start + 40 :]


def bomb() -> bytes:
    return changed(added={"xl/media/image1.png": b"\0" * (2 * guard.MEGABYTE)})


def stored_bomb() -> bytes:
    """Parts that unpack to more than is read, none of them by much: random enough to be no obvious bomb."""
    block = bytes((i * i + i // 7) % 251 for i in range(65_536)) * 200
    return changed(added={f"xl/media/image{i}.png": block for i in range(9)})


def twice() -> bytes:
    file = io.BytesIO(SOUND)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(SHEET.upper(), b"<worksheet/>")
    return file.getvalue()


def odd_packing() -> bytes:
    file = io.BytesIO(SOUND)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/media/x.png", b"x", zipfile.ZIP_BZIP2)
    return file.getvalue()


def encrypted() -> bytes:
    """The flag that says that a part has a password stands in each part's entry in the directory."""
    start = SOUND.index(b"PK\x01\x02") + 8
    return SOUND[:start] + b"\x01" + SOUND[start + 1 :]


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "This is not an .xlsx workbook"),
    "text": (lambda: b"stakeholder,value\n", "This is not an .xlsx workbook"),
    "old or with a password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "old .xls workbook or one with",
    ),
    "too large": (lambda: b"PK" + b"\0" * guard.LARGEST_FILE, "more than 20 MB"),
    "cut off": (lambda: SOUND[:3_000], "The workbook is damaged"),
    "checksum": (lambda: broken(SOUND), "The workbook is damaged"),
    "no part is unpacked": (lambda: b"PK\x05\x06" + b"\0" * 18, "a zip file, but not an .xlsx workbook"),
    "macros by name": (lambda: changed(added={"xl/vbaProject.bin": b"\0"}), "holds macros"),
    "macros by type": (lambda: replaced(TYPES, b"sheet.main+xml", b"sheet.macroEnabled.main+xml"), "holds macros"),
    "macro sheets": (lambda: changed(added={"xl/macrosheets/sheet1.xml": b"<a/>"}), "holds macros"),
    "external links": (
        lambda: changed(added={"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        "links to other workbooks",
    ),
    "connections": (lambda: changed(added={"xl/connections.xml": b"<a/>"}), "connections to outside data"),
    "embedded": (lambda: changed(added={"xl/embeddings/oleObject1.bin": b"\0"}), "embedded objects"),
    "ActiveX": (lambda: changed(added={"xl/activeX/activeX1.xml": b"<a/>"}), "ActiveX controls"),
    "a picture from elsewhere": (
        lambda: replaced("xl/_rels/workbook.xml.rels", b"</Relationships>", LINK % b"image"),
        "links to something outside it",
    ),
    "bomb": (bomb, "unpacks to"),
    "large when unpacked": (stored_bomb, "unpacks to more than 100 MB"),
    "too many parts": (lambda: changed(added={f"xl/x{i}.bin": b"" for i in range(600)}), "more than the 500 that are"),
    "a part twice": (twice, "is there twice"),
    "odd packing": (odd_packing, "packed in a way that no spreadsheet program uses"),
    "a part with a password": (encrypted, "protected by a password"),
    "entities": (lambda: replaced(SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'), "XML entities"),
    "entities in UTF-16": (
        lambda: changed({SHEET: lambda _: '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'.encode("utf-16")}),
        "not written in UTF-8",
    ),
    "entities in UTF-7": (
        lambda: changed({SHEET: lambda _: b'<?xml version="1.0" encoding="UTF-7"?><worksheet/>'}),
        "not written in UTF-8",
    ),
    "another document": (
        lambda: changed({TYPES: lambda content: content.replace(b"spreadsheetml", b"wordprocessingml")}),
        "another kind of document",
    ),
    "bad XML": (lambda: changed({SHEET: lambda content: content[: len(content) // 2]}), "The workbook is damaged"),
    "no workbook part": (lambda: changed(dropped=("xl/workbook.xml",)), "The workbook is damaged"),
    "a sheet's part is gone": (lambda: changed(dropped=(SHEET,)), "Its sheet 'Sheet' is missing from the file"),
    "a style that is not there": (
        lambda: replaced(SHEET, b'<c r="B1"', b'<c r="B1" s="nine"'),
        "The workbook is damaged",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_one_sentence(what: str, tmp_path: Path) -> None:
    make, said = REFUSED[what]
    file = tmp_path / "in.xlsx"
    file.write_bytes(make())
    with pytest.raises(sroi.ServiceError) as refused:
        everything(file)
    assert refused.value.name == "in.xlsx"
    (fault,) = refused.value.faults
    assert said in str(fault)
    assert len(str(fault)) < 400


def test_no_file_and_no_path(tmp_path: Path) -> None:
    for path in (tmp_path / "none.xlsx", tmp_path, "a\0b.xlsx"):
        with pytest.raises(sroi.ServiceError, match="Check the path"):
            guard.guarded_bytes(path)


def test_a_sound_workbook_is_read(tmp_path: Path) -> None:
    file = tmp_path / "in.xlsx"
    file.write_bytes(SOUND)
    # openpyxl saves no results with formulas.
    assert everything(file) == {"Sheet": [["text", 1, None]], "Second": [[2, None, None]]}
    with closing(guard.open_workbook(SOUND, results=False)) as book:
        rows, larger = guard.rows_of(book["Sheet"], "in.xlsx")
    assert (rows[0][2].value, larger) == ("=1+1", False)


def test_a_hyperlink_is_harmless(tmp_path: Path) -> None:
    file = tmp_path / "in.xlsx"
    file.write_bytes(replaced("xl/_rels/workbook.xml.rels", b"</Relationships>", LINK % b"hyperlink"))
    assert everything(file)["Second"] == [[2, None, None]]


FAR_ROW = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
MANY_COLUMNS = b'<row r="7"><c r="GS7"><v>1</v></c></row></sheetData>'  # GS is column 201


@pytest.mark.parametrize(("row", "larger"), [(FAR_ROW, True), (MANY_COLUMNS, True), (b"</sheetData>", False)])
def test_a_sheet_larger_than_is_read_is_said(row: bytes, larger: bool) -> None:
    data = replaced(SHEET, b"</sheetData>", row)
    # The size that the sheet states is that of before.
    with closing(guard.open_workbook(data)) as book:
        rows, found = guard.rows_of(book["Sheet"], "in.xlsx")
    assert found is larger
    assert len(rows) <= guard.MOST_ROWS
    assert all(len(cells) <= guard.MOST_COLUMNS for cells in rows)


def test_a_hostile_merged_range_takes_no_time() -> None:
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    with closing(guard.open_workbook(replaced(SHEET, b"</sheetData>", merged))) as book:
        assert len(guard.rows_of(book["Sheet"], "in.xlsx")[0]) == 1
