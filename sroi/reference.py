"""Reference data shared by services: currencies, deflators, discounting schedules, conventions, presets."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sroi import reading, sentences, units
from sroi.editions import Edition, edition_of, models_folder, rows_of
from sroi.entry import Entry, listed
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.method import RESULTS
from sroi.schema import Text

_FINANCIAL = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_CALENDAR = re.compile(r"\d{4}", re.ASCII)
TIMING = {"start": 0.0, "mid": 0.5, "end": 1.0}
Timing = Literal["start", "mid", "end"]
ELASTICITIES = ("low", "value", "high")
# The edition of each series of reference data that a service states, by the name of the series.
Pinned = Mapping[str, str]
NONE_PINNED: Pinned = MappingProxyType({})


class Band(Entry):
    """Years up to and including ``to_year`` from the discounting base year, at a real annual rate."""

    to_year: Annotated[int, Field(ge=1)] | None = None
    rate: Annotated[float, Field(gt=-1, lt=1)]


class Schedule(Entry):
    """A named, dated schedule of real discount rates."""

    label: Text
    edition: Text
    source: Text
    url: Text | None = None
    how_sure: Text | None = None
    note: Text | None = None
    bands: Annotated[tuple[Band, ...], BeforeValidator(listed), Field(min_length=1)]

    @model_validator(mode="after")
    def _covers_every_year(self) -> Self:
        ends = [band.to_year for band in self.bands]
        rising = [end for end in ends if end is not None]
        if ends[-1] is not None or None in ends[:-1] or rising != sorted(set(rising)):
            raise ValueError("Bands follow one another: to_year rises, and the last band has none")
        return self

    def rate(self, year: int) -> float:
        """Return the rate of one year, counted from the discounting base year; 0 for the base year itself."""
        if year < 1:
            return 0.0
        return next(band.rate for band in self.bands if band.to_year is None or year <= band.to_year)


class Convention(Entry):
    """A named bundle of the options on which the field disagrees."""

    label: Text
    edition: Text
    source: Text
    description: Text = "A convention of the user's own."
    outcome_timing: Timing
    cost_timing: Timing
    schedule: Text | Schedule
    """The name of a schedule, ``flat:0.05``, or a schedule of one's own."""
    health_schedule: Text | Schedule
    deductions: Literal["multiplicative", "additive"]
    drop_off_in_first_year: bool
    optimism_bias: Literal["none", "service"]
    optimism_grade: Literal["weakest", "mean"] = "weakest"
    bcr_fiscal_savings: Literal["benefits", "netted"]
    income_elasticity: Annotated[float, Field(ge=0, le=3)] | None = None
    """For distributional weights; the Green Book's when not given."""
    headline: Annotated[tuple[Text, ...], BeforeValidator(listed), Field(min_length=1)]
    """The results that are stated first."""
    how_sure: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _names_results(self) -> Self:
        for name in self.headline:
            if name not in RESULTS:
                raise ValueError(f"The headline {shown(name)} is not a result. {nearest(name, RESULTS).rstrip('.')}")
        return self


class Currency(Entry):
    """A currency with its sign and the series of prices that belongs to it."""

    name: Text
    symbol: Text
    prices: Text

    def edition(self, pinned: Mapping[str, str]) -> Edition:
        """Return the edition of its prices that is pinned, or today's."""
        return edition_of(self.prices, pinned)[1]


class Anchored(Entry):
    """An element or condition of an effective relationship, with words for its ratings."""

    label: Text
    meaning: Text
    anchors: dict[str, Text]


class Preset(Entry):
    """A table of corrections for optimism by evidence grade."""

    label: Text
    verified: bool
    source: Text
    note: Text | None = None
    bias: dict[str, float]


class SpreadPreset(Entry):
    """Half-widths by evidence grade, for parameters that state no spread."""

    label: Text
    edition: Text
    verified: bool
    source: Text
    note: Text | None = None
    width: dict[str, float]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((models_folder() / "reference" / name).read_text(encoding="utf-8"))


@cache
def schedules() -> Mapping[str, Schedule]:
    """Return the discounting schedules by id."""
    return {key: Schedule.model_validate(table) for key, table in _read("discounting.toml")["schedules"].items()}


@cache
def conventions() -> Mapping[str, Convention]:
    """Return the conventions by id."""
    return {key: Convention.model_validate(table) for key, table in _read("conventions.toml")["conventions"].items()}


@cache
def currencies() -> Mapping[str, Currency]:
    """Return the currencies by code."""
    return {key: Currency.model_validate(table) for key, table in _read("currencies.toml")["currencies"].items()}


@cache
def optimism_presets() -> Mapping[str, Preset]:
    """Return the optimism-bias presets by id."""
    return {key: Preset.model_validate(table) for key, table in _read("optimism_bias.toml")["presets"].items()}


@cache
def spread_presets() -> Mapping[str, SpreadPreset]:
    """Return the presets of spreads by id."""
    return {key: SpreadPreset.model_validate(table) for key, table in _read("spread_presets.toml")["presets"].items()}


@cache
def relationship_profile() -> Mapping[str, Mapping[str, Anchored]]:
    """Return the ``elements`` and ``conditions`` of an effective relationship, by key, with their anchors."""
    return {
        kind: {key: Anchored.model_validate(table) for key, table in entries.items()}
        for kind, entries in _read("relationship.toml").items()
    }


