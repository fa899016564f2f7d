"""The tables in which a service is built: their columns, from the fields of the schema."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from sroi.entry import Entry
from sroi.schema import (
    DEDUCTIONS,
    About,
    Bearer,
    Change,
    Cost,
    Line,
    NonMonetised,
    Outcome,
    Parameter,
    Scenario,
    Source,
    Stakeholder,
)
from sroi.spread import Spread

Kind = Literal["text", "number", "whole", "numbers", "year", "yes", "choice"]

# Which table a name is of, by the field that holds it; any other name is of a parameter or a line.
_NAMES = {
    "stakeholder": "stakeholders",
    "bearer": "bearers",
    "counterpart": "bearers",
    "funder": "bearers",
    "source": "sources",
}
NUMBERS = "numbers"
# Texts that are chosen from reference data: which, by the field.
_LISTS = {
    "currency": "currencies",
    "convention": "conventions",
    "optimism_bias": "presets",
    "price_base_year": "price_years",
    "price_year": "price_years",
}
# Fields that have a table of their own.
_APART = frozenset({"editions", "does_not_show", "notes", "changes"})
_LABELS = {
    "id": "Name",
    "by_year": "Values by year",
    "url": "Web address",
    "per": "Times",
    "public": "A public body",
    "kind": "Kind",
    "n": "Observations",
    "transfer": "Only changes hands",
    "minimum": "Least possible",
    "maximum": "Most possible",
}
_NAME_HELP = (
    "What other tables call it: small letters, digits and _, beginning with a letter, such as people_supported."
)


@dataclass(frozen=True)
class Column:
    """One column: ``spread.low`` is the key ``low`` of the part ``spread`` of an entry.

    Attributes
    ----------
    key, label, help : str
    kind : str
    needed : bool
        Whether every row must have it.
    choices : tuple of str
        The only ones that there are, where the schema says.
    names : str
        Whose names can be chosen, or which list of reference data.
    """

    key: str
    label: str
    kind: Kind
    help: str = ""
    needed: bool = False
    choices: tuple[str, ...] = ()
    names: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table: ``named`` where its entries stand under names, a list where not."""

    key: str
    columns: tuple[Column, ...]
    named: bool = False

    def column(self, key: str) -> Column | None:
        """Return the column of a key, if there is one."""
        return next((column for column in self.columns if column.key == key), None)


def _spoken(key: str) -> str:
    first, _, second = key.partition(".")
    if first == "spread":
        return _LABELS.get(second) or {"source": "Source of the range", "note": "Note on the range"}.get(
            second, second.replace("_", " ").capitalize()
        )
    if first == "zero_because":
        return f"Why no {second.replace('_', '-' if second == 'drop_off' else ' ')}"
    return _LABELS.get(first, first.replace("_", " ").capitalize())


def _columns(entry: type[Entry], before: str = "") -> Iterator[Column]:
    for name, field in entry.model_fields.items():
        if name in _APART:
            continue
        bare = _bare(field.annotation)
        if bare is Spread:
            yield from _columns(Spread, "spread.")
        elif get_origin(bare) is dict:
            for deduction in DEDUCTIONS:
                key = f"{name}.{deduction}"
                yield Column(key, _spoken(key), "text", field.description or "")
        else:
            key = f"{before}{name}"
            kind, choices = _kind(bare)
            names = _names(name, field) if kind == "text" else ""
            said = _NAME_HELP if name == "id" else field.description or ""
            needed = field.is_required() and not before
            yield Column(key, _spoken(key), "choice" if names else kind, said, needed, choices, names)


def _names(name: str, field: Any) -> str:
    if name in _LISTS and not _is_reference(field):
        return _LISTS[name]
    if name == "source":
        return "sources_only" if _is_reference(field) else "sources"
    return _NAMES.get(name, NUMBERS) if _is_reference(field) and name != "id" else ""


def _is_reference(field: Any) -> bool:
    return "pattern" in repr((field.annotation, field.metadata))


def _bare(annotation: Any) -> Any:
    """Return the type without its conditions, and without None."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        kept = [part for part in get_args(annotation) if part is not types.NoneType]
        return _bare(kept[0]) if len(kept) == 1 else Union
    return annotation


def _kind(bare: Any) -> tuple[Kind, tuple[str, ...]]:
    if get_origin(bare) is Literal:
        return "choice", get_args(bare)
    if get_origin(bare) is tuple:
        return "numbers", ()
    kinds: dict[Any, Kind] = {float: "number", int: "whole", bool: "yes", Union: "year"}
    return kinds.get(bare, "text"), ()


_ID = Column("id", "Name", "text", _NAME_HELP, needed=True)


def _named(key: str, entry: type[Entry]) -> Sheet:
    return Sheet(key, (_ID, *_columns(entry)), named=True)


def _sentences(key: str) -> Sheet:
    said = About.model_fields[key].description or ""
    return Sheet(key, (Column("sentence", "One sentence in each row", "text", said, needed=True),))


SHEETS = {
    sheet.key: sheet
    for sheet in (
        Sheet("service", tuple(_columns(About))),
        _sentences("does_not_show"),
        _sentences("notes"),
        Sheet(
            "editions",
            (
                Column("id", "Series", "text", "A series of reference data, such as gbp_prices.", needed=True),
                Column("edition", "Edition", "text", "Its edition, such as 2025-12.", needed=True),
            ),
            named=True,
        ),
        _named("sources", Source),
        _named("parameters", Parameter),
        _named("lines", Line),
        Sheet("outcomes", tuple(_columns(Outcome))),
        Sheet("costs", tuple(_columns(Cost))),
        Sheet("non_monetised", tuple(_columns(NonMonetised))),
        _named("bearers", Bearer),
        _named("stakeholders", Stakeholder),
        _named("scenarios", Scenario),
        Sheet(
            "changes",
            (
                Column("scenario", "Scenario", "choice", "Whose change it is.", True, names="scenarios"),
                Column("id", "Parameter", "choice", "Which number it changes.", True, names="parameters"),
                *_columns(Change),
            ),
        ),
    )
}
