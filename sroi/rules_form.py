"""What is left of the form in a service file: texts that nobody has filled in, each with what to write there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from sroi.errors import MOST_FAULTS, Fault, brief
from sroi.sentences import label

PLACEHOLDER = "FILL IN"
# No text of a service file stands deeper than scenarios.x.changes.y.spread.note.
DEEPEST = 8
LONGEST_GUIDE = 300


def unfilled(tables: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for each text of the tables of a service file that still begins with FILL IN."""
    return islice(_in(tables, "", 0), MOST_FAULTS + 1)


def _in(content: object, where: str, depth: int) -> Iterator[Fault]:
    if isinstance(content, str):
        if content.lstrip().startswith(PLACEHOLDER):
            yield Fault(where, _sentence(content.strip()))
    elif depth < DEEPEST:
        for name, part in _parts(content):
            yield from _in(part, f"{where}.{name}" if where else name, depth + 1)


def _parts(content: object) -> Iterator[tuple[str, object]]:
    """Yield what a table or list holds, a row of a list under its id, as other faults name it."""
    if isinstance(content, Mapping):
        yield from ((label(str(name)), part) for name, part in content.items())
    elif isinstance(content, (list, tuple)):
        for place, part in enumerate(content, 1):
            identifier = part.get("id") if isinstance(part, Mapping) else None
            yield (label(identifier) if isinstance(identifier, str) else f"number {place}"), part


def _sentence(text: str) -> str:
    guide = text.removeprefix(PLACEHOLDER).lstrip(": ")
    return f"still begins with {PLACEHOLDER}. Write: {brief(guide or 'what it asks for.', LONGEST_GUIDE)}"
