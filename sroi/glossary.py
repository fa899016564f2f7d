"""The terms of art in everyday words, for whoever meets one on a page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sroi import reading
from sroi.editions import models_folder
from sroi.entry import Entry
from sroi.schema import Text


class Term(Entry):
    """A term of art: what it is called, what it means, and the words that complete a sentence about it."""

    label: Text
    meaning: Text
    short: Text = ""


@cache
def terms() -> Mapping[str, Term]:
    """Return every term by its key; a term that is a result has the name of the result."""
    tables = reading.tables_of(models_folder() / "reference" / "glossary.toml")
    return {key: Term.model_validate(table) for key, table in tables["terms"].items()}


def meaning(key: str) -> str:
    """Return what a term means in a sentence or two, an empty text for a term that is not known."""
    found = terms().get(key)
    return found.meaning if found else ""
