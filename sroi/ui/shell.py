"""What surrounds every page: its name, the way from page to page, what is looked at, and what is said when it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sroi import reference
from sroi.errors import ServiceError
from sroi.ui import catalogue, inputs
from sroi.ui.state import Case, read
from sroi.ui.view import View, view
from sroi.ui.visit import Visit, forget_boxes, visit
from sroi.ui.words import plain

BASE_CASE = ""
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
    guarded(_back_or_forward)
    page.run()


def _back_or_forward() -> None:
    """Follow the browser's own back and forward to the case that the address then names."""
    context = get_script_run_ctx()
    asked = st.query_params.to_dict()
    # Only then: the address of a visitor who types quickly lags behind the case.
    if context is None or not context.is_history_navigation or not asked:
        return
    here, (case, _) = visit(), read(asked)
    if here.past and case == here.past[-1][0]:
        here.undo()
    elif here.future and case == here.future[-1][0]:
        here.redo()
    elif case != here.case:
        here.change(case, "Page", "the case before", "one that the browser remembers")
        forget_boxes()


def link(name: str, label: str) -> None:
    """Show a link to another page, which keeps the case."""
    st.page_link(st.session_state["pages"][name], label=label)


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


def of_a_case(show: Callable[[View], None]) -> None:
    """Show a page about the case: above it what is chosen, beside it the inputs."""

    def shown() -> None:
        here = visit()
        for sentence in here.said:
            st.warning(plain(sentence))
        _choose(here)
        now = view(here)
        with st.sidebar:
            inputs.show(now)
        _problems(now)
        show(now)
        st.query_params.from_dict(here.case.query())

    guarded(shown)


def of_its_own(show: Callable[[Visit], None]) -> None:
    """Show a page that is not about one case."""

    def shown() -> None:
        here = visit()
        for sentence in here.said:
            st.warning(plain(sentence))
        show(here)
        # Kept here too: a reload loses what is not in the address.
        st.query_params.from_dict(here.case.query())

    guarded(shown)


def _problems(now: View) -> None:
    if not now.problems and not now.general:
        return
    st.error("An input cannot be used as it stands: see Inputs. The figures are of the last inputs that could be.")
    for sentence in [*(f"{now.applied.parameters[n].label} {text}" for n, text in now.problems.items()), *now.general]:
        st.markdown(f"- {plain(sentence)}")


def _choose(here: Visit) -> None:
    case = here.case
    service = catalogue.load(case.service)
    st.title(plain(service.title), anchor=False)
    titles = {name: catalogue.load(name).title for name in catalogue.ids()}
    scenarios = {BASE_CASE: "Base case"} | {
        key: scenario.label or key.replace("_", " ").capitalize() for key, scenario in service.scenarios.items()
    }
    labels = {key: convention.label for key, convention in reference.conventions().items()}
    first, second, third = st.columns([2, 1, 1])
    with first:
        _select("Service", "service", case.service, titles)
    with second:
        _select("Scenario", "scenario", case.scenario or BASE_CASE, scenarios)
    with third:
        _select("Convention", "convention", case.convention, labels)
    if case.scenario:
        st.info(f"Scenario: {plain(service.scenarios[case.scenario].why)}")
    _way_back(here)


def _way_back(here: Visit) -> None:
    if not here.past and not here.future:
        return
    first, second, rest = st.columns([1, 1, 4])
    first.button("Undo", on_click=here.undo, disabled=not here.past, width="stretch")
    second.button("Redo", on_click=here.redo, disabled=not here.future, width="stretch")
    if here.past:
        last = here.past[-1][1]
        rest.markdown(plain(f"Last change: {last.what}, from {last.before} to {last.after}."))


def _select(label: str, name: str, now: str, options: dict[str, str]) -> None:
    case = visit().case
    key = f"choose/{name}/{case.service if name == 'scenario' else ''}"
    st.session_state[key] = now
    st.selectbox(label, list(options), format_func=lambda o: options[o], key=key, on_change=_take, args=(name, options))


def _take(name: str, labels: dict[str, str]) -> None:
    here = visit()
    case = here.case
    key = f"choose/{name}/{case.service if name == 'scenario' else ''}"
    chosen = st.session_state[key]
    before = getattr(case, name) or BASE_CASE
    if name == "service":
        open_service(here, chosen)
        return
    new = replace(case, scenario=chosen or None) if name == "scenario" else replace(case, convention=chosen)
    here.change(new, name.capitalize(), labels[before], labels[chosen])


def open_service(here: Visit, name: str, scenario: str | None = None) -> None:
    """Go on to another service, at its own convention."""
    was, service = catalogue.load(here.case.service), catalogue.load(name)
    case = Case(name, scenario=scenario, convention=service.about.convention)
    here.change(case, "Service", was.title, service.title)
    forget_boxes()
