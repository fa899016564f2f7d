"""Find a Value Map in a sheet by its headings, wherever its columns stand and however they are worded.

The template heads its columns over several rows: a banner for each stage, a heading, a question below it. Three
headings mean different things in different places ("Description", "Value", "Source"): they belong to the group
that was named last, above them or to their left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from sroi.workbook.value_map_cells import Cell, letters

# How far down a sheet its headings may stand, and over how many rows.
HEADING_ROWS = 100
TALLEST = 5
# A row with so many numbers is no heading.
NUMBERS_OF_A_ROW = 3
# So many headings are remembered, since each is met several times.
MOST_REMEMBERED = 4096

DEDUCTIONS = ("deadweight", "displacement", "attribution", "drop_off")
NEEDED = ("quantity", "proxy_value")
# What each column is called in messages, in the order of the published map.
CALLED = {
    "stakeholder": "Stakeholder",
    "group_size": "Number in group",
    "input": "Inputs: what they invest",
    "input_value": "Inputs: value",
    "output": "Outputs: summary of activity",
    "outcome": "Outcome: description",
    "indicator": "Outcome: indicator",
    "outcome_source": "Outcome: source",
    "quantity": "Outcome: quantity",
    "duration": "Outcome: duration in years",
    "start": "Outcome start",
    "proxy": "Financial proxy: description",
    "proxy_value": "Financial proxy: value",
    "proxy_source": "Financial proxy: source",
    "deadweight": "Deadweight %",
    "displacement": "Displacement %",
    "attribution": "Attribution %",
    "drop_off": "Drop-off %",
    "impact": "Impact",
}

# Words of a heading and what they mean. The words that come first in a heading decide, of those the longest.
_WORDS = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"stakeholders?\b|who do we have an? (?:effect|affect)", "stakeholder"),
        (r"no\.? in group|(?:number|how many) in (?:the )?group|group size|number of stakeholders", "group_size"),
        (r"what (?:(?:do|did) )?(?:they|you) invest|resources invested", "input"),
        (r"(?:what is the )?value of (?:the )?inputs?|investment value|value invested", "input_value"),
        (r"inputs?\b|investments?\b", "inputs"),
        (r"outputs?\b|summary of activity", "output"),
        (r"how would .{0,40}describe|what changes\b|outcomes? descriptions?", "outcome"),
        (r"(?:the )?outcomes?\b|changes?$", "outcomes"),
        (r"indicators?\b|how (?:would|did|do) you measure", "indicator"),
        (r"quantity|how much change|(?:number|no\.?) of (?:people|units|cases|times)|how many\b", "quantity"),
        (r"duration|how long|benefit period|years? of benefit", "duration"),
        (r"outcomes? starts?|outcomes? begins?|starts? in|start(?:ing)?\b|does it start", "start"),
        (r"what proxy", "proxy"),
        (r"(?:what is the )?value of (?:the )?change|unit value|value per unit", "proxy_value"),
        (r"(?:financial )?prox(?:y|ies)\b", "proxies"),
        (r"dead ?-?weight|what would have happened", "deadweight"),
        (r"displacement|what activity did you displace", "displacement"),
        (r"attribution|who else contributed", "attribution"),
        (r"drop ?-?off|does the outcome drop", "drop_off"),
        (r"impact\b|quantity times", "impact"),
        (r"descriptions?\b", "description"),
        (r"values?\b|worth\b|amount\b|£|\$", "value"),
        (r"sources?\b|where did you get|evidence\b", "source"),
        (r"reasons?\b|rationale|justification|why\b", "reason"),
        (r"sample|amount of change|intended|unintended|involved in|what do you think|weight(?:ing)?\b|notes?\b", ""),
    )
)
_GROUPS = {"inputs": "input", "outcomes": "outcome", "proxies": "proxy"}
_LOOSE = ("description", "value", "source", "reason")
# Which group a column belongs to, for the loose headings that follow it.
_GROUP_OF = {
    **dict.fromkeys(("input", "input_value"), "inputs"),
    **dict.fromkeys(("outcome", "indicator", "outcome_source", "quantity", "duration", "start"), "outcomes"),
    **dict.fromkeys(("proxy", "proxy_value", "proxy_source"), "proxies"),
    **{name: name for name in DEDUCTIONS},
}
_MEANS = {
    ("inputs", "description"): "input",
    ("inputs", "value"): "input_value",
    ("outcomes", "description"): "outcome",
    ("outcomes", "source"): "outcome_source",
    ("proxies", "description"): "proxy",
    ("proxies", "value"): "proxy_value",
    ("proxies", "source"): "proxy_source",
    **{(name, loose): f"{name}_reason" for name in DEDUCTIONS for loose in ("source", "reason", "description")},
}
_YEAR = re.compile(r"(?:year|yr) ?(\d{1,2})\b")
_CALENDAR = re.compile(r"(?:19|20)\d\d(?: ?[-/–] ?\d{2,4})?")
_STAGE = re.compile(r"stage ?\d")

Grid = dict[int, dict[int, Cell]]


@dataclass
class Headings:
    """Where the columns of a Value Map stand."""

    first_row: int
    last_row: int
    columns: dict[str, int] = field(default_factory=dict)
    years: dict[int, tuple[int, str]] = field(default_factory=dict)
    """For each year column, in order: its column and its heading."""
    said: dict[int, str] = field(default_factory=dict)
    """What each column's lowest heading says, understood or not."""

    @property
    def complete(self) -> bool:
        """Whether these are the headings of a Value Map, and not a table that shares some words with one."""
        named = "outcome" in self.columns or "stakeholder" in self.columns
        return named and all(name in self.columns for name in NEEDED)

    @property
    def score(self) -> tuple[int, int]:
        """How much was understood; of two that understand as much the shorter is right."""
        return len(self.columns) + len(self.years), self.first_row - self.last_row

    def unread(self) -> Iterator[tuple[int, str]]:
        """Yield the columns that have a heading which was not understood."""
        known = {*self.columns.values(), *(column for column, _ in self.years.values())}
        yield from ((column, said) for column, said in self.said.items() if column not in known)

    def at(self, name: str) -> str:
        """Return the letters of a column."""
        return letters(self.columns[name])


