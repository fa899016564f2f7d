"""Published reports beside the case: where its ratio and its deductions stand, with the warning that belongs there."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sroi import charts_reports, printing, published_reports
from sroi.ui.drawn import drawn
from sroi.ui.view import View
from sroi.ui.words import plain

WHAT = {"ratio": "The ratio among published reports", "share": "The deductions among published reports"}
KEY = (
    "Thick line: half of the published values; thin line: eight in ten; upright tick: their median."
    " Diamonds: this case."
)


def warning() -> None:
    """Say that ratios are not to be ranked."""
    st.warning(f"**Not a league table.** {plain(published_reports.read().warning)}")


def show(now: View) -> None:
    """Show where the case stands among published reports."""
    warning()
    found = published_reports.read()
    source = found.source
    st.markdown(plain(source.note))
    own, distributions = published_reports.compare_benchmarks(now.result), published_reports.benchmarks()
    said = [sentence.replace(found.warning, "") for sentence in published_reports.standing(now.result)]
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in said))
    for unit, title in WHAT.items():
        part = distributions[(distributions["unit"] == unit) & distributions.index.isin(own["quantity"])]
        mine = own[own["quantity"].isin(part.index)]
        if part.empty:
            continue
        said = [*charts_reports.sentences(part, mine), KEY]
        drawn(title, said, charts_reports.published(part, mine), _written(part, mine))
    with st.expander("What else is known of published reports, and the source"):
        st.markdown("\n".join(f"- {plain(each.says)} ({plain(each.source)})" for each in found.practice))
        st.markdown(plain(f"{source.author}, {source.title}, {source.edition}. {source.licence}"))


def _written(distributions: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "What": distributions.at[row["quantity"], "label"],
            "Outcome": row["outcome"] or "All together",
            "Value": _value(row["value"], str(distributions.at[row["quantity"], "unit"])),
            "Stands": row["stands"],
            "Look again": row["flag"],
        }
        for row in own.to_dict("records")
    ]
    return pd.DataFrame(rows)


def _value(value: float, unit: str) -> str:
    return printing.ratio(value) if unit == "ratio" else printing.tick(value, "share")
