"""What a service file may hold: one class for each of its tables.

The classes describe shape and type. What must hold between entries stands in ``rules``; ``service`` joins
both into the validated ``Service``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sroi.entry import Entry, Numbers, Table, TableOf, listed
from sroi.spread import Spread

ASSUMPTION = "assumption"
NAME_PATTERN = r"^[a-z][a-z0-9_]*$"
LONGEST_HORIZON = 200
LONGEST_NAME = 100

Grade = Literal["A", "B", "C", "D", "E", "F"]
HowSure = Literal["own text", "second-hand", "derived", "recalled, not seen"]
Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Reference = Annotated[str, Field(pattern=NAME_PATTERN, max_length=LONGEST_NAME)]


Texts = Annotated[tuple[Text, ...], BeforeValidator(listed)]

DEDUCTIONS = ("deadweight", "attribution", "displacement", "drop_off")
DeductionName = Literal["deadweight", "attribution", "displacement", "drop_off"]


class About(Entry):
    """What the service is, its horizon, prices and convention: the table `[service]`."""

    id: Reference
    """The service's name in the library; equals the name of its file."""
    title: Text
    """What a commissioner calls it."""
    description: Text
    """In plain language: who, what, for whom, and how the money arises."""
    field: Text = "Other"
    """The field of public service, such as Advice or Health."""
    currency: Text
    """The currency of results, such as GBP."""
    price_base_year: Text
    """The year in whose prices results are stated: 2024-25 or 2024."""
    first_year: Annotated[int, Field(ge=1900, le=2200)]
    """The calendar year of t = 0."""
    appraisal_years: Annotated[int, Field(ge=1, le=LONGEST_HORIZON)]
    """How many years are looked at."""
    delivery_years: Annotated[int, Field(ge=1, le=LONGEST_HORIZON)] = 1
    """In how many years a new cohort starts: quantities and recurring costs are of one such year, and repeat."""
    convention: Text = "green_book_2026"
    """The named bundle of options under which results are stated when none is asked for."""
    participants: Reference | None = None
    """The parameter or line that counts the participants of one delivery year, for results per participant."""
    optimism_bias: Text | None = None
    """The preset that corrects benefits for weak evidence, under conventions that use one."""
    reference_income: Reference | None = None
    """The income, a year, whose weight is 1 in distributional results."""
    editions: TableOf[Text] = Field(default_factory=Table)
    """The edition of each series of reference data that the service was built with; today's where none is written."""
    does_not_show: Texts = ()
    """What the evidence does not show."""
    notes: Texts = ()
    """What else a reader should know."""


class Source(Entry):
    """Where a number comes from."""

    title: Text
    """What it is called."""
    author: Text
    """Who wrote or keeps it."""
    year: int | Text
    """When it was published."""
    locator: Text
    """The page, table or section."""
    url: Text | None = None
    """Where it can be read."""
    how_sure: HowSure
    """Whether the number was seen in the source's own text, quoted by another, derived, or recalled."""
    licence: Text | None = None
    """Under which licence it may be passed on."""
    note: Text | None = None
    """What a reader should know of it."""


class Parameter(Entry):
    """A named number with its label, unit, source and grade."""

    label: Text
    """What the number is, in words."""
    value: float | None = None
    """The number itself, in its unit; a share is a fraction from 0 to 1."""
    by_year: Numbers | None = None
    """Instead of one value: one for each appraisal year."""
    unit: Text
    """In words: people, GBP per person, visits per person per year, share."""
    price_year: Text | None = None
    """For money: the year in whose prices the value is stated."""
    unit_cost: Text | None = None
    """A unit cost by code and part, such as `HE4.0:fiscal`, which gives value, price year, source and locator."""
    source: Text
    """A source of the file, or `assumption`."""
    locator: Text | None = None
    """Where in the source, when more exact than the source's own locator."""
    grade: Grade
    """How good the evidence is, A to F."""
    spread: Spread | None = None
    group: Text = "Assumptions"
    """How faces arrange inputs."""
    help: Text | None = None
    """A sentence for the person who sets it."""
    note: Text | None = None
    """What a reader should know of it; how it was chosen, where it is an assumption."""
    minimum: float | None = None
    """The least that it can be set to."""
    maximum: float | None = None
    """The most that it can be set to."""

    @property
    def values(self) -> tuple[float, ...]:
        """Every value that it holds: one, or one for each year."""
        return self.by_year if self.by_year is not None else () if self.value is None else (self.value,)


class Line(Entry):
    """A named calculation from parameters and lines above it."""

    label: Text
    """What is calculated, in words."""
    unit: Text
    """In words, such as people or GBP per year."""
    formula: str
    """From parameters, and lines above it, such as `people * share_helped`."""
    note: Text | None = None
    """What a reader should know of it."""
    source: Reference | None = None
    """A source of the file, where the formula has one."""


