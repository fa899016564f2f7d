"""The page Evidence: every number with its source, grade and age, and what rests on it."""

from __future__ import annotations

import streamlit as st

from sroi.ui.view import View
from sroi.ui.words import csv_of


def show(now: View) -> None:
    """Show the evidence behind the case."""
    result = now.result
    st.header("Evidence", anchor=False)
    evidence = result.evidence()
    columns = ["label", "value", "unit", "cited", "how_sure", "grade", "url"]
    shown = evidence[columns].rename(columns=lambda name: name.replace("_", " ").capitalize())
    st.dataframe(shown, hide_index=True)
    name = f"{result.service.about.id}_evidence.csv"
    st.download_button("Download the evidence (CSV)", csv_of(evidence), name, "text/csv")
