"""A case as a small file that opens it again: what was chosen, typed, rated and changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sroi.errors import Fault, ServiceError
from sroi.reading import LARGEST_FILE
from sroi.schema_options import Rating
from sroi.ui.state import Case, read
from sroi.ui.visit import Entry, Visit

MARK, LAYOUT = "sroi_case", 1


@dataclass(frozen=True)
class Opened:
    """What a file holds, and a sentence for each part that was left out."""

    case: Case
    profile: dict[str, Rating] = field(default_factory=dict)
    log: list[Entry] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def text_of(here: Visit, stamp: str) -> str:
    """Return the file of the case that a visit is at.

    Parameters
    ----------
    here : Visit
    stamp : str
        Of what it is, when it was made and by which version, in a line for people.
    """
    profile = here.profiles.get(here.case.service, {})
    content = {
        MARK: LAYOUT,
        "about": stamp,
        "case": here.case.query(),
        "profile": {key: rating.model_dump() for key, rating in profile.items()},
        "log": [[entry.when.isoformat(), entry.what, entry.before, entry.after, entry.why] for entry in here.log],
    }
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n"


def open_case(name: str, content: bytes) -> Opened:
    """Read the file of a case, which may come from anybody.

    Raises
    ------
    ServiceError
        Where it is no such file.
    """
    try:
        found: Any = json.loads(content) if len(content) <= LARGEST_FILE else None
        parts = {str(key): str(value) for key, value in found["case"].items()} if found[MARK] == LAYOUT else {}
        profile = {str(key): Rating.model_validate(rating) for key, rating in found["profile"].items()}
        log = [Entry(datetime.fromisoformat(when), *map(str, texts)) for when, *texts in found["log"]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ServiceError):
        parts = {}
    if not parts:
        rule = "This is no case that the app saved. Choose a file that Take away made, ending in _case.json."
        raise ServiceError(name, [Fault("", rule)])
    case, said = read(parts)
    return Opened(case, profile, log, said)
