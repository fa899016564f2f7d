"""Where a line of the method stands on the sheets, and how a formula refers to it."""

from __future__ import annotations

from dataclasses import dataclass

from sroi.workbook.grid import Sheet

# The axes that a line can have; those of rows run down, those of columns across.
OUTCOME, COST, COHORT_OF, YEAR, EFFECT = "outcome", "cost", "cohort", "year", "effect"
DOWN, ACROSS = frozenset({OUTCOME, COST, COHORT_OF}), frozenset({YEAR, EFFECT})


@dataclass(frozen=True)
class At:
    """The cell that is being written: its sheet, and which outcome or cost, cohort and year it is for."""

    sheet: Sheet
    row: int = 0
    cohort: int = 0
    year: int = 0


@dataclass(frozen=True)
class Block:
    """A line on a sheet: one cell for each place along its axes.

    Attributes
    ----------
    sheet : Sheet
    first : tuple of int
        The row and column of the first cell.
    axes : frozenset of str
    cohorts : int
        How many rows one outcome has, where the axis of cohorts runs down; else 1.
    """

    sheet: Sheet
    first: tuple[int, int]
    axes: frozenset[str]
    cohorts: int = 1

    def place(self, row: int, cohort: int, year: int) -> tuple[int, int]:
        """Return the row and column of one cell."""
        down = row * self.cohorts if self.axes & {OUTCOME, COST} else 0
        down += cohort if COHORT_OF in self.axes else 0
        return self.first[0] + down, self.first[1] + (year if self.axes & ACROSS else 0)

    @property
    def fix(self) -> str:
        """What stays where it is when a formula is copied along the block's axes."""
        return "r" * (not self.axes & DOWN) + "c" * (not self.axes & ACROSS)

    def at(self, at: At) -> str:
        """Return the reference to the cell for the same outcome, cohort and year."""
        return self.sheet.cell(*self.place(at.row, at.cohort, at.year), at.sheet, fix=self.fix)

    def before(self, at: At) -> str:
        """Return the reference to the cell of the year before; for the first year to the opening balance."""
        return self.sheet.cell(*self.place(at.row, at.cohort, at.year - 1), at.sheet, fix=self.fix)

    def along(self, at: At, axis: str, count: int) -> str:
        """Return the reference to all cells along one axis."""
        ends = []
        for end in (0, count - 1):
            row = end if axis in (OUTCOME, COST) else at.row
            cohort = end if axis == COHORT_OF else at.cohort
            year = end if axis in ACROSS else at.year
            ends.append(self.place(row, cohort, year))
        fix = ("r" if axis in DOWN or not self.axes & DOWN else "") + ("c" if axis in ACROSS else self.fix.strip("r"))
        return self.sheet.range(ends[0], ends[1], at.sheet, fix=fix)
