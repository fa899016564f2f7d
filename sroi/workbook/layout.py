"""The sheets of workings, and the next free place on each: columns for what outcomes have, rows for what years have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sroi.workbook.blocks import COHORT_OF, COST, EFFECT, OUTCOME, YEAR, Block
from sroi.workbook.columns import COHORT, FIRST_YEAR, FOR, LEADING, OPENING, UNIT, WHAT, WORDS, year_widths
from sroi.workbook.grid import HEADER_ROW, Formula, Sheet
from sroi.workbook.request import Request

FIRST = HEADER_ROW + 1
# Longest effect that the sheet Effect has room for beyond what is stated, and the longest there can be.
ROOM, LONGEST = 10, 200
LONGEST_HEADER = 120
NAME_WIDTH, NUMBER_WIDTH, MONEY_WIDTH = 30, 13, 14
# What stands for every outcome, cost or cohort.
ALL = "all"
STYLES = {"money": "money", "ratio": "ratio", "share": "share", "years": "years", "factor": "factor", "rate": "rate"}


@dataclass
class Columns:
    """A sheet with one row for each outcome, cost or cohort, and a column for each line."""

    sheet: Sheet
    headers: list[str]
    rows: int
    money: str
    """What money is in, with its year of prices: it stands in the heading."""
    wide: set[int] = field(default_factory=set)

    def add(self, label: str, unit: str = "") -> int:
        """Return the place of a new column, its heading with its unit and unlike all others."""
        short = label if len(label) <= LONGEST_HEADER else f"{label[: LONGEST_HEADER - 1]}…"
        if unit in ("money", "years"):
            short = f"{short} ({self.money if unit == 'money' else unit})"
        if unit == "money":
            self.wide.add(len(self.headers))
        alike = sum(header.casefold().startswith(short.casefold()) for header in self.headers)
        self.headers.append(short if not alike else f"{short} ({alike + 1})")
        return len(self.headers) - 1

    def finish(self, name: str) -> None:
        """Write the header row."""
        self.sheet.header(HEADER_ROW, self.headers, name, self.rows)
        self.sheet.widths = {
            place: MONEY_WIDTH if place in self.wide else NUMBER_WIDTH if place else NAME_WIDTH
            for place in range(len(self.headers))
        }
        self.sheet.frozen = (FIRST, 1)


@dataclass
class Rows:
    """A sheet with years across, and one row after another."""

    sheet: Sheet
    years: list[str]
    next: int = FIRST

    def take(self, count: int) -> int:
        """Return the first of so many new rows."""
        first, self.next = self.next, self.next + count
        return first

    def finish(self, name: str) -> None:
        """Write the header row."""
        self.sheet.header(HEADER_ROW, (*LEADING, *self.years), name, self.next - FIRST)
        self.sheet.widths = year_widths(len(self.years))
        self.sheet.frozen = (FIRST, 2)


@dataclass(frozen=True)
class Listed:
    """One line in the list of all lines: where it stands, what it is, in words and by its first formula."""

    block: Block
    label: str
    unit: str
    words: str
    key: str = ""


@dataclass
class Layout:
    """Where the lines of one service go."""

    request: Request
    longest: int
    listed: list[Listed] = field(default_factory=list)

    def __post_init__(self) -> None:
        request, service = self.request, self.request.service
        self.effect_years = min(LONGEST, max(request.years, self.longest) + ROOM)
        self._lengths = {
            OUTCOME: len(service.outcomes), COST: len(service.costs), COHORT_OF: request.cohorts, YEAR: request.years,
            EFFECT: self.effect_years,
        }  # fmt: skip
        self.outcomes = self._columns(
            "Outcomes", "Outcomes", "One row for each outcome: what it takes from the inputs, and its present value.",
            ["Outcome", "Stakeholder", "Bearer", "Kind", "Counterpart of a transfer"], len(service.outcomes),
        )  # fmt: skip
        self.costs = self._columns(
            "Costs", "Costs", "One row for each cost: what it takes from the inputs, and its present value.",
            ["Cost", "Funder", "Kind", "Cash or in kind", "Recurrence"], len(service.costs),
        )  # fmt: skip
        self.impact = self._columns(
            "Impact", "Impact of each cohort", "One row for each outcome and delivery year: how many, and what is owed"
            " to the service.", ["Outcome", "Delivery year", "Years from the first"],
            len(service.outcomes) * request.cohorts,
        )  # fmt: skip
        self.cohorts = self._rows("Cohorts", "Cohorts", "What remains of the impact of each cohort, year by year.")
        self.yearly = self._rows("Yearly", "Year by year", "Outcomes, costs and their totals in each year.")
        effect = [f"Year {year + 1} of effect" for year in range(self.effect_years)]
        self.effect = Rows(
            Sheet("Effect", "workings", "Years of effect", "How long an effect lasts, for the bridge from gross to net:"
                  " years since its onset, whatever the horizon."), effect,
        )  # fmt: skip
        self.workings = self._rows("Workings", "The service's own lines", "What the service works out from its inputs.")
        if not self.request.by_year & set(service.lines):
            self.workings.years = []
        self.totals = Rows(
            Sheet("Totals", "workings", "Totals", "Every result before it is stated on Results, and what it rests on."),
            [],
        )
        self._rows_of_what_there_is()

    def _columns(self, name: str, title: str, said: str, headers: list[str], rows: int) -> Columns:
        return Columns(Sheet(name, "workings", title, said), headers, rows, self.request.unit("money"))

    def _rows(self, name: str, title: str, said: str) -> Rows:
        return Rows(Sheet(name, "workings", title, said), self.request.calendar)

    def _rows_of_what_there_is(self) -> None:
        service = self.request.service
        for row, outcome in enumerate(service.outcomes, FIRST):
            for column, text in enumerate(
                (outcome.name, outcome.stakeholder, outcome.bearer, outcome.kind, outcome.counterpart or "")
            ):
                self.outcomes.sheet.put(row, column, text, "wrapped" if not column else "text")
        for row, cost in enumerate(service.costs, FIRST):
            for column, text in enumerate((cost.name, cost.funder, cost.kind, cost.payment, cost.recurrence)):
                said = text.replace("_", " ") if column > 1 else text
                self.costs.sheet.put(row, column, said, "text" if column else "wrapped")
        self.c = Block(self.impact.sheet, (FIRST, 2), frozenset({OUTCOME, COHORT_OF}), self.request.cohorts)
        for place in range(self.impact.rows):
            number, cohort = divmod(place, self.request.cohorts)
            self.impact.sheet.put(FIRST + place, 0, service.outcomes[number].name, "wrapped")
            self.impact.sheet.put(FIRST + place, 1, str(service.about.first_year + cohort))
            self.impact.sheet.put(FIRST + place, 2, float(cohort), "constant_whole")
        self.t = self._counted(self.yearly, "Years from the first", frozenset({YEAR}), self.request.years)
        self.a = self._counted(self.effect, "Years since onset", frozenset({EFFECT}), self.effect_years)

    def _counted(self, rows: Rows, label: str, axes: frozenset[str], count: int) -> Block:
        """Write the row that counts years from 0."""
        block = Block(rows.sheet, (rows.take(1), FIRST_YEAR), axes)
        row = block.first[0]
        rows.sheet.put(row, WHAT, label)
        for column in (FOR, COHORT):
            rows.sheet.put(row, column, ALL)
        rows.sheet.put(row, UNIT, "years")
        rows.sheet.put(row, WORDS, "counted from 0", "wrapped")
        rows.sheet.put(row, OPENING, -1.0, "constant_whole")
        for year in range(count):
            before = rows.sheet.cell(row, FIRST_YEAR + year - 1, rows.sheet, fix="r")
            rows.sheet.put(row, FIRST_YEAR + year, Formula(f"{before}+1", float(year)), "whole")
        return block

    # Places -----------------------------------------------------------------------------------------------------------

    def length(self, axis: str) -> int:
        """Return how many places an axis has."""
        return self._lengths[axis]

    def count(self, axes: frozenset[str]) -> int:
        """Return how many rows a block with these axes has, its cohorts counted as one."""
        return self._lengths[OUTCOME if OUTCOME in axes else COST] if axes & {OUTCOME, COST} else 1

    def places(self, axes: frozenset[str]) -> Iterator[tuple[int, int, int]]:
        """Yield outcome or cost, cohort and year of every cell of a block."""
        across = YEAR if YEAR in axes else EFFECT if EFFECT in axes else ""
        for row in range(self.count(axes)):
            for cohort in range(self._lengths[COHORT_OF] if COHORT_OF in axes else 1):
                for year in range(self._lengths[across] if across else 1):
                    yield row, cohort, year

    def new(self, key: str, label: str, unit: str, words: str, axes: frozenset[str]) -> Block:
        """Return a new place for a line, on the sheet that has its axes."""
        down, across = axes & {OUTCOME, COST, COHORT_OF}, axes & {YEAR, EFFECT}
        cohorts = self.request.cohorts if COHORT_OF in axes else 1
        if down and not across:
            columns = self.impact if COHORT_OF in axes else self.outcomes if OUTCOME in axes else self.costs
            block = Block(columns.sheet, (FIRST, columns.add(label, unit)), axes, cohorts)
        elif across:
            rows = self.effect if EFFECT in axes else self.cohorts if COHORT_OF in axes else self.yearly
            block = Block(rows.sheet, (rows.take(self.count(axes) * cohorts), FIRST_YEAR), axes, cohorts)
            self._lead(block, label, unit, words)
        else:
            block = Block(self.totals.sheet, (self.totals.take(1), TOTAL), axes)
            said = (
                (TOTAL_NAME, key),
                (TOTAL_LABEL, label),
                (TOTAL_UNIT, self.request.unit(unit)),
                (TOTAL_WORDS, words),
            )
            for column, text in said:
                block.sheet.put(block.first[0], column, text, "wrapped" if column != TOTAL_UNIT else "text")
        self.listed.append(Listed(block, label, self.request.unit(unit), words, key))
        return block

    def new_working(self, name: str, label: str, unit: str, words: str, axes: frozenset[str]) -> Block:
        """Return a new place for a line of the service: one number stands where other rows have their opening."""
        block = Block(self.workings.sheet, (self.workings.take(1), FIRST_YEAR if axes else OPENING), axes)
        self._lead(block, label, unit, words, for_=name)
        self.listed.append(Listed(block, label, unit, words, name))
        return block

    def _lead(self, block: Block, label: str, unit: str, words: str, for_: str = "") -> None:
        """Write what stands before the years of each row."""
        service, sheet = self.request.service, block.sheet
        names = [each.name for each in (service.outcomes if OUTCOME in block.axes else service.costs)]
        for row in range(self.count(block.axes)):
            for cohort in range(block.cohorts):
                place = block.place(row, cohort, 0)[0]
                sheet.put(place, WHAT, label, "wrapped")
                sheet.put(place, FOR, names[row] if block.axes & {OUTCOME, COST} else for_ or ALL, "wrapped")
                year = str(service.about.first_year + cohort)
                sheet.put(place, COHORT, year if COHORT_OF in block.axes else ALL)
                sheet.put(place, UNIT, self.request.unit(unit), "wrapped")
                sheet.put(place, WORDS, words, "wrapped")

    @staticmethod
    def style(unit: str) -> str:
        """Return the style of a unit of the method, or of a service's line."""
        if unit in STYLES:
            return STYLES[unit]
        return "money" if unit.split(" ")[0].isupper() else "quantity"

    def sheets(self) -> Iterator[Sheet]:
        """Yield the sheets, with their headers, those without rows left out."""
        for rows, name in ((self.workings, "workings"), (self.cohorts, "cohorts"), (self.yearly, "yearly"),
                           (self.effect, "effect")):  # fmt: skip
            rows.finish(f"tbl_{name}")
        for columns, name in ((self.outcomes, "outcomes"), (self.costs, "costs"), (self.impact, "impact")):
            columns.finish(f"tbl_{name}")
        self.totals.sheet.header(HEADER_ROW, TOTAL_HEADERS, "tbl_totals", self.totals.next - FIRST)
        self.totals.sheet.widths = {TOTAL_NAME: 34, TOTAL_LABEL: 44, TOTAL_UNIT: 20, TOTAL: 20, TOTAL_WORDS: 70}
        if self.workings.next > FIRST:
            yield self.workings.sheet
        for each in (self.outcomes, self.costs, self.impact):
            if each.rows:
                yield each.sheet
        for rows in (self.cohorts, self.yearly, self.effect):
            yield rows.sheet
        yield self.totals.sheet


TOTAL_HEADERS = ("Total", "Name", "Unit", "Value", "In words")
TOTAL_LABEL, TOTAL_NAME, TOTAL_UNIT, TOTAL, TOTAL_WORDS = range(len(TOTAL_HEADERS))
