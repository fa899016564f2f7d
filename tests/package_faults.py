"""What makes Excel offer to repair a workbook, looked for in the written parts: LibreOffice forgives most of it.

Limits are those of Microsoft's "Excel specifications and limits" and of ECMA-376, which defines the file.
"""

from __future__ import annotations

import itertools
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

from openpyxl.utils import range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
REFERENCE_TO = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ROWS, COLUMNS = 1_048_576, 16_384
LONGEST = {
    "text of a cell": 32_767, "formula": 8_192, "text within a formula": 255, "sheet name": 31, "table heading": 255,
    "promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 225, "list of a validation": 255, "name": 255,
    "header or footer": 255, "address of a link": 2_079, "property": 255,
}  # fmt: skip
DEEPEST, MOST_ARGUMENTS = 64, 255
CELL = re.compile(r"\$?[A-Za-z]{1,3}\$?\d+|[Rr]\d*([Cc]\d*)?|[Cc]\d*")
NAME = re.compile(r"[A-Za-z_\\][\w.\\]*")
QUOTED = re.compile(r'"((?:[^"]|"")*)"')


def length(text: str) -> int:
    """Return how long a text is as Excel counts: a character outside the first plane counts twice."""
    return len(text.encode("utf-16-le")) // 2


def faults(path: Path) -> list[str]:
    """Return what is wrong with a written workbook; nothing where all is in order."""
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        found = [f"{name} is there twice" for name in {n.casefold() for n in names} if _count(names, name) > 1]
        parts = {name: package.read(name) for name in names}
    trees = {}
    for name, content in parts.items():
        try:
            trees[name] = ElementTree.fromstring(content)
        except ElementTree.ParseError as error:
            found.append(f"{name}: {error}")
    if found:
        return found
    return [*_of_package(trees), *_of_book(trees), *_of_sheets(trees)]


def _count(names: Iterable[str], wanted: str) -> int:
    return sum(name.casefold() == wanted for name in names)


def _too_long(what: str, text: str | None, where: str) -> Iterator[str]:
    if length(text or "") > LONGEST[what]:
        yield f"{where}: {what} of {length(text or '')} characters, {LONGEST[what]} at most"


def _targets(trees: dict[str, ElementTree.Element], part: str) -> dict[str, tuple[str, str]]:
    """Return what a part points to: the part, and how, by id."""
    folder, file = posixpath.split(part)
    tree = trees.get(f"{folder}/_rels/{file}.rels".lstrip("/"))
    if tree is None:
        return {}
    return {
        each.get("Id", ""): (
            posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
            each.get("TargetMode", "Internal"),
        )
        for each in tree
    }


def _of_package(trees: dict[str, ElementTree.Element]) -> Iterator[str]:
    types = trees["[Content_Types].xml"]
    said = {each.get("PartName", "").lstrip("/") for each in types if each.get("PartName")}
    endings = {each.get("Extension") for each in types if each.get("Extension")}
    for name in trees:
        if name not in said and name.rsplit(".", 1)[-1] not in endings - {"xml"} and name != "[Content_Types].xml":
            yield f"{name} has no content type"
        for target, mode in _targets(trees, name).values():
            if mode != "Internal":
                yield f"{name} leads out of the file, to {target}"
            elif target not in trees:
                yield f"{name} leads to {target}, which is not there"
    yield from (f"content type of {name}, which is not there" for name in said - set(trees))
    for part in ("docProps/core.xml", "docProps/custom.xml"):
        for each in trees[part].iter() if part in trees else ():
            if each.tag.endswith(("title", "lpwstr")):
                yield from _too_long("property", each.text, part)


