"""What a Value Map leaves open, and what had to be assumed: one list, in the order in which it is met."""

from __future__ import annotations

from dataclasses import dataclass, field

from sroi.workbook.value_map_cells import LONGEST_TEXT, Cell

COLUMNS = ("sheet", "cell", "gap", "write")


@dataclass
class Gaps:
    """The gaps of one sheet."""

    sheet: str
    rows: list[dict[str, str]] = field(default_factory=list)

    def add(self, cell: Cell | str, gap: str, write: str) -> None:
        """Note what is missing or was assumed at a cell, and what to write there."""
        at = cell.at if isinstance(cell, Cell) else cell
        self.rows.append(dict(zip(COLUMNS, (self.sheet, at, gap, write), strict=True)))

    def text(self, cell: Cell) -> str:
        """Return what a cell says, and note where that is more than a service file holds."""
        if len(str(cell.value)) > LONGEST_TEXT:
            self.add(cell, f"holds more than {LONGEST_TEXT:,} characters: the rest is left out", "a shorter text")
        return cell.text
