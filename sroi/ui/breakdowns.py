"""Closer looks at a result: year by year, from gross to net, who pays and who gains; each chart with its table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sroi import breakdown, charts, printing, tables
from sroi.result import Result
from sroi.ui import explained
from sroi.ui.outcomes import money, steps_written
from sroi.ui.words import plain, tabled

_SIDES = {"bearer": "who pays and gains the money", "stakeholder": "who experiences it", "kind": "whose value it is"}


def _drawn(title: str, sentence: str, chart: Any, frame: pd.DataFrame) -> None:
    st.markdown(plain(sentence))
    st.altair_chart(chart, theme=None, width="stretch", alt=sentence)
    with st.expander(f"Table: {title.lower()}"):
        st.table(tabled(frame), hide_index=True)


def year_by_year(result: Result) -> None:
    """Show benefits, costs and the net to date of each year, and when the service has paid back."""
    symbol, flow = tables.symbol_of(result), result.cash_flow()
    written = result.summary()["written"]
    st.markdown(plain(f"Payback: {written['payback_year']}. Undiscounted: {written['payback_year_undiscounted']}."))
    named = {
        "year": "Year",
        "discounted_benefits": "Benefits, discounted",
        "discounted_costs": "Costs, discounted",
        "discounted_net": "Net, discounted",
        "discounted_net_to_date": "Net to date, discounted",
        "net_to_date": "Net to date, not discounted",
    }
    table = flow.reset_index().astype({"year": str})[list(named)]
    shown = money(table, symbol).rename(columns=named)
    sentence = charts.cash_flow_sentence(flow, symbol)
    if len(flow) > 1:
        _drawn("Year by year", sentence, charts.cash_flow(flow, symbol), shown)
    else:
        st.markdown(plain(f"{sentence} All of it falls in this one year, so there is no course over time to draw."))
        st.table(tabled(shown), hide_index=True)
    if result.left_out:
        amount = printing.money(result.left_out, symbol)
        st.markdown(plain(f"Effects that last longer than the years looked at are left out: {amount}."))
    explained.button(result, "discounted_running_flow", "Net to date, discounted", "years")


def gross_to_net(result: Result) -> None:
    """Show what each step takes off the gross value."""
    symbol, steps = tables.symbol_of(result), result.bridge()
    sentence = charts.bridge_sentence(steps, symbol)
    if (steps["value"].iloc[1:] != 0).any():
        _drawn("From gross to net", sentence, charts.bridge(steps, symbol), steps_written(steps, symbol))
    else:
        st.markdown(plain(sentence))
        st.table(tabled(steps_written(steps.head(1), symbol)), hide_index=True)
    explained.button(result, "pv_benefits", tables.label_of("pv_benefits"), "bridge")


def who(result: Result) -> None:
    """Show who pays and who gains, and of which outcomes that is made."""
    what = st.radio("Arranged by", list(_SIDES), format_func=_SIDES.__getitem__, horizontal=True, key="arranged_by")
    symbol, frame = tables.symbol_of(result), result.by(what)
    named = {"label": "Who", "pv_benefits": "Benefits", "pv_costs": "Costs", "pv_net": "Net"}
    named = {key: label for key, label in named.items() if key in frame}
    amounts = [key for key in named if key in ("pv_benefits", "pv_costs")]
    moves = (frame[amounts] != 0).any(axis=1)
    if not moves.any():
        st.markdown("Nobody pays or gains anything with these inputs.")
        return
    moving, bearer = frame[moves], what == "bearer"
    _drawn(
        "Who pays and who gains",
        charts.by_bearer_sentence(moving, symbol) if bearer else charts.by_member_sentence(moving, symbol),
        charts.by_bearer(moving, symbol) if bearer else charts.by_member(moving, symbol),
        money(frame[list(named)], symbol).rename(columns=named),
    )
    if not moves.all():
        st.markdown(plain(f"Nothing falls to: {'; '.join(frame.loc[~moves, 'label'])}."))
    parts = breakdown.parts_by(result, what)
    if len(parts):
        st.markdown("**What it is made of**")
        named = {"label": "Who", "outcome": "Outcome", "pv_benefits": "Present value"}
        st.table(tabled(money(parts[list(named)], symbol).rename(columns=named)), hide_index=True)
    explained.button(result, "pv_benefits", tables.label_of("pv_benefits"), "who")