def _of_book(trees: dict[str, ElementTree.Element]) -> Iterator[str]:
    book = trees["xl/workbook.xml"]
    sheets = [each.get("name", "") for each in book.iter(f"{MAIN}sheet")]
    if len({name.casefold() for name in sheets}) < len(sheets):
        yield "two sheets have one name"
    for name in sheets:
        yield from _too_long("sheet name", name, name)
        if re.search(r"[\[\]:*?/\\]", name) or name.startswith("'") or name.endswith("'") or name == "History":
            yield f"{name!r} cannot be the name of a sheet"
    seen: set[tuple[str | None, str]] = set()
    for each in book.iter(f"{MAIN}definedName"):
        name, text = each.get("name", ""), each.text or ""
        if (each.get("localSheetId"), name.casefold()) in seen:
            yield f"the name {name} stands for two things"
        seen.add((each.get("localSheetId"), name.casefold()))
        yield from _too_long("name", name, name)
        if not name.startswith("_xlnm.") and (CELL.fullmatch(name) or not NAME.fullmatch(name)):
            yield f"{name} cannot be a name"
        yield from _of_references(text, sheets, f"name {name}")
    tables = [tree for part, tree in trees.items() if part.startswith("xl/tables/")]
    for what in ("id", "displayName", "name"):
        given = [(tree.get(what) or "").casefold() for tree in tables]
        if len(set(given)) < len(given):
            yield f"two tables have one {what}"
    for tree in tables:
        name = tree.get("displayName", "")
        if CELL.fullmatch(name) or not NAME.fullmatch(name) or (None, name.casefold()) in seen:
            yield f"{name} cannot be the name of a table"


def _of_references(text: str, sheets: list[str], where: str) -> Iterator[str]:
    bare = QUOTED.sub('""', text)
    for quoted, plain in re.findall(r"'((?:[^']|'')+)'!|([A-Za-z_][\w.]*)!", bare):
        if (quoted.replace("''", "'") or plain) not in sheets:
            yield f"{where} refers to the sheet {quoted or plain}, which is not there"
    if "#REF!" in bare:
        yield f"{where} refers to a cell that is not there"


def _of_sheets(trees: dict[str, ElementTree.Element]) -> Iterator[str]:
    book = trees["xl/workbook.xml"]
    sheets = [each.get("name", "") for each in book.iter(f"{MAIN}sheet")]
    shared = trees.get("xl/sharedStrings.xml")
    texts = (
        ["".join(part.text or "" for part in each.iter(f"{MAIN}t")) for each in shared] if shared is not None else []
    )
    styles = len(trees["xl/styles.xml"].find(f"{MAIN}cellXfs") or ())
    used = 0
    for each in book.iter(f"{MAIN}sheet"):
        part = _targets(trees, "xl/workbook.xml")[each.get(REFERENCE_TO, "")][0]
        where, tree = each.get("name", ""), trees[part]
        used += sum(cell.get("t") == "s" for cell in tree.iter(f"{MAIN}c"))
        yield from _of_cells(tree, where, texts, styles, sheets)
        yield from _of_marks(tree, where, sheets)
        yield from _of_tables(trees, part, tree, where, texts)
    if shared is not None and (int(shared.get("count", -1)), int(shared.get("uniqueCount", -1))) != (used, len(texts)):
        yield f"shared texts: {used} used and {len(texts)} there, but said to be {shared.attrib}"
    yield from (fault for text in texts for fault in _too_long("text of a cell", text, "shared texts"))


def _of_cells(tree: ElementTree.Element, where: str, texts: list[str], styles: int, sheets: list[str]) -> Iterator[str]:
    before = (0, 0)
    for cell in tree.iter(f"{MAIN}c"):
        place = cell.get("r", "")
        column, row, *_ = range_boundaries(place)
        if (row, column) <= before or row > ROWS or column > COLUMNS:
            yield f"{where}!{place} is out of order"
        before = row, column
        if int(cell.get("s", 0)) >= styles:
            yield f"{where}!{place} has a style that is not there"
        value, formula = cell.findtext(f"{MAIN}v"), cell.findtext(f"{MAIN}f")
        match cell.get("t", "n"):
            case "s" if not 0 <= int(value or -1) < len(texts):
                yield f"{where}!{place} shows a text that is not there"
            case "n" if formula is not None and not value:
                pass  # An empty text as the result of a formula: Excel takes it so, as XlsxWriter's manual says.
            case "n" if value is not None and not re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", value):
                yield f"{where}!{place}: {value} is not a number"
            case "str":
                yield from _too_long("text of a cell", value, f"{where}!{place}")
            case "e" if value not in ("#N/A", "#DIV/0!", "#NUM!", "#VALUE!"):
                yield f"{where}!{place}: {value} is not an error"
        if formula is not None:
            yield from _of_formula(formula, f"{where}!{place}", sheets)


