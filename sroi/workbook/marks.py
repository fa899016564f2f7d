"""What a workbook says of itself among the file's own properties: whose it is, and what it was made from.

With it the same workbook can be made again, so that whoever reads one back can say what was changed anywhere in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from sroi import reference
from sroi.errors import ServiceError
from sroi.reference import Convention
from sroi.workbook import file_text
from sroi.workbook.render import clean
from sroi.workbook.request import LogEntry, Request, entries_of

# What the workbook's layout is called; a change that an older reader cannot read raises it.
LAYOUT = "1"
LAYOUT_MARK, VERSION_MARK = "sroi_layout", "sroi_version"
LONGEST_MARK = 100
# A property holds no longer text: what the workbook was made from goes over several.
PIECE = 255
_MADE = "sroi_made_"


@dataclass(frozen=True)
class Made:
    """What a workbook was made from, besides the service that stands in it."""

    values: dict[str, float]
    scenario: str | None
    convention: str | Convention
    convention_name: str
    draws: int | None
    seed: int
    day: date
    digest: str
    """Of the text on the sheet Service file."""
    log: tuple[LogEntry, ...] = ()


def marks_of(request: Request, draws: int | None, seed: int, day: date) -> dict[str, str]:
    """Return the properties that say whose workbook this is, what was chosen in it, and what it was made from."""
    result = request.result
    known = reference.conventions().get(result.convention_name) == result.convention
    made = {
        "values": dict(request.values),
        "scenario": result.scenario,
        "convention": result.convention_name if known else result.convention.model_dump(mode="json", by_alias=True),
        "convention_name": result.convention_name,
        "draws": draws,
        "seed": seed,
        "day": day.isoformat(),
        "digest": digest(file_text.text_of(request.service)),
        **({"log": request.log} if request.log else {}),
    }
    text = json.dumps(made)
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    return {
        LAYOUT_MARK: LAYOUT,
        VERSION_MARK: version("sroi"),
        "sroi_service": request.service.id,
        "sroi_scenario": mark(request.variant_labels[request.variant]),
        "sroi_convention": mark(request.convention_labels[result.convention_name]),
        **{f"{_MADE}{place}": piece for place, piece in enumerate(pieces, 1)},
    }


def made_from(marks: Mapping[str, str]) -> Made | None:
    """Return what the marks of a workbook say that it was made from; ``None`` where that cannot be read."""
    places = range(1, len(marks) + 1)
    text = "".join(marks.get(f"{_MADE}{place}", "") for place in places)
    try:
        found = json.loads(text)
        convention = found["convention"]
        return Made(
            values={str(name): float(value) for name, value in found["values"].items()},
            scenario=found["scenario"] if found["scenario"] is None else str(found["scenario"]),
            convention=convention if isinstance(convention, str) else Convention.model_validate(convention),
            convention_name=str(found["convention_name"]),
            draws=found["draws"] if found["draws"] is None else int(found["draws"]),
            seed=int(found["seed"]),
            day=date.fromisoformat(found["day"]),
            digest=str(found["digest"]),
            log=entries_of(found.get("log", [])),
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, ServiceError):
        return None


def properties_of(book: Any) -> dict[str, str]:
    """Return the properties of our own, and everybody else's, of a workbook that openpyxl opened."""
    return {each.name: str(each.value) for each in book.custom_doc_props.props}


def digest(text: str) -> str:
    """Return what changes when a text does, however a program spelled the ends of its lines."""
    return hashlib.sha256("\n".join(line.rstrip() for line in text.split("\n")).encode()).hexdigest()


def mark(label: str) -> str:
    """Return a label as a property of a file holds it: no longer than it can be, and nothing that it cannot hold."""
    return clean(label)[:LONGEST_MARK]
