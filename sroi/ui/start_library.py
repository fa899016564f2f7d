"""The part of Start that shows the services: what each is, costs and returns, and how strong its evidence is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from sroi import overview, printing, published_reports, reference
from sroi.service import Service
from sroi.ui import catalogue, shell
from sroi.ui.library_figures import LIBRARY, Figures, figures_of
from sroi.ui.state import Case
from sroi.ui.visit import Visit
from sroi.ui.words import first_sentence, plain

# How often the page looks whether more figures are there, in seconds.
EVERY = 1
ANY = "Any"
CALLED = {
    overview.BASE: "Base case",
    "headline": "Headline: what is claimed",
    "cautious": "Cautious: what later evidence supports",
}
_MEANINGS = (
    "Return for each £1 or $1: the value of the outcomes over the cost (the SROI ratio), at the best estimate of every"
    " number. In brackets its likely range: all uncertain numbers are drawn 10,000 times, and nine draws in ten lie"
    " within. The median is the middle draw, said where it differs.",
    "Costs and returns: added up over the years looked at, later years counting less (present value), in the prices of"
    " the year stated.",
    "Base case: what the file of the service starts from. Headline: the claim as it was published. Cautious: what later"
    " or stricter evidence supports. Read headline and cautious together.",
    "Evidence: how much of the base case depends on numbers of weak grades. The grades, from strong to weak:",
)


def begin() -> None:
    """Begin to work out what the services of the library come to, once for all visitors."""
    LIBRARY.begin(catalogue.library_services())


def show(here: Visit) -> None:
    """Show the services to choose from, with figures as soon as they are there."""
    begin()
    waits = not LIBRARY.over.is_set()
    st.fragment(_services, run_every=EVERY if waits else None)(here, waits)


def _services(here: Visit, waited: bool) -> None:
    if waited and LIBRARY.over.is_set():
        # The whole page once more, which then asks no longer.
        st.rerun()
    st.markdown(plain(published_reports.read().warning))
    with st.expander("What these figures mean"):
        st.markdown("\n".join(f"- {plain(meaning)}" for meaning in _MEANINGS))
        st.markdown(_grades())
    services = [catalogue.load(name) for name in catalogue.ids()]
    figures = {service.id: _figures(service) for service in services}
    found = list(_filtered(services, figures))
    _count(len(found), len(services), waited)
    for service in found:
        _card(here, service, figures[service.id])
    if not found:
        st.info("No service fits. Take out a word or a filter, or build a service of your own.")
        shell.link("build", "Build a service")


def _count(found: int, of: int, waited: bool) -> None:
    said = f"{found} of {printing.counted(of, 'service')}."
    if waited:
        said += " The figures are being worked out and appear by themselves; you can choose already."
    st.markdown(plain(said))


def _figures(service: Service) -> Figures | None:
    """Return the figures of a service; ``None`` while they are worked out."""
    if not catalogue.is_own(service.id):
        return LIBRARY.found.get(service.id)
    known: dict[str, tuple[Service, Figures]] = st.session_state.setdefault("own_figures", {})
    if service.id not in known or known[service.id][0] is not service:
        known[service.id] = service, figures_of(service)
    return known[service.id][1]


# What is looked for ------------------------------------------------------------------------------------------------


def _filtered(services: list[Service], figures: Mapping[str, Figures | None]) -> Iterable[Service]:
    first, *rest = st.columns([2, 1, 1, 1])
    words = first.text_input(
        "Search",
        key="library_search",
        type="search",
        live=True,
        persist_state="session",
        placeholder="debt, nurse, wellbeing",
    )
    fields = sorted({service.about.field for service in services})
    codes = sorted({service.about.currency for service in services})
    field = _one_of(rest[0], "Field", "library_field", fields)
    currency = _one_of(rest[1], "Currency", "library_currency", codes, called=_currency)
    strengths = [overview.STRONGER, overview.WEAKER]
    strength = _one_of(rest[2], "Evidence of the base case", "library_strength", strengths, help=_grades())
    for service in services:
        about, known = service.about, figures[service.id]
        fits = field in (ANY, about.field) and currency in (ANY, about.currency) and matches(service, words or "")
        # While it is not known how strong the evidence is, no service is hidden for it.
        if fits and (strength == ANY or known is None or known.evidence.get("strength") == strength):
            yield service


def _one_of(
    column: Any,
    label: str,
    key: str,
    options: list[str],
    help: str | None = None,
    called: Callable[[str], str] = str,
) -> str:
    shown = [ANY, *options]
    if st.session_state.get(key, ANY) not in shown:
        del st.session_state[key]
    return str(column.selectbox(label, shown, key=key, format_func=called, persist_state="session", help=help))


def _grades() -> str:
    return "\n".join(f"- {grade}: {plain(meaning)}" for grade, meaning in reference.grades().items())


def _currency(code: str) -> str:
    return f"{code} ({reference.currencies()[code].symbol})" if code in reference.currencies() else code


def matches(service: Service, words: str) -> bool:
    """Say whether every word is somewhere in what the service is about, for whom, or what it brings."""
    about = service.about
    labels = [each.label for each in service.outcomes] + [each.label for each in service.non_monetised]
    labels += [each.label for each in service.stakeholders.values()]
    labels += [each.label for each in service.bearers.values()]
    texts = (service.id, about.title, about.field, about.description, *(label or "" for label in labels))
    text = " ".join(texts).casefold()
    return all(word in text for word in words.casefold().split())


# One service -------------------------------------------------------------------------------------------------------


def _card(here: Visit, service: Service, figures: Figures | None) -> None:
    about = service.about
    with st.container(border=True):
        st.subheader(plain(about.title), anchor=False)
        terms = [
            about.field,
            _currency(about.currency),
            f"{about.price_base_year} prices",
            printing.years(about.appraisal_years),
        ]
        st.markdown(plain(" · ".join([*(["Your own"] if catalogue.is_own(service.id) else []), *terms])))
        st.markdown(plain(first_sentence(about.description)))
        if figures is None:
            st.markdown("*Figures are being worked out.*")
        else:
            _returns(service, figures)
        _choose(here, service)
        with st.expander("More about it, and what it does not show"):
            st.markdown(plain(about.description))
            st.markdown("\n".join(f"- {plain(each)}" for each in about.does_not_show))


def _choose(here: Visit, service: Service) -> None:
    if service.id == here.case.service and here.past:
        shell.link("explore", "Go on with this service")
    else:
        shell.link_to("explore", "Choose this service", Case(service.id, convention=service.about.convention))


def _returns(service: Service, figures: Figures) -> None:
    if figures.problem:
        st.warning(plain(figures.problem))
        return
    base = figures.cases[overview.BASE]
    one = f"{reference.currencies()[service.about.currency].symbol}1"
    # A case that changes nothing is the base case by another name, and stands with it.
    shown = {name: case for name, case in figures.cases.items() if case["changes"] or name == overview.BASE}
    same = [CALLED[name].partition(":")[0].lower() for name in figures.cases if name not in shown]
    for column, (name, case) in zip(st.columns(len(shown)), shown.items(), strict=True):
        also = f" (also {' and '.join(same)})" if same and name == overview.BASE else ""
        called = CALLED[name] + also
        column.markdown(f"**{plain(called)}**")
        column.markdown(f"Return for each {plain(one)}: **{plain(case['says'])}**")
        column.markdown(plain(f"Chance that it returns more than it costs: {printing.chance(case['chance'])}"))
    st.markdown(plain(f"Base case: costs {base['costs']}; returns {base['returns']}."))
    st.markdown(plain(f"Evidence: {figures.evidence['says']}"))