def _of_formula(text: str, where: str, sheets: list[str]) -> Iterator[str]:
    yield from _too_long("formula", text, where)
    if text.startswith("=") or not text:
        yield f"{where}: not a formula: {text[:40]}"
    yield from (fault for said in QUOTED.findall(text) for fault in _too_long("text within a formula", said, where))
    yield from _of_references(text, sheets, where)
    depth, commas = 0, [0]
    for character in re.sub(r"'[^']*'!", "", QUOTED.sub("", text)):
        depth += (character == "(") - (character == ")")
        if character == "(":
            commas.append(0)
        elif character == ")":
            commas.pop()
        elif character == ",":
            commas[-1] += 1
        if depth > DEEPEST or depth < 0 or commas[-1] >= MOST_ARGUMENTS:
            yield f"{where}: brackets {depth} deep, {commas[-1] + 1} arguments"
            return
    if depth:
        yield f"{where}: a bracket is open"


def _of_marks(tree: ElementTree.Element, where: str, sheets: list[str]) -> Iterator[str]:
    for each in tree.iter(f"{MAIN}dataValidation"):
        for what in ("promptTitle", "errorTitle", "prompt", "error"):
            yield from _too_long(what, each.get(what), f"{where}, validation of {each.get('sqref')}")
        first = each.findtext(f"{MAIN}formula1") or ""
        if each.get("type") == "list":
            yield from _too_long("list of a validation", first, where)
        yield from _of_references(first, sheets, where)
    for kind in ("oddHeader", "oddFooter"):
        text = tree.findtext(f".//{MAIN}{kind}") or ""
        yield from _too_long("header or footer", text, where)
        rest = re.sub(r'&(&|[LCRPNADTFBIUE]|"[^"]*"|\d+)', "", text)
        if "&" in rest:
            yield f"{where}: {kind} with a mark that means nothing: {text}"
    for each in tree.iter(f"{MAIN}hyperlink"):
        if each.get(REFERENCE_TO) is not None:
            yield f"{where}: a link that leads out of the file"
        yield from _too_long("address of a link", each.get("location"), where)
        yield from _of_references(each.get("location", ""), sheets, where)
    spans = [(int(each.get("min", 0)), int(each.get("max", 0))) for each in tree.iter(f"{MAIN}col")]
    if any(one[1] >= other[0] for one, other in itertools.pairwise(spans)):
        yield f"{where}: columns are given two widths"
    yield from (f"{where}: a column wider than 255" for e in tree.iter(f"{MAIN}col") if float(e.get("width", 0)) > 255)
    yield from (f"{where}: a row higher than 409" for e in tree.iter(f"{MAIN}row") if float(e.get("ht", 0)) > 409)


def _of_tables(
    trees: dict[str, ElementTree.Element], part: str, sheet: ElementTree.Element, where: str, texts: list[str]
) -> Iterator[str]:
    cells = {cell.get("r", ""): cell for cell in sheet.iter(f"{MAIN}c")}
    spans = []
    linked = _targets(trees, part)
    for each in sheet.iter(f"{MAIN}tablePart"):
        table = trees[linked[each.get(REFERENCE_TO, "")][0]]
        left, top, right, bottom = range_boundaries(table.get("ref", ""))
        heads = [column.get("name", "") for column in table.iter(f"{MAIN}tableColumn")]
        spans.append((left, top, right, bottom))
        if len(heads) != right - left + 1 or bottom <= top:
            yield f"{where}: the table {table.get('ref')} has {len(heads)} headings"
        if len({head.casefold() for head in heads}) < len(heads) or not all(heads):
            yield f"{where}: headings of a table that are alike, or empty"
        for place, head in enumerate(heads):
            yield from _too_long("table heading", head, where)
            cell = cells[f"{_letters(left + place)}{top}"]
            shown = texts[int(cell.findtext(f"{MAIN}v") or -1)] if cell.get("t") == "s" else None
            if shown != head or cell.find(f"{MAIN}f") is not None:
                yield f"{where}: {shown!r} stands where the table says {head!r}"
    for place, one in enumerate(spans):
        for other in spans[place + 1 :]:
            if one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]:
                yield f"{where}: two tables overlap"


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
