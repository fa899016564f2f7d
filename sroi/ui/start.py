"""The page Start: an example, a saved file, the library, and what is not modelled and why."""

from __future__ import annotations

import streamlit as st

from sroi import examples, printing, review
from sroi.ui import catalogue, shell, start_library, start_open
from sroi.ui.state import Case
from sroi.ui.visit import Visit
from sroi.ui.words import plain


def show(here: Visit) -> None:
    """Show the ways to begin."""
    st.title(shell.TITLE, anchor=False)
    _guide(here)
    _examples()
    start_open.show()
    st.header("Services", anchor=False)
    start_library.show(here)
    _not_modelled()


def _guide(here: Visit) -> None:
    if not here.past:
        st.markdown(
            "Choose the service you fund, put in your own numbers, see what £1 returns and how sure that is, and take"
            " the workbook away."
        )
        return
    title, changes = catalogue.load(here.case.service).title, printing.counted(len(here.past), "change")
    st.markdown(f"You are looking at “{plain(title)}”, after {changes}. They are kept while you look around.")
    shell.link("explore", "Go back to it")


def _examples() -> None:
    for example in examples.read():
        convention = catalogue.load(example.service).about.convention
        case = Case(example.service, example.scenario, convention, example.values)
        with st.container(border=True):
            st.markdown(f"**A worked example.** {plain(example.question)}")
            shell.link_to("explore", "Open the example", case)
            st.markdown(plain(example.look_at))


def _not_modelled() -> None:
    found = review.read()
    st.header("Not modelled, and why", anchor=False)
    about = found.review
    st.markdown(
        plain(
            f"{about.author} ({about.year}) name these in the review “{about.title}”. No service stands for them here,"
            " each for the reason given."
        )
    )
    for each in found.named:
        if each.why_not:
            with st.expander(plain(each.name)):
                st.markdown(f"**Why not:** {plain(each.why_not)}")
                st.markdown(f"**What the review says of the evidence:** {plain(each.evidence)}")
