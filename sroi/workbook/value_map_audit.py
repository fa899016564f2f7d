"""Compare what a Value Map comes to with what its own numbers come to, and say why the two differ.

The engine works out the imported service under the convention `svi`, and again under one other way of working at a
time: a known convention, or a known slip. A way that gives the sheet's figure is its reason. Where none does, the
figure is worked out from the sheet's own figures: it may follow from one that differs already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sroi.formula import Array
from sroi.service import Service
from sroi.workbook.value_map_cells import Cell
from sroi.workbook.value_map_rows import Row, Sheet
from sroi.workbook.value_map_service import CONVENTION
from sroi.workbook.value_map_ways import Way, of_inputs, our_rate, ways

COLUMNS = ("what", "cell", "sheet", "ours", "difference", "reason")
ROUNDING = 1e-9
UNEXPLAINED = "unexplained: neither a known convention nor the sheet's own cells give it"


class Audit:
    """The sheet's figures beside ours, one after the other."""

    def __init__(self, service: Service, sheet: Sheet, rows: list[Row], repeated: dict[str, int]) -> None:
        self.sheet, self.rows, self.service = sheet, rows, service
        self.ours, *self.others = ways(service, sheet)
        self.inputs = list(of_inputs(service, repeated, self.ours.single["inputs"] or 0.0))
        self.found: list[dict[str, Any]] = []

    def run(self) -> list[dict[str, Any]]:
        """Return what differs: the figure, the sheet's, ours, the difference, the reason."""
        self._discount_rate()
        for place, row in enumerate(self.rows):
            self._row_impact(place, row)
            self._row_years(place, row)
        summary = self.sheet.summary
        self._single("impact", "Total impact", self._sum_of("impact"))
        self._yearly("Total", summary.totals, lambda way: way.totals, self._sums_by_year)
        self._single("inputs", "Total inputs", self._sum_of("input_value"))
        self._yearly("Present value", summary.present_values, lambda way: way.present, self._discounted)
        self._single("total_pv", "Total present value", self._from_years())
        total, inputs = self._stated("total_pv"), self._stated("inputs")
        if total is not None and inputs is not None:
            self._single("npv", "Net present value", [("follows from the figures above", total - inputs)])
            self._ratio(total, inputs)
        else:
            self._ratio(None, None)
        return self.found

    # What is compared -----------------------------------------------------------------------------------------

    def _discount_rate(self) -> None:
        rate, ours = self.sheet.summary.rate, our_rate()
        if rate is not None and rate != ours:
            reason = f"{CONVENTION} discounts at a flat {ours:.1%}; both rates are in use"
            self._note("Discount rate", self.sheet.summary.single["rate"], rate, ours, reason)

    def _row_impact(self, place: int, row: Row) -> None:
        cell = row.cells.get("impact")
        ours = float(self.ours.impact[place])
        if cell is None or cell.number is None or near(ours, cell.number, cell.last_digit):
            return
        tried = ((way.reason, float(way.impact[place])) for way in self.others)
        self._note(f"Impact of {self._name(place)}", cell, cell.number, ours, self._reason(cell, tried))

    def _row_years(self, place: int, row: Row) -> None:
        """Compare the years of a row, beside what the sheet itself takes for its impact."""
        stated = {year: cell for year, cell in row.years.items() if cell.number is not None}
        ours = self.ours.by_row[place]
        # An empty cell stands for 0 where the row has others.
        wrong = [y for y, cell in stated.items() if not near(_at(ours, y), cell.number or 0.0, cell.last_digit)]
        empty = [y for y in self.sheet.headings.years if stated and y not in row.years and _at(ours, y) != 0]
        if not wrong and not empty:
            return
        impact = row.number_of("impact")
        impact = float(self.ours.impact[place]) if impact is None else impact

        def gives(way: Way) -> bool:
            own = float(way.impact[place])
            scale = impact / own if own else 0.0
            years = self.sheet.headings.years
            return all(near(_at(way.by_row[place], y) * scale, *_number(stated.get(y))) for y in years)

        reason = "follows from the row's impact" if gives(self.ours) else None
        reason = reason or next((way.reason for way in self.others if gives(way)), UNEXPLAINED)
        first = min([*wrong, *empty])
        more = f" (and {len(wrong) + len(empty) - 1} more)" if len(wrong) + len(empty) > 1 else ""
        what = f"{self.sheet.headings.years[first][1]} of {self._name(place)}{more}"
        cell = stated.get(first) or Cell(f"row {row.number}", 0)
        self._note(what, cell, cell.number or 0.0, _at(ours, first), reason)

    def _yearly(
        self,
        what: str,
        cells: dict[int, Cell],
        of: Callable[[Way], Array],
        own: Callable[[], Iterator[tuple[str, Array]]],
    ) -> None:
        """Compare a line below the rows, one figure for each year."""

        def agree(figures: Array) -> bool:
            return all(near(_at(figures, y), cell.number or 0.0, self._width(cell)) for y, cell in cells.items())

        ours = of(self.ours)
        if not cells or agree(ours):
            return
        tried = [*((way.reason, of(way)) for way in self.others), *own()]
        reason = next((reason for reason, figures in tried if agree(figures)), UNEXPLAINED)
        wrong = [y for y, cell in cells.items() if not near(_at(ours, y), cell.number or 0.0, self._width(cell))]
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        cell = cells[wrong[0]]
        what = f"{what}, {self.sheet.headings.years[wrong[0]][1]}{more}"
        self._note(what, cell, cell.number or 0.0, _at(ours, wrong[0]), reason)

    def _single(self, name: str, what: str, own: list[tuple[str, float]]) -> None:
        cell = self.sheet.summary.single.get(name)
        ours = self.ours.single[name]
        if cell is None or cell.number is None or (ours is not None and near(ours, cell.number, self._width(cell))):
            return
        tried = self._tried(name)
        self._note(what, cell, cell.number, ours, self._reason(cell, [*tried, *own], self._width(cell)))

    def _tried(self, name: str) -> list[tuple[str, float | None]]:
        """Return what a single figure comes to in each other way."""
        total = self.ours.single["total_pv"] or 0.0
        found = [(way.reason, way.single[name]) for way in self.others]
        for reason, inputs in self.inputs:
            of = {"inputs": inputs, "npv": total - inputs, "ratio": total / inputs if inputs else None}
            found.append((reason, of.get(name)))
        return found

    def _ratio(self, total: float | None, inputs: float | None) -> None:
        cell, stated = self.sheet.summary.single.get("ratio"), self.sheet.summary.ratio
        ours = self.ours.single["ratio"]
        if cell is None or stated is None:
            return
        cell = Cell(cell.at, stated)
        if ours is not None and near(ours, stated, cell.last_digit):
            return
        tried = self._tried("ratio")
        tried.append(("the net present value, and not the present value, is divided", _less_one(ours)))
        if total is not None and inputs:
            tried.append(("follows from the figures above", total / inputs))
            tried.append(("the sheet's net present value is divided", (total - inputs) / inputs))
        plain = sum(_number(found)[0] for found in self.sheet.summary.totals.values())
        if plain and inputs:
            tried.append(("the sheet's totals are divided before they are discounted", plain / inputs))
        reason = "no input with a value could be read" if ours is None else self._reason(cell, tried)
        self._note("Social return for each unit invested", cell, stated, ours, reason)

    # From the sheet's own figures -----------------------------------------------------------------------------

    def _sum_of(self, column: str) -> list[tuple[str, float]]:
        """Return the sum of a column as the sheet has it, and what it would be without one of its rows."""
        values = [row.number_of(column) or 0.0 for row in self.sheet.rows]
        return list(_sums(values, [row.number for row in self.sheet.rows]))

    def _sums_by_year(self) -> Iterator[tuple[str, Array]]:
        width = len(self.sheet.headings.years)
        values = [np.array([_number(row.years.get(y))[0] for y in range(width)]) for row in self.rows]
        yield from _sums(values, [row.number for row in self.rows])

    def _year_totals(self) -> Array:
        """Return the sheet's totals; the sums of its rows, then ours, where it states none."""
        if self.sheet.summary.totals:
            return np.array([_number(self.sheet.summary.totals.get(y))[0] for y in self.sheet.headings.years])
        if any(row.years for row in self.rows):
            return next(self._sums_by_year())[1]
        return self.ours.totals

    def _discounted(self) -> Iterator[tuple[str, Array]]:
        totals = self._year_totals()
        for way in (self.ours, *self.others):
            size = min(len(totals), len(way.factors))
            yield way.reason or "follows from the totals", totals[:size] * way.factors[:size]

    def _from_years(self) -> list[tuple[str, float]]:
        present = self.sheet.summary.present_values
        own = [("follows from the present values above", sum(_number(cell)[0] for cell in present.values()))]
        return [*(own if present else []), *((reason, float(array.sum())) for reason, array in self._discounted())]

    def _stated(self, name: str) -> float | None:
        cell = self.sheet.summary.single.get(name)
        return self.ours.single[name] if cell is None or cell.number is None else cell.number

    # Saying it ------------------------------------------------------------------------------------------------

    def _width(self, cell: Cell) -> float:
        """Return how far rounding may carry a sum of the rows: one last digit for each."""
        return cell.last_digit * max(1, len(self.rows))

    def _name(self, place: int) -> str:
        return repr(self.service.outcomes[place].name)

    def _reason(self, cell: Cell, tried: Any, width: float | None = None) -> str:
        number, digit = _number(cell)[0], cell.last_digit if width is None else width
        found = (reason for reason, value in tried if value is not None and near(value, number, digit))
        return next(found, UNEXPLAINED)

    def _note(self, what: str, cell: Cell, sheet: float, ours: float | None, reason: str) -> None:
        difference = None if ours is None else sheet - ours
        self.found.append(dict(zip(COLUMNS, (what, cell.at, sheet, ours, difference, reason), strict=True)))


def near(ours: float, sheet: float, last_digit: float) -> bool:
    """Whether two figures are equal as far as the sheet's last digit says."""
    return abs(ours - sheet) <= last_digit / 2 + ROUNDING * max(abs(ours), abs(sheet), 1)


def _number(cell: Cell | None) -> tuple[float, float]:
    """Return the number of a cell, 0 where it is empty, and its last digit."""
    return (0.0, 0.0) if cell is None else (cell.number or 0.0, cell.last_digit)


def _at(figures: Array, year: int) -> float:
    return float(figures[year]) if year < len(figures) else 0.0


def _less_one(ratio: float | None) -> float | None:
    return None if ratio is None else ratio - 1


def _sums(values: list[Any], numbers: list[int]) -> Iterator[tuple[str, Any]]:
    """Yield the sum, then the sum without each row: a range that ends too early."""
    total = sum(values)
    yield "follows from the rows above", total
    for value, number in zip(values, numbers, strict=True):
        yield f"row {number} is left out of the sum", total - value
    yield "every row is counted twice, as where subtotals are added in", 2 * total
