"""One error type that collects every fault of a file and says them once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

# How much of a found text, and how many faults, a message says; among how many names the nearest is sought.
LONGEST = 100
MOST_FAULTS = 200
MOST_NAMES = 500


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where it stands, and a sentence with the rule and what to write."""

    where: str
    sentence: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", brief(self.where, 2 * LONGEST))

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
        self.name = brief(name)
        self.faults = tuple(faults)
        count = len(self.faults)
        said = str(count) if count <= MOST_FAULTS else f"more than {MOST_FAULTS}"
        rows = [f"{self.name} has {said} fault{'s' if count != 1 else ''}"]
        rows += [f"{i}. {fault}" for i, fault in enumerate(self.faults[:MOST_FAULTS], 1)]
        if count > MOST_FAULTS:
            rows.append("and more: mend these first")
        super().__init__("\n".join(rows))


class FormulaError(ValueError):
    """A formula that cannot be read, with the character (from 1) at which reading stopped."""

    def __init__(self, sentence: str, character: int | None = None) -> None:
        self.sentence = sentence
        self.character = character
        super().__init__(sentence)


def shown(value: object) -> str:
    """Write a found value briefly, so that a hostile one cannot flood a message."""
    try:
        return brief(repr(value))
    except (ValueError, RecursionError):
        return f"a value that cannot be written ({type(value).__name__})"


def brief(text: str, longest: int = LONGEST) -> str:
    """Cut a text to what a message can hold, its control characters made visible."""
    kept = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in kept)


def nearest(name: object, known: Iterable[str]) -> str:
    """Return a sentence that offers the nearest known name, or lists the known ones when few."""
    names = list(islice(known, MOST_NAMES))
    matches = difflib.get_close_matches(str(name)[:LONGEST], names, n=1)
    if matches:
        return f"Did you mean {matches[0]!r}?"
    if 0 < len(names) <= 12:
        return f"Known: {', '.join(names)}."
    return "Write one of the names that it has."
