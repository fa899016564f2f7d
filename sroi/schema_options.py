"""What a service file may hold on choices: options, the relationship as an investment, and its profile."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sroi.entry import Entry, Table, TableOf, listed
from sroi.schema import Change, Cost, Grade, Outcome, Reference, Text

RATINGS = (1, 5)


class Option(Entry):
    """Another way to run the service: what it changes, leaves out and adds."""

    label: Text
    why: Text
    """What it is, and why it is worth looking at."""
    source: Text | None = None
    without: Annotated[tuple[Reference, ...], BeforeValidator(listed)] = ()
    """Outcomes and costs of the service that it does not have."""
    changes: TableOf[Change] = Field(default_factory=Table)
    """Parameters that it changes. A scenario does not change them back."""
    outcomes: Annotated[tuple[Outcome, ...], BeforeValidator(listed)] = ()
    """Outcomes that it adds."""
    costs: Annotated[tuple[Cost, ...], BeforeValidator(listed)] = ()
    """Costs that it adds."""


class Finding(Entry):
    """What a source says on how far outcomes depend on the relationship."""

    statement: Text
    value: float | None = None
    """In the unit of `dependence`, where the finding can be read as one."""
    bound: Literal["upper", "estimate", "lower"] = "estimate"
    """Whether the value is the most, the best guess or the least that it supports."""
    source: Reference
    locator: Text | None = None
    grade: Grade


class Relationship(Entry):
    """An investment in the relationship between people and those who serve them, as an option of the service."""

    option: Reference
    """The option that makes the investment."""
    investment: Literal["contact time", "continuity", "smaller caseload", "training", "autonomy"]
    """What is paid for."""
    how: Text
    """How it is thought to change outcomes."""
    dependence: Reference
    """The parameter that says how far the outcome depends on the relationship: break-even is asked for it."""
    silent: Text | None = None
    """Where no evidence says how far: what is missing. Break-even is then the answer."""
    staff_outcomes: Annotated[tuple[Reference, ...], BeforeValidator(listed)] = ()
    """Outcomes of the option that are gains of staff and employer, kept apart."""
    evidence: Annotated[tuple[Finding, ...], BeforeValidator(listed)] = ()


class Rating(Entry):
    """How well one element or condition of an effective relationship is met, rated by hand and never priced."""

    rating: Annotated[int, Field(ge=RATINGS[0], le=RATINGS[1])]
    """From 1 to 5, as the anchors describe."""
    why: Text
    """What the rating rests on."""
