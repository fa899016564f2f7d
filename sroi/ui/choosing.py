"""What is looked at: service, scenario, convention, years and prices, each chosen above the page; and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from sroi import glossary, printing, reference
from sroi.ui import catalogue
from sroi.ui.state import Case, horizons, price_bases
from sroi.ui.visit import Visit, forget_boxes, visit
from sroi.ui.words import plain, scenario_name

BASE_CASE = ""


def choose(here: Visit) -> None:
    """Show what is chosen, to be changed; and beneath it the last change, to be taken back."""
    case = here.case
    service = catalogue.load(case.service)
    st.title(plain(service.title), anchor=False)
    titles = {name: catalogue.load(name).title for name in catalogue.ids()}
    scenarios = {name: scenario_name(service, name) for name in (BASE_CASE, *service.scenarios)}
    conventions = reference.conventions()
    first, second, third = st.columns([3, 3, 2])
    with first:
        _select("Service", "service", case.service, titles, "What is looked at. Your changes can be undone.")
    with second:
        _select("Scenario", "scenario", case.scenario or BASE_CASE, scenarios, glossary.meaning("scenario"))
    with third:
        labels = {key: convention.label for key, convention in conventions.items()}
        said = f"{glossary.meaning('convention')} {conventions[case.convention].description}"
        _select("Convention", "convention", case.convention, labels, said)
    if case.scenario:
        st.info(f"Scenario: {plain(service.scenarios[case.scenario].why)}")
    _terms(case)
    _way_back(here)


def open_service(here: Visit, name: str, scenario: str | None = None) -> None:
    """Go on to another service, at its own convention."""
    was, service = catalogue.load(here.case.service), catalogue.load(name)
    case = Case(name, scenario=scenario, convention=service.about.convention)
    here.change(case, "Service", was.title, service.title)
    forget_boxes()


def hold(key: str, value: Any) -> None:
    """Let a widget show a value. Only where it shows another: a widget that is set anew forgets what is being typed."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _select(label: str, name: str, now: str, options: dict[str, str], meaning: str) -> None:
    key = _key(name, visit().case)
    hold(key, now)
    st.selectbox(
        label,
        list(options),
        format_func=lambda option: options[option],
        key=key,
        help=plain(meaning),
        on_change=_take,
        args=(name, options),
    )


def _key(name: str, case: Case) -> str:
    return f"choose/{name}/{case.service if name == 'scenario' else ''}"


def _take(name: str, labels: dict[str, str]) -> None:
    here = visit()
    case = here.case
    chosen = st.session_state[_key(name, case)]
    before = getattr(case, name) or BASE_CASE
    if name == "service":
        open_service(here, chosen)
        return
    new = replace(case, scenario=chosen or None) if name == "scenario" else replace(case, convention=chosen)
    here.change(new, name.capitalize(), labels[before], labels[chosen])


def _terms(case: Case) -> None:
    """Show over how many years and in whose prices, to be changed."""
    own = catalogue.load(case.service)
    (least, most), bases = horizons(own), price_bases(own)
    years, prices = case.years or own.about.appraisal_years, case.prices or own.about.price_base_year
    changed = " (changed)" if case.years is not None or case.prices is not None else ""
    title = f"Over {printing.years(years)} from {own.about.first_year}, in {prices} prices{changed}"
    with st.expander(title, key=f"choose/open_terms/{case.service}"):
        first, second = st.columns(2)
        key = f"choose/years/{case.service}"
        hold(key, years)
        said = f"{glossary.meaning('appraisal_years')} From {least} to {most}; the service's own: "
        first.number_input(
            "Years looked at",
            least,
            most,
            key=key,
            help=plain(f"{said}{own.about.appraisal_years}."),
            on_change=_take_years,
            args=(key,),
        )
        key = f"choose/prices/{case.service}"
        hold(key, prices)
        said = f"{glossary.meaning('price_base_year')} The service's own: {own.about.price_base_year}."
        second.selectbox("In prices of", bases, key=key, help=plain(said), on_change=_take_prices, args=(key,))


def _take_years(key: str) -> None:
    here = visit()
    own = catalogue.load(here.case.service).about.appraisal_years
    before, chosen = here.case.years or own, st.session_state[key] or own
    case = replace(here.case, years=None if chosen == own else chosen)
    here.change(case, "Years looked at", printing.years(before), printing.years(chosen))


def _take_prices(key: str) -> None:
    here = visit()
    own, chosen = catalogue.load(here.case.service).about.price_base_year, st.session_state[key]
    case = replace(here.case, prices=None if chosen == own else chosen)
    here.change(case, "Prices", here.case.prices or own, chosen)


def _way_back(here: Visit) -> None:
    if not here.past and not here.future:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Undo", on_click=here.undo, disabled=not here.past)
        st.button("Redo", on_click=here.redo, disabled=not here.future)
        if here.past:
            last = here.past[-1][1]
            st.markdown(plain(f"Last change: {last.what}, from {last.before} to {last.after}."), width="content")
