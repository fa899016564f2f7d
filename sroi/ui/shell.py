"""What surrounds every page: its name, the way from page to page, what is looked at, and what is said when it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from sroi.errors import ServiceError
from sroi.ui import address, choosing, inputs, recovery
from sroi.ui.choosing import open_service as open_service
from sroi.ui.state import Case
from sroi.ui.view import View, view
from sroi.ui.visit import Visit, forget_boxes
from sroi.ui.words import plain

TITLE = "Social return on investment"
PAGES = {
    "start": "Start",
    "explore": "Explore",
    "how_sure": "How sure",
    "compare": "Compare",
    "relationship": "The relationship",
    "evidence": "Evidence",
    "build": "Build",
    "take_away": "Take away",
}


def run() -> None:
    """Run the app: the page that the address names, within what surrounds it."""
    st.set_page_config(page_title=TITLE, layout="wide")
    folder = Path(__file__).parent / "pages"
    pages = {
        name: st.Page(folder / f"{name}.py", title=title, url_path=name, default=name == "start")
        for name, title in PAGES.items()
    }
    st.session_state["pages"] = pages
    page = st.navigation(list(pages.values()), position="top")
    if st.session_state.get("page") != page.title:
        # A widget of the page before keeps its key, and not its content: each page makes its own.
        forget_boxes()
        st.session_state["page"] = page.title
    page.run()


def link(name: str, label: str) -> None:
    """Show a link to another page, which keeps the case."""
    st.page_link(st.session_state["pages"][name], label=_as_link(label))


def link_to(name: str, label: str, case: Case) -> None:
    """Show a link to another page, which goes on to another case."""
    query = {**case.query(), recovery.TOKEN: address.trail().token}
    st.page_link(st.session_state["pages"][name], label=_as_link(label), query_params=query)


def _as_link(label: str) -> str:
    # Streamlit shows such a link as plain small text.
    return f"**:primary[{label}]** →"


def guarded(show: Callable[[], None]) -> None:
    """Show something. A fault of a file is said in words; anything else in one sentence, with the details logged."""
    try:
        show()
    except ServiceError as error:
        for fault in error.faults:
            st.error(plain(str(fault)))
    except Exception:
        logging.getLogger(__name__).exception("the page stopped")
        st.error("This page could not be shown. Your inputs stand in the address: go back, or reload.")


def of_a_case(show: Callable[[View], None], first: Callable[[View], None] | None = None) -> None:
    """Show a page about the case: above it what is chosen, beside it the inputs.

    Parameters
    ----------
    show : callable
        Shows the page.
    first : callable, optional
        Shows what has to be there at once, before the many boxes beside it are made.
    """

    def shown() -> None:
        here = address.arrive()
        for sentence in here.said:
            st.warning(plain(sentence))
        choosing.choose(here)
        now = view(here)
        _problems(now)
        if first is not None:
            guarded(lambda: first(now))
        with st.sidebar:
            inputs.show(now)
        show(now)
        address.leave(here, looked=True)

    guarded(shown)


def of_its_own(show: Callable[[Visit], None]) -> None:
    """Show a page that is not about one case."""

    def shown() -> None:
        here = address.arrive()
        for sentence in here.said:
            st.warning(plain(sentence))
        show(here)
        address.leave(here, looked=False)

    guarded(shown)


def _problems(now: View) -> None:
    if not now.problems and not now.general:
        return
    st.error("An input cannot be used as it stands: see Inputs. The figures are of the last inputs that could be.")
    for sentence in [*(f"{now.applied.parameters[n].label} {text}" for n, text in now.problems.items()), *now.general]:
        st.markdown(f"- {plain(sentence)}")
