"""Which column holds what on the sheets that have years across: the same column is the same year on all of them."""

from __future__ import annotations

from sroi.workbook.request import Request

# What, for which row, delivery year, unit, in words, opening balance; then the years.
LEADING = ("What", "For", "Cohort", "Unit", "In words", "Opening, or one value")
WHAT, FOR, COHORT, UNIT, WORDS, OPENING = range(len(LEADING))
FIRST_YEAR = len(LEADING)
LEADING_WIDTHS = {WHAT: 30, FOR: 28, COHORT: 9, UNIT: 16, WORDS: 36, OPENING: 12}
YEAR_WIDTH = 14


def year_widths(years: int) -> dict[int, float]:
    """Return the widths of the columns of a sheet with so many years."""
    return {**LEADING_WIDTHS, **dict.fromkeys(range(FIRST_YEAR, FIRST_YEAR + years), YEAR_WIDTH)}


def year_headers(request: Request) -> list[str]:
    """Return the heading of each year."""
    return request.calendar