def find(grid: Grid) -> Headings | None:
    """Return the headings of the Value Map that a sheet holds, as far as they are understood."""
    tries = [
        _read(grid, rows)
        for start in grid
        if start <= HEADING_ROWS
        for rows in _blocks([row for row in grid if row >= start], grid)
    ]
    return max(tries, key=lambda found: (found.complete, *found.score), default=None)


def _blocks(rows: list[int], grid: Grid) -> Iterator[list[int]]:
    """Yield the rows that may be headings together, from one on downward."""
    for height in range(1, TALLEST + 1):
        block = rows[:height]
        if len(block) < height or _is_data(grid[block[-1]]):
            return
        yield block


def _is_data(row: dict[int, Cell]) -> bool:
    numbers = [cell for cell in row.values() if cell.number is not None and not _CALENDAR.fullmatch(cell.words)]
    return len(numbers) >= NUMBERS_OF_A_ROW


def _read(grid: Grid, rows: list[int]) -> Headings:
    found = Headings(rows[0], rows[-1])
    years: dict[int, tuple[int, str]] = {}
    named_at: tuple[int, str] = (0, "")
    for column in sorted({column for row in rows for column in grid[row]}):
        texts = [grid[row][column].words for row in rows if column in grid[row]]
        texts = [text for text in texts if not _STAGE.match(text)]
        if not texts:
            continue
        found.said[column] = next(grid[row][column].label for row in reversed(rows) if column in grid[row])
        if (year := _year(texts, found)) is not None:
            years[column] = (year, found.said[column])
            continue
        group = max(named_at, _banner(grid, rows, column))[1]
        meaning, group = _meaning(texts, group)
        if group:
            named_at = (column, group)
        if meaning:
            found.columns.setdefault(meaning, column)
    order = sorted(years, key=lambda column: (years[column][0], column))
    found.years = {place: (column, years[column][1]) for place, column in enumerate(order)}
    return found


def _banner(grid: Grid, rows: list[int], column: int) -> tuple[int, str]:
    """Return the last group that a heading above, at or to the left of a column names, and in which column."""
    for row in reversed(rows[:-1]):
        for place in sorted((place for place in grid[row] if place <= column), reverse=True):
            text = grid[row][place].words
            if not _STAGE.match(text):
                meaning = classify(text)
                return place, meaning if meaning in _GROUPS else _GROUP_OF.get(meaning, "")
    return 0, ""


def _year(texts: list[str], found: Headings) -> int | None:
    """Return the number of a year column; a calendar year is one only to the right of what is valued."""
    for text in texts:
        if match := _YEAR.match(text):
            return int(match[1])
        if _CALENDAR.fullmatch(text) and "proxy_value" in found.columns:
            return int(text[: len("2024")])
    return None


def _meaning(texts: list[str], group: str) -> tuple[str, str]:
    """Return what a column holds by its headings from top to bottom, and the group that it names or belongs to."""
    meanings = [meaning for meaning in (classify(text) for text in texts) if meaning]
    named = next((meaning for meaning in reversed(meanings) if meaning in _GROUPS), "")
    loose = next((meaning for meaning in reversed(meanings) if meaning in _LOOSE), "")
    firm = next((meaning for meaning in meanings if meaning not in _GROUPS and meaning not in _LOOSE), "")
    if firm in DEDUCTIONS and loose in ("source", "reason"):
        return f"{firm}_reason", firm
    if firm:
        return firm, _GROUP_OF.get(firm, "")
    group = named or group
    if loose:
        return _MEANS.get((group, loose), ""), group
    return _GROUPS.get(named, ""), named


@lru_cache(maxsize=MOST_REMEMBERED)
def classify(text: str) -> str:
    """Return what one heading means: a column, a group of columns, a loose word, or nothing known."""
    hits = [(match.start(), -len(match[0]), meaning) for words, meaning in _WORDS if (match := words.search(text))]
    if not hits:
        return ""
    meaning = min(hits)[2]
    also = [other for _, _, other in sorted(hits) if other != meaning]
    if meaning in _GROUPS:
        # "Outcome indicator" is the indicator; "Financial proxy (£)" is its value.
        for other in also:
            if other in _LOOSE:
                return _MEANS.get((meaning, other), meaning)
            if other in CALLED and _GROUP_OF.get(other) == meaning:
                return other
    if meaning in _LOOSE:
        group = next((other for other in also if other in _GROUPS or other in DEDUCTIONS), "")
        return _MEANS.get((group, meaning), meaning)
    if meaning in DEDUCTIONS and ("source" in also or "reason" in also):
        return f"{meaning}_reason"
    return meaning
