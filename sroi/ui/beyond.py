"""What stands beside the result: the relationship as an investment, and what is not modelled and why."""

from __future__ import annotations

import streamlit as st

from sroi import review
from sroi.deep_value import relationship
from sroi.result import Result
from sroi.ui.words import plain


def show(result: Result) -> None:
    """Show the Deep Value lens of a service that states one, and the register of what is not modelled."""
    if result.base.relationship is not None:
        st.subheader("The relationship as an investment", anchor=False)
        lens = relationship(result.base, result.values, scenario=result.scenario, convention=result.convention)
        st.markdown(plain(lens.headline()))
    with st.expander("Named by the review Deep Value and not modelled"):
        for each in review.read().named:
            if each.why_not:
                st.markdown(f"- **{plain(each.name)}**: {plain(each.why_not)}")
