"""The visit: the case that is looked at, what was changed in it and when, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import streamlit as st

from sroi.schema_options import Rating
from sroi.ui.state import Case, read

_KEY = "the_visit"
# Widgets whose content is the case's: they are made anew when it changes behind their back.
_HOLDS = ("box/", "choose/")


@dataclass(frozen=True)
class Entry:
    """One change: when, of what, from, to, and why, in words."""

    when: datetime
    what: str
    before: str
    after: str
    why: str = ""


@dataclass
class Visit:
    """What a visitor has done so far.

    Attributes
    ----------
    case : Case
    past, future : list of (Case, Entry)
        Cases to go back to, each with the change that left it; those that were gone back from.
    said : list of str
        What could not be read from the address.
    valid : dict
        The last case of each service that could be worked out.
    profiles : dict
        How the relationship of each service was rated, where the visitor rated it, by element or condition.
    sums : dict
        What was asked to be repaid for each participant, by service.
    """

    case: Case
    past: list[tuple[Case, Entry]] = field(default_factory=list)
    future: list[tuple[Case, Entry]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    valid: dict[str, Case] = field(default_factory=dict)
    profiles: dict[str, dict[str, Rating]] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)

    @property
    def log(self) -> list[Entry]:
        """The changes that led to the case, oldest first."""
        return [entry for _, entry in self.past]

    def change(self, case: Case, what: str, before: str, after: str, why: str = "") -> None:
        """Go on to another case, and note what was changed."""
        if case == self.case:
            return
        self.past.append((self.case, Entry(datetime.now().astimezone(), what, before, after, why)))
        self.future.clear()
        self.said.clear()
        self.case = case

    def undo(self) -> None:
        """Go back to the case before."""
        if self.past:
            case, entry = self.past.pop()
            self.future.append((self.case, entry))
            self.case = case
            forget_boxes()

    def redo(self) -> None:
        """Go forward again."""
        if self.future:
            case, entry = self.future.pop()
            self.past.append((self.case, entry))
            self.case = case
            forget_boxes()

    def explain(self, place: int, why: str) -> None:
        """Note why a change was made."""
        case, entry = self.past[place]
        self.past[place] = case, Entry(entry.when, entry.what, entry.before, entry.after, why)


def begun() -> bool:
    """Say whether this visitor has a visit yet."""
    return _KEY in st.session_state


def begin(here: Visit) -> Visit:
    """Make a visit this visitor's, and return it."""
    st.session_state[_KEY] = here
    return here


def visit() -> Visit:
    """Return this visitor's visit, begun from the address where it is new."""
    if not begun():
        case, said = read(st.query_params.to_dict())
        begin(Visit(case, said=said))
    found: Visit = st.session_state[_KEY]
    return found


def forget_boxes() -> None:
    """Make the widgets that show the case anew, so that they show it as it now is."""
    for key in [key for key in st.session_state if str(key).startswith(_HOLDS)]:
        del st.session_state[key]


def changer(change: Callable[[Visit], None]) -> Callable[[], None]:
    """Return a callback that changes the visit."""
    return lambda: change(visit())
