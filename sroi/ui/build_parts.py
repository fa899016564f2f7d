"""The parts in which a service is built: which tables each shows, and what a first visitor is told of it."""

from __future__ import annotations

from dataclasses import dataclass

from sroi.ui.build_columns import SHEETS, Column


@dataclass(frozen=True)
class View:
    """One table on the page: some columns of the rows of a sheet.

    Attributes
    ----------
    sheet, title, said : str
    keys : tuple of str
        The columns, in order; all of them where it is empty.
    fixed : bool
        Whether its rows are those of another view, with further columns.
    aside : bool
        Whether it is folded away at first.
    """

    sheet: str
    title: str
    said: str = ""
    keys: tuple[str, ...] = ()
    fixed: bool = False
    aside: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that it shows."""
        sheet = SHEETS[self.sheet]
        return tuple(c for key in self.keys if (c := sheet.column(key))) if self.keys else sheet.columns


@dataclass(frozen=True)
class Part:
    """What is shown at one time."""

    title: str
    said: str
    views: tuple[View, ...]


_SPREAD = (
    *("id", "spread.shape", "spread.low", "spread.high", "spread.source", "spread.note", "spread.mode"),
    *("spread.interval", "spread.mean", "spread.standard_error", "spread.n", "spread.values", "spread.weights"),
)
_RANGE = (
    "The least and the most that a number can be. Most ranges are pert: low, high, and the value as the most likely."
    " A decision or a record is fixed."
)
_FORMULA = (
    "What follows from the numbers, such as people * share_helped. Use + - * / ** and brackets, < <= > >=, min(a, b),"
    " max(a, b) and where(condition, a, b). A row uses only numbers, and calculations above it."
)
ABOUT = "about"
PARTS = {
    ABOUT: Part(
        "About",
        "What the service is, in whose prices, and over how many years it is looked at.",
        (
            View("service", "About"),
            View("does_not_show", "What it does not show", "What a reader might wrongly conclude. Three or more."),
            View("notes", "Notes", "What else a reader should know.", aside=True),
            View(
                "editions",
                "Editions of reference data",
                "Which edition of price indices and unit costs it was built with; today's where nothing is written.",
                aside=True,
            ),
        ),
    ),
    "who": Part(
        "Who",
        "Who pays, gains or loses money, and for whom something changes.",
        (
            View("bearers", "Who pays or gains money", "Agencies, such as a council or the NHS, and people."),
            View("stakeholders", "For whom something changes", "Those who experience an outcome."),
        ),
    ),
    "sources": Part(
        "Sources",
        "Where numbers come from. Cite no source that does not contain the number: that is an assumption.",
        (View("sources", "Sources"),),
    ),
    "numbers": Part(
        "Numbers",
        "Every number once (the parameters), with its unit and source. A share is a fraction: 0.27, not 27. Grade A is"
        " a trial or audited data in this setting, B official statistics, C other settings, D an organisation's own"
        " claim, E experts' judgement, F an assumption.",
        (
            View(
                "parameters",
                "Numbers",
                keys=("id", "label", "value", "unit", "price_year", "source", "locator", "grade", "group", "note"),
            ),
            View(
                "parameters",
                "More on each number",
                "Values by year, unit costs by code, and the least and most that can be typed.",
                ("id", "help", "by_year", "unit_cost", "minimum", "maximum"),
                fixed=True,
                aside=True,
            ),
        ),
    ),
    "ranges": Part(
        "Ranges",
        "How uncertain each number is. Without a range, its grade decides.",
        (View("parameters", "Ranges of the numbers", _RANGE, _SPREAD, fixed=True),),
    ),
    "lines": Part("Calculations", _FORMULA, (View("lines", "Calculations"),)),
    "outcomes": Part(
        "Outcomes",
        "What changes, for whom, how often and what it is worth. Numbers and calculations are chosen by their names.",
        (
            View(
                "outcomes",
                "Outcomes",
                "Fiscal is public money, economic is income and output, social is wellbeing.",
                (
                    *("id", "label", "stakeholder", "bearer", "kind", "quantity", "proxy", "onset_year"),
                    *("benefit_period", "description"),
                ),
            ),
            View(
                "outcomes",
                "What is taken off",
                "The share that would have happened anyway (deadweight), is owed to others (attribution), only moved a"
                " problem elsewhere (displacement), or is lost each year (drop-off). Where one is left out, say why.",
                (
                    *("id", "deadweight", "zero_because.deadweight", "attribution", "zero_because.attribution"),
                    *("displacement", "zero_because.displacement", "drop_off", "zero_because.drop_off"),
                ),
                fixed=True,
            ),
            View(
                "outcomes",
                "More on each outcome",
                "Transfers, savings that can be taken out of a budget, growth, leakage and notes.",
                (
                    *("id", "transfer", "counterpart", "cashable", "growth", "leakage", "substitution", "multiplier"),
                    *("discount_class", "wellbeing_route", "already_present_value", "note"),
                ),
                fixed=True,
                aside=True,
            ),
        ),
    ),
    "costs": Part("Costs", "What is put in, and by whom: money, or time and things given.", (View("costs", "Costs"),)),
    "unpriced": Part(
        "Not priced",
        "What matters and cannot honestly be priced. It stands beside every result.",
        (View("non_monetised", "Outcomes without a price"),),
    ),
    "scenarios": Part(
        "Scenarios",
        "Sets of changes, each with its reason and source. A cautious one says what a careful reader would change.",
        (
            View("scenarios", "Scenarios"),
            View(
                "changes",
                "What each scenario changes",
                keys=(
                    *("scenario", "id", "value", "why", "source", "locator", "grade", "price_year", "note"),
                    "by_year",
                ),
            ),
            View("changes", "Ranges of the changes", _RANGE, ("scenario", *_SPREAD), fixed=True, aside=True),
        ),
    ),
}


def part_of(sheet: str, column: str) -> str:
    """Return the part in which a column is shown; the first that shows the table for what concerns no column."""
    shown = [(key, view) for key, part in PARTS.items() for view in part.views if view.sheet == sheet]
    exact = [key for key, view in shown if not view.keys or column in view.keys]
    return (exact or [key for key, _ in shown] or [ABOUT])[0]
