"""Read one cell of a Value Map as people fill them in: "£1,234", "27%", 27 under a percent heading, "see notes"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from sroi.errors import brief, shown
from sroi.workbook.guard import readable

LONGEST_LABEL = 120
LONGEST_TEXT = 20_000
LONGEST_HEADING = 200
# Beyond this no amount or number of people can be meant, and sums lose their pence.
LARGEST_NUMBER = 1e15
PERCENT = 100

# A number as written in a cell, then nothing or a remark. "1-2", "1.2m" and "1,5" are not one plain number.
_NUMBER = re.compile(
    r"(?P<open>\()?(?P<sign>[-−–])? ?(?:GBP|USD|[£$€])? ?(?P<sign2>[-−–])?"
    r"(?P<size>\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r" ?(?P<percent>%)?(?P<close>\))?(?P<rest>$|[\s(;].*|[-−–—] .*|, .*)",
    re.DOTALL,
)
_SCALE = re.compile(r"\s*(?:k|m|mn|bn|thousand|million|billion|to|or|and)\b|\s*(?:[-–/] ?\d|:)", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """One cell that holds something: where, what, and whether its number is shown in percent."""

    at: str
    value: Any
    percent: bool = False

    @cached_property
    def text(self) -> str:
        """What the cell says, on one line, its control characters made visible."""
        value = self.value
        said = f"{value:.15g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
        return brief(" ".join(said.split()), LONGEST_TEXT)

    @cached_property
    def label(self) -> str:
        """The text, short enough for a label."""
        return brief(self.text, LONGEST_LABEL)

    @cached_property
    def words(self) -> str:
        """The beginning of the text as headings and labels are compared."""
        return normal(self.text)

    @property
    def found(self) -> str:
        """The value as messages quote it."""
        return shown(self.value)

    @property
    def written(self) -> Written | None:
        """The number that the cell holds, or ``None``."""
        if isinstance(self.value, bool):
            return None
        if isinstance(self.value, int | float):
            number = float(self.value)
            return Written(number, self.percent) if abs(number) <= LARGEST_NUMBER else None
        return _of_text(self.value) if isinstance(self.value, str) else None

    @property
    def number(self) -> float | None:
        """The number of the cell; 27% is 0.27."""
        written = self.written
        return None if written is None else written.number

    @property
    def last_digit(self) -> float:
        """The size of one in the last digit that is written: 0.01 for 1.39."""
        number = self.number
        return 0.0 if number is None else math.pow(10, min(0, int(Decimal(repr(number)).as_tuple().exponent)))


@dataclass(frozen=True)
class Written:
    """A number, whether percent is said with it (it is a fraction then), and the remark after it."""

    number: float
    percent: bool
    remark: str = ""


def _of_text(text: str) -> Written | None:
    # A text longer than any number with its remark is not searched.
    match = _NUMBER.fullmatch(text[:LONGEST_TEXT].strip())
    if match is None or _SCALE.match(match["rest"]):
        return None
    size = float(re.sub(r"[, \u00a0\u202f]", "", match["size"]))
    if size > LARGEST_NUMBER:
        return None
    bracketed = bool(match["open"] and match["close"])
    negative = bool(match["sign"] or match["sign2"] or bracketed)
    number = (-size if negative else size) / (PERCENT if match["percent"] else 1)
    return Written(number, bool(match["percent"]), " ".join(match["rest"].strip(" \n\t(),;:-−–—").split()))


def cells_of(rows: list[tuple[Any, ...]], name: str) -> dict[int, dict[int, Cell]]:
    """Return the cells that hold something, by row and column, each counted from 1."""
    grid: dict[int, dict[int, Cell]] = {}
    with readable(name):
        for number, row in enumerate(rows, 1):
            found = {}
            for column, cell in enumerate(row, 1):
                value = cell.value
                if value is None or (isinstance(value, str) and not value.strip()):
                    continue
                percent = isinstance(value, int | float) and "%" in str(cell.number_format)
                found[column] = Cell(f"{letters(column)}{number}", value, percent)
            if found:
                grid[number] = found
    return grid


def normal(text: str) -> str:
    """Return the beginning of a text in small letters on one line, without marks around its words."""
    return re.sub(r"\s+", " ", re.sub(r"[*_:#\"'’?]+", " ", text[:LONGEST_HEADING].lower())).strip()


def letters(column: int) -> str:
    """Return the letters of a column: A for 1, AA for 27."""
    said, alphabet = "", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    while column:
        column, place = divmod(column - 1, len(alphabet))
        said = alphabet[place] + said
    return said
