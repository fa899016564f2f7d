"""The page Build: a service of one's own, made and changed in tables."""

from __future__ import annotations

import streamlit as st

from sroi.ui.visit import Visit


def show(here: Visit) -> None:
    """Show the tables of a service."""
    st.title("Build", anchor=False)
