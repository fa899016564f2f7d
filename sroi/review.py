"""The register: every service and idea that the review *Deep Value* names, modelled in the library, or why not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from sroi import reading, sentences
from sroi.editions import models_folder
from sroi.entry import Entry, listed
from sroi.errors import ServiceError, shown
from sroi.schema import Reference, Text

if TYPE_CHECKING:
    import pandas as pd

References = Annotated[tuple[Reference, ...], BeforeValidator(listed)]


class Review(Entry):
    """The review, and how the project knows what it says."""

    title: Text
    author: Text
    publisher: Text
    year: int
    edition: Text
    how_sure: Text
    note: Text


class Named(Entry):
    """A service or idea that the review names: modelled, or why not."""

    id: Reference
    name: Text
    """In plain words."""
    section: Text | None = None
    """Where the review names it; absent where the project's notes of the review do not say."""
    evidence: Text
    """What the review says of its evidence, in a sentence."""
    modelled: References = ()
    """The services of the library that model it."""
    why_not: Text | None = None
    """Why there is no model of it."""

    @model_validator(mode="after")
    def _modelled_or_a_reason(self) -> Self:
        if bool(self.modelled) == bool(self.why_not):
            raise ValueError("Write either the ids in modelled, or the reason in why_not")
        return self


class Register(Entry):
    """What the review names, and the services of the library that it does not name."""

    review: Review
    named: Annotated[tuple[Named, ...], BeforeValidator(listed), Field(min_length=1)]
    beyond: References = ()

    @model_validator(mode="after")
    def _each_stands_once(self) -> Self:
        ids = [each.id for each in self.named]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"{shown(twice[0])} stands twice: give each entry an id of its own")
        both = sorted({name for each in self.named for name in each.modelled} & set(self.beyond))
        if both:
            raise ValueError(f"{shown(both[0])} cannot be both modelled and beyond the review: take it out of one")
        return self


def read(file: Path | None = None) -> Register:
    """Read a register.

    Parameters
    ----------
    file : Path, optional
        A file like ``models/reference/register.toml``, which is read when none is given.

    Raises
    ------
    ServiceError
        With every fault of the file.
    """
    path = file or models_folder() / "reference" / "register.toml"
    tables = reading.tables_of(path)
    entries = tables.get("named")
    # One by one first: a key that is no key is then held against those of an entry.
    read_alone = [
        sentences.read(f"named.{place}", Named, entry)
        for place, entry in enumerate(entries if isinstance(entries, list) else [], 1)
    ]
    faults = [fault for _, found in read_alone for fault in found]
    register, more = sentences.read("", Register, tables)
    if register is None:
        raise ServiceError(path.name, [*faults, *(each for each in more if not each.where.startswith("named."))])
    return register


def register() -> pd.DataFrame:
    """Return what the review *Deep Value* names: one row for each service or idea.

    Returns
    -------
    DataFrame
        Columns, all text: ``id``; ``name``; ``section`` of the review, empty where the project's notes of it do not
        say; ``evidence``, what the review says, in a sentence; ``modelled``, the services of the library that model
        it, with commas between; ``why_not``, empty where it is modelled.

    Notes
    -----
    Source: Kate Bell and Matthew Smerdon, *Deep Value*, Community Links, 2011.
    """
    import pandas as pd

    rows = [
        {
            "id": each.id,
            "name": each.name,
            "section": each.section or "",
            "evidence": each.evidence,
            "modelled": ", ".join(each.modelled),
            "why_not": each.why_not or "",
        }
        for each in read().named
    ]
    return pd.DataFrame(rows)