@cache
def grades() -> Mapping[str, str]:
    """Return what each evidence grade means."""
    return {key: table["meaning"] for key, table in _read("grades.toml")["grades"].items()}


@cache
def deflator(name: str) -> Mapping[str, float]:
    """Return a price index by year label."""
    return {row["year"]: float(row["index"]) for row in rows_of(name)}


def schedule(name: str | Schedule) -> Schedule:
    """Return a schedule by id, a flat one written as ``flat:0.05``, or the schedule itself.

    Raises
    ------
    ServiceError
        When there is no such schedule, or the flat rate is not a rate.
    """
    if isinstance(name, Schedule):
        return name
    if name.startswith("flat:"):
        try:
            band = Band(rate=float(name.removeprefix("flat:")))
        except ValueError:
            raise ServiceError(
                "schedule", [Fault(shown(name), "is not a flat schedule. Write for example 'flat:0.035'.")]
            ) from None
        return Schedule(label=f"Flat {band.rate:.2%}", edition="user's own", source="user's own", bands=(band,))
    if name not in schedules():
        raise ServiceError(
            "schedule", [Fault(shown(name), f"is not a discounting schedule. {nearest(name, schedules())}")]
        )
    return schedules()[name]


def convention(name: str | Path | Convention) -> tuple[str, Convention]:
    """Return a convention with its name.

    Parameters
    ----------
    name : str, Path or Convention
        An id such as ``svi``, a path to a ``.toml`` file that holds one table ``[convention]``, or the thing itself.

    Raises
    ------
    ServiceError
        When there is none of that name, or the file does not hold one.
    """
    if isinstance(name, Convention):
        return name.label, name
    text = str(name)
    if text.endswith(".toml"):
        return Path(text).stem, _convention_file(Path(text))
    if text not in conventions():
        raise ServiceError("convention", [Fault(shown(text), f"is not a convention. {nearest(text, conventions())}")])
    return text, conventions()[text]


def _convention_file(path: Path) -> Convention:
    tables = reading.tables_of(path)
    if set(tables) != {"convention"}:
        raise ServiceError(path.name, [Fault("", "It must hold one table, [convention], and nothing else.")])
    found, faults = sentences.read("convention", Convention, tables["convention"])
    if found is None:
        raise ServiceError(path.name, faults)
    for name in (found.schedule, found.health_schedule):
        schedule(name)
    return found


def is_price_year(text: str) -> bool:
    """Say whether a price year is written as ``2024`` or ``2024-25``."""
    if _CALENDAR.fullmatch(text):
        return True
    found = _FINANCIAL.fullmatch(text)
    return bool(found) and (int(found[1]) + 1) % 100 == int(found[2]) if found else False


def price_indices(code: str, price_year: str, base_year: str, pinned: Pinned) -> tuple[float, float, str]:
    """Return index(price year), index(base year) and the source of the series, for one currency.

    ``pinned`` holds the edition of each series of prices, today's where it names none. Both years are taken as
    financial years when either is one and the currency has such a series: calendar year Y is financial year Y to Y+1.
    A currency with a calendar series only takes financial years the other way.

    Raises
    ------
    KeyError
        With the year that the series does not hold.
    """
    edition = currencies()[code].edition(pinned)
    if price_year == base_year:
        return 1.0, 1.0, "The base year itself: no index is needed."
    financial = "-" in price_year or "-" in base_year
    if financial and edition.financial:
        series, change = deflator(edition.financial), _as_financial
    elif edition.calendar:
        series, change = deflator(edition.calendar), _as_calendar
    else:
        raise KeyError(price_year)
    return series[change(price_year)], series[change(base_year)], edition.source


def price_factor(code: str, price_year: str, base_year: str, pinned: Pinned = NONE_PINNED) -> float:
    """Return index(base year) / index(price year); arguments and errors as for :func:`price_indices`."""
    own, then, _ = price_indices(code, price_year, base_year, pinned)
    return then / own


def price_note(unit: str, price_year: str | None, base_year: str, pinned: Pinned = NONE_PINNED) -> str:
    """Say how a price was brought to the base year, and which year was taken as one of the other kind."""
    codes = [code for code, _ in units.currencies_in(units.read(unit), currencies())]
    if not codes or price_year is None or price_year == base_year:
        return ""
    said = f"brought from {price_year} to {base_year} prices"
    if "-" not in price_year + base_year:
        return said
    changes = {_as_financial if currencies()[code].edition(pinned).financial else _as_calendar for code in codes}
    taken = {year: change(year) for change in changes for year in (price_year, base_year) if change(year) != year}
    return ", ".join([said, *(f"taking {year} as {other}" for year, other in taken.items())])


def _as_financial(year: str) -> str:
    return year if "-" in year else f"{year}-{(int(year) + 1) % 100:02d}"


def _as_calendar(year: str) -> str:
    return year[:4]


@cache
def income_elasticities() -> Mapping[str, float]:
    """Return the elasticity of the marginal utility of income for distributional weights: low, value and high."""
    table = _read("distribution.toml")["elasticity"]
    return {key: float(table[key]) for key in ELASTICITIES}
