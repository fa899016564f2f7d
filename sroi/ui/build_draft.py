"""The service that a visitor is building: plain tables in the state of the visit, so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from sroi.ui.build_cells import Row, Sheets
from sroi.ui.build_check import Checked, check
from sroi.ui.build_tables import Taken, take

_KEY = "the_draft"


@dataclass
class Editor:
    """What an editor on the page was given, and what its edits make of it.

    An editor keeps its edits by place: given other rows meanwhile, it would put them where they do not belong. So it
    is given the same rows until somebody else changes them, and is then made anew under another key.
    """

    count: int
    base: list[Row]
    now: list[Row]
    offered: tuple[object, ...]


@dataclass
class Draft:
    """A service on its way.

    Attributes
    ----------
    number : int
        Which draft of the visit it is: a part of the keys of its widgets.
    origin : str
        What it was begun from, in words.
    sheets : dict
        Rows by table.
    kept : dict
        What no table of the page holds.
    said : list of str
        What was missing or could not be taken over when it was begun.
    editors : dict
        By what they show.
    moves : int
        How often rows were moved, added or taken out one by one: a part of the keys of fields, which go by place.
    """

    number: int
    origin: str
    sheets: Sheets
    kept: dict[str, Any]
    said: list[str] = field(default_factory=list)
    editors: dict[str, Editor] = field(default_factory=dict)
    moves: int = 0
    _checked: tuple[str, Checked] | None = None

    def copied(self) -> Draft:
        """Return a draft that says the same, whose editors begin from it."""
        return Draft(self.number, self.origin, deepcopy(self.sheets), deepcopy(self.kept), list(self.said))

    def checked(self) -> Checked:
        """Return what is wrong with it, worked out once for the same rows."""
        state = repr((self.sheets, self.kept))
        if self._checked is None or self._checked[0] != state:
            self._checked = state, check(self.sheets, self.kept)
        return self._checked[1]


@dataclass
class Desk:
    """The draft that is worked on, the one before it, which part of it is shown, and whether row by row: which row."""

    draft: Draft | None = None
    before: Draft | None = None
    count: int = 0
    part: str = "about"
    by_row: bool = False
    row: int | None = None

    def begin(self, tables: Mapping[str, Any], origin: str, said: list[str] | None = None) -> Draft:
        """Put another draft on the desk; the one that lay there can be brought back."""
        taken: Taken = take(tables)
        self.count += 1
        self.before = self.draft or self.before
        self.draft = Draft(self.count, origin, taken.sheets, taken.kept, [*(said or []), *taken.left_out])
        self.part = "about"
        return self.draft

    @property
    def weight(self) -> int:
        """How many drafts lie on it."""
        return sum(each is not None for each in (self.draft, self.before))

    def take_up(self, other: Desk) -> None:
        """Lay copies of another desk's drafts on this one, with editors of their own."""
        self.draft, self.before = (each and each.copied() for each in (other.draft, other.before))
        self.count, self.part = other.count, other.part

    def bring_back(self) -> None:
        """Exchange the draft for the one before it."""
        self.draft, self.before = self.before, self.draft


def desk() -> Desk:
    """Return this visitor's desk."""
    found: Desk = st.session_state.setdefault(_KEY, Desk())
    return found
