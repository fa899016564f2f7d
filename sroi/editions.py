"""Series of reference data and their editions: which there are, and which is today's."""

from __future__ import annotations

import csv
import json
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

FILE, OWN_FILE = "editions.toml", "editions.json"


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
    text = (models_folder() / "reference" / FILE).read_text(encoding="utf-8")
    tables: dict[str, Any] = tomllib.loads(text)["series"]
    for name, added in _added().items():
        tables[name]["editions"] |= added
        tables[name]["current"] = list(added)[-1]
    return {name: Series.model_validate(table) for name, table in tables.items()}


def _added() -> dict[str, dict[str, Any]]:
    """Return the editions that the user has added, by series, in the order of adding."""
    path = own_folder() / OWN_FILE
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def add(name: str, identifier: str, edition: Edition, content: str) -> None:
    """Keep an edition of unit costs for this user, as today's of its series.

    Parameters
    ----------
    name : str
        The series, such as ``gmca_unit_costs``.
    identifier : str
        What services cite it by, such as ``3.0``.
    edition : Edition
        With the name of its table, which ``content`` holds.

    Raises
    ------
    ServiceError
        When there is no such series, it has this edition already, or the folder cannot be written.
    """
    if name not in all_series():
        raise ServiceError("the reference data", [Fault(shown(name), f"is no series. {nearest(name, all_series())}")])
    if identifier in all_series()[name].editions:
        rule = "is there already, and services may be built with it: an edition is never changed. Choose another name."
        raise ServiceError("the reference data", [Fault(f"edition {shown(identifier)}", rule)])
    added = _added()
    added.setdefault(name, {})[identifier] = edition.model_dump(exclude_none=True)
    folder = own_folder()
    try:
        table = folder / str(edition.unit_costs)
        table.parent.mkdir(parents=True, exist_ok=True)
        table.write_text(content, encoding="utf-8")
        (folder / OWN_FILE).write_text(json.dumps(added, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        rule = f"cannot be written: {error.strerror}. Name another folder in SROI_REFERENCE."
        raise ServiceError("the reference data", [Fault(shown(str(folder)), rule)]) from None
    all_series.cache_clear()


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
