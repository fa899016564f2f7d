"""Stand between a workbook from outside and whoever reads it: what is refused, and how it is opened.

A workbook is a zip of XML parts that anybody may have made. Nothing of it reaches a parser before the file has a
sane size, unpacks to a sane size, and holds neither macros nor links nor entities.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from sroi.errors import Fault, ServiceError, brief, shown

if TYPE_CHECKING:
    from openpyxl import Workbook

MEGABYTE = 2**20
LARGEST_FILE = 20 * MEGABYTE
LARGEST_WHOLE = 100 * MEGABYTE
MOST_PARTS = 500
# Parts that unpack to more than so many times their size are no spreadsheet; small ones do no harm.
MOST_TIMES = 200
MOST_ROWS = 5_000
MOST_COLUMNS = 200

_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ASCII_LIKE = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
_ACTIVE = (
    ("xl/externallinks/", "links to other workbooks"),
    ("xl/connections.xml", "connections to outside data"),
    ("xl/embeddings/", "embedded objects"),
    ("xl/activex/", "ActiveX controls"),
    ("xl/macrosheets/", "macros"),
    ("xl/dialogsheets/", "dialog sheets"),
)
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError, KeyError, IndexError, ValueError),
    *(TypeError, AttributeError, OSError, NotImplementedError, RuntimeError),  # RecursionError is a RuntimeError
)


def guarded_bytes(path: str | Path) -> bytes:
    """Return the bytes of a workbook that is safe to open.

    Parameters
    ----------
    path : str or Path
        Of an ``.xlsx`` file.

    Raises
    ------
    ServiceError
        When there is no such file, or it is too large, damaged, protected by a password, of another format, or holds
        macros, external links, connections, embedded objects or XML entities.
    """
    file = Path(path)
    try:
        if not file.is_file():
            raise _refused(file.name, f"There is no file {shown(str(path))}. Check the path.")
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(file.name, f"The file cannot be read: {brief(reason)}. Check the path.") from None
    check_bytes(data, file.name)
    return data


def check_bytes(data: bytes, name: str) -> None:
    """Refuse bytes that are no workbook, or one that is not safe to open; ``name`` is what messages call it."""
    if len(data) > LARGEST_FILE:
        most = LARGEST_FILE // MEGABYTE
        raise _refused(name, f"The file has more than {most} MB, the most that is read: take out pictures and data.")
    if data.startswith(_OLD_FORMAT):
        rule = "Open it in a spreadsheet program, take the password out, and save it as .xlsx."
        raise _refused(name, f"This is an old .xls workbook or one with a password. {rule}")
    if not data.startswith(b"PK"):
        raise _refused(name, "This is not an .xlsx workbook. Open it in a spreadsheet program and save it as .xlsx.")
    with readable(name), zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        _check_sizes(parts, name)
        _check_names(parts, name)
        unpacked = 0
        for part in parts:
            content = _unpack(archive, part, LARGEST_WHOLE - unpacked, name)
            unpacked += len(content)
            _check_part(part.filename.lower(), content, name)


def _check_sizes(parts: list[zipfile.ZipInfo], name: str) -> None:
    if len(parts) > MOST_PARTS:
        raise _refused(name, f"It has {len(parts):,} parts, more than the {MOST_PARTS} that are read: save it anew.")
    for part in parts:
        if part.flag_bits & 1:
            raise _refused(name, "It is protected by a password. Save it without one.")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(name, "It is packed in a way that no spreadsheet program uses: save it anew as .xlsx.")
        if part.file_size > MEGABYTE and part.file_size > MOST_TIMES * max(1, part.compress_size):
            times = part.file_size // max(1, part.compress_size)
            said = f"unpacks to {times:,} times its size, as only a file made to do harm does"
            raise _refused(name, f"Its part {shown(part.filename)} {said}. It is not opened.")
    if sum(part.file_size for part in parts) > LARGEST_WHOLE:
        raise _too_large(name)


def _check_names(parts: list[zipfile.ZipInfo], name: str) -> None:
    names = [part.filename.lower().replace("\\", "/").lstrip("/") for part in parts]
    if len(set(names)) < len(names):
        raise _refused(name, "One of its parts is there twice, so it can be read in two ways: save it anew.")
    if "[content_types].xml" not in names:
        raise _refused(name, "This is a zip file, but not an .xlsx workbook. Save it as .xlsx.")
    for found in names:
        if found.endswith("vbaproject.bin"):
            raise _holds(name, "macros")
        for start, what in _ACTIVE:
            if found.startswith(start):
                raise _holds(name, what)


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int, name: str) -> bytes:
    """Return what a part really unpacks to: the sizes that a file states can lie."""
    with archive.open(part) as opened:
        content = opened.read(room + 1)
    if len(content) > room:
        raise _too_large(name)
    return content


def _check_part(part: str, content: bytes, name: str) -> None:
    if not part.endswith((".xml", ".rels", ".vml")):
        return
    _check_encoding(part, content, name)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _refused(name, f"Its part {shown(part)} declares XML entities, which no spreadsheet needs: save it anew.")
    if part == "[content_types].xml":
        types = content.lower()
        if b"macroenabled" in types or b"vbaproject" in types:
            raise _holds(name, "macros")
        if b"spreadsheetml" not in types:
            raise _refused(name, "This is not an .xlsx workbook but another kind of document. Save it as .xlsx.")
    if part.endswith(".rels"):
        for relation in ElementTree.fromstring(content).iter():
            # A hyperlink does nothing until somebody follows it.
            if relation.get("TargetMode") == "External" and not relation.get("Type", "").endswith("/hyperlink"):
                raise _holds(name, "links to something outside it")


def _check_encoding(part: str, content: bytes, name: str) -> None:
    """Refuse an encoding in which the words looked for would look otherwise."""
    declared = re.match(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""", content)
    known = declared is None or declared[1].decode("ascii", "replace").lower() in _ASCII_LIKE
    if not known or b"\0" in content:
        raise _refused(name, f"Its part {shown(part)} is not written in UTF-8: save it anew as .xlsx.")


