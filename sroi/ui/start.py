"""The page Start: the library, and what is not modelled and why."""

from __future__ import annotations

import streamlit as st

from sroi import review
from sroi.ui import catalogue, shell
from sroi.ui.visit import Visit
from sroi.ui.words import plain


def show(here: Visit) -> None:
    """Show the services to choose from."""
    st.title(shell.TITLE, anchor=False)
    for name in catalogue.ids():
        service = catalogue.load(name)
        with st.container(border=True):
            st.header(plain(service.title), anchor=False)
            st.markdown(plain(service.about.description))
            st.button("Choose", key=f"choose_service/{name}", on_click=shell.open_service, args=(here, name))
    st.header("Named by the review and not modelled", anchor=False)
    for each in review.read().named:
        if each.why_not:
            st.markdown(f"- **{plain(each.name)}**: {plain(each.why_not)}")