class Outcome(Entry):
    """A change for someone, with what it is worth and what must be deducted."""

    id: Reference
    label: Text | None = None
    """The change, in a few words."""
    description: Text | None = None
    """What changes, and how."""
    stakeholder: Reference
    """Who experiences the change."""
    bearer: Reference
    """Who gains or loses the money."""
    kind: Literal["fiscal", "economic", "social"]
    """Whose value it is: public money, income and output, or wellbeing."""
    quantity: Reference
    """Units of the outcome that one cohort reaches, before any share."""
    proxy: Reference
    """Financial value of one unit, a year."""
    deadweight: Reference | None = None
    """Share that would have happened anyway."""
    attribution: Reference | None = None
    """Share owed to others."""
    displacement: Reference | None = None
    """Share that only moved a problem elsewhere."""
    drop_off: Reference | None = None
    """Share of what remains lost each year after the first."""
    onset_year: Reference | None = None
    """First year of the effect, a whole number counted from the cohort's start; 0 when not given."""
    benefit_period: Reference | None = None
    """Years the effect lasts."""
    zero_because: dict[DeductionName, Text] = Field(default_factory=dict)
    """Why a deduction is left out or zero."""
    leakage: Reference | None = None
    """Share of the benefit that falls outside the area."""
    substitution: Reference | None = None
    """Share that replaces something the same people did before."""
    multiplier: Reference | None = None
    """Further local effect, 1 for none."""
    growth: Reference | None = None
    """Real growth of the proxy, a year."""
    cashable: Reference | None = None
    """Share of a fiscal saving that can be taken out of a budget; 0 when not given."""
    transfer: bool = False
    """Whether this is money that only changes hands."""
    counterpart: Reference | None = None
    """For a transfer: the bearer who loses what this bearer gains."""
    discount_class: Literal["standard", "health"] = "standard"
    """Health effects, counted in QALYs, have rates of their own; standard when not given."""
    wellbeing_route: Literal["wellby", "qaly"] | None = None
    """By which unit wellbeing is valued, where it is."""
    already_present_value: Text | None = None
    """Why the proxy is a present value already, so that it is not discounted or reduced over years."""
    note: Text | None = None
    """What a reader should know of it."""

    @property
    def name(self) -> str:
        """The label, or the id in words."""
        return self.label or spoken(self.id)


class Cost(Entry):
    """An input that somebody pays or gives."""

    id: Reference
    label: Text | None = None
    """What is paid for, in a few words."""
    funder: Reference
    """Who pays or gives it."""
    kind: Literal["capital", "revenue"]
    """Whether something lasting is bought, or running costs are paid."""
    payment: Literal["cash", "in_kind"] = "cash"
    """Whether money is paid or something is given; both count in full. Cash when not given."""
    recurrence: Literal["recurring", "one_off"] = "recurring"
    """Recurring: the whole amount in every year of its years. One-off: once. Recurring when not given."""
    start_year: Reference | None = None
    """First year in which it falls, from t = 0; 0 when not given."""
    years: Reference | None = None
    """For a recurring cost: how many years, part of a year in the last; the delivery years when not given."""
    amount: Reference
    """Money in one year, or for one of what `per` counts."""
    per: Reference | None = None
    """What the amount is multiplied by, such as people supported in one year; 1 when not given."""
    optimism_bias: Reference | None = None
    """Uplift for optimism, as a share of the cost."""
    mitigation: Reference | None = None
    """Share of that uplift that has been managed away."""
    already_present_value: Text | None = None
    """Why the amount is a present value already, so that it is not discounted."""
    note: Text | None = None
    """What a reader should know of it."""

    @property
    def name(self) -> str:
        """The label, or the id in words."""
        return self.label or spoken(self.id)


class NonMonetised(Entry):
    """An outcome that nobody can honestly price; it travels with every result."""

    id: Reference
    label: Text
    """What matters, in a few words."""
    stakeholder: Reference
    """Who experiences it."""
    description: Text
    """What is known about it, and from where."""
    quantity: Reference | None = None
    """How many, where it is known."""
    importance: Literal["high", "medium", "low"]
    """How much it matters."""


class Correlation(Entry):
    """How far two uncertain parameters move together."""

    between: Annotated[tuple[Reference, Reference], BeforeValidator(listed)]
    """The two parameters."""
    rank: Annotated[float, Field(ge=-1, le=1)]
    """Spearman's rank correlation, from -1 to 1."""
    why: Text
    """Why they move together."""
    source: Text
    """A source of the file, or `assumption`."""
    locator: Text | None = None


class Bearer(Entry):
    """An agency or person that gains or loses money."""

    label: Text
    """What the agency or person is called."""
    public: bool
    """Whether it is a public body."""


class Stakeholder(Entry):
    """Somebody who experiences an outcome."""

    label: Text
    """What they are called."""
    description: Text | None = None
    """Who they are."""
    income: Reference | None = None
    """Income a year, for distributional weights."""


class Change(Entry):
    """What a scenario changes in one parameter, with its reason and source."""

    value: float | None = None
    """The number under this scenario."""
    by_year: Numbers | None = None
    """Instead of one value: one for each appraisal year."""
    why: Text
    """Why it is changed."""
    source: Text
    """A source of the file, or `assumption`."""
    locator: Text | None = None
    """Where in the source, when more exact than its own locator."""
    grade: Grade | None = None
    """How good the evidence is, A to F; that of the parameter when not given."""
    price_year: Text | None = None
    """For money: the year in whose prices it is stated; that of the parameter when not given."""
    spread: Spread | None = None
    note: Text | None = None
    """What a reader should know of it."""


class Scenario(Entry):
    """A named set of changes to the base case."""

    label: Text | None = None
    """What it is called."""
    why: Text
    """What a reader of it would change, and why."""
    source: Text | None = None
    """A source of the file, or `assumption`."""
    changes: TableOf[Change] = Field(default_factory=Table)


def spoken(identifier: str) -> str:
    """Write an id as words: ``fewer_rough_sleepers`` becomes ``Fewer rough sleepers``."""
    return identifier.replace("_", " ").capitalize()