def open_workbook(data: bytes, name: str = "the workbook", *, results: bool = True) -> Workbook:
    """Open a workbook for reading, row by row; close it afterwards.

    Parameters
    ----------
    data : bytes
        From :func:`guarded_bytes`. Bytes and not a path: a load that fails would leave the file open.
    name : str
        What messages call it.
    results : bool
        Read the results saved with formulas; the formulas themselves when false.

    Raises
    ------
    ServiceError
        When the workbook is damaged, or openpyxl is not installed.
    """
    try:
        import openpyxl
    except ModuleNotFoundError:
        raise _refused(
            name, "Reading it needs openpyxl, which is not installed. Write: pip install 'sroi[excel]'"
        ) from None
    with readable(name):
        # Not read-only it would build every merged cell, of which a hostile file can have millions.
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False, data_only=results)
        lost = [sheet for sheet in _sheet_names(data) if sheet not in workbook.sheetnames]
    if lost:
        raise _refused(name, f"Its sheet {shown(lost[0])} is missing from the file, which is damaged. Save it anew.")
    return workbook


def _sheet_names(data: bytes) -> list[str]:
    """Return the sheets that a workbook says it has; openpyxl leaves out without a word those that are gone."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = ElementTree.fromstring(archive.read("[Content_Types].xml"))
        kinds = {entry.get("ContentType", ""): entry.get("PartName", "") for entry in types}
        ends = (".sheet.main+xml", ".template.main+xml")
        part = next((path for kind, path in kinds.items() if kind.endswith(ends)), "xl/workbook.xml")
        tree = ElementTree.fromstring(archive.read(part.lstrip("/")))
    return [entry.get("name", "") for entry in tree.iter() if entry.tag.endswith("}sheet")]


def rows_of(
    sheet: Any, name: str, most: int = MOST_ROWS, columns: int = MOST_COLUMNS
) -> tuple[list[tuple[Any, ...]], bool]:
    """Return the first rows of a sheet as cells, and whether there is more than is ever read.

    Parameters
    ----------
    sheet : worksheet of :func:`open_workbook`
    name : str
        What messages call the workbook.
    most : int
        How many rows.
    columns : int
        To how many cells each row is filled up or cut.
    """
    with readable(name):
        # The size that a sheet states can lie.
        sheet.reset_dimensions()
        every = sheet.iter_rows(max_col=columns + 1)
        rows = list(islice(every, most))
        larger = next(every, None) is not None
    larger = larger or any(row[columns].value is not None for row in rows if len(row) > columns)
    return [row[:columns] for row in rows], larger


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Say in one sentence whatever keeps a workbook from being read, and hush the reader's own remarks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        try:
            yield
        except _UNREADABLE as error:
            found = brief(f"{type(error).__name__}: {error}")
            rule = "Open it in a spreadsheet program, save it anew as .xlsx, and try again."
            raise _refused(name, f"The workbook is damaged ({found}). {rule}") from None


def _refused(name: str, sentence: str) -> ServiceError:
    return ServiceError(name, [Fault("", sentence)])


def _holds(name: str, what: str) -> ServiceError:
    return _refused(name, f"It holds {what}, which are not opened. Save a copy as .xlsx without them.")


def _too_large(name: str) -> ServiceError:
    most = LARGEST_WHOLE // MEGABYTE
    return _refused(name, f"It unpacks to more than {most} MB, the most that is read: take out pictures and data.")
