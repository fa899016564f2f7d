"""The internal rate of return by halving, in plain formulas: a spreadsheet's own IRR finds wrong rates or none.

As the engine does: stated only where the net flow changes sign exactly once, and searched for as the logarithm of the
discount factor, which keeps every power a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sroi.stated import WIDEST_POWER, WIDEST_RATE
from sroi.workbook.blocks import YEAR, At
from sroi.workbook.calculation import Calculation
from sroi.workbook.columns import (
    COHORT,
    FIRST_YEAR,
    FOR,
    LEADING,
    OPENING,
    UNIT,
    WHAT,
    WORDS,
    year_headers,
    year_widths,
)
from sroi.workbook.grid import HEADER_ROW, Formula, Sheet
from sroi.workbook.layout import ALL, FIRST
from sroi.workbook.request import Request

STEPS = 50
FLOW, SIGN, CHANGE, POWER, FROM, TO = range(6)
ROWS = (
    ("Net flow in the year", "money", "from Yearly"),
    ("Sign so far", "sign", "of the last flow that is not 0"),
    ("Changes of sign", "count", "1 where the sign is another than before"),
    ("Years from the first flow", "years", "0 where nothing flows"),
    ("Year, where something flows", "years", "else the horizon: the least is the first flow"),
    ("Year, where something flows", "years", "else 0: the most is the last flow"),
)
SEARCH_HEADERS = ("Step", "Least", "Most", "Middle")


@dataclass(frozen=True)
class RateOfReturn:
    """Where the rate is worked out: a sheet of flows and a sheet of halvings, and the cells that decide."""

    sheets: tuple[Sheet, Sheet]
    changes: str
    opposite: str
    log: str

    def value(self, home: Sheet) -> str:
        """Return the formula of the rate."""
        return f'IF({self.changes}<>1,"undefined",IF({self.opposite}>=0,"undefined",EXP(0-{self.log})-1))'

    def status(self, why: Callable[[str], str], home: Sheet) -> str:
        """Return the formula of the reason why there is none."""
        return f'IF({self.changes}<>1,{why("no_single_sign_change")},IF({self.opposite}>=0,{why("outside_search")},""))'


def rate_of_return(request: Request, calculation: Calculation) -> RateOfReturn:
    """Write both sheets."""
    flows = Sheet("IRR flows", "workings", "Internal rate of return: flows", "What the search for the rate runs over.")
    search = Sheet(
        "IRR search", "workings", "Internal rate of return: search",
        "Halving between two ends, where x is the logarithm of the discount factor of a year: rate = exp(-x) - 1.",
    )  # fmt: skip
    numbers = calculation.engine("net_flow").reshape(-1)
    numbers = np.broadcast_to(numbers, (request.years,)).astype(float)
    _flows(flows, request, calculation, numbers)
    first, last = _ends(flows, numbers)
    _search(search, flows, request, numbers, first, last)
    changes = flows.cell(FIRST + CHANGE, OPENING)
    return RateOfReturn((flows, search), changes, search.cell(FIRST, 5), search.cell(FIRST + STEPS, 3))


def _flows(sheet: Sheet, request: Request, calculation: Calculation, numbers: np.ndarray) -> None:
    sheet.header(HEADER_ROW, (*LEADING, *year_headers(request)), "tbl_irr_flows", len(ROWS))
    sheet.widths, sheet.frozen = year_widths(request.years), (FIRST, 2)
    for place, (label, unit, words) in enumerate(ROWS):
        said = request.unit(unit)
        for column, text in ((WHAT, label), (FOR, ALL), (COHORT, ALL), (UNIT, said), (WORDS, words)):
            sheet.put(FIRST + place, column, text, "wrapped")
    sheet.put(FIRST + SIGN, OPENING, 0.0, "constant_whole")
    net, t = calculation.block("net_flow"), calculation.layout.t
    flowing = numbers != 0
    first = int(flowing.argmax()) if flowing.any() else request.years
    before = 0.0
    for year, number in enumerate(numbers):
        at, column = At(sheet, year=year), FIRST_YEAR + year
        flow, sign, earlier = (
            sheet.cell(FIRST + row, column - back, sheet, fix="r") for row, back in ((FLOW, 0), (SIGN, 0), (SIGN, 1))
        )
        after = before if number == 0 else math.copysign(1.0, number)
        start = sheet.cell(FIRST + FROM, OPENING, sheet)
        texts: tuple[tuple[str, float], ...] = (
            (net.at(at) if YEAR in net.axes else net.at(At(sheet)), float(number)),
            (f"IF({flow}=0,{earlier},SIGN({flow}))", after),
            (f"IF(({earlier}*{sign})<0,1,0)", float(before * after < 0)),
            (f"IF({flow}=0,0,{t.at(at)}-{start})", float(year - first) if number else 0.0),
            (f"IF({flow}=0,horizon,{t.at(at)})", float(year) if number else float(request.years)),
            (f"IF({flow}=0,0,{t.at(at)})", float(year) if number else 0.0),
        )
        for row, (text, value) in enumerate(texts):
            sheet.put(FIRST + row, column, Formula(text, value), "money" if row == FLOW else "whole")
        before = after


def _ends(sheet: Sheet, numbers: np.ndarray) -> tuple[float, float]:
    """Write the count of changes and the first and last year in which something flows, where other rows open."""
    years = np.arange(numbers.size)
    flowing = numbers != 0
    first = float(years[flowing].min()) if flowing.any() else float(numbers.size)
    last = float(years[flowing].max()) if flowing.any() else 0.0
    signs = np.sign(numbers[flowing])
    changes = float((signs[1:] * signs[:-1] < 0).sum())
    for row, function, value in ((CHANGE, "SUM", changes), (FROM, "MIN", first), (TO, "MAX", last)):
        span = sheet.range((FIRST + row, FIRST_YEAR), (FIRST + row, FIRST_YEAR + numbers.size - 1), sheet)
        sheet.put(FIRST + row, OPENING, Formula(f"{function}({span})", value), "whole")
    return first, last


def _search(sheet: Sheet, flows: Sheet, request: Request, numbers: np.ndarray, first: float, last: float) -> None:
    sheet.header(HEADER_ROW, SEARCH_HEADERS, "tbl_irr_search", STEPS + 1)
    ends = (FIRST_YEAR, FIRST_YEAR + request.years - 1)
    money, power = (flows.range((FIRST + row, ends[0]), (FIRST + row, ends[1])) for row in (FLOW, POWER))
    powers = np.where(numbers != 0, np.arange(numbers.size) - first, 0.0)

    def worth(x: float) -> float:
        with np.errstate(all="ignore"):
            return float((numbers * np.exp(x) ** powers).sum())

    def said(place: str) -> str:
        return f"SUMPRODUCT({money},EXP({place})^{power})"

    sheet.put(FIRST, 6, float(-WIDEST_RATE), "constant_whole")
    sheet.put(FIRST, 7, float(WIDEST_RATE), "constant_whole")
    sheet.put(FIRST, 8, float(WIDEST_POWER), "constant_whole")
    for column, text in ((4, "Sign at the least"), (5, "Signs at the ends multiplied"), (6, "Least that is searched"),
                         (7, "Most that is searched"), (8, "Largest power")):  # fmt: skip
        sheet.put(HEADER_ROW, column, text, "label_wrapped")
    start, until = (flows.cell(FIRST + row, OPENING) for row in (FROM, TO))
    low, high = float(-WIDEST_RATE), min(WIDEST_POWER / max(1.0, last - first), float(WIDEST_RATE))
    cells = [sheet.cell(FIRST, column, sheet) for column in range(9)]
    sign_low = float(np.sign(worth(low)))
    sheet.put(FIRST, 4, Formula(f"SIGN({said(cells[1])})", sign_low), "whole")
    both = sign_low * float(np.sign(worth(high)))
    sheet.put(FIRST, 5, Formula(f"{cells[4]}*SIGN({said(cells[2])})", both), "whole")
    for step in range(STEPS + 1):
        row = FIRST + step
        middle = (low + high) / 2
        sheet.put(row, 0, float(step), "constant_whole")
        here = [sheet.cell(row, column, sheet, fix="c") for column in range(4)]
        above = [sheet.cell(row - 1, column, sheet, fix="c") for column in range(4)]
        if step:
            same = f"SIGN({said(above[3])})={cells[4]}"
            texts = f"IF({same},{above[3]},{above[1]})", f"IF({same},{above[2]},{above[3]})"
        else:
            texts = cells[6], f"MIN({cells[8]}/MAX(1,{until}-{start}),{cells[7]})"
        for column, text, value in ((1, texts[0], low), (2, texts[1], high)):
            sheet.put(row, column, Formula(text, value), "factor")
        sheet.put(row, 3, Formula(f"({here[1]}+{here[2]})/2", middle), "factor")
        if np.sign(worth(middle)) == sign_low:
            low = middle
        else:
            high = middle
    sheet.widths = dict.fromkeys(range(9), 18)
