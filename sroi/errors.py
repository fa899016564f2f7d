"""One error type that collects every fault of a file and says them once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where it stands, and a sentence with the rule and what to write."""

    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where} {self.sentence}".strip()


class ServiceError(Exception):
    """Every fault found in a service file, a set of values, a convention or a request.

    Parameters
    ----------
    name : str
        What was being read, such as ``"supported_housing.toml"``.
    faults : iterable of Fault
        The faults, in the order in which they should be read.
    """

    def __init__(self, name: str, faults: Iterable[Fault]) -> None:
        self.name = name
        self.faults = tuple(faults)
        count = len(self.faults)
        heading = f"{name} has {count} fault{'s' if count != 1 else ''}"
        super().__init__("\n".join([heading, *(f"{i}. {fault}" for i, fault in enumerate(self.faults, 1))]))


class FormulaError(ValueError):
    """A formula that cannot be read, with the character (from 1) at which reading stopped."""

    def __init__(self, sentence: str, character: int | None = None) -> None:
        self.sentence = sentence
        self.character = character
        super().__init__(sentence)


def shown(value: object) -> str:
    """Write a found value briefly, so that a hostile one cannot flood a message."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the nearest known name, or lists the known ones when few."""
    names = list(known)
    matches = difflib.get_close_matches(name[:100], names, n=1)
    if matches:
        return f"Did you mean {matches[0]!r}?"
    if 0 < len(names) <= 12:
        return f"Known: {', '.join(names)}."
    return "Write a name that the file declares."
