"""Worked examples: questions that somebody asked, with what has to be chosen and changed to answer each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from sroi import reading, sentences
from sroi.editions import models_folder
from sroi.entry import Entry, listed
from sroi.errors import ServiceError
from sroi.schema import Reference, Text


class Example(Entry):
    """A question, and the case that answers it."""

    question: Text
    look_at: Text
    """Where the answer stands."""
    service: Reference
    scenario: Reference | None = None
    values: dict[str, float] = Field(default_factory=dict)
    """Parameters that differ from the scenario."""


class Examples(Entry):
    """The worked examples, the first one first."""

    examples: Annotated[tuple[Example, ...], BeforeValidator(listed), Field(min_length=1)]


def read(file: Path | None = None) -> tuple[Example, ...]:
    """Read worked examples.

    Parameters
    ----------
    file : Path, optional
        A file like ``models/reference/examples.toml``, which is read when none is given.

    Raises
    ------
    ServiceError
        With every fault of the file.
    """
    path = file or models_folder() / "reference" / "examples.toml"
    found, faults = sentences.read("", Examples, reading.tables_of(path))
    if found is None:
        raise ServiceError(path.name, faults)
    return found.examples
