"""The part of Start that opens a saved file, says every fault of one in words, and goes on with what it holds."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

import streamlit as st

from sroi.errors import ServiceError, shown
from sroi.ui import catalogue, shell
from sroi.ui.opening import ENDINGS, MOST_MEGABYTES, Opened, opened
from sroi.ui.visit import visit
from sroi.ui.words import plain

_KEY = "opened_file"
_TAKES = (
    "A service file (.toml), a workbook exported from here (.xlsx), with what was changed in it, or a completed Social"
    f" Value International Value Map (.xlsx). At most {MOST_MEGABYTES} MB. It is read as data; no macro in it runs."
)


@dataclass(frozen=True)
class _Outcome:
    """What came of a file: what it holds, or what is wrong with it."""

    name: str
    found: Opened | None = None
    faults: tuple[str, ...] = ()


def show() -> None:
    """Show where a file is opened, and what came of the last one."""
    outcome: _Outcome | None = st.session_state.get(_KEY)
    with st.expander("Open a saved file", expanded=outcome is not None):
        st.markdown(plain(_TAKES))
        # A new box after each file, so that the same file can be opened again once it is mended.
        count = st.session_state.setdefault("files_opened", 0)
        st.file_uploader(
            "File to open",
            type=list(ENDINGS),
            key=f"file/{count}",
            max_upload_size=MOST_MEGABYTES,
            on_change=_take,
            args=(f"file/{count}",),
        )
        if outcome is not None:
            _say(outcome)


def _take(key: str) -> None:
    file = st.session_state.get(key)
    if file is not None:
        st.session_state["files_opened"] += 1
        take(file.name, file.getvalue())


def take(name: str, content: bytes) -> None:
    """Open a file: the service in it becomes the visitor's own, and the one looked at. Nothing changes if it cannot."""
    try:
        found = opened(name, content)
        service = catalogue.add(found.service)
    except ServiceError as error:
        st.session_state[_KEY] = _Outcome(name, faults=tuple(str(fault) for fault in error.faults))
    except Exception:
        logging.getLogger(__name__).exception("a file could not be opened")
        st.session_state[_KEY] = _Outcome(
            name, faults=("The file could not be read, for a reason of the program's own.",)
        )
    else:
        st.session_state[_KEY] = _Outcome(name, replace(found, service=service))
        shell.open_service(visit(), service.id, found.scenario)


def _say(outcome: _Outcome) -> None:
    named = plain(shown(outcome.name))
    if outcome.found is None:
        count = len(outcome.faults)
        st.error(
            f"{named} was not opened, and nothing else has changed. {'Its fault' if count == 1 else 'Its faults'}:"
        )
        st.markdown("\n".join(f"1. {plain(fault)}" for fault in outcome.faults))
        return
    found = outcome.found
    own = catalogue.is_own(found.service.id)
    holds = "is now one of your services" if own else "is word for word the service of the library"
    st.success(f"{named} is open: “{plain(found.service.title)}” {holds}.")
    shell.link("explore", "Go on with it")
    for sentence in found.said:
        st.markdown(plain(sentence))
    for heading, table in found.tables:
        st.markdown(f"**{plain(heading)}**")
        st.dataframe(table, hide_index=True)
