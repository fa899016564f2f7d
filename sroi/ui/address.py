"""The address of the page: what it asks for is looked at, and what is looked at is written into it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sroi.ui import catalogue, recovery
from sroi.ui.build_draft import desk
from sroi.ui.kept import new_token
from sroi.ui.state import short
from sroi.ui.visit import Visit, begin, begun, forget_boxes, visit

_KEY = "the_address"
# An address that was written before is that of the back button, unless it comes so soon after the last was written
# (in seconds) that the browser may not have seen that one yet.
SETTLED = 2
# How many addresses are remembered.
REMEMBERED = 50


@dataclass
class Trail:
    """The addresses that this visit has written."""

    token: str = field(default_factory=new_token)
    now: dict[str, str] = field(default_factory=dict)
    earlier: list[dict[str, str]] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)


def trail() -> Trail:
    """Return the addresses of this visitor."""
    found: Trail = st.session_state.setdefault(_KEY, Trail())
    return found


def arrive() -> Visit:
    """Return the visit, gone on to what the address asks for where a link, the back button or a hand has changed it."""
    query, mine = st.query_params.to_dict(), trail()
    # A visit that has looked at no case yet begins at what the first link asks for: there is nothing to go back to.
    if not begun() or (query and not mine.now and not visit().past):
        return begin(recovery.begun(query, catalogue.own(), desk()))
    here = visit()
    stale = query in mine.earlier and time.monotonic() - mine.since < SETTLED and not _by_history()
    if query and query != mine.now and not stale:
        case = here.case
        recovery.go_on(here, query)
        if here.case != case:
            forget_boxes()
    # At once: whoever reloads while the page is being made loses nothing either.
    recovery.keep(mine.token, here, catalogue.own(), desk())
    return here


def _by_history() -> bool:
    """Say whether the browser's own back or forward led here."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def leave(here: Visit, *, looked: bool) -> None:
    """Write the case into the address, and keep what does not fit there.

    Parameters
    ----------
    here : Visit
    looked : bool
        Whether the page shows the case. If no page has yet, the address stays as it is.
    """
    mine, query = trail(), short(here.case)
    if recovery.keep(mine.token, here, catalogue.own(), desk()):
        query[recovery.TOKEN] = mine.token
    elif not looked and not mine.now:
        return
    if query != mine.now:
        mine.earlier = [*mine.earlier[-REMEMBERED:], mine.now]
        mine.now, mine.since = query, time.monotonic()
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)
