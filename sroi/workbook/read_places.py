"""Where what was written stands now: rows and columns that moved, sheets renamed, formulas that moved along."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sroi.workbook.grid import LETTERS, Sheet, letters
from sroi.workbook.read_cells import Grid, plain
from sroi.workbook.render import held

_SHEET = r"'(?:[^']|'')+'|[A-Za-z_][\w.]*"
_CELL = r"\$?[A-Z]{1,3}\$?\d+"
# A text in quotation marks, which is left alone; a reference, with its sheet where it names one; a number, which
# programs spell each in their own way.
_PARTS = re.compile(
    rf'(?P<text>"(?:[^"]|"")*")|(?:(?P<sheet>{_SHEET})!)?(?<![\w.$])(?P<first>{_CELL})(?::(?P<last>{_CELL}))?(?![\w(.])'
    r"|(?P<number>(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d+)?(?!\w))"
    r"|(?P<rest>[\w.]+|\s+|.)",
    re.ASCII | re.DOTALL,
)


@dataclass(frozen=True)
class Places:
    """Where rows and columns of a sheet stand now: those written, by number, and the sheet's name now."""

    name: str
    rows: Mapping[int, int]
    columns: Mapping[int, int]

    @property
    def moved(self) -> bool:
        """Whether anything stands elsewhere than where it was written."""
        return any(one != other for found in (self.rows, self.columns) for one, other in found.items())

    def at(self, row: int, column: int) -> tuple[int, int]:
        """Return where a cell stands now."""
        return self.rows.get(row, row), self.columns.get(column, column)


def places_of(sheet: Sheet, grid: Grid) -> Places:
    """Find the rows of a sheet by their texts, and its columns by the headings of its table."""
    texts = _texts(sheet)
    found = [tuple(word for word in grid.words(row) if word) for row in range(len(grid.values))]
    wanted = [tuple(texts[row][column] for column in sorted(texts[row])) for row in range(max(texts, default=-1) + 1)]
    rows = _aligned(wanted, found)
    columns: dict[int, int] = {}
    if sheet.tables:
        head = sheet.tables[0].row
        last = max(column for _, column in sheet.cells)
        now = grid.words(rows.get(head, head)) if rows.get(head, head) < len(grid.values) else []
        columns = _aligned([(texts[head].get(column, ""),) for column in range(last + 1)], [(word,) for word in now])
    return Places(grid.name, rows, columns)


def _texts(sheet: Sheet) -> dict[int, dict[int, str]]:
    last = max((row for row, _ in sheet.cells), default=-1)
    texts: dict[int, dict[int, str]] = {row: {} for row in range(last + 1)}
    for (row, column), cell in sheet.cells.items():
        if isinstance(cell.content, str) and (text := plain(held(cell.content))):
            texts[row][column] = text
    return texts


def _aligned(wanted: Sequence[tuple[str, ...]], found: Sequence[tuple[str, ...]]) -> dict[int, int]:
    """Return where each entry stands among those found: its second mention is the second one there.

    What is not found again is taken to stand where it would if it had moved with the one before it.
    """
    if all(one == other for one, other in zip(wanted, found, strict=False)) and len(found) >= len(wanted):
        return {}
    at: dict[tuple[str, ...], list[int]] = {}
    for place, entry in enumerate(found):
        at.setdefault(entry, []).append(place)
    mentions: dict[tuple[str, ...], int] = {}
    places: dict[int, int] = {}
    for place, entry in enumerate(wanted):
        nth = mentions.get(entry, 0)
        mentions[entry] = nth + 1
        if any(entry) and nth < len(at.get(entry, ())):
            places[place] = at[entry][nth]
    taken, offset = set(places.values()), 0
    for place in range(len(wanted)):
        if place in places:
            offset = places[place] - place
        elif place + offset not in taken:
            places[place] = place + offset
    return places


def canonical(formula: str, home: str, moved: Mapping[str, Places]) -> str:
    """Return a formula as it is compared, whoever saved it, its references led to where the cells stand now.

    Parameters
    ----------
    formula : str
        With or without its ``=``.
    home : str
        The name of the sheet on which it stands now.
    moved : mapping of str to Places
        For each sheet as the formula names it; empty for a formula that is there now.
    """
    own = next((name for name, each in moved.items() if each.name == home), home)
    return "".join(_part(found, own, home, moved) for found in _PARTS.finditer(formula.removeprefix("=")))


def _part(found: re.Match[str], own: str, home: str, moved: Mapping[str, Places]) -> str:
    if found["text"]:
        return found["text"]
    if found["number"]:
        return repr(float(found["number"]))
    if not found["first"]:
        return "".join(found[0].split()).upper()
    sheet = found["sheet"]
    named = own if sheet is None else sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
    places = moved.get(named)
    now = places.name if places else named
    cells = [cell for cell in (found["first"], found["last"]) if cell]
    ends = [f"{letters(column)}{row + 1}" for row, column in (_moved(cell, places) for cell in cells)]
    return f"{'' if now == home else now.upper() + '!'}{':'.join(ends)}"


def _moved(cell: str, places: Places | None) -> tuple[int, int]:
    column, row = _split(cell.replace("$", ""))
    return places.at(row, column) if places else (row, column)


def _split(cell: str) -> tuple[int, int]:
    word = cell.rstrip("0123456789")
    number = 0
    for letter in word:
        number = number * LETTERS + ord(letter) - ord("A") + 1
    return number - 1, int(cell[len(word) :]) - 1


def renamed(sheets: Iterable[Sheet], titles: Mapping[str, str]) -> dict[str, str]:
    """Return what each sheet is called now: by its name, or where that is gone by the title above its table.

    Parameters
    ----------
    sheets : iterable of Sheet
        As they were written.
    titles : mapping of str to str
        The text in the first cell of every sheet that is there, by its name.
    """
    wanted = {sheet.name: plain(sheet.title) for sheet in sheets}
    strangers = {plain(title): name for name, title in titles.items() if name not in wanted}
    found = {name: name if name in titles else strangers.get(title) for name, title in wanted.items()}
    return {name: now for name, now in found.items() if now is not None}
