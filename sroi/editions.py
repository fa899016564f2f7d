"""Series of reference data and their editions: which there are, and which is today's."""

from __future__ import annotations

import csv
import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Self

import platformdirs
from pydantic import Field, model_validator

from sroi.entry import Entry
from sroi.errors import Fault, ServiceError, nearest, shown
from sroi.schema import HowSure, Text

FILE = "editions.toml"


def models_folder() -> Path:
    """Return the folder that holds service files and reference data: inside the package, or beside it."""
    inside = Path(__file__).parent / "models"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "models"


def own_folder() -> Path:
    """Return the folder for editions that the user has added: `SROI_REFERENCE`, or this user's data folder."""
    folder = os.environ.get("SROI_REFERENCE") or platformdirs.user_data_path("sroi", appauthor=False) / "reference"
    return Path(folder)


class Edition(Entry):
    """One edition of a series: its publication, and the files that hold its numbers."""

    title: Text
    author: Text
    year: int
    how_sure: HowSure
    source: Text
    url: Text | None = None
    licence: Text | None = None
    note: Text | None = None
    financial: Text | None = None
    """A price index by financial year."""
    calendar: Text | None = None
    """A price index by calendar year."""
    unit_costs: Text | None = None
    """A table of unit costs."""


class Series(Entry):
    """A publication that comes out again and again."""

    label: Text
    currency: Text
    current: Text
    """Today's edition."""
    editions: dict[str, Edition] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_current(self) -> Self:
        if self.current not in self.editions:
            raise ValueError(f"current is {shown(self.current)}. {nearest(self.current, self.editions)}")
        return self


@cache
def all_series() -> Mapping[str, Series]:
    """Return every series by name, with the editions that the user has added; the last one added is today's."""
    tables = _tables(models_folder() / "reference" / FILE)
    own = own_folder() / FILE
    for name, added in (_tables(own) if own.is_file() else {}).items():
        if name in tables:
            tables[name]["editions"] |= added["editions"]
            tables[name]["current"] = added["current"]
    return {name: Series.model_validate(table) for name, table in tables.items()}


def _tables(path: Path) -> dict[str, Any]:
    tables: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["series"]
    return tables


def edition_of(name: str, pinned: Mapping[str, str]) -> tuple[str, Edition]:
    """Return the edition of a series that is pinned, or today's, with its id.

    Raises
    ------
    ServiceError
        When the pinned edition is not at hand.
    """
    series = all_series()[name]
    wanted = pinned.get(name, series.current)
    if wanted not in series.editions:
        raise ServiceError("the reference data", [Fault(f"editions.{name}", unknown_edition(name, wanted))])
    return wanted, series.editions[wanted]


def unknown_edition(name: str, wanted: str) -> str:
    """Say that an edition is not at hand, and which are."""
    editions = all_series()[name].editions
    return f"is {shown(wanted)}, an edition that is not at hand. {nearest(wanted, editions)}"


def current() -> dict[str, str]:
    """Return today's edition of each series."""
    return {name: series.current for name, series in all_series().items()}


@cache
def rows_of(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a table of reference data, shipped or added by the user."""
    shipped = models_folder() / "reference" / name
    path = shipped if shipped.is_file() else own_folder() / name
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
