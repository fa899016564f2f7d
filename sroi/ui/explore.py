"""The page Explore: the headline and its figures at once, then one closer look at a time."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from sroi import compare, glossary
from sroi.result import Result
from sroi.ui import breakdowns, explained, outcomes
from sroi.ui.view import View
from sroi.ui.words import plain, tabled

FIGURES = ("npsv", "pv_benefits", "pv_costs", "payback_year", "net_budget_impact")
LOOKS = {
    "outcomes": "Outcome by outcome",
    "years": "Year by year",
    "bridge": "From gross to net",
    "who": "Who pays and who gains",
    "figures": "All results",
    "explain": "Explain a number",
}


def first(now: View) -> None:
    """Show what has to be there at once: the sentence with its likely range, and the key figures."""
    simulation, result = now.simulation, now.result
    with st.container(key="headline"):
        if simulation is not None and simulation.uncertain:
            st.header(plain(simulation.headline()), anchor=False)
            st.markdown(plain(compare.scenario_range(result)))
        else:
            st.header(plain(compare.headline(result)), anchor=False)
    _cards(now)


def show(now: View) -> None:
    """Show what no figure holds, then the closer look that is asked for, then what the service is and the words."""
    result = now.result
    _unpriced(result)
    look = st.segmented_control(
        "Look closer",
        list(LOOKS),
        format_func=lambda name: LOOKS[name],
        default="outcomes",
        required=True,
        key="look",
        persist_state="session",
    )
    _look(now, look or "outcomes")
    _about(result)
    _glossary()


def _cards(now: View) -> None:
    """Show the key figures, each with its likely range and where it comes from."""
    result, table = now.result, now.result.summary()
    if now.simulation is not None and now.simulation.uncertain:
        table["written"] = now.simulation.summary()["written"]
    names = list(dict.fromkeys([*result.convention.headline, *FIGURES]))
    grid = st.grid(4, border=True)
    for name in names:
        with grid.cell():
            _card(result, name, str(table.at[name, "label"]), str(table.at[name, "written"]))


def _card(result: Result, name: str, label: str, written: str) -> None:
    figure, *rest = re.split(r" (?=\()|; ", written, maxsplit=1)
    # Not st.metric, which cuts long amounts short and cannot hold the reason why there is none.
    st.markdown(plain(label), help=plain(glossary.meaning(name)))
    st.markdown("  \n".join([f"**{plain(figure)}**", *map(plain, rest)]))
    explained.button(result, name, label, "card")


def _unpriced(result: Result) -> None:
    unpriced = result.non_monetised()
    if not len(unpriced):
        return
    st.subheader("Not priced, and not in any figure above", anchor=False)
    st.markdown(
        "\n".join(
            f"- **{plain(row['label'])}** ({plain(row['stakeholder'])}; importance: {row['importance']}):"
            f" {plain(row['description'])}"
            for row in unpriced.to_dict("records")
        )
    )


def _look(now: View, look: str) -> None:
    st.header(LOOKS[look], anchor=False)
    match look:
        case "outcomes":
            outcomes.show(now)
        case "years":
            breakdowns.year_by_year(now.result)
        case "bridge":
            breakdowns.gross_to_net(now.result)
        case "who":
            breakdowns.who(now.result)
        case "figures":
            _all(now)
        case _:
            _any_number(now.result)


def _all(now: View) -> None:
    table = now.result.summary()
    uncertain = now.simulation is not None and bool(now.simulation.uncertain)
    if now.simulation is not None and uncertain:
        table["written"] = now.simulation.summary()["written"]
    named = {"label": "Result", "written": "Likely" if uncertain else "Value"}
    # Not st.dataframe, which cuts long sentences short.
    st.table(tabled(table[list(named)].rename(columns=named)), hide_index=True)


def _any_number(result: Result) -> None:
    known = explained.known(result)
    st.selectbox(
        "Which number?",
        list(known),
        format_func=lambda name: known[name],
        key=f"explain/{result.service.id}",
        persist_state="session",
    )
    explained.show(result, st.session_state[f"explain/{result.service.id}"])


def _about(result: Result) -> None:
    about = result.service.about
    st.header("About this service", anchor=False)
    st.markdown(plain(about.description))
    for title, sentences in (("What this does not show", about.does_not_show), ("Notes", about.notes)):
        if sentences:
            with st.expander(title):
                st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))


def _glossary() -> None:
    with st.expander("What the words mean"):
        terms: list[Any] = list(glossary.terms().values())
        st.markdown("\n".join(f"- **{plain(term.label)}**: {plain(term.meaning)}" for term in terms))
