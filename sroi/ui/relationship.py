"""The page The relationship: what an investment in it returns, and its profile."""

from __future__ import annotations

import streamlit as st

from sroi.deep_value import relationship
from sroi.ui.view import View
from sroi.ui.words import plain


def show(now: View) -> None:
    """Show the Deep Value lens for the case."""
    if now.base.relationship is None:
        st.markdown("This service states no investment in the relationship.")
        return
    case = now.result
    lens = relationship(now.base, case.values, scenario=case.scenario, convention=case.convention)
    st.header(plain(lens.headline()), anchor=False)
    st.markdown(plain(lens.relationship.how))
    st.dataframe(lens.evidence, hide_index=True)
